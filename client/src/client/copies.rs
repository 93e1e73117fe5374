//! Copies: started and aborted.

use blobferry_core::Error;
use blobferry_core::operation::{AbortCopyBlob, CopyBlob, CopyStarted};

use super::Client;

impl Client {
    /// Starts an asynchronous copy and comes back at once: `pending` is not done.
    ///
    /// # Errors
    /// As [`send`](Self::send). After a lost answer the copy may have been started all the same.
    pub async fn start_copy(&self, copy: CopyBlob) -> Result<CopyStarted, Error> {
        self.send(copy).await
    }

    /// Stops a pending copy; the destination is left empty, with its metadata.
    ///
    /// # Errors
    /// As [`send`](Self::send); `NoPendingCopyOperation` where it has ended before.
    pub async fn abort_copy(&self, abort: AbortCopyBlob) -> Result<(), Error> {
        self.send(abort).await.map(drop)
    }
}
