//! Append Block From URL: `PUT /{container}/{blob}?comp=appendblock` with `x-ms-copy-source`.

use http::Method;

use super::{Appended, FromUrl, Operation};
use crate::address::BlobAddress;
use crate::conditions::{AppendConditions, Conditions};
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::range::ByteRange;
use crate::source::CopySource;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Appends what a URL holds, or a range of it, to an append blob, within the request.
///
/// Up to 100 MiB (4 MiB before version 2022-11-02). Asking twice appends twice, unless
/// [`AppendConditions::position`] says where the block must begin. Version 2018-11-09 and later.
/// Source: "Append Block From URL".
///
/// ```
/// use blobferry_core::operation::{AppendBlockFromUrl, Operation};
/// use blobferry_core::{ByteRange, CopySource, Location, Place, SourceUrl};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let source = SourceUrl::new("https://example.org/today.txt")?;
/// let append = AppendBlockFromUrl {
///     source_range: Some(ByteRange::new(0, 1024)?),
///     ..AppendBlockFromUrl::new(blob, CopySource::Url(source))
/// };
/// assert_eq!(append.request().operation(), "Append Block From URL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendBlockFromUrl {
    /// Which blob.
    pub blob: BlobAddress,
    /// Where the block comes from.
    pub source: FromUrl,
    /// Which bytes of the source; all if not given.
    pub source_range: Option<ByteRange>,
    /// What must hold of the blob's length.
    pub append: AppendConditions,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key the block is encrypted with.
    pub encryption: Encryption,
}

impl AppendBlockFromUrl {
    /// The whole source as one block, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, source: impl Into<CopySource>) -> Self {
        Self {
            blob,
            source: FromUrl::new(source),
            source_range: None,
            append: AppendConditions::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl Operation for AppendBlockFromUrl {
    type Output = Appended;
    const NAME: &'static str = "Append Block From URL";
    const IDEMPOTENT: bool = false;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2018_11_09)
            .query(query::COMP, "appendblock")
            .with(&self.source)
            .text_if(
                header::X_MS_SOURCE_RANGE,
                self.source_range.map(|range| range.to_string()),
            )
            .with(&self.append)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<Appended, Error> {
        Appended::read(response)
    }
}
