//! Leases: the five actions, and one that is kept.

use blobferry_core::operation::{
    AcquireLease, BreakLease, BreakPeriod, ChangeLease, LeaseBroken, LeaseHeld, LeaseReleased,
    LeaseTarget, ReleaseLease, RenewLease,
};
use blobferry_core::{Error, LeaseId, LeaseOptions, LeaseTerm};

use super::Client;
use crate::lease::HeldLease;

impl Client {
    /// Acquires a lease and keeps it by renewing it in the background, until it is released, its
    /// guard is dropped, or it is lost.
    ///
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Why there is no lease; where the answer was lost, it has been given back.
    pub async fn hold_lease(
        &self,
        target: impl Into<LeaseTarget>,
        term: LeaseTerm,
    ) -> Result<HeldLease, Error> {
        let options = LeaseOptions {
            patience: self.patience().clone(),
            ..LeaseOptions::default()
        };
        HeldLease::acquire(self, target.into(), term, options).await
    }

    /// Acquires a lease under a new id. Nobody renews it: see [`hold_lease`](Self::hold_lease).
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
