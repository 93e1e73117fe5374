//! Put Page: `PUT /{container}/{blob}?comp=page`.

use bytes::Bytes;
use http::Method;
use std::fmt;

use super::{Operation, PagesWritten};
use crate::address::BlobAddress;
use crate::checksum::Checksum;
use crate::conditions::{Conditions, SequenceNumberConditions};
use crate::encryption::Encryption;
use crate::error::{Error, InvalidInput};
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::range::PageRange;
use crate::structured::StructuredBody;
use crate::wire::{header, query};

/// Writes pages of a page blob, or clears them.
///
/// At most 4 MiB are written at once; any number is cleared. The blob must exist. Copy properties of
/// the blob stay as they are. Source: "Put Page".
///
/// ```
/// use blobferry_core::operation::{Operation, PutPage};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let put = PutPage::update(blob, 512, vec![7; 1024])?;
/// assert_eq!(put.request().operation(), "Put Page");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutPage {
    /// Which blob.
    pub blob: BlobAddress,
    /// Which pages.
    pub range: PageRange,
    /// What to do with them.
    pub pages: PageWrite,
    /// What the body must hash to on arrival.
    pub checksum: Option<Checksum>,
    /// How the body is framed, where it is a structured message. Version 2026-04-06 and later.
    pub structured: Option<StructuredBody>,
    /// What must hold of the blob's sequence number.
    pub sequence_number: SequenceNumberConditions,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key the pages are encrypted with.
    pub encryption: Encryption,
}

/// What Put Page does with the pages.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageWrite {
    /// Puts these bytes in; as many as the range is long.
    Update(Bytes),
    /// Makes them zeros that take no room.
    Clear,
}

impl PutPage {
    /// Writes as many pages as there are bytes, from `offset` on.
    ///
    /// # Errors
    /// Offset and length must be multiples of 512, and there must be 512 bytes to 4 MiB.
    pub fn update(
        blob: BlobAddress,
        offset: u64,
        body: impl Into<Bytes>,
    ) -> Result<Self, InvalidInput> {
        let body = body.into();
        let range = PageRange::new(offset, body.len() as u64)?;
        Ok(Self::new(blob, range, PageWrite::Update(body)))
    }

    /// Clears pages.
    #[must_use]
    pub fn clear(blob: BlobAddress, range: PageRange) -> Self {
        Self::new(blob, range, PageWrite::Clear)
    }

    fn new(blob: BlobAddress, range: PageRange, pages: PageWrite) -> Self {
        Self {
            blob,
            range,
            pages,
            checksum: None,
            structured: None,
            sequence_number: SequenceNumberConditions::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl fmt::Debug for PageWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Update(body) => write!(f, "Update({} bytes)", body.len()),
            Self::Clear => f.write_str("Clear"),
        }
    }
}

impl Operation for PutPage {
    type Output = PagesWritten;
    const NAME: &'static str = "Put Page";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        let request = Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "page")
            .with(&self.range)
            .with(&self.checksum)
            .with(&self.structured)
            .with(&self.sequence_number)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption);
        match &self.pages {
            PageWrite::Update(body) => request
                .text(header::X_MS_PAGE_WRITE, "update")
                .body(body.clone()),
            PageWrite::Clear => request.text(header::X_MS_PAGE_WRITE, "clear"),
        }
    }

    fn parse(&self, response: &Response) -> Result<PagesWritten, Error> {
        PagesWritten::read(response)
    }
}
