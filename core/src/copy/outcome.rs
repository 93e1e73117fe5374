//! What a copy tells on its way, and every way it can end.

use super::origin::bare;
use crate::error::Error;
use crate::properties::{BlobProperties, CopyFailure, CopyId, CopyProgress, CopyProperties};
use crate::time::Timestamp;
use crate::words::CopyStatus;

/// What is worth telling while a copy is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyEvent {
    /// The service has taken the copy on.
    Started(CopyId),
    /// A copy of the same source was found pending on the destination; it is now ours to watch.
    Adopted(CopyId),
    /// How far it is, whenever a look shows a change.
    Progress(CopyProgress),
    /// Its rate has fallen under the floor.
    Stalled(CopyProgress),
}

/// How a copy ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CopyOutcome {
    /// The destination has all the bytes.
    Succeeded(Box<Copied>),
    /// The service gave it up; the destination is empty.
    Failed {
        /// Which copy it was.
        copy_id: CopyId,
        /// The service's own words, where it said any.
        reason: Option<CopyFailure>,
    },
    /// It was aborted, by us or by somebody else; the destination is empty. Without an id it was
    /// never started.
    Aborted {
        /// Which copy it was.
        copy_id: Option<CopyId>,
    },
    /// Another copy or another write has taken the destination over.
    Superseded {
        /// Our copy.
        copy_id: CopyId,
        /// What stands there now; absent where no copy does.
        by: Option<Box<ForeignCopy>>,
    },
    /// The destination was deleted while we looked.
    DestinationGone {
        /// Our copy.
        copy_id: CopyId,
    },
    /// Somebody else's copy is pending on the destination, so ours was not started.
    Occupied(Box<ForeignCopy>),
    /// The service, or our own side, refused to start it.
    Refused(Error),
    /// It is left pending, as was asked when cancelling.
    Left {
        /// Which copy it is.
        copy_id: CopyId,
    },
    /// We lost sight of it: it may still be pending.
    Lost {
        /// Which copy it is, as far as known.
        copy_id: Option<CopyId>,
        /// What went wrong.
        error: Error,
    },
}

impl CopyOutcome {
    /// Whether the destination has all the bytes.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded(_))
    }

    /// Whether a copy of ours may still be pending.
    #[must_use]
    pub fn may_be_pending(&self) -> bool {
        matches!(self, Self::Left { .. } | Self::Lost { .. })
    }
}

/// A finished copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Which copy it was; absent before version 2012-02-12.
    pub copy_id: Option<CopyId>,
    /// Whether it had been started by somebody else, or by a former run.
    pub adopted: bool,
    /// The destination as the last look showed it; absent where the service finished the copy within
    /// the request, so that no look was needed.
    pub destination: Option<Box<BlobProperties>>,
}

/// Somebody else's copy on our destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCopy {
    /// Its id: what Abort Copy Blob needs.
    pub copy_id: CopyId,
    /// What it reads, without credentials.
    pub source: Option<String>,
    /// How it stands.
    pub status: CopyStatus,
    /// How far it is.
    pub progress: Option<CopyProgress>,
    /// When the destination was last modified: for a pending copy, when it began.
    pub since: Option<Timestamp>,
}

impl ForeignCopy {
    pub(crate) fn of(copy: &CopyProperties, since: Option<Timestamp>) -> Self {
        Self {
            copy_id: copy.id.clone(),
            source: copy.source.as_deref().map(bare),
            status: copy.status.clone(),
            progress: copy.progress,
            since,
        }
    }
}
