//! One blob's way through a fleet: looked at, leased, copied, verified, given back.
//!
//! | Stage | What comes | Next |
//! | --- | --- | --- |
//! | surveying | both sides seen | by verdict: leasing, copying, or settled |
//! | leasing | held / refused | copying / settled |
//! | copying | succeeded | sighting, queueing or settled |
//! | | failed, or the ground shifted, and restarts are left | pausing, then surveying |
//! | | any other end | settled |
//! | sighting | shown by a listing, or looked at | queueing or settled |
//! | queueing | its turn to compare contents | verifying |
//! | verifying | same / different | settled |
//! | settled | the lease given back | done |
//!
//! A cancel ends what is under way in its own order; nothing new is begun after it.

#![warn(clippy::wildcard_enum_match_arm)]

mod follow;
mod turn;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::backoff::Backoff;
use crate::call::Call;
use crate::copy::{CopyEvent, CopyJob, CopyOutcome};
use crate::fleet::FleetOptions;
use crate::fleet::lane::Lane;
use crate::fleet::plan::Way;
use crate::fleet::seen::Seen;
use crate::fleet::settled::Settled;
use crate::fleet::verdict::SkipReason;
use crate::lease::{LeaseEvent, LeaseKeeper, LeaseOutcome};
use crate::machine::{Input, Machine, Pause, Step};
use crate::operation::GetBlobProperties;
use crate::properties::CopyId;
use crate::seed::Seed;
use crate::time::Timestamp;
use crate::verify::{Verifier, Verify};
use crate::words::CopyStatus;

use turn::Turn;

type Look = Lane<Call<GetBlobProperties>>;

/// The machine of one blob.
#[derive(Debug)]
pub(super) struct Passage {
    way: Way,
    options: Arc<FleetOptions>,
    seed: Seed,
    lanes: u64,
    keeper: Option<Lane<LeaseKeeper>>,
    stage: Stage,
    source: Option<Seen>,
    destination: Option<Box<Seen>>,
    /// How many bytes of it the fleet has counted as done.
    counted: u64,
    /// What a listing showed of the destination when it showed our copy succeeded.
    shown: Option<Box<Seen>>,
    restarts: u32,
    backoff: Backoff,
    cancelled: bool,
    news: VecDeque<PassageEvent>,
    lease: Option<LeaseOutcome>,
}

#[derive(Debug)]
enum Stage {
    SurveyingSource(Look),
    SurveyingDestination(Look),
    Leasing,
    Copying(Lane<CopyJob>),
    Sighting {
        look: Option<Look>,
        adopted: bool,
    },
    Queueing {
        adopted: bool,
    },
    Verifying {
        verifier: Lane<Verifier>,
        adopted: bool,
    },
    Pausing(Timestamp),
    Settled(Settled),
}

/// What a passage tells its fleet.
#[derive(Debug)]
pub(super) enum PassageEvent {
    Copy(CopyEvent),
    Restarting(Box<CopyOutcome>),
    Lease(LeaseEvent),
    LeaseLost(LeaseOutcome),
    /// The copy has succeeded and no longer is the window's business.
    Arrived,
    /// It waits for its turn to compare contents.
    Queues,
}

/// How a passage ended.
#[derive(Debug, Clone)]
pub(super) struct Passed {
    pub(super) settled: Settled,
    /// How its lease ended, if it had one.
    pub(super) lease: Option<LeaseOutcome>,
}

impl Passage {
    /// A blob whose two sides have not been looked at.
    pub(super) fn unseen(way: Way, options: &Arc<FleetOptions>, seed: Seed) -> Self {
        let mut passage = Self::new(way, options, seed);
        passage.stage = passage.survey();
        passage
    }

    /// A blob to be copied, as the listings have shown it.
    pub(super) fn seen(
        way: Way,
        source: Seen,
        destination: Option<Seen>,
        options: &Arc<FleetOptions>,
        seed: Seed,
    ) -> Self {
        let mut passage = Self::new(way, options, seed);
        passage.source = Some(source);
        passage.destination = destination.map(Box::new);
        passage.stage = passage.lease();
        passage
    }

    /// A blob whose copy is pending already.
    pub(super) fn pending(
        way: Way,
        source: Seen,
        copy_id: CopyId,
        options: &Arc<FleetOptions>,
        seed: Seed,
    ) -> Self {
        let mut passage = Self::new(way, options, seed);
        passage.source = Some(source);
        passage.stage = passage.adopt(copy_id);
        passage
    }

    /// A blob that is left as it is, but whose source a former run may have left leased.
    pub(super) fn returning(
        way: Way,
        source: Seen,
        reason: SkipReason,
        options: &Arc<FleetOptions>,
        seed: Seed,
    ) -> Self {
        let mut passage = Self::new(way, options, seed);
        passage.source = Some(source);
        passage.stage = passage.skip(reason);
        passage
    }

    fn new(way: Way, options: &Arc<FleetOptions>, seed: Seed) -> Self {
        let pause = options.restart_pause;
        Self {
            way,
            options: Arc::clone(options),
            seed,
            lanes: 0,
            keeper: None,
            stage: Stage::Leasing,
            source: None,
            destination: None,
            counted: 0,
            shown: None,
            restarts: 0,
            backoff: Backoff::new(pause, pause * 60),
            cancelled: false,
            news: VecDeque::new(),
            lease: None,
        }
    }

    pub(super) fn way(&self) -> &Way {
        &self.way
    }

    /// The source's length, as far as it has been seen.
    pub(super) fn bytes(&self) -> u64 {
        let seen = self.source.as_ref();
        seen.and_then(|seen| seen.length).unwrap_or(0)
    }

    /// How many bytes its copy has done.
    fn done(&self) -> u64 {
        match &self.stage {
            Stage::Copying(job) => job.machine().progress().copied,
            Stage::Sighting { .. } | Stage::Queueing { .. } | Stage::Verifying { .. } => {
                self.bytes()
            }
            Stage::SurveyingSource(_)
            | Stage::SurveyingDestination(_)
            | Stage::Leasing
            | Stage::Pausing(_)
            | Stage::Settled(_) => 0,
        }
    }

    /// Whether it waits to be told what the destination shows.
    pub(super) fn is_watched(&self) -> bool {
        match &self.stage {
            Stage::Copying(job) => job.machine().is_resting(),
            Stage::Sighting { look, .. } => look.is_none(),
            Stage::SurveyingSource(_)
            | Stage::SurveyingDestination(_)
            | Stage::Leasing
            | Stage::Queueing { .. }
            | Stage::Verifying { .. }
            | Stage::Pausing(_)
            | Stage::Settled(_) => false,
        }
    }

    /// Tells what a listing shows on the destination.
    pub(super) fn observe(&mut self, mut seen: Seen, now: Timestamp) {
        match &mut self.stage {
            Stage::Copying(job) => {
                let job = job.machine_mut();
                let copy = seen.copy.take().map(|copy| *copy);
                if copy.as_ref().is_some_and(|copy| {
                    copy.status == CopyStatus::Success && Some(&copy.id) == job.copy_id()
                }) {
                    self.shown = Some(Box::new(seen));
                }
                job.observe_copy(copy, None, now);
            }
            Stage::Sighting {
                look: None,
                adopted,
            } => {
                let adopted = *adopted;
                self.stage = self.sighted(&seen, adopted);
            }
            Stage::Sighting { look: Some(_), .. }
            | Stage::SurveyingSource(_)
            | Stage::SurveyingDestination(_)
            | Stage::Leasing
            | Stage::Queueing { .. }
            | Stage::Verifying { .. }
            | Stage::Pausing(_)
            | Stage::Settled(_) => {}
        }
    }

    /// Whether it has something to say or to do at once.
    pub(super) fn wants_turn(&self) -> bool {
        match &self.stage {
            Stage::Copying(job) => job.machine().wants_turn(),
            Stage::SurveyingSource(_)
            | Stage::SurveyingDestination(_)
            | Stage::Leasing
            | Stage::Sighting { .. }
            | Stage::Queueing { .. }
            | Stage::Verifying { .. }
            | Stage::Pausing(_)
            | Stage::Settled(_) => true,
        }
    }

    /// How many bytes of it have been counted as done.
    pub(super) fn counted(&self) -> u64 {
        self.counted
    }

    /// How many bytes had been counted as done before now, and how many are.
    pub(super) fn told(&mut self) -> (u64, u64) {
        let done = self.done();
        (std::mem::replace(&mut self.counted, done), done)
    }

    /// Makes it look for itself, if it waits to be told.
    pub(super) fn look(&mut self) {
        match &mut self.stage {
            Stage::Copying(job) => job.machine_mut().look(),
            Stage::Sighting {
                look: None,
                adopted,
            } => {
                let adopted = *adopted;
                let look = Some(self.look_at(self.way.destination.clone()));
                self.stage = Stage::Sighting { look, adopted };
            }
            Stage::Sighting { look: Some(_), .. }
            | Stage::SurveyingSource(_)
            | Stage::SurveyingDestination(_)
            | Stage::Leasing
            | Stage::Queueing { .. }
            | Stage::Verifying { .. }
            | Stage::Pausing(_)
            | Stage::Settled(_) => {}
        }
    }

    /// Its turn to compare contents has come.
    pub(super) fn verify(&mut self) {
        if let Stage::Queueing { adopted } = self.stage {
            let verifier = Verifier::new(
                self.way.source.clone(),
                self.way.destination.clone(),
                Verify::Content,
                &self.options.patience,
                self.seed.split(),
            );
            let verifier = Lane::new(&mut self.lanes, verifier);
            self.stage = Stage::Verifying { verifier, adopted };
        }
    }
}

impl Machine for Passage {
    type Event = PassageEvent;
    type Outcome = Passed;

    fn poll(&mut self, now: Timestamp) -> Step<PassageEvent, Passed> {
        loop {
            if let Some(event) = self.news.pop_front() {
                return Step::Emit(event);
            }
            let [lease, stage] = match self.turn(now) {
                Turn::Rest(pauses) => pauses,
                Turn::Out(step) => return step,
                Turn::Again => continue,
            };
            return Step::Wait(Pause {
                until: lease.until.into_iter().chain(stage.until).min(),
                why: stage.why,
            });
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Cancel => self.cancel(),
            Input::Reply(id, reply) => {
                let reply = match &mut self.keeper {
                    Some(keeper) => keeper.hear(id, reply),
                    None => Some(reply),
                };
                let Some(reply) = reply else { return };
                match &mut self.stage {
                    Stage::SurveyingSource(look)
                    | Stage::SurveyingDestination(look)
                    | Stage::Sighting {
                        look: Some(look), ..
                    } => look.hear(id, reply),
                    Stage::Copying(job) => job.hear(id, reply),
                    Stage::Verifying { verifier, .. } => verifier.hear(id, reply),
                    Stage::Sighting { look: None, .. }
                    | Stage::Leasing
                    | Stage::Queueing { .. }
                    | Stage::Pausing(_)
                    | Stage::Settled(_) => None,
                };
            }
        }
    }
}
