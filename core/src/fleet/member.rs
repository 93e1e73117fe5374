//! Who is in a fleet: one machine for each blob under way, and listings.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::error::Error;
use crate::fleet::listing::{Listing, Sights};
use crate::fleet::passage::{Passage, PassageEvent, Passed};
use crate::lister::{Lister, Page};
use crate::machine::{Input, Machine, Step};
use crate::time::Timestamp;

/// Who it is; the lesser one is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Passage(u64),
    /// A listing of what is pending.
    Watch(u64),
    Destination,
    Source,
}

#[derive(Debug)]
pub(super) enum Member {
    Passage(Box<Passage>),
    Lister(Box<Lister<Listing>>),
}

pub(super) enum MemberEvent {
    Passage(PassageEvent),
    Page(Page<Sights>),
}

#[derive(Clone)]
pub(super) enum MemberOutcome {
    Passed(Passed),
    Listed(Result<u64, Error>),
}

impl Member {
    pub(super) fn passage(&self) -> Option<&Passage> {
        match self {
            Self::Passage(passage) => Some(passage),
            Self::Lister(_) => None,
        }
    }

    pub(super) fn passage_mut(&mut self) -> Option<&mut Passage> {
        match self {
            Self::Passage(passage) => Some(passage),
            Self::Lister(_) => None,
        }
    }

    pub(super) fn lister_mut(&mut self) -> Option<&mut Lister<Listing>> {
        match self {
            Self::Lister(lister) => Some(lister),
            Self::Passage(_) => None,
        }
    }
}

impl Machine for Member {
    type Event = MemberEvent;
    type Outcome = MemberOutcome;

    fn poll(&mut self, now: Timestamp) -> Step<MemberEvent, MemberOutcome> {
        match self {
            Self::Passage(passage) => match passage.poll(now) {
                Step::Send(id, request) => Step::Send(id, request),
                Step::Emit(event) => Step::Emit(MemberEvent::Passage(event)),
                Step::Wait(pause) => Step::Wait(pause),
                Step::Done(passed) => Step::Done(MemberOutcome::Passed(passed)),
            },
            Self::Lister(lister) => match lister.poll(now) {
                Step::Send(id, request) => Step::Send(id, request),
                Step::Emit(page) => Step::Emit(MemberEvent::Page(page)),
                Step::Wait(pause) => Step::Wait(pause),
                Step::Done(listed) => Step::Done(MemberOutcome::Listed(listed)),
            },
        }
    }

    fn handle(&mut self, input: Input) {
        match self {
            Self::Passage(passage) => passage.handle(input),
            Self::Lister(lister) => lister.handle(input),
        }
    }
}
