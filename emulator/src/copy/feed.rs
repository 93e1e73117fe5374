//! Copies whose source is outside: their content comes in ranges, as the copy's pace allows.

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;

use super::{Copied, Job, LONGEST};
use crate::content::Content;
use crate::state::State;

/// What a copy that reads from outside knows of its source, beside its URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Feed {
    /// The service version of the request, which sources are told.
    pub(crate) version: String,
    /// What the source is locked to, where it says.
    pub(crate) etag: Option<String>,
    /// Whether it is a blob, which has page ranges and a block list.
    pub(crate) is_blob: bool,
    /// The snapshot of the source that the destination holds already: only what changed since is
    /// read.
    #[serde(default)]
    pub(crate) previous: Option<String>,
    /// Bytes of the source, from its front, that are in the job's content already, or known to be
    /// zeros there.
    #[serde(default)]
    pub(crate) kept: u64,
    /// Whether somebody reads for it. Nobody does after a restart.
    #[serde(skip)]
    pub(crate) claimed: bool,
}

impl State {
    /// The copies for which nobody reads yet; the caller does from now on.
    pub(crate) fn claim_feeds(&mut self) -> Vec<String> {
        self.copies.claim_feeds()
    }

    /// A copy under way that reads from outside, as it stands.
    pub(crate) fn fed_copy(&self, id: &str) -> Option<(&Job, &Feed, &Copied)> {
        let job = self.copies.get(id)?;
        let copy = self.blob(&job.destination)?.copy.as_deref()?;
        Some((job, job.feed.as_ref()?, copy))
    }

    /// Notes how far the source has been read.
    pub(crate) fn note_fetched(&mut self, id: &str, bytes: u64) {
        if let Some(copy) = self.fed_copy_mut(id) {
            copy.fetched = Some(bytes);
            copy.description = None;
        }
    }

    /// Notes that the job's content has so much of the source.
    pub(crate) fn note_kept(&mut self, id: &str, bytes: u64) {
        if let Some(feed) = self.copies.get_mut(id).and_then(|job| job.feed.as_mut()) {
            feed.kept = bytes;
        }
        self.note_fetched(id, bytes);
    }

    /// The content of a copy that reads from outside, as far as it is here.
    pub(crate) fn coming(&mut self, id: &str) -> Option<&mut Content> {
        let job = self.copies.get_mut(id).filter(|job| job.feed.is_some())?;
        Some(&mut job.content)
    }

    /// Notes that the source could not be read, or written down, and will be tried again.
    pub(crate) fn note_retry(&mut self, id: &str, why: String) {
        if let Some(copy) = self.fed_copy_mut(id) {
            copy.description = Some(why);
        }
    }

    /// Takes in the whole content: the copy ends when its pace lets it.
    pub(crate) fn feed(&mut self, id: &str, content: Content, now: Timestamp) {
        self.settle(now);
        let Some(copy) = self.fed_copy_mut(id) else {
            return;
        };
        copy.fetched = None;
        copy.description = None;
        let due = copy.due().max(now);
        // Out and in again: who keeps the copies notices.
        if let Some(mut job) = self.copies.remove(id) {
            job.due = due.min(job.started + LONGEST);
            job.content = content;
            job.feed = None;
            self.copies.add(job);
        }
        self.settle(now);
    }

    /// Ends a copy whose source cannot be read.
    pub(crate) fn starve(&mut self, id: &str, why: &str, now: Timestamp) {
        self.settle(now);
        if let Some(job) = self.copies.remove(id) {
            self.fail(&job, why, now);
        }
    }

    fn fed_copy_mut(&mut self, id: &str) -> Option<&mut Copied> {
        let job = self.copies.get(id)?;
        job.feed.as_ref()?;
        let destination = job.destination.clone();
        self.blob_mut(&destination)?
            .copy
            .as_deref_mut()
            .filter(|copy| copy.id == id)
    }
}
