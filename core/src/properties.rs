//! What the service says of a blob.

mod content;
mod copy;
mod lease;
mod tier;

pub use content::ContentHeaders;
pub use copy::{CopyFailure, CopyId, CopyProgress, CopyProperties};
pub use lease::LeaseProperties;
pub use tier::TierProperties;

use crate::checksum::{Crc64, Sha256};
use crate::error::UnreadableReply;
use crate::etag::ETag;
use crate::header_text::HeaderText;
use crate::immutability::Immutability;
use crate::message::Response;
use crate::metadata::Metadata;
use crate::time::Timestamp;
use crate::wire::header;
use crate::words::BlobType;

/// What the service says of a blob, by Get Blob Properties, Get Blob, or a listing.
///
/// Absent is what was not said: listings say little of uncommitted and deleted blobs, reads with old
/// versions leave out what came later, and most fields are about some blobs only. Source: "Get Blob
/// Properties", "List Blobs".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BlobProperties {
    /// Which state of the blob this is about.
    pub etag: Option<ETag>,
    /// When it last changed. Whole seconds.
    pub last_modified: Option<Timestamp>,
    /// When it came to be. Version 2017-11-09 and later.
    pub creation_time: Option<Timestamp>,
    /// Its type.
    pub blob_type: Option<BlobType>,
    /// Its whole length in bytes.
    pub content_length: Option<u64>,
    /// Its standard headers and stored MD5.
    pub content: ContentHeaders,
    /// Its stored CRC64. Listings only.
    pub content_crc64: Option<Crc64>,
    /// Its metadata; in listings only where asked for.
    pub metadata: Metadata,
    /// Its lease.
    pub lease: LeaseProperties,
    /// The last copy into it; in listings only where asked for.
    pub copy: Option<CopyProperties>,
    /// Whether it is the destination of incremental copies.
    pub incremental_copy: Option<bool>,
    /// The snapshot the last incremental copy made.
    pub destination_snapshot: Option<Box<str>>,
    /// A page blob's sequence number.
    pub sequence_number: Option<u64>,
    /// How many blocks an append blob has.
    pub committed_block_count: Option<u32>,
    /// Whether an append blob takes no more. Version 2019-12-12 and later.
    pub sealed: Option<bool>,
    /// `Accept-Ranges`: the unit of ranges that reads take.
    pub accept_ranges: Option<Box<str>>,
    /// Where it is kept.
    pub tier: TierProperties,
    /// How it is encrypted.
    pub encryption: EncryptionProperties,
    /// Which snapshot this is about, by the time the service gave it.
    pub snapshot: Option<Box<str>>,
    /// Its version. Version 2019-12-12 and later.
    pub version_id: Option<Box<str>>,
    /// Whether that is the newest one.
    pub is_current_version: Option<bool>,
    /// When it will be deleted by itself.
    pub expiry_time: Option<Timestamp>,
    /// When it was last read, to the day. Version 2020-02-10 and later.
    pub last_access_time: Option<Timestamp>,
    /// Until when it must stay as it is.
    pub immutability: Immutability,
    /// How many index tags it has. Version 2019-12-12 and later.
    pub tag_count: Option<u32>,
    /// Object replication: the policy of a destination blob, and the rules of a source blob.
    pub replication: Replication,
    /// What hierarchical namespaces add.
    pub posix: Option<Box<PosixProperties>>,
}

/// How content is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EncryptionProperties {
    /// Whether it is, or was on its way in, encrypted by the service. Version 2015-12-11 and later.
    pub server_encrypted: Option<bool>,
    /// The hash of the customer's key. Version 2019-02-02 and later.
    pub key_sha256: Option<Sha256>,
    /// The scope. Version 2019-02-02 and later.
    pub scope: Option<HeaderText>,
}

/// What object replication has done with a blob.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replication {
    /// The policy by which a destination blob came.
    pub policy_id: Option<Box<str>>,
    /// `policy_rule` and status of each rule that a source blob is under.
    pub rules: Vec<(Box<str>, Box<str>)>,
}

/// What hierarchical namespaces add. Version 2020-06-12 and later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PosixProperties {
    /// `file` or `directory`.
    pub resource_type: Option<Box<str>>,
    /// Whether a listing shows a directory that nobody created.
    pub placeholder: Option<bool>,
    /// The owning user.
    pub owner: Option<Box<str>>,
    /// The owning group.
    pub group: Option<Box<str>>,
    /// Permissions in letters, such as `rwxr-x---`.
    pub permissions: Option<Box<str>>,
    /// The access control list.
    pub acl: Option<Box<str>>,
}

impl BlobProperties {
    /// Reads the headers of Get Blob Properties.
    pub(crate) fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        Ok(Self {
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            creation_time: response.get(&header::X_MS_CREATION_TIME)?,
            blob_type: response.get(&header::X_MS_BLOB_TYPE)?,
            content_length: response.get(&header::CONTENT_LENGTH)?,
            content: ContentHeaders::heard(response)?,
            content_crc64: None,
            metadata: Metadata::heard(response.headers()),
            lease: LeaseProperties::heard(response)?,
            copy: CopyProperties::heard(response)?,
            incremental_copy: response.get(&header::X_MS_INCREMENTAL_COPY)?,
            destination_snapshot: response.get(&header::X_MS_COPY_DESTINATION_SNAPSHOT)?,
            sequence_number: response.get(&header::X_MS_BLOB_SEQUENCE_NUMBER)?,
            committed_block_count: response.get(&header::X_MS_BLOB_COMMITTED_BLOCK_COUNT)?,
            sealed: response.get(&header::X_MS_BLOB_SEALED)?,
            accept_ranges: response.get(&header::ACCEPT_RANGES)?,
            tier: TierProperties::heard(response)?,
            encryption: EncryptionProperties::heard(response)?,
            snapshot: response.get(&header::X_MS_SNAPSHOT)?,
            version_id: response.get(&header::X_MS_VERSION_ID)?,
            is_current_version: response.get(&header::X_MS_IS_CURRENT_VERSION)?,
            expiry_time: response.get(&header::X_MS_EXPIRY_TIME)?,
            last_access_time: response.get(&header::X_MS_LAST_ACCESS_TIME)?,
            immutability: Immutability::heard(response)?,
            tag_count: response.get(&header::X_MS_TAG_COUNT)?,
            replication: Replication::heard(response)?,
            posix: PosixProperties::heard(response)?,
        })
    }
}

impl EncryptionProperties {
    /// Reads the headers of a read or of a write.
    pub(crate) fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        Ok(Self {
            server_encrypted: match response.get(&header::X_MS_SERVER_ENCRYPTED)? {
                None => response.get(&header::X_MS_REQUEST_SERVER_ENCRYPTED)?,
                said => said,
            },
            key_sha256: response.get(&header::X_MS_ENCRYPTION_KEY_SHA256)?,
            scope: response.get(&header::X_MS_ENCRYPTION_SCOPE)?,
        })
    }
}

impl Replication {
    fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        let mut rules: Vec<(Box<str>, Box<str>)> = Vec::new();
        for (name, value) in response.headers() {
            if *name == header::X_MS_OR_POLICY_ID {
                continue;
            }
            if let Some(rule) = name
                .as_str()
                .strip_prefix(header::OBJECT_REPLICATION_PREFIX)
            {
                let status = String::from_utf8_lossy(value.as_bytes());
                rules.push((rule.into(), status.into()));
            }
        }
        rules.sort_unstable();
        Ok(Self {
            policy_id: response.get(&header::X_MS_OR_POLICY_ID)?,
            rules,
        })
    }
}

impl PosixProperties {
    fn heard(response: &Response) -> Result<Option<Box<Self>>, UnreadableReply> {
        let posix = Self {
            resource_type: response.get(&header::X_MS_RESOURCE_TYPE)?,
            placeholder: None,
            owner: response.get(&header::X_MS_OWNER)?,
            group: response.get(&header::X_MS_GROUP)?,
            permissions: response.get(&header::X_MS_PERMISSIONS)?,
            acl: response.get(&header::X_MS_ACL)?,
        };
        Ok((posix != Self::default()).then(|| Box::new(posix)))
    }
}

impl Immutability {
    fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        Ok(Self {
            until: response.get(&header::X_MS_IMMUTABILITY_POLICY_UNTIL_DATE)?,
            mode: response.get(&header::X_MS_IMMUTABILITY_POLICY_MODE)?,
            legal_hold: response.get(&header::X_MS_LEGAL_HOLD)?,
        })
    }
}
