//! Get Blob Properties: `HEAD /{container}/{blob}`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::EncryptionKey;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::properties::BlobProperties;

/// Asks for everything about a blob but its content.
///
/// Refusals come without a body, so their code is in a header, from version 2017-07-29 on. Source:
/// "Get Blob Properties".
///
/// ```
/// use blobferry_core::operation::{GetBlobProperties, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// assert_eq!(GetBlobProperties::new(blob).request().operation(), "Get Blob Properties");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBlobProperties {
    /// Which blob, snapshot or version.
    pub blob: BlobAddress,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// The key the blob is encrypted with.
    pub key: Option<EncryptionKey>,
}

impl GetBlobProperties {
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

impl Operation for GetBlobProperties {
    type Output = BlobProperties;
    const NAME: &'static str = "Get Blob Properties";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        Request::to_blob(Method::HEAD, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.key)
    }

    fn parse(&self, response: &Response) -> Result<BlobProperties, Error> {
        accept(response, &[200])?;
        Ok(BlobProperties::heard(response)?)
    }
}
