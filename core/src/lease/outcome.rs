//! What a lease tells on its way, and how it ends.

use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::time::Timestamp;

/// What is worth telling while a lease is kept.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LeaseEvent {
    /// It is ours until then, unless renewed; without a time it does not run out.
    Held {
        /// The first moment at which it may be gone.
        until: Option<Timestamp>,
    },
    /// It was renewed and is ours until then.
    Renewed {
        /// The first moment at which it may be gone.
        until: Option<Timestamp>,
    },
    /// Nobody knows whether the service gave it, so it is given back in any case.
    Doubtful(Error),
}

/// How a lease ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LeaseOutcome {
    /// It was given back, or there was nothing left of it.
    Released,
    /// It was ours and no longer is: somebody broke it, or it could not be renewed in time.
    Lost {
        /// Until when it was certainly ours; absent for a lease that does not run out.
        held_until: Option<Timestamp>,
        /// What went wrong.
        error: Error,
    },
    /// It was never ours.
    Refused(Error),
    /// It could not be given back.
    Kept {
        /// The id it is held under: what Release Lease needs.
        id: LeaseId,
        /// When it runs out by itself; absent for never.
        until: Option<Timestamp>,
        /// What went wrong.
        error: Error,
    },
}

impl LeaseOutcome {
    /// Whether something of it may be left on the service.
    #[must_use]
    pub fn may_be_held(&self) -> bool {
        matches!(self, Self::Kept { .. })
    }
}
