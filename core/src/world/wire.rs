//! The world's bad wire: carries what an engine sends, late, twice, or not at all.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use http::Response as Http;

use super::service::refusal;
use super::{World, identities};
use crate::engine::{Action, Engine, EngineOptions};
use crate::error::TransportError;
use crate::machine::Machine;
use crate::message::{ExchangeId, Response};
use crate::time::Timestamp;

/// When the user cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cancel {
    Never,
    /// After so many answers.
    After(u64),
    At(Timestamp),
}

/// Runs a machine until it has had so many answers, and drops it.
pub(crate) fn kill<M: Machine>(machine: M, world: &mut World, now: &mut Timestamp, answers: u64) {
    let end = Cancel::After(u64::MAX);
    drive(machine, world, now, end, Some(answers));
}

/// Runs a machine to its end; panics where it hangs.
pub(crate) fn run<M: Machine>(
    machine: M,
    world: &mut World,
    now: &mut Timestamp,
    cancel: Cancel,
) -> (M::Outcome, Vec<M::Event>) {
    let (outcome, events) = drive(machine, world, now, cancel, None);
    (outcome.expect("it was not killed"), events)
}

fn drive<M: Machine>(
    machine: M,
    world: &mut World,
    now: &mut Timestamp,
    cancel: Cancel,
    kill: Option<u64>,
) -> (Option<M::Outcome>, Vec<M::Event>) {
    let options = EngineOptions {
        in_flight: 6,
        ..EngineOptions::default()
    };
    let mut engine = Engine::new(machine, identities(), options);
    let mut wire: BTreeMap<(Timestamp, u64), (ExchangeId, Result<Response, TransportError>)> =
        BTreeMap::new();
    let mut arriving: VecDeque<(ExchangeId, Result<Response, TransportError>)> = VecDeque::new();
    let (mut events, mut answers, mut serial, mut cancelled) = (Vec::new(), 0, 0, false);
    for _ in 0..3_000_000 {
        if kill.is_some_and(|kill| answers >= kill) {
            return (None, events);
        }
        if !cancelled
            && match cancel {
                Cancel::Never => false,
                Cancel::After(count) => answers >= count,
                Cancel::At(at) => *now >= at,
            }
        {
            cancelled = true;
            engine.cancel();
        }
        match engine.poll(*now) {
            Action::Send {
                id,
                request,
                timeout,
            } => {
                let request = request.into_http();
                let weather = world.weather.clone();
                let late = (*now + timeout, Err(TransportError::Timeout));
                let (at, reply) = if world.chance(weather.lost_before) {
                    late
                } else if world.chance(weather.busy) {
                    (*now, Ok(refusal(Http::builder(), 503, "ServerBusy")))
                } else {
                    let response = world.respond(*now, &request);
                    if world.chance(weather.lost_after) {
                        late
                    } else if world.chance(weather.errors) {
                        (*now, Ok(refusal(Http::builder(), 500, "InternalError")))
                    } else {
                        (*now, Ok(response))
                    }
                };
                let reply = reply.map(Response::new);
                let travels = Duration::from_millis(20 + world.seed.below(60));
                let copies = 1 + u64::from(world.chance(weather.doubled));
                for copy in 0..copies {
                    serial += 1;
                    wire.insert(
                        (at + travels * u32::try_from(copy + 1).unwrap(), serial),
                        (id, reply.clone()),
                    );
                }
            }
            Action::Renew { id, .. } => engine.fail(id, TransportError::NotSent),
            Action::Emit(event) => events.push(event),
            Action::Done(outcome) => {
                assert!(
                    matches!(engine.poll(*now), Action::Done(_)),
                    "Done is sticky"
                );
                return (Some(outcome), events);
            }
            Action::Wait(pause) => {
                if let Some((id, reply)) = arriving.pop_front() {
                    answers += 1;
                    match reply {
                        Ok(response) => engine.reply(id, response),
                        Err(error) => engine.fail(id, error),
                    }
                    continue;
                }
                let next = wire.keys().next().map(|(at, _)| *at);
                let at = pause.until.into_iter().chain(next).min();
                let at = match cancel {
                    Cancel::At(when) if !cancelled => Some(at.map_or(when, |at| at.min(when))),
                    _ => at,
                };
                *now = at
                    .unwrap_or_else(|| panic!("waits for nothing: {}", pause.why))
                    .max(*now);
                while let Some(entry) = wire.first_entry() {
                    if entry.key().0 > *now {
                        break;
                    }
                    arriving.push_back(entry.remove());
                }
            }
        }
    }
    panic!("it does not end");
}
