//! Get Blob Tags: `GET /{container}/{blob}?comp=tags`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::BlobConditions;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::tags::{TagPredicate, Tags};
use crate::version::ServiceVersion;
use crate::wire::query;

/// Reads a blob's index tags.
///
/// Version 2019-12-12 and later. Source: "Get Blob Tags".
///
/// ```
/// use blobferry_core::operation::{GetBlobTags, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let ask = GetBlobTags::new(blob);
/// assert_eq!(ask.request().operation(), "Get Blob Tags");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBlobTags {
    /// Which blob, snapshot or version.
    pub blob: BlobAddress,
    /// The lease that must be on the blob. Version 2020-04-08 and later.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the tags as they are.
    pub if_tags: Option<TagPredicate>,
    /// What must hold of the blob. Version 2026-02-06 and later.
    pub conditions: BlobConditions,
}

/// What Get Blob Tags answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobTags {
    /// The tags, in the service's order.
    pub tags: Tags,
    /// The answer's request id, version and date.
    pub receipt: Receipt,
}

impl GetBlobTags {
    /// With no options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            lease_id: None,
            if_tags: None,
            conditions: BlobConditions::default(),
        }
    }
}

impl Operation for GetBlobTags {
    type Output = BlobTags;
    const NAME: &'static str = "Get Blob Tags";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        Request::to_blob(Method::GET, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2019_12_12)
            .query(query::COMP, "tags")
            .with(&self.lease_id)
            .needs_if(self.lease_id.is_some(), ServiceVersion::V2020_04_08)
            .with(&self.if_tags)
            .with(&self.conditions)
    }

    fn parse(&self, response: &Response) -> Result<BlobTags, Error> {
        accept(response, &[200])?;
        Ok(BlobTags {
            tags: Tags::from_xml(response.body())?,
            receipt: Receipt::of(response),
        })
    }
}
