//! Snapshots and previous versions of a blob.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::{Blob, Deleted};
use crate::tick::Tick;

/// Both by the time that names them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Past {
    pub(super) snapshots: BTreeMap<Tick, Blob>,
    pub(super) versions: BTreeMap<Tick, Blob>,
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

    pub(super) fn all(&self) -> impl Iterator<Item = &Blob> {
        self.snapshots.values().chain(self.versions.values())
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Blob> {
        self.snapshots
            .values_mut()
            .chain(self.versions.values_mut())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.snapshots.is_empty() && self.versions.is_empty()
    }
}

/// Deletes one or all: for good, or so that they can be undeleted for a while. What is deleted
/// already stays as it is.
pub(super) fn delete(blobs: &mut BTreeMap<Tick, Blob>, only: Option<Tick>, kept: Option<Deleted>) {
    let is_meant = |tick: &Tick| only.is_none_or(|only| only == *tick);
    match kept {
        None => blobs.retain(|tick, blob| !is_meant(tick) || blob.deleted.is_some()),
        Some(kept) => blobs
            .iter_mut()
            .filter(|(tick, blob)| is_meant(tick) && blob.deleted.is_none())
            .for_each(|(_, blob)| blob.deleted = Some(Box::new(kept))),
    }
}
