//! Lease Blob and Lease Container, action `break`.

use std::time::Duration;

use super::LeaseTarget;
use crate::error::{Error, InvalidInput};
use crate::etag::ETag;
use crate::message::{Request, Response, Urgency};
use crate::operation::{Operation, accept};
use crate::part::Part;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;

/// Ends a lease without its id, after a while.
///
/// Without a period a finite lease ends when its time is up, an infinite one at once. A shorter
/// period than what is left shortens it; a longer one does not lengthen it. Source: "Lease Blob",
/// "Lease Container".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakLease {
    /// What the lease is on.
    pub target: LeaseTarget,
    /// How long the lease may still hold. Version 2012-02-12 and later.
    pub period: Option<BreakPeriod>,
}

impl BreakLease {
    /// A break with no period.
    #[must_use]
    pub fn new(target: impl Into<LeaseTarget>) -> Self {
        Self {
            target: target.into(),
            period: None,
        }
    }
}

impl Operation for BreakLease {
    type Output = LeaseBroken;
    const NAME: &'static str = "Break Lease";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Lease;

    fn request(&self) -> Request {
        self.target.request("break").with(&self.period)
    }

    fn parse(&self, response: &Response) -> Result<LeaseBroken, Error> {
        LeaseBroken::read(response)
    }
}

/// How long a lease that is broken may still hold: 0 to 60 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BreakPeriod(u8);

impl BreakPeriod {
    /// A period in whole seconds.
    ///
    /// # Errors
    /// It may have at most 60 seconds.
    pub fn seconds(seconds: u8) -> Result<Self, InvalidInput> {
        if seconds <= 60 {
            Ok(Self(seconds))
        } else {
            Err(InvalidInput::new(
                "break period",
                seconds.to_string(),
                "must be 0 to 60 seconds",
            ))
        }
    }
}

impl Part for BreakPeriod {
    fn add_to(&self, request: Request) -> Request {
        request
            .text(header::X_MS_LEASE_BREAK_PERIOD, &self.0.to_string())
            .needs(ServiceVersion::V2012_02_12)
    }
}

/// A lease that ends, or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeaseBroken {
    /// How long it still holds: whole seconds, zero if it has ended.
    pub remaining: Duration,
    /// The ETag, which leasing does not change. Version 2013-08-15 and later.
    pub etag: Option<ETag>,
    /// When it last changed. Version 2013-08-15 and later.
    pub last_modified: Option<Timestamp>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl LeaseBroken {
    fn read(response: &Response) -> Result<Self, Error> {
        accept(response, &[202])?;
        Ok(Self {
            remaining: Duration::from_secs(response.need(&header::X_MS_LEASE_TIME)?),
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            receipt: Receipt::of(response),
        })
    }
}
