//! The laws every machine keeps.
//!
//! 1. `poll` thinks, `handle` listens: `handle` is total, and any number of inputs may come before
//!    the next `poll`.
//! 2. Poll until `Wait` or `Done`; only then rest.
//! 3. `Wait` with no time means that only a reply can move things.
//! 4. Time is told, never asked, and never goes back.
//! 5. Ids belong to whoever was polled; a stale or unknown id is ignored.
//! 6. `Done` is sticky and ends the conversation: what is still in flight is dropped.
//! 7. Cancelling is a state that every transition consults. It is idempotent; the machine goes on
//!    talking until copies are aborted and leases given back.
//! 8. A request is signed when it leaves.
//! 9. "Not sent" is an answer.
//! 10. Events are pulled; progress is read from state when asked for, so it coalesces.

use crate::error::TransportError;
use crate::message::{ExchangeId, Request, Response};
use crate::time::Timestamp;

/// A conversation with the service, with no idea how it is carried.
pub trait Machine {
    /// What is worth telling on the way.
    type Event;
    /// How it ended.
    type Outcome: Clone;

    /// Says what happens next. Ask again until the answer is `Wait` or `Done`.
    fn poll(&mut self, now: Timestamp) -> Step<Self::Event, Self::Outcome>;

    /// Takes note of something that happened. Never fails, never answers.
    fn handle(&mut self, input: Input);
}

/// What a machine wants next.
#[derive(Debug, Clone)]
pub enum Step<E, O> {
    /// Carry this request; answer with [`Input::Reply`] under the same id.
    Send(ExchangeId, Request),
    /// Tell the user.
    Emit(E),
    /// Nothing to do until a reply comes or time passes.
    Wait(Pause),
    /// It is over.
    Done(O),
}

/// A rest, and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// When to poll again, if no reply comes first.
    pub until: Option<Timestamp>,
    /// What is waited for, in a word or two.
    pub why: &'static str,
}

/// What a machine is told.
#[derive(Debug, Clone)]
pub enum Input {
    /// The answer to a request, or why there is none.
    Reply(ExchangeId, Result<Response, TransportError>),
    /// The user has had enough.
    Cancel,
}
