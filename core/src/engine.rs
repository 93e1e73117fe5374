//! What a driver holds: a machine, the identities it speaks for, and the gate to the wire.

mod gate;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::address::Account;
use crate::credential::{Credential, Identities};
use crate::error::TransportError;
use crate::machine::{Input, Machine, Pause, Step};
use crate::message::{ExchangeId, Request, Response, SignedRequest};
use crate::sign::{self, SignError};
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;

use gate::Gate;
use token::Tokens;

/// How an engine speaks.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The service version requests name, unless an option needs a later one.
    pub version: ServiceVersion,
    /// How many requests may be on the wire at once; at least one. Default 64.
    pub in_flight: usize,
    /// How long a driver waits for the answer to one attempt, unless the request says otherwise.
    /// Default 60 s, twice the service's own limit for most operations.
    pub timeout: Duration,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            version: ServiceVersion::DEFAULT,
            in_flight: 64,
            timeout: Duration::from_secs(60),
        }
    }
}

/// What the driver is to do next.
#[expect(
    clippy::large_enum_variant,
    reason = "made, moved once and taken apart: a box for each request would cost more"
)]
#[derive(Debug)]
pub enum Action<E, O> {
    /// Carry this request and hand the answer to [`Engine::reply`], or what went wrong to
    /// [`Engine::fail`].
    Send {
        /// Names the exchange.
        id: ExchangeId,
        /// Complete: send it as it is.
        request: SignedRequest,
        /// How long to wait for the whole answer; then [`TransportError::Timeout`].
        timeout: Duration,
    },
    /// Fetch a fresh credential for the account and hand it to [`Engine::credential`], or what went
    /// wrong to [`Engine::fail`].
    Renew {
        /// Names the exchange.
        id: ExchangeId,
        /// Whose credential is missing or no longer good.
        account: Account,
    },
    /// Tell the user.
    Emit(E),
    /// Nothing to do until an answer comes or time passes.
    Wait(Pause),
    /// It is over: answers that are still under way may be dropped.
    Done(O),
}

/// A machine with its identities and a gate to the wire.
///
/// The whole of a driver is this loop:
///
/// 1. poll, and do what the action says, until it is `Wait` or `Done`;
/// 2. rest until an answer comes, the pause is over, or the user cancels;
/// 3. tell the engine, and go on at 1.
///
/// Ids that are stale or unknown do nothing. Dropping the engine is the hard stop; cancelling winds
/// down in order.
///
/// ```
/// use blobferry_core::{Action, Engine, EngineOptions, Identities, Machine, Timestamp};
/// use blobferry_core::{ExchangeId, Response, SignedRequest, TransportError};
///
/// fn drive<M: Machine>(
///     mut engine: Engine<M>,
///     carry: impl Fn(SignedRequest) -> Result<Response, TransportError>,
///     mut now: Timestamp,
/// ) -> M::Outcome {
///     loop {
///         match engine.poll(now) {
///             Action::Send { id, request, .. } => match carry(request) {
///                 Ok(response) => engine.reply(id, response),
///                 Err(error) => engine.fail(id, error),
///             },
///             Action::Renew { id, .. } => engine.fail(id, TransportError::NotSent),
///             Action::Emit(_) => {}
///             Action::Wait(pause) => now = pause.until.unwrap_or(now), // sleep here
///             Action::Done(outcome) => return outcome,
///         }
///     }
/// }
/// ```
pub struct Engine<M: Machine> {
    machine: M,
    outcome: Option<M::Outcome>,
    identities: Identities,
    options: EngineOptions,
    gate: Gate,
    tokens: Tokens,
    /// Requests that wait for their account's credential; the first stands for all.
    renewing: BTreeMap<Account, Vec<(ExchangeId, Request)>>,
    /// The latest time told; time never goes back.
    now: Timestamp,
    /// How many milliseconds the service's clock is ahead of ours.
    skew: i64,
    /// What the service's clock said in an answer that came since the last poll.
    service_clock: Option<Timestamp>,
    /// What the machine last waited for; absent where it was told something since.
    resting: Option<Pause>,
    cancelled: bool,
}

impl<M: Machine> Engine<M> {
    /// An engine for `machine` that speaks as `identities`.
    #[must_use]
    pub fn new(machine: M, identities: Identities, options: EngineOptions) -> Self {
        Self {
            machine,
            outcome: None,
            identities,
            gate: Gate::new(options.in_flight),
            options,
            tokens: Tokens::default(),
            renewing: BTreeMap::new(),
            now: Timestamp::from_millis(i64::MIN),
            skew: 0,
            service_clock: None,
            resting: None,
            cancelled: false,
        }
    }

    /// Says what to do next. Ask again until the answer is `Wait` or `Done`.
    pub fn poll(&mut self, now: Timestamp) -> Action<M::Event, M::Outcome> {
        self.now = self.now.max(now);
        self.learn_skew();
        if let Some(outcome) = &self.outcome {
            return Action::Done(outcome.clone());
        }
        loop {
            // The machine says all it has to say first, so that the gate sees every request that is
            // due before it chooses one.
            let pause = match self.resting {
                Some(pause) if pause.until.is_none_or(|until| until > self.now) => pause,
                _ => match self.machine.poll(self.now) {
                    Step::Send(id, request) => {
                        self.gate.push(id, request);
                        continue;
                    }
                    Step::Emit(event) => return Action::Emit(event),
                    Step::Done(outcome) => {
                        self.outcome = Some(outcome.clone());
                        return Action::Done(outcome);
                    }
                    Step::Wait(pause) => *self.resting.insert(pause),
                },
            };
            let Some((id, request)) = self.gate.pop() else {
                debug_assert!(
                    pause.until.is_some() || self.gate.is_busy() || !self.renewing.is_empty(),
                    "waits for nothing: {}",
                    pause.why
                );
                return Action::Wait(pause);
            };
            if let Some(action) = self.send(id, request) {
                return action;
            }
        }
    }

    /// Takes the answer to a `Send`.
    pub fn reply(&mut self, id: ExchangeId, response: Response) {
        if self.gate.landed(id) {
            self.tokens.heard(id, &response, &mut self.identities);
            if response.headers().contains_key(header::X_MS_REQUEST_ID) {
                self.service_clock = response
                    .header(&header::DATE)
                    .and_then(|date| Timestamp::parse_http(date).ok());
            }
            self.tell(Input::Reply(id, Ok(response)));
        }
    }

    /// Takes note that a `Send` or a `Renew` brought nothing.
    pub fn fail(&mut self, id: ExchangeId, error: TransportError) {
        if self.gate.landed(id) {
            self.tokens.forget(id);
            return self.tell(Input::Reply(id, Err(error)));
        }
        for (waiting, _) in self.renewed(id).into_iter().flat_map(|(_, held)| held) {
            let error = match &error {
                TransportError::NotSent | TransportError::NoCredential { .. } => error.clone(),
                TransportError::Unreachable { .. }
                | TransportError::Timeout
                | TransportError::Disconnected { .. }
                | TransportError::Invalid(_) => TransportError::NoCredential {
                    reason: error.to_string(),
                },
            };
            self.tell(Input::Reply(waiting, Err(error)));
        }
    }

    /// Takes the credential a `Renew` asked for.
    pub fn credential(&mut self, id: ExchangeId, credential: Credential) {
        if let Some((account, held)) = self.renewed(id) {
            self.identities.set(account, credential);
            for (id, request) in held.into_iter().rev() {
                self.gate.push_first(id, request);
            }
        }
    }

    /// Asks the machine to wind down. It goes on talking until copies are aborted and leases given
    /// back; requests that have not left are answered "not sent". Asking again does nothing.
    pub fn cancel(&mut self) {
        if std::mem::replace(&mut self.cancelled, true) {
            return;
        }
        self.tell(Input::Cancel);
        let held = std::mem::take(&mut self.renewing).into_values().flatten();
        let unsent: Vec<ExchangeId> = self.gate.clear().chain(held.map(|(id, _)| id)).collect();
        for id in unsent {
            self.tell(Input::Reply(id, Err(TransportError::NotSent)));
        }
    }

    /// The machine, to read its state from.
    #[must_use]
    pub fn machine(&self) -> &M {
        &self.machine
    }

    fn tell(&mut self, input: Input) {
        self.resting = None;
        self.machine.handle(input);
    }

    /// Signs a request that leaves, or turns to whoever has to act first.
    fn send(
        &mut self,
        id: ExchangeId,
        mut request: Request,
    ) -> Option<Action<M::Event, M::Outcome>> {
        let date = Timestamp::from_millis(self.now.as_millis().saturating_add(self.skew));
        match sign::sign_taking(&mut request, &self.identities, self.options.version, date) {
            Ok(signed) => {
                self.gate.sent(id);
                self.tokens.sent(id, request.account(), &self.identities);
                Some(Action::Send {
                    id,
                    request: signed.on(request.parts.operation, request.parts.attempt),
                    timeout: request.parts.timeout.unwrap_or(self.options.timeout),
                })
            }
            Err(SignError::Credential(account)) => {
                let held = self.renewing.entry(account.clone()).or_default();
                held.push((id, request));
                (held.len() == 1).then_some(Action::Renew { id, account })
            }
            Err(SignError::Invalid(input)) => {
                self.tell(Input::Reply(id, Err(TransportError::Invalid(input))));
                None
            }
        }
    }

    /// The account whose renewal `id` stands for, and the requests that wait for it.
    fn renewed(&mut self, id: ExchangeId) -> Option<(Account, Vec<(ExchangeId, Request)>)> {
        let account = self
            .renewing
            .iter()
            .find(|(_, held)| held.first().is_some_and(|(first, _)| *first == id))
            .map(|(account, _)| account.clone())?;
        self.renewing.remove_entry(&account)
    }

    /// Follows the service's clock where ours is visibly off: answers carry whole seconds and take a
    /// while, and the service refuses dates that are 15 minutes off.
    fn learn_skew(&mut self) {
        const BLUR: i64 = 5_000;
        if let Some(service) = self.service_clock.take() {
            let skew = service.as_millis().saturating_sub(self.now.as_millis());
            if (skew - self.skew).abs() > BLUR {
                self.skew = if skew.abs() > BLUR { skew } else { 0 };
            }
        }
    }
}

impl<M: Machine> fmt::Debug for Engine<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("now", &self.now)
            .field("skew", &self.skew)
            .field("gate", &self.gate)
            .field("cancelled", &self.cancelled)
            .finish_non_exhaustive()
    }
}
