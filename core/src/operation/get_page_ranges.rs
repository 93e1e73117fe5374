//! Get Page Ranges: `GET /{container}/{blob}?comp=pagelist`.

use http::Method;

use super::{MaxResults, Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::error::Error;
use crate::etag::ETag;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::part::Part;
use crate::properties::EncryptionProperties;
use crate::range::{ByteRange, PageRange};
use crate::receipt::Receipt;
use crate::source::SourceUrl;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::{header, query};
use crate::xml::{bad, walk};

/// Asks which pages of a page blob hold data, or which changed since a snapshot.
///
/// Refused with `BlobOverwritten` where the blob was overwritten as a whole since that snapshot.
/// Source: "Get Page Ranges".
///
/// ```
/// use blobferry_core::operation::{GetPageRanges, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// assert_eq!(GetPageRanges::new(blob).request().operation(), "Get Page Ranges");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPageRanges {
    /// Which blob or snapshot.
    pub blob: BlobAddress,
    /// Among which bytes; all if not given.
    pub range: Option<ByteRange>,
    /// The snapshot to compare with. Version 2015-07-08 and later.
    pub since: Option<Since>,
    /// Where to go on: the `next_marker` of the page before. Version 2021-06-08 and later.
    pub marker: Option<String>,
    /// The most ranges on a page. Version 2021-06-08 and later.
    pub max_results: Option<MaxResults>,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
}

/// The snapshot that page ranges are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// A snapshot of the same blob, by its time.
    Snapshot(String),
    /// A snapshot of a managed disk, by its URL. Version 2019-07-07 and later.
    DiskSnapshot(SourceUrl),
}

/// Which pages hold data, or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRanges {
    /// Pages that hold data, or that changed.
    pub pages: Vec<PageRange>,
    /// Pages that were cleared since the snapshot.
    pub cleared: Vec<PageRange>,
    /// Where the next page of the list begins; nothing on the last one.
    pub next_marker: Option<String>,
    /// The blob's ETag.
    pub etag: Option<ETag>,
    /// When the blob last changed.
    pub last_modified: Option<Timestamp>,
    /// The blob's length in bytes.
    pub content_length: Option<u64>,
    /// How the blob is encrypted.
    pub encryption: EncryptionProperties,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl GetPageRanges {
    /// A question for all pages that hold data.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            range: None,
            since: None,
            marker: None,
            max_results: None,
            lease_id: None,
            conditions: Conditions::default(),
        }
    }
}

impl Part for Since {
    fn add_to(&self, request: Request) -> Request {
        match self {
            Self::Snapshot(time) => request
                .query(query::PREVIOUS_SNAPSHOT, time.clone())
                .needs(ServiceVersion::V2015_07_08),
            Self::DiskSnapshot(url) => request
                .text(header::X_MS_PREVIOUS_SNAPSHOT_URL, url.expose())
                .needs(ServiceVersion::V2019_07_07),
        }
    }
}

impl Operation for GetPageRanges {
    type Output = PageRanges;
    const NAME: &'static str = "Get Page Ranges";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        let request = Request::to_blob(Method::GET, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "pagelist")
            .with(&self.since)
            .with(&self.range)
            .with(&self.lease_id)
            .with(&self.conditions);
        if self.marker.is_none() && self.max_results.is_none() {
            return request;
        }
        let max = self.max_results.map(|max| max.get().to_string());
        request
            .query_if(query::MARKER, self.marker.clone())
            .query_if(query::MAX_RESULTS, max)
            .needs(ServiceVersion::V2021_06_08)
    }

    fn parse(&self, response: &Response) -> Result<PageRanges, Error> {
        accept(response, &[200])?;
        let (mut pages, mut cleared) = (Vec::new(), Vec::new());
        let mut next_marker = None;
        let mut ends = [None; 2];
        let mut sound = true;
        walk(response.body(), |path, text| match path {
            [
                "PageList",
                "PageRange" | "ClearRange",
                end @ ("Start" | "End"),
            ] => {
                let [start, last] = &mut ends;
                *(if *end == "Start" { start } else { last }) = text.parse::<u64>().ok();
            }
            ["PageList", kind @ ("PageRange" | "ClearRange")] => {
                let [start, last] = std::mem::take(&mut ends);
                let ranges = if *kind == "PageRange" {
                    &mut pages
                } else {
                    &mut cleared
                };
                match start
                    .zip(last)
                    .and_then(|(start, last)| PageRange::heard(start, last))
                {
                    Some(range) => ranges.push(range),
                    None => sound = false,
                }
            }
            ["PageList", "NextMarker"] if !text.is_empty() => next_marker = Some(text.to_owned()),
            _ => {}
        })?;
        if !sound {
            return Err(bad("a page range has no start or no end").into());
        }
        Ok(PageRanges {
            pages,
            cleared,
            next_marker,
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            content_length: response.get(&header::X_MS_BLOB_CONTENT_LENGTH)?,
            encryption: EncryptionProperties::heard(response)?,
            receipt: Receipt::of(response),
        })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn parse(body: &'static str) -> Result<PageRanges, Error> {
        let location: crate::Location = "https://a.blob.core.windows.net/logs/b".parse().unwrap();
        let crate::Place::Blob(blob) = location.place else {
            panic!("no blob")
        };
        let body = Bytes::from_static(body.as_bytes());
        GetPageRanges::new(blob).parse(&Response::new(http::Response::new(body)))
    }

    #[test]
    fn written_and_cleared_pages_are_told_apart() {
        let list = parse(
            "<PageList><PageRange><Start>0</Start><End>511</End></PageRange>\
             <ClearRange><Start>512</Start><End>1535</End></ClearRange><NextMarker>m</NextMarker></PageList>",
        )
        .unwrap();
        assert_eq!(list.pages, [PageRange::new(0, 512).unwrap()]);
        assert_eq!(list.cleared, [PageRange::new(512, 1024).unwrap()]);
        assert_eq!(list.next_marker.as_deref(), Some("m"));
    }

    #[test]
    fn half_a_range_is_refused() {
        assert!(parse("<PageList><PageRange><Start>0</Start></PageRange></PageList>").is_err());
        assert!(
            parse("<PageList><PageRange><Start>9</Start><End>1</End></PageRange></PageList>")
                .is_err()
        );
        assert!(parse("<PageList />").is_ok());
    }
}
