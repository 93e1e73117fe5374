//! What a passage does next: the lease first, then the stage.

#![warn(clippy::wildcard_enum_match_arm)]

use std::convert::Infallible;
use std::ops::ControlFlow;

use super::{Passage, PassageEvent, Passed, Stage};
use crate::call::{answer, until};
use crate::fleet::lane::Lane;
use crate::fleet::settled::Settled;
use crate::lease::LeaseEvent;
use crate::machine::{Machine, Pause, Step};
use crate::time::Timestamp;

/// What a passage wants next.
#[expect(
    clippy::large_enum_variant,
    reason = "made, moved once and taken apart: a box for each request would cost more"
)]
pub(super) enum Turn<R> {
    /// To rest.
    Rest(R),
    /// To hand this out.
    Out(Step<PassageEvent, Passed>),
    /// To be asked again, since something has changed.
    Again,
}

impl Passage {
    /// The pauses of lease and stage, or what comes before them.
    pub(super) fn turn(&mut self, now: Timestamp) -> Turn<[Pause; 2]> {
        let lease = match self.poll_keeper(now) {
            Turn::Rest(pause) => pause,
            Turn::Out(step) => return Turn::Out(step),
            Turn::Again => return Turn::Again,
        };
        match self.poll_stage(now) {
            Turn::Rest(pause) => Turn::Rest([lease, pause]),
            Turn::Out(step) => Turn::Out(step),
            Turn::Again => Turn::Again,
        }
    }

    fn poll_keeper(&mut self, now: Timestamp) -> Turn<Pause> {
        let Some(keeper) = &mut self.keeper else {
            return Turn::Rest(answer("no lease"));
        };
        if matches!(self.stage, Stage::Settled(_)) {
            keeper.machine_mut().stop();
        }
        match keeper.poll(now) {
            Step::Send(id, request) => Turn::Out(Step::Send(id, request)),
            Step::Wait(pause) => Turn::Rest(pause),
            Step::Emit(event) => {
                if matches!(self.stage, Stage::Leasing) && matches!(event, LeaseEvent::Held { .. })
                {
                    self.stage = self.start();
                }
                Turn::Out(Step::Emit(PassageEvent::Lease(event)))
            }
            Step::Done(outcome) => {
                self.keeper = None;
                self.lease = Some(outcome.clone());
                match self.stage {
                    Stage::Leasing => self.stage = Stage::Settled(Settled::NotLeased(outcome)),
                    Stage::Settled(_) => {}
                    Stage::SurveyingSource(_)
                    | Stage::SurveyingDestination(_)
                    | Stage::Copying(_)
                    | Stage::Sighting { .. }
                    | Stage::Queueing { .. }
                    | Stage::Verifying { .. }
                    | Stage::Pausing(_) => self.news.push_back(PassageEvent::LeaseLost(outcome)),
                }
                Turn::Again
            }
        }
    }

    fn poll_stage(&mut self, now: Timestamp) -> Turn<Pause> {
        let next = match &mut self.stage {
            Stage::SurveyingSource(look) => match carry(look, now) {
                ControlFlow::Continue(seen) => self.source_seen(seen.into_result()),
                ControlFlow::Break(turn) => return turn,
            },
            Stage::SurveyingDestination(look) => match carry(look, now) {
                ControlFlow::Continue(seen) => self.destination_seen(seen.into_result()),
                ControlFlow::Break(turn) => return turn,
            },
            Stage::Leasing => return Turn::Rest(answer("a lease")),
            Stage::Copying(job) => match job.poll(now) {
                Step::Emit(event) => return Turn::Out(Step::Emit(PassageEvent::Copy(event))),
                Step::Send(id, request) => return Turn::Out(Step::Send(id, request)),
                Step::Wait(pause) => return Turn::Rest(pause),
                Step::Done(outcome) => self.copied(outcome, now),
            },
            Stage::Sighting { look: None, .. } => return Turn::Rest(answer("to be told")),
            Stage::Sighting {
                look: Some(look),
                adopted,
            } => {
                let adopted = *adopted;
                match carry(look, now) {
                    ControlFlow::Continue(seen) => match seen.into_result() {
                        Ok(seen) => self.sighted(&seen.into(), adopted),
                        Err(error) => Stage::Settled(Settled::Unreadable(error)),
                    },
                    ControlFlow::Break(turn) => return turn,
                }
            }
            Stage::Queueing { .. } => return Turn::Rest(answer("its turn to compare")),
            Stage::Verifying { verifier, adopted } => {
                let adopted = *adopted;
                match verifier.poll(now) {
                    Step::Emit(_) => return Turn::Again,
                    Step::Send(id, request) => return Turn::Out(Step::Send(id, request)),
                    Step::Wait(pause) => return Turn::Rest(pause),
                    Step::Done(verified) => self.verified(verified, adopted),
                }
            }
            Stage::Pausing(at) if *at > now => return Turn::Rest(until(*at, "to begin again")),
            Stage::Pausing(_) => self.survey(),
            Stage::Settled(settled) => {
                if self.keeper.is_some() {
                    return Turn::Rest(answer("to give the lease back"));
                }
                return Turn::Out(Step::Done(Passed {
                    settled: settled.clone(),
                    lease: self.lease.clone(),
                }));
            }
        };
        self.stage = next;
        Turn::Again
    }
}

/// Polls a machine that tells nothing on its way.
fn carry<M: Machine<Event = Infallible>>(
    lane: &mut Lane<M>,
    now: Timestamp,
) -> ControlFlow<Turn<Pause>, M::Outcome> {
    match lane.poll(now) {
        Step::Done(outcome) => ControlFlow::Continue(outcome),
        Step::Send(id, request) => ControlFlow::Break(Turn::Out(Step::Send(id, request))),
        Step::Wait(pause) => ControlFlow::Break(Turn::Rest(pause)),
        Step::Emit(never) => match never {},
    }
}
