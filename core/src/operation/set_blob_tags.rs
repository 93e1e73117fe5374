//! Set Blob Tags: `PUT /{container}/{blob}?comp=tags`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::checksum::Checksum;
use crate::conditions::BlobConditions;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::tags::{TagPredicate, Tags};
use crate::version::ServiceVersion;
use crate::wire::query;

/// Replaces all of a blob's index tags; none clears them.
///
/// ETag and Last-Modified stay; archived blobs take tags too. Version 2019-12-12 and later. Source: "Set
/// Blob Tags".
///
/// ```
/// use blobferry_core::operation::{Operation, SetBlobTags};
/// use blobferry_core::{Location, Place, Tags};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let set = SetBlobTags::new(blob, Tags::new([("stage", "done")])?);
/// assert_eq!(set.request().operation(), "Set Blob Tags");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetBlobTags {
    /// Which blob or version.
    pub blob: BlobAddress,
    /// The tags, all of them.
    pub tags: Tags,
    /// What the body must hash to on arrival.
    pub checksum: Option<Checksum>,
    /// The lease on the blob, where there is one. Version 2020-04-08 and later.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the tags as they are.
    pub if_tags: Option<TagPredicate>,
    /// What must hold of the blob. Version 2026-02-06 and later.
    pub conditions: BlobConditions,
}

impl SetBlobTags {
    /// These tags, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, tags: Tags) -> Self {
        Self {
            blob,
            tags,
            checksum: None,
            lease_id: None,
            if_tags: None,
            conditions: BlobConditions::default(),
        }
    }
}

impl Operation for SetBlobTags {
    type Output = Receipt;
    const NAME: &'static str = "Set Blob Tags";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2019_12_12)
            .query(query::COMP, "tags")
            .xml(self.tags.to_xml())
            .with(&self.checksum)
            .with(&self.lease_id)
            .needs_if(self.lease_id.is_some(), ServiceVersion::V2020_04_08)
            .with(&self.if_tags)
            .with(&self.conditions)
    }

    fn parse(&self, response: &Response) -> Result<Receipt, Error> {
        accept(response, &[204])?;
        Ok(Receipt::of(response))
    }
}
