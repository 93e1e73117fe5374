//! What a fleet remembers of a blob: a tenth of what the service says of it.

use crate::checksum::StoredMd5;
use crate::etag::ETag;
use crate::properties::{BlobProperties, CopyProperties};
use crate::time::Timestamp;
use crate::verify::Print;
use crate::words::{BlobType, LeaseState};

/// A blob as far as a decision about it needs it. Thousands of them wait in a fleet.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) etag: Option<ETag>,
    pub(super) last_modified: Option<Timestamp>,
    pub(super) blob_type: Option<BlobType>,
    pub(super) length: Option<u64>,
    pub(super) md5: Option<StoredMd5>,
    /// Whether somebody's lease is on it; a former run of ours may be that somebody.
    pub(super) is_leased: bool,
    /// The last copy into it.
    pub(super) copy: Option<Box<CopyProperties>>,
}

impl Seen {
    /// The ETag as a condition takes it: listings leave the quotes out.
    pub(super) fn state(&self) -> Option<ETag> {
        let etag = self.etag.as_ref()?;
        let quoted = format!("\"{}\"", etag.unquoted());
        quoted.parse().ok()
    }
}

impl From<BlobProperties> for Seen {
    fn from(said: BlobProperties) -> Self {
        Self {
            etag: said.etag,
            last_modified: said.last_modified,
            blob_type: said.blob_type,
            length: said.content_length,
            md5: said.content.md5,
            is_leased: said.lease.state == Some(LeaseState::Leased),
            copy: said.copy.map(Box::new),
        }
    }
}

impl<'a> From<&'a Seen> for Print<'a> {
    fn from(seen: &'a Seen) -> Self {
        Self {
            length: seen.length.unwrap_or(0),
            md5: seen.md5.as_ref(),
        }
    }
}
