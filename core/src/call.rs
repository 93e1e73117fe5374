//! One operation carried through its attempts, as a machine by itself.

#![warn(clippy::wildcard_enum_match_arm)]

mod attempts;
mod judge;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::time::Duration;

pub(crate) use attempts::{Attempts, Line, Turn};

use crate::error::Error;
use crate::machine::{Input, Machine, Pause, Step};
use crate::operation::Operation;
use crate::seed::Seed;
use crate::time::Timestamp;

/// How long one operation is tried.
///
/// Throttling (503 `ServerBusy`, 429) waits without spending an attempt; [`Patience::overall`] ends
/// that too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// How often an operation is tried before it is given up; at least once. Default 5.
    pub attempts: u32,
    /// The first delay between two attempts; it doubles from there. Default 800 ms.
    pub first: Duration,
    /// The longest delay between two attempts. Default 30 s.
    pub longest: Duration,
    /// How long an operation may take in all. Default 10 minutes.
    pub overall: Duration,
    /// How long one attempt may take; absent for the engine's own limit.
    pub each: Option<Duration>,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 5,
            first: Duration::from_millis(800),
            longest: Duration::from_secs(30),
            overall: Duration::from_secs(600),
            each: None,
        }
    }
}

/// How one operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome<T> {
    /// It was done, and this is what the service said.
    Done(T),
    /// It was not done, or what it asked for is not to be had.
    Failed(Error),
    /// Nobody knows: the answer to an operation that must not be asked twice was lost. Look.
    Unknown(Error),
}

impl<T> CallOutcome<T> {
    /// The same ending with another answer.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> CallOutcome<U> {
        match self {
            Self::Done(output) => CallOutcome::Done(change(output)),
            Self::Failed(error) => CallOutcome::Failed(error),
            Self::Unknown(error) => CallOutcome::Unknown(error),
        }
    }

    /// The answer, or why there is none.
    ///
    /// # Errors
    /// What failed, or why the answer is not known.
    pub fn into_result(self) -> Result<T, Error> {
        match self {
            Self::Done(output) => Ok(output),
            Self::Failed(error) | Self::Unknown(error) => Err(error),
        }
    }
}

/// A machine that carries one operation through its attempts.
///
/// Idempotent operations are asked again after lost answers and server errors, others only where
/// the service certainly has not acted; each attempt is signed anew. Cancelling ends it with what is
/// known at that moment.
#[derive(Debug)]
pub struct Call<O: Operation> {
    line: Line,
    attempts: Attempts<O>,
    outcome: Option<CallOutcome<O::Output>>,
}

impl<O: Operation> Call<O> {
    /// A call that has not begun. `seed` spreads its delays.
    #[must_use]
    pub fn new(operation: O, patience: Patience, seed: Seed) -> Self {
        Self {
            line: Line::new(patience, seed),
            attempts: Attempts::new(operation),
            outcome: None,
        }
    }
}

impl<O: Operation<Output: Clone>> Machine for Call<O> {
    type Event = Infallible;
    type Outcome = CallOutcome<O::Output>;

    fn poll(&mut self, now: Timestamp) -> Step<Infallible, Self::Outcome> {
        if let Some(outcome) = &self.outcome {
            return Step::Done(outcome.clone());
        }
        match self.attempts.poll(now, &mut self.line) {
            Turn::Send(id, request) => Step::Send(id, request),
            Turn::Wait(pause) => Step::Wait(pause),
            Turn::Done(outcome) => Step::Done(self.outcome.insert(outcome).clone()),
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Reply(id, reply) => {
                self.attempts.hear(id, reply);
            }
            Input::Cancel => self.attempts.end(),
        }
    }
}

/// A rest until a moment.
pub(crate) fn until(moment: Timestamp, why: &'static str) -> Pause {
    Pause {
        until: Some(moment),
        why,
    }
}

/// A rest until an answer comes.
pub(crate) fn answer(why: &'static str) -> Pause {
    Pause { until: None, why }
}
