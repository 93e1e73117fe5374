//! The attempts of one operation: what machines hold for each thing they ask.

#![warn(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use super::judge::{Remedy, remedy};
use super::{CallOutcome, Patience, answer, until};
use crate::backoff::Backoff;
use crate::error::{Error, TransportError};
use crate::machine::Pause;
use crate::message::{ExchangeId, Request, Response};
use crate::operation::Operation;
use crate::seed::Seed;
use crate::time::Timestamp;
use crate::wire::header;

/// What successive calls of one machine share: ids that are never used twice, chance, and patience.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    next: u64,
    pub(crate) seed: Seed,
    pub(crate) patience: Patience,
}

impl Line {
    pub(crate) fn new(patience: Patience, seed: Seed) -> Self {
        Self {
            next: 0,
            seed,
            patience,
        }
    }

    fn exchange(&mut self) -> ExchangeId {
        self.next += 1;
        ExchangeId(self.next)
    }
}

/// What an operation wants next.
#[derive(Debug)]
pub(crate) enum Turn<T> {
    Send(ExchangeId, Request),
    Wait(Pause),
    Done(CallOutcome<T>),
}

/// One operation on its way through its attempts.
#[derive(Debug)]
pub(crate) struct Attempts<O> {
    operation: O,
    state: State,
    /// How often it was asked.
    asked: u32,
    /// How many failures count against patience.
    spent: u32,
    backoff: Option<Backoff>,
    begun: Option<Timestamp>,
    deadline: Option<Timestamp>,
    sent: Option<Timestamp>,
    service_clock: Option<Timestamp>,
    clock_followed: bool,
    token_renewed: bool,
    ended: bool,
}

#[derive(Debug)]
enum State {
    /// To be asked at that moment, because of that failure; at once if there is none.
    Due(Option<(Timestamp, Error)>),
    Flying(ExchangeId),
    Landed(Result<Response, TransportError>),
}

impl<O: Operation> Attempts<O> {
    pub(crate) fn new(operation: O) -> Self {
        Self {
            operation,
            state: State::Due(None),
            asked: 0,
            spent: 0,
            backoff: None,
            begun: None,
            deadline: None,
            sent: None,
            service_clock: None,
            clock_followed: false,
            token_renewed: false,
            ended: false,
        }
    }

    /// Tries until `deadline`, however often.
    pub(crate) fn by(mut self, deadline: Timestamp) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// When the attempt that counts was handed out: what it set in motion began no earlier.
    pub(crate) fn sent(&self) -> Option<Timestamp> {
        self.sent
    }

    /// When the first attempt was handed out.
    pub(crate) fn begun(&self) -> Option<Timestamp> {
        self.begun
    }

    /// The date of the latest answer.
    pub(crate) fn service_clock(&self) -> Option<Timestamp> {
        self.service_clock
    }

    /// Makes no further attempt; an answer that is under way still counts.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// Takes the answer, if it is to our question.
    pub(crate) fn hear(&mut self, id: ExchangeId, reply: Result<Response, TransportError>) -> bool {
        let ours = matches!(self.state, State::Flying(flying) if flying == id);
        if ours {
            self.state = State::Landed(reply);
        }
        ours
    }

    pub(crate) fn poll(&mut self, now: Timestamp, line: &mut Line) -> Turn<O::Output> {
        match std::mem::replace(&mut self.state, State::Due(None)) {
            State::Due(None) if self.ended => self.over(TransportError::NotSent.into()),
            State::Due(None) => self.send(now, line),
            State::Due(Some((_, error))) if self.ended => self.over(error),
            State::Due(Some((at, error))) if at > now => {
                self.state = State::Due(Some((at, error)));
                Turn::Wait(until(at, "to ask again"))
            }
            State::Due(Some(_)) => self.send(now, line),
            State::Flying(id) => {
                self.state = State::Flying(id);
                Turn::Wait(answer(O::NAME))
            }
            State::Landed(Ok(response)) => {
                self.service_clock = response
                    .header(&header::DATE)
                    .and_then(|date| Timestamp::parse_http(date).ok());
                match self.operation.parse(&response) {
                    Ok(output) => Turn::Done(CallOutcome::Done(output)),
                    Err(error) => self.judge(error, now, line),
                }
            }
            State::Landed(Err(TransportError::Invalid(input))) => self.over(input.into()),
            State::Landed(Err(error)) => self.judge(error.into(), now, line),
        }
    }

    fn send(&mut self, now: Timestamp, line: &mut Line) -> Turn<O::Output> {
        self.begun.get_or_insert(now);
        self.sent = Some(now);
        let id = line.exchange();
        self.state = State::Flying(id);
        let mut request = self.operation.request().of(O::NAME, O::URGENCY);
        request.parts.timeout = request.parts.timeout.or(line.patience.each);
        self.asked = self.asked.saturating_add(1);
        request.parts.attempt = self.asked;
        Turn::Send(id, request)
    }

    fn judge(&mut self, error: Error, now: Timestamp, line: &mut Line) -> Turn<O::Output> {
        let remedy = remedy(&error);
        match remedy {
            Remedy::None => return self.over(error),
            Remedy::AgainIfSame if !O::IDEMPOTENT => {
                return Turn::Done(CallOutcome::Unknown(error));
            }
            Remedy::AgainWithItsClock if self.clock_followed || !self.clock_is_off(now) => {
                return self.over(error);
            }
            Remedy::AgainWithItsClock => {
                self.clock_followed = true;
                self.state = State::Due(Some((now, error)));
                return self.poll(now, line);
            }
            Remedy::AgainWithNewToken if self.token_renewed => return self.over(error),
            Remedy::AgainWithNewToken => {
                self.token_renewed = true;
                self.state = State::Due(Some((now, error)));
                return self.poll(now, line);
            }
            Remedy::Throttled => {}
            Remedy::Again | Remedy::AgainIfSame => self.spent += 1,
        }
        let patience = &line.patience;
        if self.spent >= patience.attempts.max(1) && self.deadline.is_none() {
            return self.over(error);
        }
        let backoff = self
            .backoff
            .get_or_insert_with(|| Backoff::new(patience.first, patience.longest));
        let asked = error.service().and_then(|error| error.retry_after);
        let pause = backoff.next(&mut line.seed).max(asked.unwrap_or_default());
        let at = now + pause.max(Duration::from_millis(1));
        let deadline = self
            .deadline
            .unwrap_or_else(|| self.begun.unwrap_or(now) + patience.overall);
        if at > deadline {
            return self.over(error);
        }
        self.state = State::Due(Some((at, error)));
        self.poll(now, line)
    }

    /// Whether the service may have refused our date: it allows 15 minutes, less on the way.
    fn clock_is_off(&self, now: Timestamp) -> bool {
        const NOTICEABLE: Duration = Duration::from_secs(300);
        self.service_clock
            .is_some_and(|clock| clock.since(now).max(now.since(clock)) > NOTICEABLE)
    }

    fn over(&mut self, error: Error) -> Turn<O::Output> {
        Turn::Done(CallOutcome::Failed(error))
    }
}
