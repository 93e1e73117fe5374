//! What the service says of a lease.

use crate::error::UnreadableReply;
use crate::message::Response;
use crate::wire::header;
use crate::words::{LeaseDuration, LeaseState, LeaseStatus};

/// What the service says of the lease on a blob or container. Snapshots have none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaseProperties {
    /// Whether it keeps others out.
    pub status: Option<LeaseStatus>,
    /// Where it stands. Version 2012-02-12 and later.
    pub state: Option<LeaseState>,
    /// Whether it ends by itself; only while leased.
    pub duration: Option<LeaseDuration>,
}

impl LeaseProperties {
    /// Reads the headers of an answer.
    pub(crate) fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        Ok(Self {
            status: response.get(&header::X_MS_LEASE_STATUS)?,
            state: response.get(&header::X_MS_LEASE_STATE)?,
            duration: response.get(&header::X_MS_LEASE_DURATION)?,
        })
    }
}
