//! One asynchronous copy, from its start to its end.
//!
//! | State | What comes | Next |
//! | --- | --- | --- |
//! | starting | pending / success | resting / settled |
//! | | answer lost | checking for a copy of ours |
//! | | `PendingCopyOperation` | checking whose it is |
//! | | not sent, after a cancel | settled: aborted, never started |
//! | | refused | settled: refused |
//! | resting | its moment, or told to look | checking |
//! | | a listing shows our copy | as if checked |
//! | | cancelled | aborting, or left |
//! | checking | pending | resting |
//! | | success / failed / aborted | settled: the same |
//! | | another copy id, or none | settled: superseded |
//! | | no blob | settled: destination gone |
//! | | after a lost start: no copy of ours | pausing, then starting |
//! | | whose it is: same source / another | resting, adopted / settled: occupied |
//! | aborting | accepted | settled: aborted |
//! | | `NoPendingCopyOperation`, answer lost | checking |
//! | pausing | its moment | starting, or aborting again |
//! | settled | anything | settled |

#![warn(clippy::wildcard_enum_match_arm)]

mod follow;
mod options;
pub(crate) mod origin;
mod outcome;
mod pace;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

pub use options::CopyOptions;
pub use outcome::{Copied, CopyEvent, CopyOutcome, ForeignCopy};
pub use pace::{Floor, Pace};

use crate::address::BlobAddress;
use crate::call::{Attempts, Line, Turn, answer, until};
use crate::error::Error;
use crate::machine::{Input, Machine, Step};
use crate::operation::{AbortCopyBlob, CopyBlob, GetBlobProperties};
use crate::properties::{BlobProperties, CopyId, CopyProgress, CopyProperties};
use crate::seed::Seed;
use crate::time::Timestamp;

use pace::Progress;

/// A machine that starts one copy and stays with it to its end.
///
/// The start is never asked twice blindly: after a lost answer it looks whether a copy of ours
/// stands on the destination. Somebody else's copy is never mistaken for ours: the copy id is
/// compared at every look.
#[derive(Debug)]
pub struct CopyJob {
    copy: Arc<CopyBlob>,
    options: CopyOptions,
    line: Line,
    state: State,
    /// Which copy is ours, once known.
    copy_id: Option<CopyId>,
    /// The copy that stood on the destination before, where that is known.
    before: Option<Option<CopyId>>,
    adopted: bool,
    progress: Option<Progress>,
    /// When the start was first asked for whose answer is lost.
    lost: Option<Timestamp>,
    starts: u32,
    aborts: u32,
    cancelled: bool,
    look: bool,
    news: VecDeque<CopyEvent>,
}

#[derive(Debug)]
enum State {
    Starting(Box<Attempts<Arc<CopyBlob>>>),
    Resting { until: Option<Timestamp> },
    Checking(Box<Attempts<GetBlobProperties>>, Why),
    Aborting(Box<Attempts<AbortCopyBlob>>),
    Pausing { until: Timestamp, then: Again },
    Settled(CopyOutcome),
}

/// What a check is to find out.
#[derive(Debug)]
enum Why {
    /// How far our copy is.
    Progress,
    /// Whether the start whose answer was lost, or that met an obstacle, took effect.
    Lost(Error),
    /// Whose copy is in the way.
    Occupied(Error),
    /// How it ended, since it could not be aborted.
    Aborted,
}

#[derive(Debug, Clone, Copy)]
enum Again {
    Start,
    Abort,
}

impl CopyJob {
    /// A copy that has not begun. `copy` carries every condition, the lease of the destination and
    /// what is to be set on it.
    #[must_use]
    pub fn new(copy: CopyBlob, options: CopyOptions, seed: Seed) -> Self {
        let copy = Arc::new(copy);
        let state = State::Starting(Box::new(Attempts::new(Arc::clone(&copy))));
        Self::with(copy, options, seed, state)
    }

    /// A copy that is already pending, to be watched: `copy` tells destination, source and lease.
    #[must_use]
    pub fn watching(copy: CopyBlob, copy_id: CopyId, options: CopyOptions, seed: Seed) -> Self {
        let state = State::Resting { until: None };
        let look = options.pace.is_some();
        let mut job = Self::with(Arc::new(copy), options, seed, state);
        job.copy_id = Some(copy_id);
        job.adopted = true;
        job.look = look;
        job
    }

    fn with(copy: Arc<CopyBlob>, options: CopyOptions, seed: Seed, state: State) -> Self {
        Self {
            copy,
            line: Line::new(options.patience.clone(), seed),
            options,
            state,
            copy_id: None,
            before: None,
            adopted: false,
            progress: None,
            lost: None,
            starts: 0,
            aborts: 0,
            cancelled: false,
            look: false,
            news: VecDeque::new(),
        }
    }

    /// Says which copy the destination shows before this one is started, if any, so that it is never
    /// taken for ours.
    #[must_use]
    pub fn after(mut self, copy_id: Option<CopyId>) -> Self {
        self.before = Some(copy_id);
        self
    }

    /// Where to.
    #[must_use]
    pub fn destination(&self) -> &BlobAddress {
        &self.copy.destination
    }

    /// Which copy is ours, once that is known.
    #[must_use]
    pub fn copy_id(&self) -> Option<&CopyId> {
        self.copy_id.as_ref()
    }

    /// How far the last look saw it.
    #[must_use]
    pub fn progress(&self) -> CopyProgress {
        self.progress
            .as_ref()
            .map(Progress::latest)
            .unwrap_or_default()
    }

    /// Whether it waits for its copy to go on, so that a look makes sense.
    #[must_use]
    pub fn is_resting(&self) -> bool {
        matches!(self.state, State::Resting { .. })
    }

    /// Asks it to look for itself now, if it rests.
    pub fn look(&mut self) {
        self.look = self.is_resting();
    }

    /// Tells what a listing shows on the destination. If that is our copy it counts as a look;
    /// anything else makes the job look for itself, because listings may be older than the copy.
    pub fn observe(&mut self, seen: &BlobProperties, now: Timestamp) {
        self.observe_copy(seen.copy.clone(), Some(seen), now);
    }

    /// The same, told of the copy alone, so that a success comes without what the destination shows.
    pub(crate) fn observe_copy(
        &mut self,
        copy: Option<CopyProperties>,
        seen: Option<&BlobProperties>,
        now: Timestamp,
    ) {
        if !self.is_resting() {
            return;
        }
        match copy {
            Some(copy) if Some(&copy.id) == self.copy_id.as_ref() => {
                self.state = self.seen(copy, seen, now);
            }
            Some(_) | None => self.look = true,
        }
    }

    /// Whether it has something to say or to do at once.
    pub(crate) fn wants_turn(&self) -> bool {
        self.look || !self.is_resting() || !self.news.is_empty()
    }
}

impl Machine for CopyJob {
    type Event = CopyEvent;
    type Outcome = CopyOutcome;

    fn poll(&mut self, now: Timestamp) -> Step<CopyEvent, CopyOutcome> {
        loop {
            if let Some(event) = self.news.pop_front() {
                return Step::Emit(event);
            }
            let resting = State::Resting { until: None };
            self.state = match std::mem::replace(&mut self.state, resting) {
                State::Settled(outcome) => {
                    self.state = State::Settled(outcome.clone());
                    return Step::Done(outcome);
                }
                State::Resting { .. } if self.cancelled => self.stop(),
                State::Resting { .. } if std::mem::take(&mut self.look) => {
                    self.check(Why::Progress)
                }
                State::Resting { until: Some(at) } if at <= now => self.check(Why::Progress),
                State::Resting { until: at } => {
                    self.state = State::Resting { until: at };
                    return Step::Wait(at.map_or(answer("to be told"), |at| until(at, "to look")));
                }
                State::Pausing {
                    then: Again::Start, ..
                } if self.cancelled => self.stop(),
                State::Pausing { until: at, then } if at > now => {
                    self.state = State::Pausing { until: at, then };
                    return Step::Wait(until(at, "to go on"));
                }
                State::Pausing { then, .. } => match then {
                    Again::Start => {
                        State::Starting(Box::new(Attempts::new(Arc::clone(&self.copy))))
                    }
                    Again::Abort => self.stop(),
                },
                State::Starting(mut call) => {
                    if self.cancelled {
                        call.end();
                    }
                    match call.poll(now, &mut self.line) {
                        Turn::Send(id, request) => {
                            self.state = State::Starting(call);
                            return Step::Send(id, request);
                        }
                        Turn::Wait(pause) => {
                            self.state = State::Starting(call);
                            return Step::Wait(pause);
                        }
                        Turn::Done(outcome) => {
                            let asked = call.begun().unwrap_or(now);
                            self.started(outcome, asked, now)
                        }
                    }
                }
                State::Checking(_, Why::Progress) if self.cancelled => self.stop(),
                State::Checking(mut call, why) => match call.poll(now, &mut self.line) {
                    Turn::Send(id, request) => {
                        self.state = State::Checking(call, why);
                        return Step::Send(id, request);
                    }
                    Turn::Wait(pause) => {
                        self.state = State::Checking(call, why);
                        return Step::Wait(pause);
                    }
                    Turn::Done(outcome) => {
                        let clock = call.service_clock().unwrap_or(now);
                        self.checked(outcome.into_result(), why, clock, now)
                    }
                },
                State::Aborting(mut call) => match call.poll(now, &mut self.line) {
                    Turn::Send(id, request) => {
                        self.state = State::Aborting(call);
                        return Step::Send(id, request);
                    }
                    Turn::Wait(pause) => {
                        self.state = State::Aborting(call);
                        return Step::Wait(pause);
                    }
                    Turn::Done(outcome) => self.aborted(outcome, now),
                },
            };
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Cancel => self.cancelled = true,
            Input::Reply(id, reply) => {
                match &mut self.state {
                    State::Starting(call) => call.hear(id, reply),
                    State::Checking(call, _) => call.hear(id, reply),
                    State::Aborting(call) => call.hear(id, reply),
                    State::Resting { .. } | State::Pausing { .. } | State::Settled(_) => false,
                };
            }
        }
    }
}
