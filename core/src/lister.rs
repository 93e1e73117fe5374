//! A listing, page by page, never further than it was asked to run ahead.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::call::{Attempts, Line, Patience, Turn, answer};
use crate::error::Error;
use crate::machine::{Input, Machine, Step};
use crate::operation::{BlobPage, ListBlobs, Operation};
use crate::seed::Seed;
use crate::time::Timestamp;

/// An operation whose answer is one page and says where the next begins.
pub trait Paged: Operation {
    /// The marker of the page after this one; absent at the end.
    fn next_marker(page: &Self::Output) -> Option<&str>;

    /// The same question for the page at `marker`.
    #[must_use]
    fn at_marker(self, marker: String) -> Self;
}

/// A page, and the marker it was asked under.
#[derive(Debug, Clone)]
pub struct Page<P> {
    /// Where this page began; absent for the first. Good for asking again.
    pub marker: Option<String>,
    /// What the service listed.
    pub items: P,
}

/// A machine that fetches the pages of a listing as long as it has credit for them.
///
/// Its outcome says how many pages there were. Cancelling ends it where it stands.
#[derive(Debug)]
pub struct Lister<L: Paged> {
    question: L,
    line: Line,
    state: State<L>,
    marker: Option<String>,
    credit: u64,
    pages: u64,
    cancelled: bool,
}

#[derive(Debug)]
enum State<L> {
    Resting,
    Asking(Box<Attempts<L>>),
    Ended(Result<u64, Error>),
}

impl<L: Paged + Clone> Lister<L> {
    /// A listing that has credit for one page. `question` may begin at a marker of its own.
    #[must_use]
    pub fn new(question: L, patience: Patience, seed: Seed) -> Self {
        Self {
            question,
            line: Line::new(patience, seed),
            state: State::Resting,
            marker: None,
            credit: 1,
            pages: 0,
            cancelled: false,
        }
    }

    /// A listing without a limit to how far it runs ahead of its reader.
    #[must_use]
    pub fn eager(question: L, patience: Patience, seed: Seed) -> Self {
        let mut lister = Self::new(question, patience, seed);
        lister.credit = u64::MAX;
        lister
    }

    /// Begins at a page whose marker is known from before.
    #[must_use]
    pub fn starting_at(mut self, marker: Option<String>) -> Self {
        self.marker = marker;
        self
    }

    /// Allows that many more pages.
    pub fn credit(&mut self, pages: u64) {
        self.credit = self.credit.saturating_add(pages);
    }
}

impl<L: Paged + Clone> Machine for Lister<L> {
    type Event = Page<L::Output>;
    type Outcome = Result<u64, Error>;

    fn poll(&mut self, now: Timestamp) -> Step<Self::Event, Self::Outcome> {
        loop {
            match std::mem::replace(&mut self.state, State::Resting) {
                State::Ended(outcome) => {
                    self.state = State::Ended(outcome.clone());
                    return Step::Done(outcome);
                }
                State::Resting | State::Asking(_) if self.cancelled => {
                    self.state = State::Ended(Ok(self.pages));
                }
                State::Resting if self.credit == 0 => return Step::Wait(answer("for credit")),
                State::Resting => {
                    self.credit -= 1;
                    let question = match &self.marker {
                        Some(marker) => self.question.clone().at_marker(marker.clone()),
                        None => self.question.clone(),
                    };
                    self.state = State::Asking(Box::new(Attempts::new(question)));
                }
                State::Asking(mut call) => match call.poll(now, &mut self.line) {
                    Turn::Send(id, request) => {
                        self.state = State::Asking(call);
                        return Step::Send(id, request);
                    }
                    Turn::Wait(pause) => {
                        self.state = State::Asking(call);
                        return Step::Wait(pause);
                    }
                    Turn::Done(outcome) => match outcome.into_result() {
                        Ok(items) => return Step::Emit(self.turn_page(items)),
                        Err(error) => self.state = State::Ended(Err(error)),
                    },
                },
            }
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Cancel => self.cancelled = true,
            Input::Reply(id, reply) => {
                if let State::Asking(call) = &mut self.state {
                    call.hear(id, reply);
                }
            }
        }
    }
}

impl Paged for ListBlobs {
    fn next_marker(page: &BlobPage) -> Option<&str> {
        page.next_marker()
    }

    fn at_marker(mut self, marker: String) -> Self {
        self.marker = Some(marker);
        self
    }
}

impl<L: Paged> Lister<L> {
    fn turn_page(&mut self, items: L::Output) -> Page<L::Output> {
        self.pages += 1;
        let next = L::next_marker(&items)
            .filter(|next| !next.is_empty())
            .map(str::to_owned);
        if next.is_none() {
            self.state = State::Ended(Ok(self.pages));
        }
        let marker = std::mem::replace(&mut self.marker, next);
        Page { marker, items }
    }
}
