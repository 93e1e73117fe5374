//! Whole blobs from the service to here, in ranges.

use std::path::Path;

use blobferry_core::operation::{GetBlob, GetBlobProperties};
use blobferry_core::{BlobAddress, BlobProperties, ByteRange};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Client;
use crate::transfer::TransferError;

/// How many ranges are under way at once.
const AT_ONCE: usize = 8;
/// How long a range is.
const RANGE: u64 = 8 << 20;

impl Client {
    /// Reads a blob into `sink`, range by range, all of one version of it, and says what it is.
    ///
    /// # Errors
    /// The blob cannot be read, changes meanwhile (`ConditionNotMet`), or `sink` cannot be written.
    pub async fn download(
        &self,
        blob: &BlobAddress,
        mut sink: impl AsyncWrite + Unpin,
    ) -> Result<BlobProperties, TransferError> {
        let properties = self.send(GetBlobProperties::new(blob.clone())).await?;
        let etag = properties.etag.clone();
        let length = properties.content_length.unwrap_or_default();
        let starts = (0..length.div_ceil(RANGE)).map(|number| number * RANGE);
        let mut ranges = stream::iter(starts)
            .map(|start| {
                let mut get = GetBlob::new(blob.clone());
                get.conditions.if_match = etag.clone();
                async move {
                    get.range = Some(ByteRange::new(start, RANGE.min(length - start))?);
                    self.send(get).await
                }
            })
            .buffered(AT_ONCE);
        while let Some(range) = ranges.try_next().await? {
            sink.write_all(&range.content).await?;
        }
        sink.flush().await?;
        Ok(properties)
    }

    /// Reads a blob into a file, in the place of what it held.
    ///
    /// # Errors
    /// As [`download`](Self::download).
    pub async fn download_to(
        &self,
        blob: &BlobAddress,
        path: impl AsRef<Path>,
    ) -> Result<BlobProperties, TransferError> {
        self.download(blob, tokio::fs::File::create(path).await?)
            .await
    }
}
