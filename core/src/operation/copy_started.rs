//! What the operations answer that start a copy.

use http::StatusCode;

use super::accept;
use crate::checksum::{Crc64, Md5};
use crate::error::Error;
use crate::etag::ETag;
use crate::message::Response;
use crate::properties::{CopyId, EncryptionProperties};
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::wire::header;
use crate::words::CopyStatus;

/// A copy that the service has taken on, and perhaps already finished.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyStarted {
    /// Which copy; absent before version 2012-02-12.
    pub copy_id: Option<CopyId>,
    /// `Success` where it is finished already, as every copy was before version 2012-02-12.
    pub status: CopyStatus,
    /// The destination's ETag now; it changes again when a pending copy ends.
    pub etag: Option<ETag>,
    /// When the destination last changed.
    pub last_modified: Option<Timestamp>,
    /// The destination's version. Version 2019-12-12 and later.
    pub version_id: Option<Box<str>>,
    /// MD5 of what was copied. Copy Blob From URL only.
    pub content_md5: Option<Md5>,
    /// CRC64 of what was copied. Copy Blob From URL only.
    pub content_crc64: Option<Crc64>,
    /// How the destination is encrypted. Copy Blob From URL only.
    pub encryption: EncryptionProperties,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl CopyStarted {
    /// Reads an answer with one of these statuses.
    pub(super) fn read(response: &Response, statuses: &[u16]) -> Result<Self, Error> {
        accept(response, statuses)?;
        let (copy_id, status) = if response.status() == StatusCode::CREATED {
            (None, CopyStatus::Success)
        } else {
            let id = response.need(&header::X_MS_COPY_ID)?;
            (Some(id), response.need(&header::X_MS_COPY_STATUS)?)
        };
        Ok(Self {
            copy_id,
            status,
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            version_id: response.get(&header::X_MS_VERSION_ID)?,
            content_md5: response.get(&header::CONTENT_MD5)?,
            content_crc64: response.get(&header::X_MS_CONTENT_CRC64)?,
            encryption: EncryptionProperties::heard(response)?,
            receipt: Receipt::of(response),
        })
    }
}
