//! Lease Blob and Lease Container, action `renew`.

use super::{LeaseHeld, LeaseTarget};
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::operation::Operation;

/// Lets a lease begin anew for its term.
///
/// An expired lease is renewed too, as long as nobody else has leased or changed the blob since.
/// Source: "Lease Blob", "Lease Container".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewLease {
    /// What the lease is on.
    pub target: LeaseTarget,
    /// The lease.
    pub lease_id: LeaseId,
}

impl RenewLease {
    /// A renewal of this lease.
    #[must_use]
    pub fn new(target: impl Into<LeaseTarget>, lease_id: LeaseId) -> Self {
        Self {
            target: target.into(),
            lease_id,
        }
    }
}

impl Operation for RenewLease {
    type Output = LeaseHeld;
    const NAME: &'static str = "Renew Lease";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Lease;

    fn request(&self) -> Request {
        self.target.request("renew").with(&self.lease_id)
    }

    fn parse(&self, response: &Response) -> Result<LeaseHeld, Error> {
        LeaseHeld::read(response, 200)
    }
}
