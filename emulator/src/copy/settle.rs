//! How copies end: by themselves, because their source changed, or because they were aborted.

use std::io;

use blobferry_core::Timestamp;
use blobferry_core::words::CopyStatus;

use super::{Job, LONGEST, description};
use crate::config::CopyPace;
use crate::content::{Content, Pages};
use crate::state::{BlobKey, State};

impl State {
    /// Brings every copy up to date.
    ///
    /// Called before each request is looked at, so that what it sees is how things stand now.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        while let Some(job) = self.copies.take_due(now) {
            self.end(job);
        }
    }

    /// Takes in a copy whose destination has been prepared; one that is due is finished at once.
    pub(crate) fn schedule(&mut self, mut job: Job, now: Timestamp) {
        job.due = job.due.min(job.started + LONGEST);
        if job.due > now {
            self.copies.add(job);
            return self.settle(now);
        }
        // What ends as it begins need not wait in line behind itself.
        self.settle(now);
        self.end(job);
    }

    /// Fails the copies that read a blob which is no longer as it was when they were started, and
    /// those that read their destinations: one after the other, for the chain may be of any length.
    pub(crate) fn check_readers(&mut self, source: &BlobKey, now: Timestamp) {
        let mut changed = self.fail_readers(source, now);
        while let Some(source) = changed.pop() {
            changed.extend(self.fail_readers(&source, now));
        }
    }

    /// Fails the copies that read a blob which is no longer as it was; says where they went.
    fn fail_readers(&mut self, source: &BlobKey, now: Timestamp) -> Vec<BlobKey> {
        let mut failed = Vec::new();
        for (id, locked) in self.copies.readers(source) {
            let current = self.blob(source).map(|blob| blob.etag);
            if current == Some(locked) {
                continue;
            }
            let why = match current {
                Some(_) => description::SOURCE_CHANGED,
                None => description::SOURCE_GONE,
            };
            if let Some(job) = self.copies.remove(&id) {
                self.close(&job, CopyStatus::Failed, Some(why.to_owned()), now);
                failed.push(job.destination);
            }
        }
        failed
    }

    /// Fails the copies that read something which went with its container.
    pub(crate) fn check_all_readers(&mut self, now: Timestamp) {
        for source in self.copies.sources() {
            self.check_readers(&source, now);
        }
    }

    /// Lets go of copies whose destination was deleted or replaced.
    pub(crate) fn drop_orphans(&mut self) {
        let orphans: Vec<String> = self
            .copies
            .all()
            .filter(|job| !self.is_awaited(job))
            .map(|job| job.id.clone())
            .collect();
        for id in orphans {
            self.copies.remove(&id);
        }
    }

    fn is_awaited(&self, job: &Job) -> bool {
        self.blob(&job.destination)
            .and_then(|blob| blob.copy.as_ref())
            .is_some_and(|copy| copy.id == job.id && copy.status == CopyStatus::Pending)
    }

    /// Ends a pending copy on request. The destination is left empty.
    pub(crate) fn abort(&mut self, id: &str, now: Timestamp) {
        if let Some(job) = self.copies.remove(id) {
            self.close(&job, CopyStatus::Aborted, None, now);
            self.check_readers(&job.destination, now);
        }
    }

    /// Lets the copies into an account go on at another pace.
    pub(crate) fn repace(&mut self, account: &str, pace: CopyPace, now: Timestamp) {
        for id in self.copies.of_destination_account(account) {
            let Some(job) = self.copies.get(&id) else {
                continue;
            };
            let pace = if job.from == account && !job.incremental {
                pace.same_account
            } else {
                pace.other_account
            };
            let (destination, started) = (job.destination.clone(), job.started);
            let Some(copy) = self
                .blob_mut(&destination)
                .and_then(|blob| blob.copy.as_mut())
            else {
                continue;
            };
            copy.repace(pace, now);
            let due = copy.due().min(started + LONGEST);
            self.copies.move_due(&id, due);
        }
        self.settle(now);
    }

    /// The pages of a page blob as a reader sees them: those copied so far while a copy is pending.
    ///
    /// # Errors
    /// Pages around the end of those cannot be read.
    pub(crate) fn visible_pages(&self, key: &BlobKey, now: Timestamp) -> io::Result<Option<Pages>> {
        let copy = self.blob(key).and_then(|blob| blob.copy.as_ref());
        let job = copy.and_then(|copy| Some((copy, self.copies.get(&copy.id)?)));
        match job {
            Some((copy, job)) if !job.incremental => match &job.content {
                Content::Page(pages) => pages.first(copy.progress(now)).map(Some),
                Content::Block(_) | Content::Append(_) => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// A copy reached its end: it is complete, a fault ends it, or it took too long.
    fn end(&mut self, job: Job) {
        let copy = self
            .blob(&job.destination)
            .and_then(|blob| blob.copy.as_ref())
            .filter(|copy| copy.due() <= job.due);
        match copy {
            None => self.fail(&job, description::TOO_LONG, job.due),
            Some(copy) => match copy.fate.and_then(|fate| fate.end()) {
                Some(why) => self.fail(&job, why, job.due),
                None => self.complete(job),
            },
        }
    }

    fn complete(&mut self, job: Job) {
        let stamp = self.stamp(job.due);
        let snapshot_tick = self.stamp(job.due).tick;
        let Some(entry) = self
            .container_mut(&job.destination.account, &job.destination.container)
            .ok()
            .and_then(|container| container.entry_mut(&job.destination.blob))
        else {
            return;
        };
        let Some(blob) = entry.live_mut() else {
            return;
        };
        blob.content = job.content;
        blob.touch(stamp);
        if let Some(copy) = &mut blob.copy {
            copy.end(CopyStatus::Success, None, job.due);
            if job.incremental {
                copy.snapshot = Some(snapshot_tick);
            }
        }
        if job.incremental {
            let snapshot = blob.clone();
            entry.take_snapshot(snapshot_tick, snapshot);
        }
        self.check_readers(&job.destination, job.due);
    }

    pub(super) fn fail(&mut self, job: &Job, why: &str, now: Timestamp) {
        self.close(job, CopyStatus::Failed, Some(why.to_owned()), now);
        self.check_readers(&job.destination, now);
    }

    /// Notes an end that is no success. Who reads the destination is to be looked after.
    fn close(
        &mut self,
        job: &Job,
        status: CopyStatus,
        description: Option<String>,
        now: Timestamp,
    ) {
        let stamp = self.stamp(now);
        if let Some(blob) = self.blob_mut(&job.destination) {
            blob.content = Content::empty(&blob.kind());
            blob.touch(stamp);
            if let Some(copy) = &mut blob.copy {
                copy.end(status, description, now);
            }
        }
    }
}
