//! Delete Blob: `DELETE /{container}/{blob}`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::part::Part;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::{header, query};
use crate::words::DeleteSnapshots;

/// Deletes a blob, a snapshot or a version.
///
/// A blob with snapshots is deleted only if [`snapshots`](Self::snapshots) says what becomes of them. Where
/// soft delete is on, [`UndeleteBlob`](super::UndeleteBlob) brings it back for a while. Source: "Delete
/// Blob".
///
/// ```
/// use blobferry_core::operation::{DeleteBlob, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// use blobferry_core::words::DeleteSnapshots;
/// let delete = DeleteBlob {
///     snapshots: Some(DeleteSnapshots::Include),
///     ..DeleteBlob::new(blob)
/// };
/// assert_eq!(delete.request().operation(), "Delete Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteBlob {
    /// Which blob, snapshot or version.
    pub blob: BlobAddress,
    /// What becomes of the blob's snapshots; not for a snapshot or version.
    pub snapshots: Option<DeleteSnapshots>,
    /// Whether a soft-deleted snapshot or version goes for good. Version 2020-02-10 and later, where the
    /// account allows it.
    pub permanent: bool,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// What must hold of the time its tier changed. Version 2026-04-06 and later.
    pub tier_conditions: TierConditions,
}

/// What must hold of the time a blob's access tier last changed. Version 2026-04-06 and later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TierConditions {
    /// Only if it changed after this moment.
    pub if_modified_since: Option<Timestamp>,
    /// Only if it has not changed after this moment.
    pub if_unmodified_since: Option<Timestamp>,
}

/// What Delete Blob answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Whether it is gone for good; `false` where soft delete keeps it. Version 2017-07-29 and later.
    pub permanent: Option<bool>,
    /// The answer's request id, version and date.
    pub receipt: Receipt,
}

impl DeleteBlob {
    /// With no options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            snapshots: None,
            permanent: false,
            lease_id: None,
            conditions: Conditions::default(),
            tier_conditions: TierConditions::default(),
        }
    }
}

/// `x-ms-delete-snapshots`.
impl Part for DeleteSnapshots {
    fn add_to(&self, request: Request) -> Request {
        request.text(header::X_MS_DELETE_SNAPSHOTS, self.as_str())
    }
}

impl Part for TierConditions {
    fn add_to(&self, request: Request) -> Request {
        if self == &Self::default() {
            return request;
        }
        request
            .text_if(
                header::X_MS_ACCESS_TIER_IF_MODIFIED_SINCE,
                self.if_modified_since.map(Timestamp::to_http),
            )
            .text_if(
                header::X_MS_ACCESS_TIER_IF_UNMODIFIED_SINCE,
                self.if_unmodified_since.map(Timestamp::to_http),
            )
            .needs(ServiceVersion::V2026_04_06)
    }
}

impl Operation for DeleteBlob {
    type Output = Deleted;
    const NAME: &'static str = "Delete Blob";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        let request = Request::to_blob(Method::DELETE, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.snapshots)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.tier_conditions);
        if self.permanent {
            request
                .query(query::DELETE_TYPE, "permanent")
                .needs(ServiceVersion::V2020_02_10)
        } else {
            request
        }
    }

    fn parse(&self, response: &Response) -> Result<Deleted, Error> {
        accept(response, &[202])?;
        Ok(Deleted {
            permanent: response.get(&header::X_MS_DELETE_TYPE_PERMANENT)?,
            receipt: Receipt::of(response),
        })
    }
}
