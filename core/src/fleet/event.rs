//! What a fleet tells on its way.

use crate::copy::CopyOutcome;
use crate::error::InvalidInput;
use crate::fleet::report::Totals;
use crate::fleet::settled::Settled;
use crate::lease::{LeaseEvent, LeaseOutcome};
use crate::name::BlobName;
use crate::properties::{CopyId, CopyProgress};

/// What is worth telling while a fleet is under way. Blobs go by their names on the source.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FleetEvent {
    /// The service has taken a copy on.
    Started {
        /// Which blob.
        name: BlobName,
        /// The copy's id.
        copy_id: CopyId,
    },
    /// A pending copy of the same source was found and is watched from now on.
    Adopted {
        /// Which blob.
        name: BlobName,
        /// The copy's id.
        copy_id: CopyId,
    },
    /// A copy has fallen under the floor.
    Stalled {
        /// Which blob.
        name: BlobName,
        /// How far it is.
        progress: CopyProgress,
    },
    /// A copy ended badly and will be begun again.
    Restarting {
        /// Which blob.
        name: BlobName,
        /// How it ended.
        outcome: Box<CopyOutcome>,
    },
    /// Something about the lease of a source.
    Lease {
        /// Which blob.
        name: BlobName,
        /// What.
        event: LeaseEvent,
    },
    /// The lease of a source ended before its copy did.
    LeaseLost {
        /// Which blob.
        name: BlobName,
        /// How.
        outcome: LeaseOutcome,
    },
    /// A blob's way is over.
    Settled {
        /// Which blob.
        name: BlobName,
        /// How it ended.
        settled: Box<Settled>,
    },
    /// A blob has a name that cannot be asked for, so it cannot be copied.
    CannotTravel {
        /// The name.
        name: Box<str>,
        /// The rule it breaks.
        error: InvalidInput,
    },
    /// The counts, whenever they changed, but not more often than asked for.
    Progress(Totals),
}
