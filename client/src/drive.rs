//! The driver: carries requests, sleeps, tells the time. It decides nothing.

#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use blobferry_core::{
    Account, Action, Credential, Engine, ExchangeId, Machine, Response, SignedRequest,
    TransportError,
};
use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tracing::Instrument;

use crate::cancel::{Cancel, Stopped};
use crate::clock::Clock;
use crate::token::Renewals;
use crate::trace;
use crate::transport::Transport;

/// Drives an engine to its end, or until it is [stopped](Cancel::stop). Dropping the future is a
/// hard stop too.
///
/// # Errors
/// [`Stopped`] where `cancel` was asked to stop before the end.
pub(crate) async fn drive<M: Machine>(
    mut engine: Engine<M>,
    wire: &Wire,
    cancel: &Cancel,
    mut on_event: impl FnMut(M::Event),
) -> Result<M::Outcome, Stopped> {
    let mut flights = FuturesUnordered::new();
    let mut winding_down = false;
    loop {
        if !winding_down && cancel.is_requested() {
            winding_down = true;
            engine.cancel();
        }
        match engine.poll(wire.clock.now()) {
            Action::Send {
                id,
                request,
                timeout,
            } => flights.push(wire.carry(id, request, timeout)),
            Action::Renew { id, account } => flights.push(wire.renew(id, account)),
            Action::Emit(event) => on_event(event),
            Action::Done(outcome) => return Ok(outcome),
            Action::Wait(pause) => tokio::select! {
                biased;
                () = cancel.stopped() => return Err(Stopped),
                () = cancel.requested(), if !winding_down => {}
                Some(landed) = flights.next() => {
                    landed.give_to(&mut engine);
                    // Answers that came together are told together: one poll serves them all.
                    while let Some(Some(landed)) = flights.next().now_or_never() {
                        landed.give_to(&mut engine);
                    }
                }
                () = wire.clock.sleep_until(pause.until) => {}
            },
        }
    }
}

/// What a conversation goes over: a transport, a clock, and where fresh credentials come from.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) renewals: Renewals,
}

type Flight = Pin<Box<dyn Future<Output = Landed> + Send>>;

impl Wire {
    fn carry(&self, id: ExchangeId, request: SignedRequest, limit: Duration) -> Flight {
        let span = trace::request(&request);
        let carried = self.transport.carry(request, limit);
        let landing = async move {
            let answer = carried.await;
            trace::answer(&answer);
            Landed::Answer(id, answer)
        };
        Box::pin(landing.instrument(span))
    }

    fn renew(&self, id: ExchangeId, account: Account) -> Flight {
        let renewed = self.renewals.clone().renew(account);
        Box::pin(renewed.map(move |credential| Landed::Credential(id, credential)))
    }
}

/// What came back.
enum Landed {
    Answer(ExchangeId, Result<Response, TransportError>),
    Credential(ExchangeId, Result<Credential, TransportError>),
}

impl Landed {
    fn give_to<M: Machine>(self, engine: &mut Engine<M>) {
        match self {
            Self::Answer(id, Ok(response)) => engine.reply(id, response),
            Self::Credential(id, Ok(credential)) => engine.credential(id, credential),
            Self::Answer(id, Err(error)) | Self::Credential(id, Err(error)) => {
                engine.fail(id, error);
            }
        }
    }
}
