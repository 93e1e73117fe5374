//! Lease Blob and Lease Container, action `acquire`.

use super::{LeaseHeld, LeaseTarget};
use crate::error::Error;
use crate::lease_id::{LeaseId, LeaseTerm};
use crate::message::{Request, Response, Urgency};
use crate::operation::Operation;
use crate::version::ServiceVersion;
use crate::wire::header;

/// Takes a lease, or takes it again under the same proposed id.
///
/// Held by another, it is refused with `LeaseAlreadyPresent`. Without a proposed id the service makes
/// one up, and an answer that is lost leaves a lease that nobody can give back: propose one.
/// Source: "Lease Blob", "Lease Container".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcquireLease {
    /// What the lease is on.
    pub target: LeaseTarget,
    /// How long it holds.
    pub term: LeaseTerm,
    /// The id it is to have. Version 2012-02-12 and later.
    pub proposed_id: Option<LeaseId>,
}

impl AcquireLease {
    /// A lease with an id of the service's choice.
    #[must_use]
    pub fn new(target: impl Into<LeaseTarget>, term: LeaseTerm) -> Self {
        Self {
            target: target.into(),
            term,
            proposed_id: None,
        }
    }
}

impl Operation for AcquireLease {
    type Output = LeaseHeld;
    const NAME: &'static str = "Acquire Lease";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Lease;

    fn request(&self) -> Request {
        self.target
            .request("acquire")
            .needs(ServiceVersion::V2012_02_12)
            .text(header::X_MS_LEASE_DURATION, &seconds(self.term))
            .text_if(header::X_MS_PROPOSED_LEASE_ID, self.proposed_id.as_ref())
    }

    fn parse(&self, response: &Response) -> Result<LeaseHeld, Error> {
        LeaseHeld::read(response, 201)
    }
}

fn seconds(term: LeaseTerm) -> String {
    match term.duration() {
        Some(duration) => duration.as_secs().to_string(),
        None => "-1".to_owned(),
    }
}
