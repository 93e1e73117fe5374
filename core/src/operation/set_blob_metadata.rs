//! Set Blob Metadata: `PUT /{container}/{blob}?comp=metadata`.

use http::Method;

use super::{Operation, Written};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::wire::query;

/// Replaces all of a blob's metadata; none clears it.
///
/// Source: "Set Blob Metadata".
///
/// ```
/// use blobferry_core::operation::{Operation, SetBlobMetadata};
/// use blobferry_core::{Location, Metadata, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let set = SetBlobMetadata::new(blob, Metadata::new([("checked", "yes")])?);
/// assert_eq!(set.request().operation(), "Set Blob Metadata");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetBlobMetadata {
    /// Which blob.
    pub blob: BlobAddress,
    /// The metadata, all of it.
    pub metadata: Metadata,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key the blob is encrypted with.
    pub encryption: Encryption,
}

impl SetBlobMetadata {
    /// This metadata, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, metadata: Metadata) -> Self {
        Self {
            blob,
            metadata,
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl Operation for SetBlobMetadata {
    type Output = Written;
    const NAME: &'static str = "Set Blob Metadata";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "metadata")
            .with(&self.metadata)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<Written, Error> {
        Written::read(response, 200)
    }
}
