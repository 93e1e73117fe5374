//! What a sweep tells, and what it found.

use crate::error::Error;
use crate::properties::{BlobProperties, CopyId, CopyProperties};
use crate::words::CopyStatus;

/// What is worth telling while a sweep is under way.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SweepEvent {
    /// A blob with a copy on it, pending or ended.
    Found {
        /// Which blob.
        name: Box<str>,
        /// What the listing says of it.
        properties: Box<BlobProperties>,
    },
    /// An abort has been answered.
    Aborted {
        /// Which blob.
        name: Box<str>,
        /// Which copy.
        copy_id: CopyId,
        /// Whether there still was something to abort, or why it could not be.
        result: Result<bool, Error>,
    },
    /// Some copies are still pending; it will look again.
    Waiting {
        /// How many.
        pending: u64,
        /// How many bytes they have done.
        copied: u64,
    },
}

/// What a sweep found in its last round.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SweepReport {
    /// Blobs listed.
    pub listed: u64,
    /// Copies that were pending, aborted ones included.
    pub pending: u64,
    /// Copies that had succeeded.
    pub succeeded: u64,
    /// Copies that had failed.
    pub failed: u64,
    /// Copies that had been aborted before.
    pub aborted_before: u64,
    /// Copies aborted by this sweep.
    pub aborted: u64,
    /// Copies it could not abort.
    pub not_aborted: u64,
    /// How often it has looked.
    pub rounds: u64,
    /// Why it could not list to the end, if so.
    pub error: Option<Error>,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

impl SweepReport {
    pub(super) fn count(&mut self, copy: &CopyProperties) {
        match copy.status {
            CopyStatus::Pending => self.pending += 1,
            CopyStatus::Success => self.succeeded += 1,
            CopyStatus::Failed => self.failed += 1,
            CopyStatus::Aborted => self.aborted_before += 1,
            CopyStatus::Other(_) => {}
        }
    }
}
