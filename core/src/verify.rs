//! Whether two blobs hold the same: by length, by stored hash, or byte by byte.

#![warn(clippy::wildcard_enum_match_arm)]

mod compare;
mod side;
#[cfg(test)]
mod tests;

pub use compare::{Difference, Verified};
pub(crate) use compare::{Print, compare};

use crate::address::BlobAddress;
use crate::call::Patience;
use crate::error::{ErrorCode, TransportError};
use crate::machine::{Input, Machine, Step};
use crate::message::ExchangeId;
use crate::seed::Seed;
use crate::time::Timestamp;

use side::{Side, Turn};

/// How many bytes of each side are read at once: 4 MiB.
pub const VERIFY_RANGE: u64 = 4 << 20;

/// How a finished copy is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verify {
    /// Not at all: the service's word is taken.
    None,
    /// Both have the same length.
    #[default]
    Length,
    /// Length, and the stored Content-MD5 where both have one.
    Md5,
    /// Length, and every byte: reads both blobs in equal ranges of 4 MiB, which is billed and takes
    /// its time.
    Content,
}

/// A machine that compares two blobs.
///
/// Contents are read under the ETags seen at the beginning, so a blob that changes meanwhile is
/// reported as changed and never compared with what it was. Tells how many bytes were compared.
#[derive(Debug)]
pub struct Verifier {
    source: Side,
    destination: Side,
    verify: Verify,
    /// Absent until both sides have been looked at.
    length: Option<u64>,
    compared: u64,
    told: u64,
    outcome: Option<Verified>,
}

impl Verifier {
    /// A comparison that has not begun.
    #[must_use]
    pub fn new(
        source: BlobAddress,
        destination: BlobAddress,
        verify: Verify,
        patience: &Patience,
        mut seed: Seed,
    ) -> Self {
        Self {
            source: Side::new(source, patience, seed.split()),
            destination: Side::new(destination, patience, seed.split()),
            verify,
            length: None,
            compared: 0,
            told: 0,
            outcome: None,
        }
    }

    /// What follows when both sides have answered; absent while there is more to read.
    fn next(&mut self) -> Option<Verified> {
        let length = match self.length {
            None => {
                let (source, destination) = (self.source.seen()?, self.destination.seen()?);
                let result = compare(source.into(), destination.into(), self.verify);
                let reads = self.verify == Verify::Content && result.is_same();
                if !reads {
                    return Some(result);
                }
                *self.length.insert(source.content_length.unwrap_or(0))
            }
            Some(length) => {
                let (source, destination) = (self.source.bytes(), self.destination.bytes());
                if let Some(at) = first_difference(source, destination) {
                    let at = self.compared + at;
                    return Some(Verified::Different(Difference::Content { at }));
                }
                self.compared += u64::try_from(source.len()).unwrap_or(0);
                length
            }
        };
        if self.compared >= length {
            return Some(Verified::Same { by: self.verify });
        }
        let next = VERIFY_RANGE.min(length - self.compared);
        self.source.fetch(self.compared, next);
        self.destination.fetch(self.compared, next);
        None
    }
}

impl Machine for Verifier {
    /// How many bytes have been compared.
    type Event = u64;
    type Outcome = Verified;

    fn poll(&mut self, now: Timestamp) -> Step<u64, Verified> {
        loop {
            if self.told < self.compared {
                self.told = self.compared;
                return Step::Emit(self.compared);
            }
            if let Some(outcome) = &self.outcome {
                return Step::Done(outcome.clone());
            }
            // One side's exchanges are even, the other's odd.
            let source = match self.source.poll(now) {
                Turn::Send(id, request) => return Step::Send(ExchangeId(id.0 * 2), request),
                turn @ (Turn::Rest(_) | Turn::Ready | Turn::Failed(_)) => turn,
            };
            let destination = match self.destination.poll(now) {
                Turn::Send(id, request) => return Step::Send(ExchangeId(id.0 * 2 + 1), request),
                turn @ (Turn::Rest(_) | Turn::Ready | Turn::Failed(_)) => turn,
            };
            self.outcome = match (source, destination) {
                (Turn::Failed(error), _) if error.has_code(&ErrorCode::CONDITION_NOT_MET) => {
                    Some(Verified::SourceChanged)
                }
                (_, Turn::Failed(error)) if error.has_code(&ErrorCode::CONDITION_NOT_MET) => {
                    Some(Verified::DestinationChanged)
                }
                (Turn::Failed(error), _) | (_, Turn::Failed(error)) => {
                    Some(Verified::Unknown(error))
                }
                (Turn::Rest(mut one), Turn::Rest(other)) => {
                    one.until = one.until.into_iter().chain(other.until).min();
                    return Step::Wait(one);
                }
                (Turn::Rest(pause), _) | (_, Turn::Rest(pause)) => return Step::Wait(pause),
                (Turn::Ready | Turn::Send(..), Turn::Ready | Turn::Send(..)) => self.next(),
            };
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Cancel => {
                let error = TransportError::NotSent.into();
                self.outcome.get_or_insert(Verified::Unknown(error));
            }
            Input::Reply(ExchangeId(id), reply) => {
                let side = match id % 2 {
                    0 => &mut self.source,
                    _ => &mut self.destination,
                };
                side.hear(ExchangeId(id / 2), reply);
            }
        }
    }
}

/// Where two ranges part; both are of the same blob range, so one that ends early differs there.
fn first_difference(source: &[u8], destination: &[u8]) -> Option<u64> {
    if source == destination && !source.is_empty() {
        return None;
    }
    let alike = source
        .iter()
        .zip(destination)
        .take_while(|(source, destination)| source == destination)
        .count();
    u64::try_from(alike).ok()
}
