//! List Blobs: `GET /{container}?restype=container&comp=list`.

mod entries;
mod item;
mod property;
#[cfg(test)]
mod tests;

pub use entries::{BlobEntries, BlobEntry};
pub use item::{BlobItem, BlobPage, Deletion, PageHead};

use http::Method;

use super::{Operation, accept};
use crate::address::ContainerAddress;
use crate::error::{Error, InvalidInput};
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::version::ServiceVersion;
use crate::wire::query;
use crate::words::{ListInclude, ShowOnly};

/// Lists blobs in the order of their names, a page at a time.
///
/// A page may be short, even empty, and yet not be the last: only a missing
/// [`next_marker`](PageHead::next_marker) says that. Source: "List Blobs".
///
/// ```
/// use blobferry_core::operation::{ListBlobs, Operation};
/// use blobferry_core::words::ListInclude;
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs".parse()?;
/// let Place::Container(container) = location.place else { unreachable!() };
/// let list = ListBlobs {
///     prefix: Some("2026/".to_owned()),
///     include: vec![ListInclude::Copy, ListInclude::Metadata],
///     ..ListBlobs::new(container)
/// };
/// assert_eq!(list.request().operation(), "List Blobs");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListBlobs {
    /// Which container.
    pub container: ContainerAddress,
    /// Only names that begin so.
    pub prefix: Option<String>,
    /// Cuts names at this text, so that what they share is listed once, as a prefix. Not together with
    /// [`ListInclude::Snapshots`].
    pub delimiter: Option<String>,
    /// Where to go on: the `next_marker` of the page before.
    pub marker: Option<String>,
    /// The most items on a page; see [`MaxResults`].
    pub max_results: Option<MaxResults>,
    /// What is listed besides the base.
    pub include: Vec<ListInclude>,
    /// Only deleted blobs, files or directories.
    pub show_only: Option<ShowOnly>,
    /// The name to begin with. Version 2026-02-06 and later.
    pub start_from: Option<String>,
}

/// The most items on a page: 1 to 5,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaxResults(u16);

impl MaxResults {
    /// A number of items.
    ///
    /// # Errors
    /// It must be 1 to 5,000.
    pub fn new(items: u16) -> Result<Self, InvalidInput> {
        if (1..=5000).contains(&items) {
            Ok(Self(items))
        } else {
            Err(InvalidInput::new(
                "page size",
                items.to_string(),
                "must be 1 to 5,000 items",
            ))
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl ListBlobs {
    /// A listing of all blobs, from the beginning.
    #[must_use]
    pub fn new(container: ContainerAddress) -> Self {
        Self {
            container,
            prefix: None,
            delimiter: None,
            marker: None,
            max_results: None,
            include: Vec::new(),
            show_only: None,
            start_from: None,
        }
    }

    /// Reads a page entry by entry, holding none of them.
    ///
    /// # Errors
    /// A refusal, or an answer that is no page.
    pub fn entries<'a>(&self, response: &'a Response) -> Result<BlobEntries<'a>, Error> {
        accept(response, &[200])?;
        Ok(BlobEntries::new(response.body())?)
    }
}

impl Operation for ListBlobs {
    type Output = BlobPage;
    const NAME: &'static str = "List Blobs";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::List;

    fn request(&self) -> Request {
        let include: Vec<_> = self.include.iter().map(ListInclude::as_str).collect();
        let include = (!include.is_empty()).then(|| include.join(","));
        let mut request = Request::to_container(Method::GET, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "list")
            .query_if(query::PREFIX, self.prefix.clone())
            .query_if(query::DELIMITER, self.delimiter.clone())
            .query_if(query::MARKER, self.marker.clone())
            .query_if(
                query::MAX_RESULTS,
                self.max_results.map(|max| max.0.to_string()),
            )
            .query_if(query::INCLUDE, include)
            .query_if(
                query::SHOW_ONLY,
                self.show_only.as_ref().map(|only| only.as_str().to_owned()),
            );
        if let Some(name) = &self.start_from {
            request = request
                .query(query::START_FROM, name.clone())
                .needs(ServiceVersion::V2026_02_06);
        }
        self.include.iter().map(needs).fold(request, Request::needs)
    }

    fn parse(&self, response: &Response) -> Result<BlobPage, Error> {
        let mut entries = self.entries(response)?;
        // A blob takes some 600 bytes and more in a listing: room for about as many as come.
        let mut blobs = Vec::with_capacity(response.body().len() / 768);
        let mut prefixes = Vec::new();
        entries.read_all(&mut blobs, &mut prefixes)?;
        Ok(BlobPage {
            head: entries.into_head(),
            blobs,
            prefixes,
            receipt: Receipt::of(response),
        })
    }
}

fn needs(include: &ListInclude) -> ServiceVersion {
    match include {
        ListInclude::Copy => ServiceVersion::V2012_02_12,
        ListInclude::Deleted => ServiceVersion::V2017_07_29,
        ListInclude::Tags | ListInclude::Versions => ServiceVersion::V2019_12_12,
        ListInclude::ImmutabilityPolicy | ListInclude::LegalHold | ListInclude::Permissions => {
            ServiceVersion::V2020_06_12
        }
        ListInclude::DeletedWithVersions => ServiceVersion::V2020_10_02,
        ListInclude::Snapshots
        | ListInclude::Metadata
        | ListInclude::UncommittedBlobs
        | ListInclude::Other(_) => ServiceVersion::V2009_09_19,
    }
}
