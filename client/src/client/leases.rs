//! Leases: the five actions, and one that is kept.

use blobferry_core::operation::{
    AcquireLease, BreakLease, BreakPeriod, ChangeLease, LeaseBroken, LeaseHeld, LeaseReleased,
    LeaseTarget, ReleaseLease, RenewLease,
};
use blobferry_core::{Error, LeaseId, LeaseTerm};

use super::Client;

impl Client {
    /// Acquires a lease under a new id.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn acquire_lease(
        &self,
        target: impl Into<LeaseTarget>,
        term: LeaseTerm,
    ) -> Result<LeaseHeld, Error> {
        // An id of our own makes asking again after a lost answer the same as asking once.
        let acquire = AcquireLease {
            proposed_id: Some(self.seed().uuid().parse()?),
            ..AcquireLease::new(target, term)
        };
        self.send(acquire).await
    }

    /// Renews a lease for its own term.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn renew_lease(
        &self,
        target: impl Into<LeaseTarget>,
        id: LeaseId,
    ) -> Result<LeaseHeld, Error> {
        self.send(RenewLease::new(target, id)).await
    }

    /// Gives a lease another id.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn change_lease(
        &self,
        target: impl Into<LeaseTarget>,
        id: LeaseId,
        proposed: LeaseId,
    ) -> Result<LeaseHeld, Error> {
        self.send(ChangeLease::new(target, id, proposed)).await
    }

    /// Gives a lease back.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn release_lease(
        &self,
        target: impl Into<LeaseTarget>,
        id: LeaseId,
    ) -> Result<LeaseReleased, Error> {
        self.send(ReleaseLease::new(target, id)).await
    }

    /// Breaks a lease, whosever it is; without a period it runs on to the end of its term, and an
    /// infinite one ends at once.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn break_lease(
        &self,
        target: impl Into<LeaseTarget>,
        period: Option<BreakPeriod>,
    ) -> Result<LeaseBroken, Error> {
        let end = BreakLease {
            period,
            ..BreakLease::new(target)
        };
        self.send(end).await
    }
}
