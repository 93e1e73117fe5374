//! Lease Blob and Lease Container, action `change`.

use super::{LeaseHeld, LeaseTarget};
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::operation::Operation;
use crate::version::ServiceVersion;
use crate::wire::header;

/// Gives a lease another id; asked twice, it succeeds twice. Version 2012-02-12 and later.
///
/// Source: "Lease Blob", "Lease Container".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLease {
    /// What the lease is on.
    pub target: LeaseTarget,
    /// The lease.
    pub lease_id: LeaseId,
    /// The id it is to have.
    pub proposed_id: LeaseId,
}

impl ChangeLease {
    /// A change from one id to another.
    #[must_use]
    pub fn new(target: impl Into<LeaseTarget>, lease_id: LeaseId, proposed_id: LeaseId) -> Self {
        Self {
            target: target.into(),
            lease_id,
            proposed_id,
        }
    }
}

impl Operation for ChangeLease {
    type Output = LeaseHeld;
    const NAME: &'static str = "Change Lease";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Lease;

    fn request(&self) -> Request {
        self.target
            .request("change")
            .needs(ServiceVersion::V2012_02_12)
            .with(&self.lease_id)
            .text(header::X_MS_PROPOSED_LEASE_ID, self.proposed_id.as_str())
    }

    fn parse(&self, response: &Response) -> Result<LeaseHeld, Error> {
        LeaseHeld::read(response, 200)
    }
}
