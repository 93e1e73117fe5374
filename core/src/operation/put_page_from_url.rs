//! Put Page From URL: `PUT /{container}/{blob}?comp=page` with `x-ms-copy-source`.

use http::Method;

use super::{FromUrl, Operation, PagesWritten};
use crate::address::BlobAddress;
use crate::conditions::{Conditions, SequenceNumberConditions};
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::range::PageRange;
use crate::source::CopySource;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Writes pages of a page blob with a range of what a URL holds, within the request.
///
/// At most 4 MiB. Version 2018-11-09 and later. Source: "Put Page From URL".
///
/// ```
/// use blobferry_core::operation::{Operation, PutPageFromUrl};
/// use blobferry_core::{CopySource, Location, PageRange, Place, SourceUrl};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let source = SourceUrl::new("https://example.org/disk.vhd")?;
/// let put = PutPageFromUrl::new(blob, PageRange::new(0, 4 << 20)?, CopySource::Url(source));
/// assert_eq!(put.request().operation(), "Put Page From URL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutPageFromUrl {
    /// Which blob.
    pub blob: BlobAddress,
    /// Which pages.
    pub range: PageRange,
    /// Where the bytes come from.
    pub source: FromUrl,
    /// The first of the source's bytes; as many as `range` is long are read.
    pub source_offset: u64,
    /// What must hold of the blob's sequence number.
    pub sequence_number: SequenceNumberConditions,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key the pages are encrypted with.
    pub encryption: Encryption,
}

impl PutPageFromUrl {
    /// The pages of `range` from the same place of the source, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, range: PageRange, source: impl Into<CopySource>) -> Self {
        Self {
            blob,
            range,
            source: FromUrl::new(source),
            source_offset: range.offset(),
            sequence_number: SequenceNumberConditions::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl PutPageFromUrl {
    /// The bytes of the source, as many as the pages.
    fn source_bytes(&self) -> String {
        let last = self
            .source_offset
            .saturating_add(self.range.length().saturating_sub(1));
        format!("bytes={}-{last}", self.source_offset)
    }
}

impl Operation for PutPageFromUrl {
    type Output = PagesWritten;
    const NAME: &'static str = "Put Page From URL";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2018_11_09)
            .query(query::COMP, "page")
            .text(header::X_MS_PAGE_WRITE, "update")
            .with(&self.range)
            .text(header::X_MS_SOURCE_RANGE, &self.source_bytes())
            .with(&self.source)
            .with(&self.sequence_number)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<PagesWritten, Error> {
        PagesWritten::read(response)
    }
}
