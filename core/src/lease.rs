//! A lease, held for as long as it is needed and given back.

#![warn(clippy::wildcard_enum_match_arm)]

mod outcome;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use outcome::{LeaseEvent, LeaseOutcome};

use crate::call::{Attempts, CallOutcome, Line, Patience, Turn, until};
use crate::error::{Error, ErrorCode, TransportError};
use crate::lease_id::{LeaseId, LeaseTerm};
use crate::machine::{Input, Machine, Step};
use crate::operation::{
    AcquireLease, BreakLease, BreakPeriod, LeaseTarget, ReleaseLease, RenewLease,
};
use crate::seed::Seed;
use crate::time::Timestamp;

/// How long a lease that does not run out may go unlooked at.
const IDLE: Duration = Duration::from_secs(3600);

/// How a lease is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeaseEnd {
    /// Given back with its id. The usual end.
    #[default]
    Release,
    /// Broken at once, whatever its id has become meanwhile.
    Break,
}

/// How a lease is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaseOptions {
    /// How long each request is tried; a renewal is tried until the lease runs out, however often.
    pub patience: Patience,
    /// How it is ended.
    pub end: LeaseEnd,
}

/// A machine that acquires a lease, renews it at half of its term, and gives it back when it is
/// stopped or cancelled.
///
/// The id is proposed by us, so that asking again after a lost answer is the same as asking once.
/// The term counts from the moment the request was handed out, so the lease is never believed held
/// longer than the service holds it.
#[derive(Debug)]
pub struct LeaseKeeper {
    target: LeaseTarget,
    id: LeaseId,
    term: LeaseTerm,
    end: LeaseEnd,
    line: Line,
    state: State,
    stopped: bool,
    /// Answers "not sent" that a cancel has brought to the giving back.
    unsent: u32,
    news: Option<LeaseEvent>,
}

#[derive(Debug)]
enum State {
    Acquiring(Box<Attempts<AcquireLease>>),
    Held {
        renew: Option<Timestamp>,
        until: Option<Timestamp>,
    },
    Renewing {
        call: Box<Attempts<RenewLease>>,
        until: Option<Timestamp>,
    },
    Releasing {
        call: Box<Attempts<ReleaseLease>>,
        until: Option<Timestamp>,
    },
    Breaking {
        call: Box<Attempts<BreakLease>>,
        until: Option<Timestamp>,
    },
    Settled(LeaseOutcome),
}

impl LeaseKeeper {
    /// A keeper that has not begun.
    #[must_use]
    pub fn new(
        target: LeaseTarget,
        id: LeaseId,
        term: LeaseTerm,
        options: LeaseOptions,
        seed: Seed,
    ) -> Self {
        let acquire = AcquireLease {
            proposed_id: Some(id.clone()),
            ..AcquireLease::new(target.clone(), term)
        };
        Self {
            target,
            id,
            term,
            end: options.end,
            line: Line::new(options.patience, seed),
            state: State::Acquiring(Box::new(Attempts::new(acquire))),
            stopped: false,
            unsent: 0,
            news: None,
        }
    }

    /// A keeper that only gives back, for a lease that a former run may have left behind. One that is
    /// not ours is left alone.
    #[must_use]
    pub fn giving_back(
        target: LeaseTarget,
        id: LeaseId,
        options: LeaseOptions,
        seed: Seed,
    ) -> Self {
        let mut keeper = Self::new(target, id, LeaseTerm::Infinite, options, seed);
        keeper.stopped = true;
        keeper.state = keeper.give_back(None);
        keeper
    }

    /// The id under which the lease is held.
    #[must_use]
    pub fn id(&self) -> &LeaseId {
        &self.id
    }

    /// What is leased.
    #[must_use]
    pub fn target(&self) -> &LeaseTarget {
        &self.target
    }

    /// Gives the lease back; the outcome says whether the service took it.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Whether the lease is held now, as far as we know.
    #[must_use]
    pub fn is_held(&self) -> bool {
        matches!(self.state, State::Held { .. } | State::Renewing { .. })
    }
}

impl Machine for LeaseKeeper {
    type Event = LeaseEvent;
    type Outcome = LeaseOutcome;

    fn poll(&mut self, now: Timestamp) -> Step<LeaseEvent, LeaseOutcome> {
        loop {
            if let Some(event) = self.news.take() {
                return Step::Emit(event);
            }
            let nothing = State::Held {
                renew: None,
                until: None,
            };
            // Each arm either returns with its state put back, or says what comes next.
            macro_rules! carry {
                ($call:ident, $back:expr) => {
                    match $call.poll(now, &mut self.line) {
                        Turn::Send(id, request) => {
                            self.state = $back;
                            return Step::Send(id, request);
                        }
                        Turn::Wait(pause) => {
                            self.state = $back;
                            return Step::Wait(pause);
                        }
                        Turn::Done(outcome) => outcome,
                    }
                };
            }
            self.state = match std::mem::replace(&mut self.state, nothing) {
                State::Settled(outcome) => {
                    self.state = State::Settled(outcome.clone());
                    return Step::Done(outcome);
                }
                State::Acquiring(mut call) => {
                    if self.stopped {
                        call.end();
                    }
                    let outcome = carry!(call, State::Acquiring(call));
                    let sent = call.sent();
                    self.acquired(outcome.map(|_| ()), sent.unwrap_or(now))
                }
                State::Held { until, .. } | State::Renewing { until, .. } if self.stopped => {
                    self.give_back(until)
                }
                State::Held {
                    renew: Some(at),
                    until,
                } if at <= now => self.renew(until),
                State::Held { renew, until: end } => {
                    self.state = State::Held { renew, until: end };
                    // A lease that does not run out is looked after by nobody but its user.
                    return Step::Wait(renew.map_or_else(
                        || until(now + IDLE, "to be stopped"),
                        |at| until(at, "to renew"),
                    ));
                }
                State::Renewing { mut call, until } => {
                    let outcome = carry!(call, State::Renewing { call, until });
                    let sent = call.sent();
                    self.renewed(outcome.map(|_| ()), sent.unwrap_or(now), until)
                }
                State::Releasing { mut call, until } => {
                    let outcome = carry!(call, State::Releasing { call, until });
                    self.given_back(outcome.map(|_| ()), until)
                }
                State::Breaking { mut call, until } => {
                    let outcome = carry!(call, State::Breaking { call, until });
                    self.given_back(outcome.map(|_| ()), until)
                }
            };
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Cancel => self.stopped = true,
            Input::Reply(id, reply) => {
                match &mut self.state {
                    State::Acquiring(call) => call.hear(id, reply),
                    State::Renewing { call, .. } => call.hear(id, reply),
                    State::Releasing { call, .. } => call.hear(id, reply),
                    State::Breaking { call, .. } => call.hear(id, reply),
                    State::Held { .. } | State::Settled(_) => false,
                };
            }
        }
    }
}

impl LeaseKeeper {
    fn acquired(&mut self, outcome: CallOutcome<()>, sent: Timestamp) -> State {
        match outcome {
            CallOutcome::Done(()) => {
                let (renew, until) = self.moments(sent);
                self.news = Some(LeaseEvent::Held { until });
                State::Held { renew, until }
            }
            CallOutcome::Failed(Error::Transport(error)) if error.is_unsent() => {
                State::Settled(LeaseOutcome::Refused(error.into()))
            }
            // The service may have given it all the same.
            CallOutcome::Unknown(error) | CallOutcome::Failed(error)
                if error.service().is_none_or(|error| error.status >= 500) =>
            {
                self.news = Some(LeaseEvent::Doubtful(error));
                self.stopped = true;
                self.give_back(self.moments(sent).1)
            }
            CallOutcome::Unknown(error) | CallOutcome::Failed(error) => {
                State::Settled(LeaseOutcome::Refused(error))
            }
        }
    }

    fn renew(&self, until: Option<Timestamp>) -> State {
        let renew = RenewLease::new(self.target.clone(), self.id.clone());
        let attempts = Attempts::new(renew);
        let call = Box::new(match until {
            Some(end) => attempts.by(end),
            None => attempts,
        });
        State::Renewing { call, until }
    }

    fn renewed(
        &mut self,
        outcome: CallOutcome<()>,
        sent: Timestamp,
        held: Option<Timestamp>,
    ) -> State {
        match outcome {
            CallOutcome::Done(()) => {
                let (renew, until) = self.moments(sent);
                self.news = Some(LeaseEvent::Renewed { until });
                State::Held { renew, until }
            }
            CallOutcome::Unknown(error) | CallOutcome::Failed(error) => {
                State::Settled(LeaseOutcome::Lost {
                    held_until: held,
                    error,
                })
            }
        }
    }

    fn give_back(&self, until: Option<Timestamp>) -> State {
        match self.end {
            LeaseEnd::Release => {
                let release = ReleaseLease::new(self.target.clone(), self.id.clone());
                let call = Box::new(Attempts::new(release));
                State::Releasing { call, until }
            }
            LeaseEnd::Break => {
                let now = BreakLease {
                    period: BreakPeriod::seconds(0).ok(),
                    ..BreakLease::new(self.target.clone())
                };
                let call = Box::new(Attempts::new(now));
                State::Breaking { call, until }
            }
        }
    }

    fn given_back(&mut self, outcome: CallOutcome<()>, until: Option<Timestamp>) -> State {
        match outcome {
            CallOutcome::Done(()) => State::Settled(LeaseOutcome::Released),
            CallOutcome::Unknown(error) | CallOutcome::Failed(error) => {
                if is_no_longer_ours(&error) {
                    return State::Settled(LeaseOutcome::Released);
                }
                // A cancel takes away what waits at the gate; giving back must still be asked.
                if error == TransportError::NotSent.into() && self.unsent < 2 {
                    self.unsent += 1;
                    return self.give_back(until);
                }
                State::Settled(LeaseOutcome::Kept {
                    id: self.id.clone(),
                    until,
                    error,
                })
            }
        }
    }

    /// When to renew, and until when the lease is held, by a request handed out at `sent`.
    fn moments(&self, sent: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        match self.term.duration() {
            Some(term) => (Some(sent + term / 2), Some(sent + term)),
            None => (None, None),
        }
    }
}

/// Whether a refusal to take the lease back says that there is nothing of ours to take.
fn is_no_longer_ours(error: &Error) -> bool {
    error.service().is_some_and(|error| error.status == 404)
        || [
            ErrorCode::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION,
            ErrorCode::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION,
            ErrorCode::LEASE_ALREADY_BROKEN,
        ]
        .iter()
        .any(|code| error.has_code(code))
}
