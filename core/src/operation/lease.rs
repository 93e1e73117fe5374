//! Lease Blob and Lease Container: `PUT …?comp=lease`, one file for each action.

mod acquire;
mod break_lease;
mod change;
mod release;
mod renew;

pub use acquire::AcquireLease;
pub use break_lease::{BreakLease, BreakPeriod, LeaseBroken};
pub use change::ChangeLease;
pub use release::{LeaseReleased, ReleaseLease};
pub use renew::RenewLease;

use http::Method;

use super::accept;
use crate::address::{BlobAddress, ContainerAddress};
use crate::conditions::{Conditions, ContainerConditions};
use crate::error::Error;
use crate::etag::ETag;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// What a lease is on, and what must hold of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseTarget {
    /// A blob; snapshots cannot be leased.
    Blob(BlobAddress, Conditions),
    /// A container. Version 2012-02-12 and later.
    Container(ContainerAddress, ContainerConditions),
}

impl LeaseTarget {
    fn request(&self, action: &'static str) -> Request {
        let request = match self {
            Self::Blob(blob, conditions) => Request::to_blob(Method::PUT, blob)
                .of("Lease Blob", Urgency::Lease)
                .with(conditions),
            Self::Container(container, conditions) => Request::to_container(Method::PUT, container)
                .of("Lease Container", Urgency::Lease)
                .needs(ServiceVersion::V2012_02_12)
                .with(conditions),
        };
        request
            .query(query::COMP, "lease")
            .text(header::X_MS_LEASE_ACTION, action)
    }
}

impl From<BlobAddress> for LeaseTarget {
    fn from(blob: BlobAddress) -> Self {
        Self::Blob(blob, Conditions::default())
    }
}

impl From<ContainerAddress> for LeaseTarget {
    fn from(container: ContainerAddress) -> Self {
        Self::Container(container, ContainerConditions::default())
    }
}

/// A lease that is held: the answer to acquire, renew and change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeaseHeld {
    /// The lease's id from now on.
    pub lease_id: LeaseId,
    /// The ETag, which leasing does not change. Version 2013-08-15 and later.
    pub etag: Option<ETag>,
    /// When it last changed. Version 2013-08-15 and later.
    pub last_modified: Option<Timestamp>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl LeaseHeld {
    fn read(response: &Response, status: u16) -> Result<Self, Error> {
        accept(response, &[status])?;
        Ok(Self {
            lease_id: response.need(&header::X_MS_LEASE_ID)?,
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            receipt: Receipt::of(response),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lease_id::LeaseTerm;
    use crate::operation::Operation;

    fn blob() -> LeaseTarget {
        let location: crate::Location = "https://a.blob.core.windows.net/logs/x".parse().unwrap();
        match location.place {
            crate::Place::Blob(blob) => blob.into(),
            other => panic!("{other:?}"),
        }
    }

    fn headers(request: &Request) -> Vec<(String, String)> {
        let mut headers: Vec<_> = request
            .parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        headers
    }

    #[test]
    fn each_action_says_what_it_needs() {
        let id: LeaseId = "1f812371-a41d-49e6-b123-f4b542e85144".parse().unwrap();
        let other: LeaseId = "2f812371-a41d-49e6-b123-f4b542e85144".parse().unwrap();
        let acquire = AcquireLease {
            proposed_id: Some(other.clone()),
            ..AcquireLease::new(blob(), LeaseTerm::seconds(15).unwrap())
        };
        let break_lease = BreakLease {
            period: Some(BreakPeriod::seconds(0).unwrap()),
            ..BreakLease::new(blob())
        };
        for (request, expected) in [
            (
                acquire.request(),
                vec![
                    ("x-ms-lease-action", "acquire"),
                    ("x-ms-lease-duration", "15"),
                    ("x-ms-proposed-lease-id", other.as_str()),
                ],
            ),
            (
                RenewLease::new(blob(), id.clone()).request(),
                vec![
                    ("x-ms-lease-action", "renew"),
                    ("x-ms-lease-id", id.as_str()),
                ],
            ),
            (
                ChangeLease::new(blob(), id.clone(), other.clone()).request(),
                vec![
                    ("x-ms-lease-action", "change"),
                    ("x-ms-lease-id", id.as_str()),
                    ("x-ms-proposed-lease-id", other.as_str()),
                ],
            ),
            (
                ReleaseLease::new(blob(), id.clone()).request(),
                vec![
                    ("x-ms-lease-action", "release"),
                    ("x-ms-lease-id", id.as_str()),
                ],
            ),
            (
                break_lease.request(),
                vec![
                    ("x-ms-lease-action", "break"),
                    ("x-ms-lease-break-period", "0"),
                ],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(headers(&request), expected);
        }
    }
}
