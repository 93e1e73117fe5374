//! Lease Blob and Lease Container, action `release`.

use super::LeaseTarget;
use crate::error::Error;
use crate::etag::ETag;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::operation::{Operation, accept};
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::wire::header;

/// Gives a lease back, so that others can take one at once.
///
/// Source: "Lease Blob", "Lease Container".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseLease {
    /// What the lease is on.
    pub target: LeaseTarget,
    /// The lease.
    pub lease_id: LeaseId,
}

impl ReleaseLease {
    /// A release of this lease.
    #[must_use]
    pub fn new(target: impl Into<LeaseTarget>, lease_id: LeaseId) -> Self {
        Self {
            target: target.into(),
            lease_id,
        }
    }
}

impl Operation for ReleaseLease {
    type Output = LeaseReleased;
    const NAME: &'static str = "Release Lease";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Lease;

    fn request(&self) -> Request {
        self.target.request("release").with(&self.lease_id)
    }

    fn parse(&self, response: &Response) -> Result<LeaseReleased, Error> {
        LeaseReleased::read(response)
    }
}

/// A lease that was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeaseReleased {
    /// The ETag, which leasing does not change. Version 2013-08-15 and later.
    pub etag: Option<ETag>,
    /// When it last changed. Version 2013-08-15 and later.
    pub last_modified: Option<Timestamp>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl LeaseReleased {
    fn read(response: &Response) -> Result<Self, Error> {
        accept(response, &[200])?;
        Ok(Self {
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            receipt: Receipt::of(response),
        })
    }
}
