//! What copies stand on a container or prefix: told, waited for, or aborted.

#![warn(clippy::wildcard_enum_match_arm)]

mod outcome;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use outcome::{SweepEvent, SweepReport};

use crate::address::ContainerAddress;
use crate::call::{Call, CallOutcome, Patience, until};
use crate::copy::Pace;
use crate::error::{Error, ErrorCode};
use crate::lister::{Lister, Page};
use crate::machine::{Input, Machine, Pause, Step};
use crate::nest::{Nest, Nested};
use crate::operation::{AbortCopyBlob, BlobPage, ListBlobs};
use crate::properties::{BlobProperties, CopyId, CopyProperties};
use crate::seed::Seed;
use crate::time::Timestamp;
use crate::words::{CopyStatus, ListInclude};

/// What a sweep does about the copies it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SweepTask {
    /// Tells of each.
    Look,
    /// Looks again and again until none is pending.
    Wait(Pace),
    /// Aborts those that are pending.
    Abort(AbortOnly),
}

/// Which pending copies are aborted: all that meet every condition given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AbortOnly {
    /// Pending at least this long, by the service's times.
    pub older_than: Option<Duration>,
    /// Of this id.
    pub copy_id: Option<CopyId>,
}

/// How many aborts are asked for before the next page of the listing.
const ABORTS_AT_ONCE: usize = 256;

/// A machine that lists the copies under a prefix, and does something about those that are pending.
///
/// Names are told as they are listed; memory does not grow with the container. Cancelling ends it
/// once the aborts that are under way have been answered.
#[derive(Debug)]
pub struct Sweep {
    question: ListBlobs,
    task: SweepTask,
    patience: Patience,
    seed: Seed,
    nest: Nest<Key, Member>,
    serial: u64,
    /// The page that has been listed and not looked through.
    page: std::vec::IntoIter<(Box<str>, Box<BlobProperties>)>,
    aborting: usize,
    round: Round,
    interval: Duration,
    next_round: Option<Timestamp>,
    report: SweepReport,
    news: Option<SweepEvent>,
    begun: bool,
    cancelled: bool,
    done: bool,
}

/// What one listing has shown.
#[derive(Debug, Default)]
struct Round {
    pending: u64,
    copied: u64,
    ended: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Abort(u64),
    Lister(u64),
}

#[derive(Debug)]
enum Member {
    Abort(Box<(Box<str>, CopyId, Call<AbortCopyBlob>)>),
    Lister(Box<Lister<ListBlobs>>),
}

impl Sweep {
    /// A sweep that has not begun; an empty prefix means the whole container.
    #[must_use]
    pub fn new(
        container: ContainerAddress,
        prefix: &str,
        task: SweepTask,
        patience: Patience,
        seed: Seed,
    ) -> Self {
        let mut question = ListBlobs::new(container);
        question.prefix = Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty());
        question.include = vec![ListInclude::Copy];
        let interval = match &task {
            SweepTask::Wait(pace) => pace.shortest,
            SweepTask::Look | SweepTask::Abort(_) => Duration::ZERO,
        };
        Self {
            question,
            task,
            patience,
            seed,
            nest: Nest::new(),
            serial: 0,
            page: Vec::new().into_iter(),
            aborting: 0,
            round: Round::default(),
            interval,
            next_round: None,
            report: SweepReport::default(),
            news: None,
            begun: false,
            cancelled: false,
            done: false,
        }
    }

    fn begin_round(&mut self) {
        self.serial += 1;
        self.round = Round::default();
        self.report = SweepReport {
            rounds: self.report.rounds + 1,
            ..SweepReport::default()
        };
        let lister = Lister::new(
            self.question.clone(),
            self.patience.clone(),
            self.seed.split(),
        );
        let key = Key::Lister(self.serial);
        self.nest.insert(key, Member::Lister(Box::new(lister)));
    }

    /// Looks through what was listed until there is something to tell; true where there is.
    fn look_through(&mut self, now: Timestamp) -> bool {
        while self.aborting < ABORTS_AT_ONCE {
            let Some((name, seen)) = self.page.next() else {
                return false;
            };
            self.report.listed += 1;
            let Some(copy) = &seen.copy else { continue };
            self.report.count(copy);
            if copy.status == CopyStatus::Pending {
                self.round.pending += 1;
                self.round.copied += copy.progress.unwrap_or_default().copied;
                if self.is_to_abort(copy, &seen, now) && !self.cancelled {
                    self.abort(&name, copy.id.clone());
                }
            }
            self.news = Some(SweepEvent::Found {
                name,
                properties: seen,
            });
            return true;
        }
        false
    }

    fn is_to_abort(&self, copy: &CopyProperties, seen: &BlobProperties, now: Timestamp) -> bool {
        let SweepTask::Abort(only) = &self.task else {
            return false;
        };
        let old_enough = match (only.older_than, seen.last_modified) {
            (Some(age), Some(since)) => now.since(since) >= age,
            (Some(_), None) => false,
            (None, _) => true,
        };
        old_enough && only.copy_id.as_ref().is_none_or(|id| *id == copy.id)
    }

    fn abort(&mut self, name: &str, copy_id: CopyId) {
        // A name that cannot travel cannot have been copied to by a URL either.
        let Ok(blob) = name.parse() else {
            self.report.not_aborted += 1;
            return;
        };
        self.serial += 1;
        self.aborting += 1;
        let blob = self.question.container.blob(blob);
        let abort = AbortCopyBlob::new(blob, copy_id.clone());
        let call = Call::new(abort, self.patience.clone(), self.seed.split());
        let member = Member::Abort(Box::new((name.into(), copy_id, call)));
        self.nest.insert(Key::Abort(self.serial), member);
    }

    fn aborted(&mut self, member: Option<Member>, outcome: Result<(), Error>) {
        self.aborting = self.aborting.saturating_sub(1);
        let Some(Member::Abort(member)) = member else {
            return;
        };
        let (name, copy_id, _) = *member;
        let result = match outcome {
            Err(error) if error.has_code(&ErrorCode::NO_PENDING_COPY_OPERATION) => Ok(false),
            Err(error) => Err(error),
            Ok(()) => Ok(true),
        };
        match &result {
            Ok(aborted) => self.report.aborted += u64::from(*aborted),
            Err(_) => self.report.not_aborted += 1,
        }
        self.news = Some(SweepEvent::Aborted {
            name,
            copy_id,
            result,
        });
    }

    /// Everything of this round is done: the end, or a pause before the next.
    fn turn(&mut self, now: Timestamp) {
        let again = match &self.task {
            SweepTask::Wait(pace) if self.round.pending > 0 => Some(pace.clone()),
            SweepTask::Wait(_) | SweepTask::Look | SweepTask::Abort(_) => None,
        };
        match again.filter(|_| !self.cancelled && self.report.error.is_none()) {
            None => self.done = true,
            Some(pace) => {
                self.next_round = Some(now + self.interval);
                self.interval = (self.interval * 3 / 2).min(pace.longest.max(pace.shortest));
                self.news = Some(SweepEvent::Waiting {
                    pending: self.round.pending,
                    copied: self.round.copied,
                });
            }
        }
    }
}

impl Machine for Sweep {
    type Event = SweepEvent;
    type Outcome = SweepReport;

    fn poll(&mut self, now: Timestamp) -> Step<SweepEvent, SweepReport> {
        if !std::mem::replace(&mut self.begun, true) {
            if self.cancelled {
                self.done = true;
            } else {
                self.begin_round();
            }
        }
        loop {
            if let Some(event) = self.news.take() {
                return Step::Emit(event);
            }
            if self.done {
                return Step::Done(self.report.clone());
            }
            if let Some(at) = self.next_round {
                if self.cancelled {
                    self.done = true;
                    continue;
                }
                if at > now {
                    return Step::Wait(until(at, "to look again"));
                }
                self.next_round = None;
                self.begin_round();
            }
            if self.look_through(now) {
                continue;
            }
            match self.nest.poll(now) {
                Nested::Send(_, id, request) => return Step::Send(id, request),
                Nested::Emit(key, page) => {
                    let blobs = page.items.blobs.into_iter();
                    let page: Vec<_> = blobs
                        .map(|blob| (blob.name, Box::new(blob.properties)))
                        .collect();
                    self.page = page.into_iter();
                    if let Some(Member::Lister(lister)) = self.nest.touch(key) {
                        lister.credit(1);
                    }
                }
                Nested::Done(_, member, MemberOutcome::Aborted(outcome)) => {
                    self.aborted(member, outcome);
                }
                Nested::Done(_, _, MemberOutcome::Listed(outcome)) => {
                    self.round.ended = true;
                    self.report.error = outcome.err();
                }
                Nested::Wait(Pause { .. }) if self.round.ended && self.nest.is_empty() => {
                    self.turn(now);
                }
                Nested::Wait(pause) => return Step::Wait(pause),
            }
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Reply(id, reply) => self.nest.reply(id, reply),
            Input::Cancel => {
                if !std::mem::replace(&mut self.cancelled, true) {
                    self.report.cancelled = true;
                    self.nest.cancel();
                }
            }
        }
    }
}

#[derive(Clone)]
enum MemberOutcome {
    Aborted(Result<(), Error>),
    Listed(Result<u64, Error>),
}

impl Machine for Member {
    type Event = Page<BlobPage>;
    type Outcome = MemberOutcome;

    fn poll(&mut self, now: Timestamp) -> Step<Page<BlobPage>, MemberOutcome> {
        match self {
            Self::Abort(member) => match member.2.poll(now) {
                Step::Send(id, request) => Step::Send(id, request),
                Step::Wait(pause) => Step::Wait(pause),
                Step::Emit(never) => match never {},
                Step::Done(outcome) => {
                    let result = CallOutcome::into_result(outcome).map(|_| ());
                    Step::Done(MemberOutcome::Aborted(result))
                }
            },
            Self::Lister(lister) => match lister.poll(now) {
                Step::Send(id, request) => Step::Send(id, request),
                Step::Wait(pause) => Step::Wait(pause),
                Step::Emit(page) => Step::Emit(page),
                Step::Done(outcome) => Step::Done(MemberOutcome::Listed(outcome)),
            },
        }
    }

    fn handle(&mut self, input: Input) {
        match self {
            Self::Abort(member) => member.2.handle(input),
            Self::Lister(lister) => lister.handle(input),
        }
    }
}
