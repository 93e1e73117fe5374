//! A container: its own properties, and the blobs in the order of their names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;
use blobferry_core::words::PublicAccess;

use crate::auth::StoredPolicy;
use crate::blob::{Blob, Deleted, Entry, Stamp};
use crate::conditions::Standing;
use crate::lease::Lease;
use crate::metadata::Metadata;
#[cfg(feature = "durable")]
use crate::store::Keeper;
use crate::tick::Tick;

/// A container.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Container {
    /// Its own for ever, whatever it is called.
    pub(crate) id: u64,
    pub(crate) etag: Tick,
    #[serde(with = "crate::record")]
    pub(crate) modified: Timestamp,
    pub(crate) metadata: Metadata,
    /// Absent where it is private.
    #[serde(with = "crate::record", default)]
    pub(crate) public: Option<PublicAccess>,
    /// Stored access policies by id, in the order set.
    pub(crate) policies: Vec<(String, StoredPolicy)>,
    pub(crate) lease: Lease,
    pub(crate) encryption: Option<Encryption>,
    /// Where it is deleted and can be restored.
    #[serde(default)]
    pub(crate) deleted: Option<Box<Deleted>>,
    /// Whether it is only the name of a container that is being deleted, which nobody can restore.
    #[serde(default)]
    pub(crate) nameplate: bool,
    /// Private, so that whatever changes one notes its name.
    #[serde(skip)]
    blobs: BTreeMap<Arc<str>, Entry>,
    /// Names under which something may have changed; absent where nobody asks.
    #[serde(skip)]
    changed: Option<BTreeSet<Arc<str>>>,
}

/// The encryption scope of blobs that name none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Encryption {
    pub(crate) scope: String,
    pub(crate) deny_override: bool,
}

impl Container {
    pub(crate) fn new(stamp: Stamp) -> Self {
        Self {
            id: stamp.tick.number(),
            etag: stamp.tick,
            modified: stamp.now,
            metadata: Metadata::default(),
            public: None,
            policies: Vec::new(),
            lease: Lease::default(),
            encryption: None,
            deleted: None,
            nameplate: false,
            blobs: BTreeMap::new(),
            changed: None,
        }
    }

    /// What conditions judge.
    pub(crate) fn standing(&self) -> Standing<'_> {
        Standing {
            etag: self.etag,
            modified: self.modified,
            tags: None,
        }
    }

    /// Whether it was deleted so long ago that nobody can restore it.
    pub(crate) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.deleted.as_ref().is_some_and(|kept| kept.until <= now)
    }

    /// Notes a change of the container's own properties.
    pub(crate) fn touch(&mut self, stamp: Stamp) {
        self.etag = stamp.tick;
        self.modified = stamp.now;
    }

    /// How many names there are.
    pub(crate) fn count(&self) -> usize {
        self.blobs.len()
    }

    /// Everything that goes by a name.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.blobs.get(name)
    }

    /// Everything that goes by a name.
    pub(crate) fn entry_mut(&mut self, name: &str) -> Option<&mut Entry> {
        self.note(name);
        self.blobs.get_mut(name)
    }

    fn note(&mut self, name: &str) {
        if let Some(changed) = &mut self.changed
            && !changed.contains(name)
        {
            changed.insert(name.into());
        }
    }

    /// Everything that goes by a name, for a blob about to be put there.
    pub(crate) fn entry_or_new(&mut self, name: &str) -> &mut Entry {
        self.note(name);
        if !self.blobs.contains_key(name) {
            self.blobs.insert(name.into(), Entry::default());
        }
        self.blobs.entry(name.into()).or_default()
    }

    /// A blob that is not deleted.
    pub(crate) fn live(&self, name: &str) -> Option<&Blob> {
        self.entry(name).and_then(Entry::live)
    }

    /// Lets go of what has been kept too long under a name.
    pub(crate) fn drop_overdue(&mut self, name: &str, now: Timestamp) {
        if let Some(entry) = self.entry_mut(name) {
            entry.drop_overdue(now);
            self.tidy(name);
        }
    }

    /// Whether the blob of a name itself has been kept too long, which takes no search through its
    /// past.
    pub(crate) fn is_overdue(&self, name: &str, now: Timestamp) -> bool {
        self.entry(name).is_some_and(|entry| entry.is_overdue(now))
    }

    /// Lets go of a name by which nothing goes any more.
    pub(crate) fn tidy(&mut self, name: &str) {
        if self.blobs.get(name).is_some_and(Entry::is_empty) {
            self.note(name);
            self.blobs.remove(name);
        }
    }

    /// Entries from a name on, in the order of names. Costs what is taken, not what is there.
    pub(crate) fn entries_from(
        &self,
        start: &str,
    ) -> impl Iterator<Item = (&Arc<str>, &Entry)> + use<'_> {
        self.blobs
            .range::<str, _>((Bound::Included(start), Bound::Unbounded))
    }
}

/// What becomes of changes.
#[cfg(feature = "durable")]
impl Container {
    /// Notes changes from now on.
    pub(crate) fn note_changes(&mut self) {
        self.changed.get_or_insert_default();
    }

    /// Takes everything there is for changed.
    pub(crate) fn note_everything(&mut self) {
        self.changed = Some(self.blobs.keys().cloned().collect());
    }

    /// The names under which something may have changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<Arc<str>> {
        self.changed
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Hands over content that was written under a name. What is there then is as it is to be
    /// remembered.
    ///
    /// # Errors
    /// It cannot be written down.
    pub(crate) fn hand_over(
        &mut self,
        name: &str,
        keeper: &mut Keeper<'_>,
    ) -> std::io::Result<Option<&Entry>> {
        let Some(entry) = self.blobs.get_mut(name) else {
            return Ok(None);
        };
        entry.hand_over(keeper)?;
        Ok(Some(entry))
    }

    /// Puts back what was remembered.
    pub(crate) fn restore(&mut self, name: &str, entry: Entry) {
        self.blobs.insert(name.into(), entry);
    }
}
