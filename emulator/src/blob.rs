//! One blob, and everything that goes by one name.

mod entry;
mod headers;
mod tier;

pub(crate) use entry::{Entry, Keeping, Revision, RevisionFilter};
pub(crate) use headers::ContentHeaders;
pub(crate) use tier::{PREMIUM, Tier, TierSet};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;
use blobferry_core::words::BlobType;

use crate::conditions::Standing;
use crate::content::{Content, Staged};
use crate::copy::Copied;
use crate::encryption::Specified;
use crate::immutability::Immutability;
use crate::lease::Lease;
use crate::metadata::Metadata;
use crate::tags::Tags;
use crate::tick::Tick;

/// A blob, or a snapshot or previous version of one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Blob {
    pub(crate) etag: Tick,
    #[serde(with = "crate::record")]
    pub(crate) modified: Timestamp,
    #[serde(with = "crate::record")]
    pub(crate) created: Timestamp,
    pub(crate) content: Content,
    /// False for a blob that has only uncommitted blocks, which few operations see.
    pub(crate) committed: bool,
    pub(crate) staged: Option<Box<Staged>>,
    pub(crate) headers: Box<ContentHeaders>,
    pub(crate) metadata: Metadata,
    pub(crate) tags: Option<Box<Tags>>,
    pub(crate) lease: Lease,
    pub(crate) copy: Option<Box<Copied>>,
    pub(crate) tier: Tier,
    /// Of page blobs.
    pub(crate) sequence: u64,
    /// Of append blobs.
    pub(crate) sealed: bool,
    /// Made by Incremental Copy Blob.
    pub(crate) incremental: bool,
    /// Absent where it is kept under the account's own key.
    #[serde(default)]
    pub(crate) encryption: Option<Box<Specified>>,
    /// Absent where nothing keeps it from being changed.
    #[serde(default)]
    pub(crate) immutability: Option<Box<Immutability>>,
    /// The id of the version that it is; absent for snapshots and where no versions are kept.
    #[serde(default)]
    pub(crate) version: Option<Tick>,
    /// Whether it is a previous version.
    #[serde(default)]
    pub(crate) superseded: bool,
    /// When it was last read or written, where the account keeps track of it.
    #[serde(default)]
    accessed: Option<Tick>,
    /// Whether that was reading it.
    #[serde(default)]
    pub(crate) was_read: bool,
    /// Where it is soft-deleted.
    #[serde(default)]
    pub(crate) deleted: Option<Box<Deleted>>,
}

/// When something was deleted, and until when it can be undeleted.
///
/// The retention that counts is the one at the time of the deletion. Source: "Soft delete for blobs".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deleted {
    #[serde(with = "crate::record")]
    pub(crate) since: Timestamp,
    #[serde(with = "crate::record")]
    pub(crate) until: Timestamp,
}

/// The moment of a change, and the tick that it alone has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) tick: Tick,
    pub(crate) now: Timestamp,
}

impl Blob {
    /// A committed blob that nobody has leased or copied.
    pub(crate) fn new(content: Content, headers: Box<ContentHeaders>, stamp: Stamp) -> Self {
        Self {
            etag: stamp.tick,
            modified: stamp.now,
            created: stamp.now,
            content,
            committed: true,
            staged: None,
            headers,
            metadata: Metadata::default(),
            tags: None,
            lease: Lease::default(),
            copy: None,
            tier: Tier::default(),
            sequence: 0,
            sealed: false,
            incremental: false,
            encryption: None,
            immutability: None,
            version: None,
            superseded: false,
            accessed: None,
            was_read: false,
            deleted: None,
        }
    }

    pub(crate) fn kind(&self) -> BlobType {
        self.content.kind()
    }

    /// What conditions judge.
    pub(crate) fn standing(&self) -> Standing<'_> {
        static NONE: std::sync::OnceLock<Tags> = std::sync::OnceLock::new();
        Standing {
            etag: self.etag,
            modified: self.modified,
            tags: Some(
                self.tags
                    .as_deref()
                    .unwrap_or_else(|| NONE.get_or_init(Tags::default)),
            ),
        }
    }

    /// Notes a change: a new `ETag` and `Last-Modified`.
    pub(crate) fn touch(&mut self, stamp: Stamp) {
        self.etag = stamp.tick;
        self.modified = stamp.now;
        self.release_ended_lease(stamp.now);
    }

    /// Whether it has uncommitted blocks that have waited too long for their commit.
    pub(crate) fn has_overdue_blocks(&self, now: Timestamp) -> bool {
        self.staged
            .as_ref()
            .is_some_and(|staged| staged.is_overdue(now))
    }

    /// When it was last read or written, where the account keeps track of it.
    pub(crate) fn accessed(&self) -> Option<Timestamp> {
        self.accessed.map(Tick::moment)
    }

    /// Notes that it was read or written.
    pub(crate) fn note_access(&mut self, now: Timestamp, reads: bool) {
        self.accessed = Some(Tick::at(now));
        self.was_read = reads;
    }

    /// Whether it was read or written so lately.
    pub(crate) fn accessed_within(&self, time: Duration, now: Timestamp) -> bool {
        self.accessed().is_some_and(|last| now < last + time)
    }

    /// Whether it was deleted so long ago that nobody can undelete it.
    pub(crate) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.deleted.as_ref().is_some_and(|kept| kept.until <= now)
    }

    /// Whether it was deleted so lately that it can be undeleted.
    pub(crate) fn is_kept(&self, now: Timestamp) -> bool {
        self.deleted.as_ref().is_some_and(|kept| kept.until > now)
    }

    /// Forgets a lease that is broken or expired: what follows is not under it any more.
    pub(crate) fn release_ended_lease(&mut self, now: Timestamp) {
        if !self.lease.is_locked(now) {
            self.lease.forget();
        }
    }

    /// Whether it is the destination of a copy under way.
    pub(crate) fn is_pending(&self) -> bool {
        self.copy.as_ref().is_some_and(|copy| copy.is_pending())
    }

    /// The tags to set, nothing where there are none.
    pub(crate) fn boxed_tags(tags: Tags) -> Option<Box<Tags>> {
        (!tags.is_empty()).then(|| Box::new(tags))
    }
}
