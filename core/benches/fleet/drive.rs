//! Driving a machine on virtual time, and what that costs.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use blobferry_core::{
    Account, Action, Credential, Engine, EngineOptions, ExchangeId, Identities, Machine, Response,
    Timestamp,
};

use super::process;
use super::service::Service;

pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);

/// How often the process is asked what it holds: every so many actions.
const LOOK_EVERY: usize = 500;

/// What a run cost.
#[derive(Default)]
pub(crate) struct Cost {
    /// Processor time, the service's share included.
    pub(crate) all: Duration,
    /// What of that the service took, by the wall's clock.
    pub(crate) service: Duration,
    /// How many bytes the process held at most, beyond what it held at the beginning.
    pub(crate) peak: u64,
}

pub(crate) fn account(name: &str) -> Account {
    let url = format!("https://{name}.blob.core.windows.net");
    url.parse().expect("an account")
}

/// Runs a machine to its end, each answer 30 ms after its question.
pub(crate) fn drive<M: Machine>(
    machine: M,
    accounts: [Account; 2],
    service: &mut Service,
) -> (M::Outcome, Cost) {
    let identities = accounts
        .into_iter()
        .fold(Identities::new(), |all, account| {
            all.with(account, Credential::Anonymous)
        });
    let options = EngineOptions {
        in_flight: 256,
        ..EngineOptions::default()
    };
    let mut cost = Cost::default();
    let (held, begun) = (process::held(), process::processor_time());
    let mut engine = Engine::new(machine, identities, options);
    let mut now = NOON;
    let mut wire: VecDeque<(Timestamp, ExchangeId, Response)> = VecDeque::new();
    for step in 0.. {
        if step % LOOK_EVERY == 0 {
            cost.peak = cost.peak.max(process::held().saturating_sub(held));
        }
        match engine.poll(now) {
            Action::Send { id, request, .. } => {
                let request = request.into_http();
                let asked = Instant::now();
                let response = service.respond(now, &request);
                cost.service += asked.elapsed();
                wire.push_back((now + Duration::from_millis(30), id, response));
            }
            Action::Emit(_) => {}
            Action::Done(outcome) => {
                cost.all = process::processor_time().saturating_sub(begun);
                return (outcome, cost);
            }
            Action::Renew { .. } => unreachable!("anonymous needs no renewal"),
            Action::Wait(pause) => {
                let next = wire.front().map(|(at, ..)| *at);
                let at = pause.until.into_iter().chain(next).min();
                now = at.expect("something to wait for").max(now);
                while wire.front().is_some_and(|(at, ..)| *at <= now) {
                    if let Some((_, id, response)) = wire.pop_front() {
                        engine.reply(id, response);
                    }
                }
            }
        }
    }
    unreachable!("a fleet ends")
}
