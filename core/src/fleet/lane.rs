//! The machines one passage runs one after the other, their exchanges kept apart.

use crate::error::TransportError;
use crate::machine::{Input, Machine, Step};
use crate::message::{ExchangeId, Response};
use crate::time::Timestamp;

/// How many low bits of an id are the machine's own.
const OWN: u32 = 32;

/// A machine whose exchanges carry a number that no other machine of the same passage has.
#[derive(Debug)]
pub(super) struct Lane<M> {
    number: u64,
    machine: Box<M>,
}

impl<M: Machine> Lane<M> {
    pub(super) fn new(count: &mut u64, machine: M) -> Self {
        *count += 1;
        Self {
            number: *count,
            machine: Box::new(machine),
        }
    }

    pub(super) fn poll(&mut self, now: Timestamp) -> Step<M::Event, M::Outcome> {
        match self.machine.poll(now) {
            Step::Send(id, request) => Step::Send(ExchangeId(self.number << OWN | id.0), request),
            rest @ (Step::Emit(_) | Step::Wait(_) | Step::Done(_)) => rest,
        }
    }

    /// Takes the answer, if it is to one of this machine's questions; else hands it back.
    pub(super) fn hear(
        &mut self,
        id: ExchangeId,
        reply: Result<Response, TransportError>,
    ) -> Option<Result<Response, TransportError>> {
        if id.0 >> OWN != self.number {
            return Some(reply);
        }
        let id = ExchangeId(id.0 & ((1 << OWN) - 1));
        self.machine.handle(Input::Reply(id, reply));
        None
    }

    pub(super) fn cancel(&mut self) {
        self.machine.handle(Input::Cancel);
    }

    pub(super) fn machine(&self) -> &M {
        &self.machine
    }

    pub(super) fn machine_mut(&mut self) -> &mut M {
        &mut self.machine
    }
}
