//! The copies under way, found by id, by when they end, and by what they read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;

use super::Feed;
use crate::content::Content;
use crate::state::BlobKey;
#[cfg(feature = "durable")]
use crate::store::Keeper;
use crate::tick::Tick;

/// A copy under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) destination: BlobKey,
    /// The base blob that is read, with the `ETag` it is locked to; absent for a snapshot
    /// or version, which cannot change.
    pub(crate) source: Option<(BlobKey, Tick)>,
    /// The account that is read.
    pub(crate) from: String,
    /// What will be there at the end. Shares memory with the source.
    pub(crate) content: Content,
    pub(crate) incremental: bool,
    /// Present while the source is outside and not all of it is here.
    #[serde(default)]
    pub(crate) feed: Option<Feed>,
    /// When it was asked for.
    #[serde(with = "crate::record")]
    pub(crate) started: Timestamp,
    /// When it ends at the present pace.
    #[serde(with = "crate::record")]
    pub(crate) due: Timestamp,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Copies {
    jobs: BTreeMap<String, Job>,
    by_due: BTreeSet<(Timestamp, String)>,
    by_source: BTreeMap<BlobKey, BTreeSet<String>>,
    /// Ids of copies that came, went or moved; absent where nobody asks.
    changed: Option<BTreeSet<String>>,
}

impl Copies {
    pub(crate) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Job> {
        self.jobs.get(id)
    }

    fn note(&mut self, id: &str) {
        if let Some(changed) = &mut self.changed {
            changed.insert(id.to_owned());
        }
    }

    /// A copy whose content comes in. Its end and its source stay as they are.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.note(id);
        self.jobs.get_mut(id)
    }

    /// Notes changes from now on.
    #[cfg(feature = "durable")]
    pub(crate) fn note_changes(&mut self) {
        self.changed.get_or_insert_default();
    }

    /// Takes every copy for changed.
    #[cfg(all(test, feature = "durable"))]
    pub(crate) fn note_everything(&mut self) {
        self.changed = Some(self.jobs.keys().cloned().collect());
    }

    /// The ids of copies that changed since this was last asked.
    #[cfg(feature = "durable")]
    pub(crate) fn take_changed(&mut self) -> BTreeSet<String> {
        self.changed
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Hands over what a copy holds and is not remembered yet. What is there then is as it is to be
    /// remembered.
    ///
    /// # Errors
    /// It cannot be written down.
    #[cfg(feature = "durable")]
    pub(crate) fn hand_over(
        &mut self,
        id: &str,
        keeper: &mut Keeper<'_>,
    ) -> std::io::Result<Option<&Job>> {
        let Some(job) = self.jobs.get_mut(id) else {
            return Ok(None);
        };
        job.content.hand_over(keeper)?;
        Ok(Some(job))
    }

    /// Takes in a copy.
    pub(crate) fn add(&mut self, job: Job) {
        self.note(&job.id);
        self.by_due.insert((job.due, job.id.clone()));
        if let Some((source, _)) = &job.source {
            self.by_source
                .entry(source.clone())
                .or_default()
                .insert(job.id.clone());
        }
        self.jobs.insert(job.id.clone(), job);
    }

    /// Takes out a copy.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Job> {
        let job = self.jobs.remove(id)?;
        self.note(id);
        self.by_due.remove(&(job.due, job.id.clone()));
        if let Some((source, _)) = &job.source
            && let Some(readers) = self.by_source.get_mut(source)
        {
            readers.remove(id);
            if readers.is_empty() {
                self.by_source.remove(source);
            }
        }
        Some(job)
    }

    /// Takes out the copy that ends first, if that is by now.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Job> {
        let (due, id) = self.by_due.first()?;
        if *due > now {
            return None;
        }
        let id = id.clone();
        self.remove(&id)
    }

    /// The copies from outside that nobody had claimed; they are now.
    pub(crate) fn claim_feeds(&mut self) -> Vec<String> {
        self.jobs
            .values_mut()
            .filter_map(|job| {
                let feed = job.feed.as_mut().filter(|feed| !feed.claimed)?;
                feed.claimed = true;
                Some(job.id.clone())
            })
            .collect()
    }

    /// Moves the end of a copy.
    pub(crate) fn move_due(&mut self, id: &str, due: Timestamp) {
        if let Some(job) = self.jobs.get_mut(id) {
            self.by_due.remove(&(job.due, job.id.clone()));
            job.due = due;
            self.by_due.insert((due, job.id.clone()));
            self.note(id);
        }
    }

    /// Copies that read a base blob, with the `ETag` each is locked to.
    pub(crate) fn readers(&self, source: &BlobKey) -> Vec<(String, Tick)> {
        self.by_source
            .get(source)
            .into_iter()
            .flatten()
            .filter_map(|id| {
                let (_, locked) = self.jobs.get(id)?.source.as_ref()?;
                Some((id.clone(), *locked))
            })
            .collect()
    }

    /// Every blob that is read.
    pub(crate) fn sources(&self) -> Vec<BlobKey> {
        self.by_source.keys().cloned().collect()
    }

    /// Every copy into an account.
    pub(crate) fn of_destination_account(&self, account: &str) -> Vec<String> {
        self.jobs
            .values()
            .filter(|job| job.destination.account == account)
            .map(|job| job.id.clone())
            .collect()
    }

    /// The ids of all copies.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.jobs.keys().cloned().collect()
    }

    /// Every copy into a container.
    pub(crate) fn of_destination_container(&self, account: &str, container: &str) -> Vec<String> {
        self.jobs
            .values()
            .filter(|job| {
                job.destination.account == account && job.destination.container == container
            })
            .map(|job| job.id.clone())
            .collect()
    }

    /// Every copy.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }
}
