//! Get Blob: `GET /{container}/{blob}`.

use bytes::Bytes;
use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::EncryptionKey;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::properties::BlobProperties;
use crate::range::ByteRange;
use crate::wire::header;

/// Reads a blob, or a range of it. Source: "Get Blob".
///
/// ```
/// use blobferry_core::operation::{GetBlob, Operation};
/// use blobferry_core::{ByteRange, Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let get = GetBlob {
///     range: Some(ByteRange::new(0, 512)?),
///     ..GetBlob::new(blob)
/// };
/// assert_eq!(get.request().operation(), "Get Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBlob {
    /// Which blob, snapshot or version.
    pub blob: BlobAddress,
    /// Which bytes; absent for all. An empty blob has no range: 416 `InvalidRange`.
    pub range: Option<ByteRange>,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// The key the blob is encrypted with.
    pub key: Option<EncryptionKey>,
}

impl GetBlob {
    /// The whole blob, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            range: None,
            lease_id: None,
            conditions: Conditions::default(),
            key: None,
        }
    }
}

/// What Get Blob answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobContent {
    /// The bytes asked for.
    pub content: Bytes,
    /// `bytes first-last/length`, where a range was asked for.
    pub content_range: Option<Box<str>>,
    /// What the service says of the blob; for a range, its length is that of the range.
    pub properties: BlobProperties,
}

impl Operation for GetBlob {
    type Output = BlobContent;
    const NAME: &'static str = "Get Blob";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::GET, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.range)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.key)
    }

    fn parse(&self, response: &Response) -> Result<BlobContent, Error> {
        accept(response, &[200, 206])?;
        Ok(BlobContent {
            content: response.body().clone(),
            content_range: response.get(&header::CONTENT_RANGE)?,
            properties: BlobProperties::heard(response)?,
        })
    }
}
