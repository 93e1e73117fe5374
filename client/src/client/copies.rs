//! Copies: asked for, watched to their ends, aborted.

use blobferry_core::operation::{AbortCopyBlob, CopyBlob, CopyBlobFromUrl, CopyStarted};

use blobferry_core::{CopyJob, CopyOptions, Error, Fleet, FleetOptions, FleetPlan};

use super::Client;
use crate::job::Job;

impl Client {
    /// Starts an asynchronous copy and comes back at once: `pending` is not done. To see it to its
    /// end use [`copy_blob`](Self::copy_blob).
    ///
    /// # Errors
    /// As [`send`](Self::send). After a lost answer the copy may have been started all the same.
    pub async fn start_copy(&self, copy: CopyBlob) -> Result<CopyStarted, Error> {
        self.send(copy).await
    }

    /// Copies within the request (Copy Blob From URL): done when it answers, up to 256 MiB. Service
    /// version 2018-03-28 and later.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn copy_from_url(&self, copy: CopyBlobFromUrl) -> Result<CopyStarted, Error> {
        self.send(copy).await
    }

    /// Stops a pending copy; the destination is left empty, with its metadata.
    ///
    /// # Errors
    /// As [`send`](Self::send); `NoPendingCopyOperation` where it has ended before.
    pub async fn abort_copy(&self, abort: AbortCopyBlob) -> Result<(), Error> {
        self.send(abort).await.map(drop)
    }

    /// A copy from its start to its end: awaited for its outcome, or followed event by event. A lost
    /// answer is looked up, and cancelling aborts the copy unless the options leave it.
    pub fn copy_blob(&self, copy: CopyBlob, options: CopyOptions) -> Job<CopyJob> {
        self.job(CopyJob::new(copy, options, self.seed()))
    }

    /// Copies a container, a prefix or a list of names, and tells of each blob. Run again, it goes
    /// on where it was: the destination is the journal.
    pub fn copy_container(&self, plan: FleetPlan, options: FleetOptions) -> Job<Fleet> {
        self.job(Fleet::new(plan, options, self.seed()))
    }
}
