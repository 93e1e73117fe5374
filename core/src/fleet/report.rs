//! What a fleet did: counts, and a row for what needs a person's eye.

#![warn(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use crate::address::ContainerAddress;
use crate::copy::CopyOutcome;
use crate::error::Error;
use crate::fleet::settled::Settled;
use crate::lease::LeaseOutcome;
use crate::name::BlobName;
use crate::time::Timestamp;

/// Counts of a fleet under way or at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Blobs the source has shown so far.
    pub listed: u64,
    /// Their bytes.
    pub listed_bytes: u64,
    /// Whether the source has shown all it has.
    pub listed_all: bool,
    /// Blobs that passed the filter.
    pub selected: u64,
    /// Their bytes.
    pub selected_bytes: u64,
    /// Blobs copied, adopted ones included.
    pub copied: u64,
    /// Their bytes.
    pub copied_bytes: u64,
    /// Of the copied ones: begun by a former run, or by somebody else.
    pub adopted: u64,
    /// Blobs left as they are.
    pub skipped: u64,
    /// Their bytes.
    pub skipped_bytes: u64,
    /// Blobs that failed, for whatever reason.
    pub failed: u64,
    /// Blobs whose copy the cancel ended, or kept from being begun.
    pub cancelled: u64,
    /// Copies begun again after a failure.
    pub restarted: u64,
    /// Blobs under way now.
    pub under_way: u64,
    /// Of those: copied, and being verified or having their lease given back.
    pub arrived: u64,
    /// Bytes that copies under way have done.
    pub under_way_bytes: u64,
}

/// What a fleet did.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetReport {
    /// The counts.
    pub totals: Totals,
    /// Requests made, by operation.
    pub requests: BTreeMap<&'static str, u64>,
    /// Failures, the first ones of them in full; [`Totals::failed`] counts all.
    pub failures: Vec<Failure>,
    /// Leases that could not be given back, the first ones of them.
    pub leases_kept: Vec<KeptLease>,
    /// How many leases could not be given back.
    pub leases_kept_count: u64,
    /// Destinations on which a copy may still be pending, the first ones of them.
    pub left_pending: Vec<BlobName>,
    /// How many copies may still be pending.
    pub left_pending_count: u64,
    /// Why the work could not be listed to its end, if so.
    pub error: Option<Error>,
    /// Which of the two containers that was.
    pub error_at: Option<ContainerAddress>,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// When it began.
    pub begun: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
}

/// A blob that was not copied as it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Its name on the source, whatever it is.
    pub name: Box<str>,
    /// How it ended.
    pub settled: Settled,
}

/// A lease that could not be given back.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptLease {
    /// The source blob it is on.
    pub name: BlobName,
    /// Under which id, until when, and why.
    pub outcome: LeaseOutcome,
}

impl FleetReport {
    /// Whether every blob is where it should be and nothing is left behind.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.totals.failed == 0
            && self.leases_kept_count == 0
            && self.left_pending_count == 0
            && self.error.is_none()
            && !self.cancelled
    }

    pub(super) fn begun_at(now: Timestamp) -> Self {
        Self {
            totals: Totals::default(),
            requests: BTreeMap::new(),
            failures: Vec::new(),
            leases_kept: Vec::new(),
            leases_kept_count: 0,
            left_pending: Vec::new(),
            left_pending_count: 0,
            error: None,
            error_at: None,
            cancelled: false,
            begun: now,
            ended: now,
        }
    }

    /// Counts one blob's end.
    pub(super) fn settle(&mut self, name: &str, bytes: u64, settled: &Settled, keep: usize) {
        let totals = &mut self.totals;
        match settled {
            Settled::Copied { bytes, adopted, .. } => {
                totals.copied += 1;
                totals.copied_bytes += bytes;
                totals.adopted += u64::from(*adopted);
            }
            Settled::Skipped(_) => {
                totals.skipped += 1;
                totals.skipped_bytes += bytes;
            }
            Settled::NotBegun | Settled::NotCopied(CopyOutcome::Left { .. }) => {
                totals.cancelled += 1
            }
            Settled::NotCopied(CopyOutcome::Aborted { .. }) if self.cancelled => {
                totals.cancelled += 1;
            }
            Settled::Planned(_) if !settled.is_failure() => {}
            Settled::Planned(_)
            | Settled::Refused(_)
            | Settled::NotCopied(_)
            | Settled::Unverified(_)
            | Settled::NotLeased(_)
            | Settled::Unreadable(_) => {
                totals.failed += 1;
                if self.failures.len() < keep {
                    let (name, settled) = (name.into(), settled.clone());
                    self.failures.push(Failure { name, settled });
                }
            }
        }
    }

    /// Notes a copy that may go on without us.
    pub(super) fn leave_pending(&mut self, destination: &BlobName, keep: usize) {
        self.left_pending_count += 1;
        if self.left_pending.len() < keep {
            self.left_pending.push(destination.clone());
        }
    }

    /// Notes a lease that is still out.
    pub(super) fn keep_lease(&mut self, name: &BlobName, outcome: LeaseOutcome, keep: usize) {
        self.leases_kept_count += 1;
        if self.leases_kept.len() < keep {
            let name = name.clone();
            self.leases_kept.push(KeptLease { name, outcome });
        }
    }
}
