//! One blob, and everything that goes by one name.

mod headers;
mod tier;

pub(crate) use headers::ContentHeaders;
pub(crate) use tier::{Tier, TierSet};

use std::collections::BTreeMap;

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

/// A blob, or a snapshot of one.
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
    /// Since when it is soft-deleted.
    #[serde(with = "crate::record", default)]
    pub(crate) deleted: Option<Timestamp>,
}

/// The moment of a change, and the tick that it alone has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) tick: Tick,
    pub(crate) now: Timestamp,
}

impl Blob {
    /// A committed blob that nobody has leased or copied.
    pub(crate) fn new(content: Content, stamp: Stamp) -> Self {
        Self {
            etag: stamp.tick,
            modified: stamp.now,
            created: stamp.now,
            content,
            committed: true,
            staged: None,
            headers: Box::default(),
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

/// Everything that goes by one name: the blob and its snapshots, deleted ones included.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    base: Option<Blob>,
    pub(crate) snapshots: BTreeMap<Tick, Blob>,
}

impl Entry {
    /// The blob, unless it is deleted.
    pub(crate) fn live(&self) -> Option<&Blob> {
        self.base.as_ref().filter(|blob| blob.deleted.is_none())
    }

    /// The blob, unless it is deleted.
    pub(crate) fn live_mut(&mut self) -> Option<&mut Blob> {
        self.base.as_mut().filter(|blob| blob.deleted.is_none())
    }

    /// The blob, deleted or not.
    pub(crate) fn base(&self) -> Option<&Blob> {
        self.base.as_ref()
    }

    /// The blob, deleted or not.
    pub(crate) fn base_mut(&mut self) -> Option<&mut Blob> {
        self.base.as_mut()
    }

    /// A snapshot that is not deleted.
    pub(crate) fn snapshot(&self, tick: Tick) -> Option<&Blob> {
        self.snapshots
            .get(&tick)
            .filter(|blob| blob.deleted.is_none())
    }

    /// Whether a snapshot stands that would outlive the blob.
    pub(crate) fn has_snapshots(&self) -> bool {
        self.snapshots.values().any(|blob| blob.deleted.is_none())
    }

    /// Puts a blob in place of the one there. With soft delete on, the old one becomes a deleted
    /// snapshot.
    pub(crate) fn replace(&mut self, blob: Blob, stamp: Stamp, keep: bool) -> &mut Blob {
        if let Some(mut old) = self.base.take()
            && old.committed
            && (keep || old.deleted.is_some())
        {
            old.lease = Lease::default();
            old.staged = None;
            let since = *old.deleted.get_or_insert(stamp.now);
            old.deleted = Some(since);
            self.snapshots.insert(stamp.tick, old);
        }
        self.base.insert(blob)
    }

    /// Lets go of blocks that waited too long for their commit, and of a blob that has no others.
    pub(crate) fn drop_overdue_blocks(&mut self, now: Timestamp) {
        let overdue = |blob: &&mut Blob| blob.has_overdue_blocks(now);
        if let Some(blob) = self.base.as_mut().filter(overdue) {
            blob.staged = None;
            if !blob.committed {
                self.base = None;
            }
        }
    }

    /// Takes the blob away for good.
    pub(crate) fn remove_base(&mut self) -> Option<Blob> {
        self.base.take()
    }

    /// Whether nothing goes by the name any more.
    pub(crate) fn is_empty(&self) -> bool {
        self.base.is_none() && self.snapshots.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_small_beside_a_kibibyte_of_content() {
        assert!(size_of::<Entry>() <= 320, "{}", size_of::<Entry>());
    }
}
