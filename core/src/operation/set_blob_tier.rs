//! Set Blob Tier: `PUT /{container}/{blob}?comp=tier`.

use http::Method;

use super::{Operation, accept};
use crate::address::{BlobAddress, Revision};
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::tags::TagPredicate;
use crate::version::ServiceVersion;
use crate::wire::query;
use crate::words::{AccessTier, RehydratePriority};

/// Moves a blob to another access tier.
///
/// From `Archive` the blob is on its way for hours; all else is done at once. ETag and Last-Modified
/// stay. Version 2017-04-17 and later. Source: "Set Blob Tier".
///
/// ```
/// use blobferry_core::operation::{Operation, SetBlobTier};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// use blobferry_core::words::AccessTier;
/// let set = SetBlobTier::new(blob, AccessTier::Cool);
/// assert_eq!(set.request().operation(), "Set Blob Tier");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetBlobTier {
    /// Which blob; snapshots and versions with version 2019-12-12 and later.
    pub blob: BlobAddress,
    /// Where to.
    pub tier: AccessTier,
    /// How soon an archived blob is brought back. Version 2019-02-02 and later.
    pub rehydrate_priority: Option<RehydratePriority>,
    /// The lease on the blob, where there is one. Version 2017-07-29 and later.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob's tags. Version 2019-12-12 and later.
    pub if_tags: Option<TagPredicate>,
}

/// What Set Blob Tier answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierSet {
    /// Whether the blob is still on its way out of the archive.
    pub rehydrating: bool,
    /// The answer's request id, version and date.
    pub receipt: Receipt,
}

impl SetBlobTier {
    /// To this tier, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, tier: AccessTier) -> Self {
        Self {
            blob,
            tier,
            rehydrate_priority: None,
            lease_id: None,
            if_tags: None,
        }
    }
}

impl Operation for SetBlobTier {
    type Output = TierSet;
    const NAME: &'static str = "Set Blob Tier";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2017_04_17)
            .query(query::COMP, "tier")
            .with(&self.tier)
            .with(&self.rehydrate_priority)
            .with(&self.lease_id)
            .needs_if(self.lease_id.is_some(), ServiceVersion::V2017_07_29)
            .needs_if(
                self.blob.revision != Revision::Current,
                ServiceVersion::V2019_12_12,
            )
            .with(&self.if_tags)
    }

    fn parse(&self, response: &Response) -> Result<TierSet, Error> {
        accept(response, &[200, 202])?;
        Ok(TierSet {
            rehydrating: response.status() == 202,
            receipt: Receipt::of(response),
        })
    }
}
