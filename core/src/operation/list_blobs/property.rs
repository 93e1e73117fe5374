//! The properties of one blob in a listing.

use super::item::BlobItem;
use crate::error::UnreadableReply;
use crate::properties::{CopyFailure, CopyId, CopyProgress, CopyProperties, PosixProperties};
use crate::time::Timestamp;
use crate::words::CopyStatus;
use crate::xml::bad;
use crate::xml::pull::Pull;

/// The parts of a copy, in whatever order they come.
#[derive(Default)]
pub(super) struct CopyParts {
    id: Option<CopyId>,
    source: Option<String>,
    status: Option<CopyStatus>,
    progress: Option<CopyProgress>,
    completion_time: Option<Timestamp>,
    description: Option<CopyFailure>,
}

impl CopyParts {
    /// The copy, where there is one.
    pub(super) fn whole(self) -> Result<Option<CopyProperties>, UnreadableReply> {
        let Some(id) = self.id else {
            return Ok(None);
        };
        let status = self
            .status
            .ok_or_else(|| bad("a copy has no `CopyStatus`"))?;
        Ok(Some(CopyProperties {
            id,
            source: self.source,
            status,
            progress: self.progress,
            completion_time: self.completion_time,
            description: self.description,
        }))
    }
}

/// Reads the property that has just begun. Names are matched as bytes, which compiles to a tree.
pub(super) fn read_property(
    name: &str,
    pull: &mut Pull<'_>,
    item: &mut BlobItem,
    copy: &mut CopyParts,
) -> Result<(), UnreadableReply> {
    let of = &mut item.properties;
    match name.as_bytes() {
        b"Creation-Time" => of.creation_time = pull.value(name)?,
        b"Last-Modified" => of.last_modified = pull.value(name)?,
        b"Etag" => of.etag = pull.value(name)?,
        b"Content-Length" => of.content_length = pull.value(name)?,
        b"Content-Type" => of.content.content_type = pull.value(name)?,
        b"Content-Encoding" => of.content.encoding = pull.value(name)?,
        b"Content-Language" => of.content.language = pull.value(name)?,
        b"Content-MD5" => of.content.md5 = pull.value(name)?,
        b"Content-Disposition" => of.content.disposition = pull.value(name)?,
        b"Cache-Control" => of.content.cache_control = pull.value(name)?,
        b"Content-CRC64" => of.content_crc64 = pull.value(name)?,
        b"x-ms-blob-sequence-number" => of.sequence_number = pull.value(name)?,
        b"BlobType" => of.blob_type = pull.value(name)?,
        b"LeaseStatus" => of.lease.status = pull.value(name)?,
        b"LeaseState" => of.lease.state = pull.value(name)?,
        b"LeaseDuration" => of.lease.duration = pull.value(name)?,
        b"CopyId" => copy.id = pull.value(name)?,
        b"CopySource" => copy.source = pull.value(name)?,
        b"CopyStatus" => copy.status = pull.value(name)?,
        b"CopyProgress" => copy.progress = pull.value(name)?,
        b"CopyCompletionTime" => copy.completion_time = pull.value(name)?,
        b"CopyStatusDescription" => copy.description = pull.value(name)?,
        b"IncrementalCopy" => of.incremental_copy = pull.value(name)?,
        b"DestinationSnapshot" | b"CopyDestinationSnapshot" => {
            of.destination_snapshot = pull.value(name)?;
        }
        b"ServerEncrypted" => of.encryption.server_encrypted = pull.value(name)?,
        b"CustomerProvidedKeySha256" => of.encryption.key_sha256 = pull.value(name)?,
        b"EncryptionScope" => of.encryption.scope = pull.value(name)?,
        b"AccessTier" => of.tier.tier = pull.value(name)?,
        b"AccessTierInferred" => of.tier.inferred = pull.value(name)?,
        b"AccessTierChangeTime" => of.tier.changed = pull.value(name)?,
        b"SmartAccessTier" => of.tier.smart = pull.value(name)?,
        b"ArchiveStatus" => of.tier.archive_status = pull.value(name)?,
        b"RehydratePriority" => of.tier.rehydrate_priority = pull.value(name)?,
        b"TagCount" => of.tag_count = pull.value(name)?,
        b"Sealed" => of.sealed = pull.value(name)?,
        b"Expiry-Time" => of.expiry_time = pull.value(name)?,
        b"LastAccessTime" => of.last_access_time = pull.value(name)?,
        b"ImmutabilityPolicyUntilDate" => of.immutability.until = pull.value(name)?,
        b"ImmutabilityPolicyMode" => of.immutability.mode = pull.value(name)?,
        b"LegalHold" => of.immutability.legal_hold = pull.value(name)?,
        b"DeletedTime" | b"RemainingRetentionDays" | b"DeletionId" => {
            read_deletion(name, pull, item)?;
        }
        b"ResourceType" | b"Placeholder" | b"Owner" | b"Group" | b"Permissions" | b"Acl" => {
            read_posix(name, pull, of.posix.get_or_insert_default())?;
        }
        _ => pull.skip()?,
    }
    Ok(())
}

fn read_deletion(
    name: &str,
    pull: &mut Pull<'_>,
    item: &mut BlobItem,
) -> Result<(), UnreadableReply> {
    let deletion = item.deletion.get_or_insert_default();
    match name {
        "DeletedTime" => deletion.time = pull.value(name)?,
        "RemainingRetentionDays" => deletion.remaining_days = pull.value(name)?,
        _ => deletion.id = pull.value(name)?,
    }
    Ok(())
}

fn read_posix(
    name: &str,
    pull: &mut Pull<'_>,
    posix: &mut PosixProperties,
) -> Result<(), UnreadableReply> {
    match name {
        "ResourceType" => posix.resource_type = pull.value(name)?,
        "Placeholder" => posix.placeholder = pull.value(name)?,
        "Owner" => posix.owner = pull.value(name)?,
        "Group" => posix.group = pull.value(name)?,
        "Permissions" => posix.permissions = pull.value(name)?,
        _ => posix.acl = pull.value(name)?,
    }
    Ok(())
}
