//! Listings as streams.

use blobferry_core::operation::{BlobItem, ListBlobs};
use blobferry_core::{Error, Paged};
use futures_util::stream::{self, Stream, TryStreamExt};

use super::Client;

impl Client {
    /// The blobs a question lists, page by page as they are asked for. Prefixes of a listing by
    /// delimiter are in its [`pages`](Self::pages).
    pub fn list_blobs(
        &self,
        question: ListBlobs,
    ) -> impl Stream<Item = Result<BlobItem, Error>> + Send + Unpin + 'static {
        let pages = self.pages(question);
        Box::pin(
            pages
                .map_ok(|page| stream::iter(page.blobs.into_iter().map(Ok)))
                .try_flatten(),
        )
    }

    /// The pages of any listing, fetched as they are asked for.
    pub fn pages<L>(
        &self,
        question: L,
    ) -> impl Stream<Item = Result<L::Output, Error>> + Send + Unpin + 'static
    where
        L: Paged<Output: Clone + Send> + Clone + Send + Sync + 'static,
    {
        let client = self.clone();
        Box::pin(stream::try_unfold(Some(question), move |question| {
            let client = client.clone();
            async move {
                let Some(question) = question else {
                    return Ok(None);
                };
                let page = client.send(question.clone()).await?;
                let next = L::next_marker(&page).map(|marker| question.at_marker(marker.into()));
                Ok(Some((page, next)))
            }
        }))
    }
}
