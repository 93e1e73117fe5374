//! Snapshots and previous versions of a blob.

#[cfg(feature = "durable")]
mod written;

use std::collections::BTreeMap;
use std::iter;
use std::ops::Bound;

#[cfg(not(feature = "durable"))]
use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;

use super::{Blob, Deleted};
use crate::tick::Tick;

/// Both by the time that names them.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "durable"), derive(Serialize, Deserialize))]
pub(super) struct Past {
    snapshots: BTreeMap<Tick, Blob>,
    versions: BTreeMap<Tick, Blob>,
    #[cfg(feature = "durable")]
    apart: written::Apart,
}

/// What of the things that go by one name is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Revision {
    /// The blob itself.
    Base,
    /// `snapshot=`.
    Snapshot(Tick),
    /// `versionid=`, which may be the current one.
    Version(Tick),
}

/// Which revisions are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RevisionFilter {
    pub(crate) snapshots: bool,
    pub(crate) versions: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Snapshot(Tick),
    Version(Tick),
}

impl Past {
    /// What is wanted, from a tick on, in the order of time.
    pub(super) fn from(
        &self,
        filter: RevisionFilter,
        from: Option<Tick>,
    ) -> impl Iterator<Item = (Revision, &Blob)> {
        let range = (
            from.map_or(Bound::Unbounded, Bound::Included),
            Bound::Unbounded,
        );
        let mut snapshots = filter
            .snapshots
            .then(|| self.snapshots.range(range))
            .into_iter()
            .flatten()
            .peekable();
        let mut versions = filter
            .versions
            .then(|| self.versions.range(range))
            .into_iter()
            .flatten()
            .peekable();
        iter::from_fn(move || {
            let version_is_next = match (snapshots.peek(), versions.peek()) {
                (Some((snapshot, _)), Some((version, _))) => version < snapshot,
                (None, _) => true,
                (Some(_), None) => false,
            };
            if version_is_next {
                let (tick, blob) = versions.next()?;
                return Some((Revision::Version(*tick), blob));
            }
            let (tick, blob) = snapshots.next()?;
            Some((Revision::Snapshot(*tick), blob))
        })
    }

    /// All snapshots, deleted ones included.
    pub(super) fn snapshots(&self) -> impl Iterator<Item = &Blob> {
        self.snapshots.values()
    }

    /// All previous versions, deleted ones included; the last of them last.
    pub(super) fn versions(&self) -> impl DoubleEndedIterator<Item = &Blob> {
        self.versions.values()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Blob> {
        self.snapshots().chain(self.versions())
    }

    pub(super) fn get(&self, name: Name) -> Option<&Blob> {
        match name {
            Name::Snapshot(tick) => self.snapshots.get(&tick),
            Name::Version(tick) => self.versions.get(&tick),
        }
    }

    pub(super) fn get_mut(&mut self, name: Name) -> Option<&mut Blob> {
        self.note(name);
        match name {
            Name::Snapshot(tick) => self.snapshots.get_mut(&tick),
            Name::Version(tick) => self.versions.get_mut(&tick),
        }
    }

    pub(super) fn insert(&mut self, name: Name, blob: Blob) {
        self.note(name);
        match name {
            Name::Snapshot(tick) => self.snapshots.insert(tick, blob),
            Name::Version(tick) => self.versions.insert(tick, blob),
        };
    }

    pub(super) fn remove(&mut self, name: Name) {
        self.note(name);
        match name {
            Name::Snapshot(tick) => self.snapshots.remove(&tick),
            Name::Version(tick) => self.versions.remove(&tick),
        };
    }

    /// Those of which something holds.
    fn named(&self, what: impl Fn(&Blob) -> bool) -> Vec<Name> {
        let snapshots = self.snapshots.iter();
        let snapshots = snapshots.map(|(tick, blob)| (Name::Snapshot(*tick), blob));
        let versions = self.versions.iter();
        let versions = versions.map(|(tick, blob)| (Name::Version(*tick), blob));
        snapshots
            .chain(versions)
            .filter(|(_, blob)| what(blob))
            .map(|(name, _)| name)
            .collect()
    }

    /// Deletes all snapshots.
    pub(super) fn delete_snapshots(&mut self, kept: Option<Deleted>) {
        let all = self.snapshots.keys();
        let all: Vec<Name> = all.map(|tick| Name::Snapshot(*tick)).collect();
        for name in all {
            self.delete(name, kept);
        }
    }

    /// Deletes one: for good, or so that it can be undeleted for a while. What is deleted already
    /// stays as it is.
    pub(super) fn delete(&mut self, name: Name, kept: Option<Deleted>) {
        if self.get(name).is_none_or(|blob| blob.deleted.is_some()) {
            return;
        }
        match kept {
            None => self.remove(name),
            Some(kept) => {
                if let Some(blob) = self.get_mut(name) {
                    blob.deleted = Some(Box::new(kept));
                }
            }
        }
    }

    /// Undeletes all that is deleted and still kept; says whether there was any.
    pub(super) fn undelete(&mut self, now: Timestamp) -> bool {
        let deleted = self.named(|blob| blob.is_kept(now));
        for name in &deleted {
            if let Some(blob) = self.get_mut(*name) {
                blob.deleted = None;
            }
        }
        !deleted.is_empty()
    }

    /// Lets go of all that was deleted too long ago.
    pub(super) fn drop_overdue(&mut self, now: Timestamp) {
        for name in self.named(|blob| blob.is_forgotten(now)) {
            self.remove(name);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.snapshots.is_empty() && self.versions.is_empty()
    }

    #[cfg_attr(
        not(feature = "durable"),
        expect(clippy::unused_self, reason = "without a store nobody asks")
    )]
    fn note(&mut self, name: Name) {
        #[cfg(feature = "durable")]
        self.apart.note(name);
        #[cfg(not(feature = "durable"))]
        let _ = name;
    }
}
