//! A container's listing as a fleet reads it: entry by entry, keeping of each only what decides.

use super::seen::Seen;
use crate::error::{Error, InvalidInput};
use crate::lister::Paged;
use crate::message::{Request, Response, Urgency};
use crate::name::BlobName;
use crate::operation::{BlobEntry, ListBlobs, Operation};

/// List Blobs, answered by [`Sights`].
#[derive(Debug, Clone)]
pub(super) struct Listing(pub(super) ListBlobs);

/// A page of a listing.
#[derive(Debug, Default)]
pub(super) struct Sights {
    /// In the service's order, which is that of the names' bytes.
    pub(super) blobs: Vec<(BlobName, Seen)>,
    /// Names that exist but cannot be asked for.
    pub(super) strays: Vec<(Box<str>, InvalidInput)>,
    /// The first and the last name, whatever they are.
    pub(super) span: Option<(Box<str>, Box<str>)>,
    /// The length of all together.
    pub(super) bytes: u64,
    pub(super) next_marker: Option<String>,
}

impl Operation for Listing {
    type Output = Sights;
    const NAME: &'static str = ListBlobs::NAME;
    const IDEMPOTENT: bool = ListBlobs::IDEMPOTENT;
    const URGENCY: Urgency = ListBlobs::URGENCY;

    fn request(&self) -> Request {
        self.0.request()
    }

    fn parse(&self, response: &Response) -> Result<Sights, Error> {
        let mut entries = self.0.entries(response)?;
        let mut page = Sights::default();
        // An entry takes half a kilobyte and more.
        page.blobs.reserve(response.body().len() / 512);
        let mut first = None;
        let mut last = None;
        for entry in entries.by_ref() {
            let BlobEntry::Blob(item) = entry? else {
                continue;
            };
            page.bytes += item.properties.content_length.unwrap_or(0);
            match item.name.parse() {
                Ok(name) => page.blobs.push((name, item.properties.into())),
                Err(error) => page.strays.push((item.name.clone(), error)),
            }
            if first.is_none() {
                first = Some(item.name.clone());
            }
            last = Some(item.name);
        }
        page.span = first.zip(last);
        page.next_marker = entries.into_head().next_marker;
        Ok(page)
    }
}

impl Paged for Listing {
    fn next_marker(page: &Sights) -> Option<&str> {
        page.next_marker.as_deref()
    }

    fn at_marker(self, marker: String) -> Self {
        Self(self.0.at_marker(marker))
    }
}
