//! Put Block From URL: `PUT /{container}/{blob}?comp=block&blockid=…` with `x-ms-copy-source`.

use http::Method;

use super::{FromUrl, Operation, Stored};
use crate::address::BlobAddress;
use crate::block_id::BlockId;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::range::ByteRange;
use crate::source::CopySource;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Makes a block of what a URL holds, or of a range of it, within the request.
///
/// Up to 4,000 MiB (100 MiB before version 2020-04-08). Version 2018-03-28 and later. Source: "Put Block
/// From URL".
///
/// ```
/// use blobferry_core::operation::{Operation, PutBlockFromUrl};
/// use blobferry_core::{BlockId, ByteRange, CopySource, Location, Place, SourceUrl};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let source = SourceUrl::new("https://example.org/today.txt")?;
/// let put = PutBlockFromUrl {
///     source_range: Some(ByteRange::new(0, 8 << 20)?),
///     ..PutBlockFromUrl::new(blob, BlockId::numbered(0), CopySource::Url(source))
/// };
/// assert_eq!(put.request().operation(), "Put Block From URL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBlockFromUrl {
    /// Which blob.
    pub blob: BlobAddress,
    /// Names the block; all of a blob's are equally long.
    pub block_id: BlockId,
    /// Where the block comes from.
    pub source: FromUrl,
    /// Which bytes of the source; all if not given.
    pub source_range: Option<ByteRange>,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// Whose key the block is encrypted with; the same for all of a blob.
    pub encryption: Encryption,
}

impl PutBlockFromUrl {
    /// The whole source as one block, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, block_id: BlockId, source: impl Into<CopySource>) -> Self {
        Self {
            blob,
            block_id,
            source: FromUrl::new(source),
            source_range: None,
            lease_id: None,
            encryption: Encryption::default(),
        }
    }
}

impl Operation for PutBlockFromUrl {
    type Output = Stored;
    const NAME: &'static str = "Put Block From URL";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2018_03_28)
            .query(query::COMP, "block")
            .query(query::BLOCK_ID, self.block_id.as_base64().to_owned())
            .with(&self.source)
            .text_if(
                header::X_MS_SOURCE_RANGE,
                self.source_range.map(|range| range.to_string()),
            )
            .with(&self.lease_id)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<Stored, Error> {
        Stored::read(response, 201)
    }
}
