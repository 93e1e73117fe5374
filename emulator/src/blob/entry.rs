//! Everything that goes by one name.

mod past;

pub(crate) use past::{Revision, RevisionFilter};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;
use blobferry_core::words::CopyStatus;

use super::{Blob, Deleted, Stamp};
use crate::lease::Lease;
#[cfg(feature = "durable")]
use crate::store::Keeper;
use crate::tick::Tick;

use past::{Name, Past};

/// The blob, its snapshots and its versions, deleted ones included.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    base: Option<Blob>,
    /// Absent for the many blobs that have neither snapshots nor previous versions.
    #[serde(default)]
    past: Option<Box<Past>>,
}

/// What an account keeps of blobs that are replaced or deleted.
///
/// | versions | retention | replaced | deleted | a version deleted |
/// | --- | --- | --- | --- | --- |
/// | no | none | gone | gone | gone |
/// | no | days | a soft-deleted snapshot | soft-deleted | soft-deleted |
/// | yes | none | a previous version | a previous version | gone |
/// | yes | days | a previous version | a previous version | soft-deleted |
///
/// Sources: "Blob versioning", "Soft delete for blobs". Once versions are off again, a blob that has
/// a version id still becomes a previous version when it is replaced ("all existing versions persist
/// as previous versions"), and what replaces it has no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Keeping {
    pub(crate) versions: bool,
    /// For how long deleted blobs can be undeleted; absent where they are gone at once.
    pub(crate) retention: Option<Duration>,
}

impl Keeping {
    /// Until when what is deleted now can be undeleted.
    pub(crate) fn deleted(&self, now: Timestamp) -> Option<Deleted> {
        self.retention.map(|kept| Deleted {
            since: now,
            until: now + kept,
        })
    }
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

    /// What a request names, unless it is deleted.
    pub(crate) fn named(&self, revision: Revision) -> Option<&Blob> {
        self.any_named(revision)
            .filter(|blob| blob.deleted.is_none())
    }

    /// What a request names, deleted or not.
    pub(crate) fn any_named(&self, revision: Revision) -> Option<&Blob> {
        let past = self.past.as_deref();
        match revision {
            Revision::Base => self.base.as_ref(),
            Revision::Snapshot(tick) => past.and_then(|past| past.get(Name::Snapshot(tick))),
            Revision::Version(tick) if self.is_current(tick) => self.base.as_ref(),
            Revision::Version(tick) => past.and_then(|past| past.get(Name::Version(tick))),
        }
    }

    /// What a request names, deleted or not.
    pub(crate) fn any_named_mut(&mut self, revision: Revision) -> Option<&mut Blob> {
        let current = matches!(revision, Revision::Version(tick) if self.is_current(tick));
        let past = self.past.as_deref_mut();
        match revision {
            Revision::Base => self.base.as_mut(),
            Revision::Snapshot(tick) => past.and_then(|past| past.get_mut(Name::Snapshot(tick))),
            Revision::Version(_) if current => self.base.as_mut(),
            Revision::Version(tick) => past.and_then(|past| past.get_mut(Name::Version(tick))),
        }
    }

    /// What a request names, unless it is deleted.
    pub(crate) fn named_mut(&mut self, revision: Revision) -> Option<&mut Blob> {
        self.any_named_mut(revision)
            .filter(|blob| blob.deleted.is_none())
    }

    /// Whether a version id is the current version's.
    pub(crate) fn is_current(&self, version: Tick) -> bool {
        self.live()
            .is_some_and(|blob| blob.version == Some(version))
    }

    /// Whether a snapshot stands that would outlive the blob.
    pub(crate) fn has_snapshots(&self) -> bool {
        self.past
            .as_ref()
            .is_some_and(|past| past.snapshots().any(|snapshot| snapshot.deleted.is_none()))
    }

    /// Whether a previous version stands.
    pub(crate) fn has_versions(&self) -> bool {
        self.past
            .as_ref()
            .is_some_and(|past| past.versions().any(|version| version.deleted.is_none()))
    }

    /// Snapshots and previous versions, as far as they are wanted, from a tick on, in the order of
    /// time. Deleted ones included.
    pub(crate) fn revisions(
        &self,
        filter: RevisionFilter,
        from: Option<Tick>,
    ) -> impl Iterator<Item = (Revision, &Blob)> {
        self.past
            .as_deref()
            .into_iter()
            .flat_map(move |past| past.from(filter, from))
    }

    /// The latest previous version, deleted or not.
    pub(crate) fn last_version(&self) -> Option<&Blob> {
        self.past
            .as_ref()
            .and_then(|past| past.versions().next_back())
    }

    /// Takes in a snapshot of the blob.
    pub(crate) fn take_snapshot(&mut self, tick: Tick, mut snapshot: Blob) {
        rest(&mut snapshot);
        snapshot.version = None;
        self.past_mut().insert(Name::Snapshot(tick), snapshot);
    }

    /// Puts a blob in place of the one there, of which what [`Keeping`] says is kept.
    pub(crate) fn replace(&mut self, mut blob: Blob, stamp: Stamp, keeping: Keeping) -> &mut Blob {
        blob.version = (keeping.versions && blob.committed).then_some(stamp.tick);
        if let Some(mut old) = self.base.take().filter(|old| old.committed) {
            rest(&mut old);
            if old.deleted.is_some() {
                old.version = None;
                self.past_mut().insert(Name::Snapshot(stamp.tick), old);
            } else if keeping.versions || old.version.is_some() {
                self.supersede(old);
            } else if let Some(deleted) = keeping.deleted(stamp.now) {
                old.deleted = Some(Box::new(deleted));
                self.past_mut().insert(Name::Snapshot(stamp.tick), old);
            }
        }
        self.base.insert(blob)
    }

    /// Begins a new version of the blob with the content of the last, before it is changed in place.
    /// Immutability is the old version's own.
    pub(crate) fn begin_version(&mut self, stamp: Stamp, keeping: Keeping) {
        let Some(blob) = self.live().filter(|blob| blob.committed) else {
            return;
        };
        if !keeping.versions && blob.version.is_none() {
            return;
        }
        let mut old = blob.clone();
        rest(&mut old);
        self.supersede(old);
        if let Some(blob) = self.live_mut() {
            blob.version = keeping.versions.then_some(stamp.tick);
            blob.immutability = None;
        }
    }

    /// Deletes the blob, of which what [`Keeping`] says is kept.
    pub(crate) fn delete_base(&mut self, now: Timestamp, keeping: Keeping) {
        let Some(mut old) = self.base.take().filter(|old| old.committed) else {
            return;
        };
        if let Some(copy) = old.copy.as_mut().filter(|copy| copy.is_pending()) {
            copy.end(CopyStatus::Aborted, None, now);
        }
        rest(&mut old);
        if keeping.versions {
            self.supersede(old);
        } else if let Some(deleted) = keeping.deleted(now) {
            old.deleted = Some(Box::new(deleted));
            self.base = Some(old);
        }
    }

    /// Deletes one snapshot, or all of them.
    pub(crate) fn delete_snapshots(
        &mut self,
        only: Option<Tick>,
        now: Timestamp,
        keeping: Keeping,
    ) {
        if let Some(past) = self.past.as_mut() {
            let kept = keeping.deleted(now);
            match only {
                Some(tick) => past.delete(Name::Snapshot(tick), kept),
                None => past.delete_snapshots(kept),
            }
        }
    }

    /// Deletes a previous version.
    pub(crate) fn delete_version(&mut self, version: Tick, now: Timestamp, keeping: Keeping) {
        if let Some(past) = self.past.as_mut() {
            past.delete(Name::Version(version), keeping.deleted(now));
        }
    }

    /// Takes a revision away for good.
    pub(crate) fn purge(&mut self, revision: Revision) {
        match (revision, self.past.as_mut()) {
            (Revision::Base, _) => self.base = None,
            (Revision::Snapshot(tick), Some(past)) => past.remove(Name::Snapshot(tick)),
            (Revision::Version(tick), Some(past)) => past.remove(Name::Version(tick)),
            (_, None) => {}
        }
    }

    /// Undeletes all that is deleted and still kept; says whether there was any.
    pub(crate) fn undelete(&mut self, now: Timestamp) -> bool {
        let base = self.base.as_mut().filter(|blob| blob.is_kept(now));
        let has_base = base.map(|blob| blob.deleted = None).is_some();
        let past = self.past.as_mut();
        past.is_some_and(|past| past.undelete(now)) || has_base
    }

    /// Whether the blob itself has been kept, or has waited for its commit, too long.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        self.base
            .as_ref()
            .is_some_and(|blob| blob.has_overdue_blocks(now) || blob.is_forgotten(now))
    }

    /// Lets go of blocks that waited too long for their commit, of a blob that has no others, and of
    /// all that was deleted too long ago.
    pub(crate) fn drop_overdue(&mut self, now: Timestamp) {
        if let Some(blob) = self.base.as_mut() {
            if blob.has_overdue_blocks(now) {
                blob.staged = None;
            }
            if blob.is_forgotten(now) || (!blob.committed && blob.staged.is_none()) {
                self.base = None;
            }
        }
        if let Some(past) = self.past.as_mut() {
            past.drop_overdue(now);
        }
        self.tidy();
    }

    /// When the next of what is deleted is to be forgotten.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.all()
            .filter_map(|blob| blob.deleted.as_ref().map(|kept| kept.until))
            .min()
    }

    /// When blocks that wait for their commit are to be discarded.
    pub(crate) fn blocks_due(&self) -> Option<Timestamp> {
        Some(self.base.as_ref()?.staged.as_ref()?.due())
    }

    /// All that goes by the name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Blob> {
        let past = self.past.iter().flat_map(|past| past.all());
        self.base.iter().chain(past)
    }

    /// Hands over content that was written since the last time.
    ///
    /// # Errors
    /// It cannot be written down.
    #[cfg(feature = "durable")]
    pub(crate) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> std::io::Result<()> {
        if let Some(blob) = &mut self.base {
            blob.content.hand_over(keeper)?;
            if let Some(staged) = &mut blob.staged {
                staged.hand_over(keeper)?;
            }
        }
        match &mut self.past {
            Some(past) => past.hand_over(keeper),
            None => Ok(()),
        }
    }

    /// Whether nothing goes by the name any more.
    pub(crate) fn is_empty(&self) -> bool {
        self.base.is_none() && self.past.as_ref().is_none_or(|past| past.is_empty())
    }

    /// Makes a blob that was current a previous version. One from before versions were kept gets its
    /// last change as its id.
    fn supersede(&mut self, mut old: Blob) {
        let id = *old.version.get_or_insert(old.etag);
        old.superseded = true;
        self.past_mut().insert(Name::Version(id), old);
    }

    fn past_mut(&mut self) -> &mut Past {
        self.past.get_or_insert_default()
    }

    fn tidy(&mut self) {
        if self.past.as_ref().is_some_and(|past| past.is_empty()) {
            self.past = None;
        }
    }
}

/// What is no longer the blob has no lease and no uncommitted blocks.
fn rest(blob: &mut Blob) {
    blob.lease = Lease::default();
    blob.staged = None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_small_beside_a_kibibyte_of_content() {
        assert!(size_of::<Entry>() <= 312, "{}", size_of::<Entry>());
    }
}
