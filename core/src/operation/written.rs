//! What writes answer.

use super::accept;
use crate::checksum::{Crc64, Md5};
use crate::error::Error;
use crate::etag::ETag;
use crate::header_text::HeaderText;
use crate::message::Response;
use crate::properties::EncryptionProperties;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::wire::header;

/// What a write of a blob answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The blob's ETag now.
    pub etag: ETag,
    /// When the blob last changed. Whole seconds.
    pub last_modified: Timestamp,
    /// The blob's version now. Version 2019-12-12 and later, where versioning is on.
    pub version_id: Option<Box<str>>,
    /// What arrived, and how it is kept.
    pub stored: Stored,
}

/// What the service says of content that arrived: Put Block answers no more than this.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// MD5 of the request's content, where the service computed it.
    pub content_md5: Option<Md5>,
    /// CRC64 of the request's content. Version 2019-02-02 and later.
    pub content_crc64: Option<Crc64>,
    /// How the body was framed, repeated. Version 2026-04-06 and later.
    pub structured_body: Option<HeaderText>,
    /// How it is encrypted.
    pub encryption: EncryptionProperties,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

/// What a write of pages answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PagesWritten {
    /// As of any write.
    pub written: Written,
    /// The blob's sequence number now.
    pub sequence_number: u64,
}

/// What appending a block answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Appended {
    /// As of any write.
    pub written: Written,
    /// Where in the blob the block begins, in bytes.
    pub offset: u64,
    /// How many blocks the blob has now.
    pub block_count: u32,
}

/// What a write of a container answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerWritten {
    /// The container's ETag now.
    pub etag: ETag,
    /// When the container last changed. Whole seconds.
    pub last_modified: Timestamp,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl Written {
    /// Reads an answer with this status.
    pub(super) fn read(response: &Response, status: u16) -> Result<Self, Error> {
        let stored = Stored::read(response, status)?;
        Ok(Self {
            etag: response.need(&header::ETAG)?,
            last_modified: response.need(&header::LAST_MODIFIED)?,
            version_id: response.get(&header::X_MS_VERSION_ID)?,
            stored,
        })
    }
}

impl Stored {
    /// Reads an answer with this status.
    pub(super) fn read(response: &Response, status: u16) -> Result<Self, Error> {
        accept(response, &[status])?;
        Ok(Self {
            content_md5: response.get(&header::CONTENT_MD5)?,
            content_crc64: response.get(&header::X_MS_CONTENT_CRC64)?,
            structured_body: response.get(&header::X_MS_STRUCTURED_BODY)?,
            encryption: EncryptionProperties::heard(response)?,
            receipt: Receipt::of(response),
        })
    }
}

impl PagesWritten {
    /// Reads the answer of a write of pages.
    pub(super) fn read(response: &Response) -> Result<Self, Error> {
        Ok(Self {
            written: Written::read(response, 201)?,
            sequence_number: response.need(&header::X_MS_BLOB_SEQUENCE_NUMBER)?,
        })
    }
}

impl Appended {
    /// Reads the answer of an append.
    pub(super) fn read(response: &Response) -> Result<Self, Error> {
        Ok(Self {
            written: Written::read(response, 201)?,
            offset: response.need(&header::X_MS_BLOB_APPEND_OFFSET)?,
            block_count: response.need(&header::X_MS_BLOB_COMMITTED_BLOCK_COUNT)?,
        })
    }
}

impl ContainerWritten {
    /// Reads an answer with this status.
    pub(super) fn read(response: &Response, status: u16) -> Result<Self, Error> {
        accept(response, &[status])?;
        Ok(Self {
            etag: response.need(&header::ETAG)?,
            last_modified: response.need(&header::LAST_MODIFIED)?,
            receipt: Receipt::of(response),
        })
    }
}
