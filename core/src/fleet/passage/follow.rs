//! What follows in each stage of a passage.

#![warn(clippy::wildcard_enum_match_arm)]

use super::{Look, Passage, PassageEvent, Stage};
use crate::address::BlobAddress;
use crate::call::Call;
use crate::conditions::Conditions;
use crate::copy::{Copied, CopyJob, CopyOptions, CopyOutcome, origin};
use crate::error::{Error, ErrorCode};
use crate::fleet::lane::Lane;
use crate::fleet::lease_id::lease_id;
use crate::fleet::seen::Seen;
use crate::fleet::settled::Settled;
use crate::fleet::verdict::{SkipReason, Verdict, decide};
use crate::lease::{LeaseKeeper, LeaseOptions};
use crate::operation::{CopyBlob, GetBlobProperties, LeaseTarget};
use crate::properties::{BlobProperties, CopyId};
use crate::source::CopySource;
use crate::time::Timestamp;
use crate::verify::{Verified, Verify, compare};

impl Passage {
    /// Looks at both sides, the source first.
    pub(super) fn survey(&mut self) -> Stage {
        Stage::SurveyingSource(self.look_at(self.way.source.clone()))
    }

    pub(super) fn look_at(&mut self, blob: BlobAddress) -> Look {
        let call = Call::new(
            GetBlobProperties::new(blob),
            self.options.patience.clone(),
            self.seed.split(),
        );
        Lane::new(&mut self.lanes, call)
    }

    pub(super) fn source_seen(&mut self, seen: Result<BlobProperties, Error>) -> Stage {
        match seen {
            Ok(seen) => {
                self.source = Some(seen.into());
                Stage::SurveyingDestination(self.look_at(self.way.destination.clone()))
            }
            Err(error) => Stage::Settled(Settled::Unreadable(error)),
        }
    }

    pub(super) fn destination_seen(&mut self, seen: Result<BlobProperties, Error>) -> Stage {
        self.destination = match seen {
            Ok(seen) => Some(Box::new(seen.into())),
            Err(error) if error.service().is_some_and(|error| error.status == 404) => {
                if error.has_code(&ErrorCode::CONTAINER_NOT_FOUND) {
                    return Stage::Settled(Settled::Unreadable(error));
                }
                None
            }
            Err(error) => return Stage::Settled(Settled::Unreadable(error)),
        };
        let Some(source) = &self.source else {
            return self.survey();
        };
        let from = CopySource::Blob(self.way.source.clone());
        let verdict = decide(
            source,
            self.destination.as_deref(),
            self.options.overwrite,
            |echoed| origin::is_same(&from, echoed),
        );
        if self.options.dry_run {
            return Stage::Settled(Settled::Planned(verdict));
        }
        match verdict {
            Verdict::Copy(_) if self.keeper.is_some() => self.start(),
            Verdict::Copy(_) => self.lease(),
            Verdict::Skip(reason) => self.skip(reason),
            Verdict::Adopt(copy_id) => self.adopt(copy_id),
            Verdict::Refuse(reason) => Stage::Settled(Settled::Refused(reason)),
        }
    }

    /// Leaves the blob as it is, and gives back what a killed run may have left leased.
    pub(super) fn skip(&mut self, reason: SkipReason) -> Stage {
        let left = self.source.as_ref().is_some_and(|seen| seen.is_leased);
        if left && self.options.lease_source.is_some() && self.keeper.is_none() {
            let id = lease_id(&self.way.source, &self.way.destination);
            let target = LeaseTarget::from(self.way.source.clone());
            let seed = self.seed.split();
            let keeper = LeaseKeeper::giving_back(target, id, self.lease_options(), seed);
            self.keeper = Some(Lane::new(&mut self.lanes, keeper));
        }
        Stage::Settled(Settled::Skipped(reason))
    }

    fn lease_options(&self) -> LeaseOptions {
        LeaseOptions {
            patience: self.options.patience.clone(),
            ..LeaseOptions::default()
        }
    }

    /// Takes the source's lease, if one is asked for, else starts at once.
    pub(super) fn lease(&mut self) -> Stage {
        if self.take_lease() {
            Stage::Leasing
        } else {
            self.start()
        }
    }

    fn take_lease(&mut self) -> bool {
        let Some(term) = self.options.lease_source else {
            return false;
        };
        let id = lease_id(&self.way.source, &self.way.destination);
        let target = LeaseTarget::from(self.way.source.clone());
        let seed = self.seed.split();
        let keeper = LeaseKeeper::new(target, id, term, self.lease_options(), seed);
        self.keeper = Some(Lane::new(&mut self.lanes, keeper));
        true
    }

    /// Starts the copy of what was seen onto what was seen.
    pub(super) fn start(&mut self) -> Stage {
        let mut copy = self.copy();
        copy.source_conditions.if_match = self.source.as_ref().and_then(Seen::state);
        copy.conditions = match self.destination.as_deref() {
            Some(seen) => Conditions {
                if_match: seen.state(),
                ..Conditions::default()
            },
            None => Conditions::absent(),
        };
        let before = self.destination.as_ref().and_then(|seen| seen.copy.clone());
        let job = CopyJob::new(copy, self.copy_options(), self.seed.split())
            .after(before.map(|copy| copy.id));
        Stage::Copying(Lane::new(&mut self.lanes, job))
    }

    /// Stays with a copy that is pending already; its source is guarded from now on.
    pub(super) fn adopt(&mut self, copy_id: CopyId) -> Stage {
        let options = self.copy_options();
        let job = CopyJob::watching(self.copy(), copy_id, options, self.seed.split());
        if self.keeper.is_none() {
            self.take_lease();
        }
        Stage::Copying(Lane::new(&mut self.lanes, job))
    }

    fn copy(&self) -> CopyBlob {
        CopyBlob::new(self.way.destination.clone(), self.way.source.clone())
    }

    fn copy_options(&self) -> CopyOptions {
        CopyOptions {
            patience: self.options.patience.clone(),
            pace: None,
            floor: self.options.floor.clone(),
            adopt: true,
            leave_on_cancel: self.options.leave_on_cancel,
        }
    }

    pub(super) fn copied(&mut self, outcome: CopyOutcome, now: Timestamp) -> Stage {
        if self.may_begin_again(&outcome) {
            self.restarts += 1;
            let pause = self.backoff.next(&mut self.seed);
            let outcome = Box::new(outcome);
            self.news.push_back(PassageEvent::Restarting(outcome));
            return Stage::Pausing(now + pause);
        }
        if let CopyOutcome::Succeeded(copied) = outcome {
            return self.succeeded(*copied);
        }
        let not_begun = matches!(outcome, CopyOutcome::Aborted { copy_id: None });
        Stage::Settled(if not_begun && self.cancelled {
            Settled::NotBegun
        } else {
            Settled::NotCopied(outcome)
        })
    }

    fn succeeded(&mut self, copied: Copied) -> Stage {
        self.news.push_back(PassageEvent::Arrived);
        let adopted = copied.adopted;
        let shown = self.shown.take().map(|seen| *seen);
        match copied.destination.map(|seen| (*seen).into()).or(shown) {
            Some(seen) => self.sighted(&seen, adopted),
            None if self.options.verify == Verify::None || self.cancelled => {
                self.arrived(adopted, Verify::None)
            }
            None => Stage::Sighting {
                look: None,
                adopted,
            },
        }
    }

    /// Whether another try may end better: the service gave up, or what we had seen has changed.
    fn may_begin_again(&self, outcome: &CopyOutcome) -> bool {
        let shifted = |error: &Error| {
            [
                ErrorCode::TARGET_CONDITION_NOT_MET,
                ErrorCode::SOURCE_CONDITION_NOT_MET,
                ErrorCode::CONDITION_NOT_MET,
                ErrorCode::BLOB_ALREADY_EXISTS,
            ]
            .iter()
            .any(|code| error.has_code(code))
        };
        let worth_it = match outcome {
            CopyOutcome::Failed { .. } => true,
            CopyOutcome::Refused(error) => shifted(error),
            CopyOutcome::Succeeded(_)
            | CopyOutcome::Aborted { .. }
            | CopyOutcome::Superseded { .. }
            | CopyOutcome::DestinationGone { .. }
            | CopyOutcome::Occupied(_)
            | CopyOutcome::Left { .. }
            | CopyOutcome::Lost { .. } => false,
        };
        worth_it && !self.cancelled && self.restarts < self.options.restarts
    }

    /// The destination of a finished copy has been seen.
    pub(super) fn sighted(&mut self, seen: &Seen, adopted: bool) -> Stage {
        let verify = self.options.verify;
        let Some(source) = &self.source else {
            return self.arrived(adopted, Verify::None);
        };
        match compare(source.into(), seen.into(), verify) {
            Verified::Same { .. } if verify == Verify::Content && !self.cancelled => {
                self.news.push_back(PassageEvent::Queues);
                Stage::Queueing { adopted }
            }
            Verified::Same {
                by: Verify::Content,
            } => self.arrived(adopted, Verify::Length),
            Verified::Same { by } => self.arrived(adopted, by),
            other @ (Verified::Different(_)
            | Verified::SourceChanged
            | Verified::DestinationChanged
            | Verified::Unknown(_)) => Stage::Settled(Settled::Unverified(other)),
        }
    }

    pub(super) fn verified(&mut self, verified: Verified, adopted: bool) -> Stage {
        match verified {
            Verified::Same { by } => self.arrived(adopted, by),
            Verified::Unknown(_) if self.cancelled => self.arrived(adopted, Verify::Length),
            other @ (Verified::Different(_)
            | Verified::SourceChanged
            | Verified::DestinationChanged
            | Verified::Unknown(_)) => Stage::Settled(Settled::Unverified(other)),
        }
    }

    fn arrived(&self, adopted: bool, verified: Verify) -> Stage {
        Stage::Settled(Settled::Copied {
            bytes: self.bytes(),
            adopted,
            verified,
        })
    }

    /// Ends what is under way. The lease stays until the copy is over.
    pub(super) fn cancel(&mut self) {
        if std::mem::replace(&mut self.cancelled, true) {
            return;
        }
        match &mut self.stage {
            Stage::Copying(job) => job.cancel(),
            Stage::Verifying { verifier, .. } => verifier.cancel(),
            Stage::SurveyingSource(_)
            | Stage::SurveyingDestination(_)
            | Stage::Leasing
            | Stage::Pausing(_) => self.stage = Stage::Settled(Settled::NotBegun),
            Stage::Sighting { adopted, .. } => {
                let adopted = *adopted;
                self.stage = self.arrived(adopted, Verify::None);
            }
            Stage::Queueing { adopted } => {
                let adopted = *adopted;
                self.stage = self.arrived(adopted, Verify::Length);
            }
            Stage::Settled(_) => {}
        }
    }
}
