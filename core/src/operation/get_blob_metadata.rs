//! Get Blob Metadata: `HEAD /{container}/{blob}?comp=metadata`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::EncryptionKey;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::properties::BlobProperties;
use crate::wire::query;

/// Asks for a blob's metadata, ETag and time of change.
///
/// The answer is read like that of Get Blob Properties; what was not said is absent. Source: "Get
/// Blob Metadata".
///
/// ```
/// use blobferry_core::operation::{GetBlobMetadata, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// assert_eq!(GetBlobMetadata::new(blob).request().operation(), "Get Blob Metadata");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBlobMetadata {
    /// Which blob, snapshot or version.
    pub blob: BlobAddress,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// The key the blob is encrypted with.
    pub key: Option<EncryptionKey>,
}

impl GetBlobMetadata {
    /// A question with no options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            lease_id: None,
            conditions: Conditions::default(),
            key: None,
        }
    }
}

impl Operation for GetBlobMetadata {
    type Output = BlobProperties;
    const NAME: &'static str = "Get Blob Metadata";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        Request::to_blob(Method::HEAD, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "metadata")
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.key)
    }

    fn parse(&self, response: &Response) -> Result<BlobProperties, Error> {
        accept(response, &[200])?;
        let mut properties = BlobProperties::heard(response)?;
        // They describe the empty body of this answer, not the blob.
        properties.content_length = None;
        properties.content.content_type = None;
        properties.content.cache_control = None;
        Ok(properties)
    }
}
