//! How one blob of a fleet ended.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::copy::CopyOutcome;
use crate::error::Error;
use crate::fleet::verdict::{RefuseReason, SkipReason, Verdict};
use crate::lease::LeaseOutcome;
use crate::verify::{Verified, Verify};

/// How one blob ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Settled {
    /// It was copied.
    Copied {
        /// Its length in bytes.
        bytes: u64,
        /// Whether the copy had been started by a former run, or by somebody else.
        adopted: bool,
        /// How far it was compared with its source; [`Verify::None`] where a cancel came first.
        verified: Verify,
    },
    /// It was left as it is.
    Skipped(SkipReason),
    /// A dry run: this is what would be done.
    Planned(Verdict),
    /// It cannot be copied there.
    Refused(RefuseReason),
    /// Its copy ended in another way than success.
    NotCopied(CopyOutcome),
    /// It was copied, but the destination does not hold what the source holds.
    Unverified(Verified),
    /// Its source could not be leased, so it was not copied.
    NotLeased(LeaseOutcome),
    /// Its source or destination could not be looked at, or its new name is none.
    Unreadable(Error),
    /// The cancel came before it was begun.
    NotBegun,
}

impl Settled {
    /// Whether something went wrong that the user did not ask for.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Copied { .. } | Self::Skipped(_) | Self::NotBegun => false,
            Self::Planned(verdict) => matches!(verdict, Verdict::Refuse(_)),
            Self::NotCopied(outcome) => !matches!(outcome, CopyOutcome::Left { .. }),
            Self::Refused(_) | Self::Unverified(_) | Self::NotLeased(_) | Self::Unreadable(_) => {
                true
            }
        }
    }

    /// Whether a copy of ours may still be pending on the destination.
    #[must_use]
    pub fn may_be_pending(&self) -> bool {
        matches!(self, Self::NotCopied(outcome) if outcome.may_be_pending())
    }

    /// The error behind it, where one is.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::NotCopied(CopyOutcome::Refused(error) | CopyOutcome::Lost { error, .. })
            | Self::Unverified(Verified::Unknown(error))
            | Self::NotLeased(
                LeaseOutcome::Refused(error)
                | LeaseOutcome::Lost { error, .. }
                | LeaseOutcome::Kept { error, .. },
            )
            | Self::Unreadable(error) => Some(error),
            Self::Copied { .. }
            | Self::Skipped(_)
            | Self::Planned(_)
            | Self::Refused(_)
            | Self::NotCopied(_)
            | Self::Unverified(_)
            | Self::NotLeased(_)
            | Self::NotBegun => None,
        }
    }
}
