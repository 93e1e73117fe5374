//! A conversation that has been asked for: awaited for its outcome, or followed event by event.

use std::collections::VecDeque;
use std::fmt;
use std::future::IntoFuture;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use blobferry_core::Machine;
use futures_util::future::BoxFuture;
use futures_util::stream::{Stream, StreamExt};

use crate::cancel::{Cancel, Stopped};
use crate::client::Client;

/// A machine about to be driven. Nothing happens until it is awaited or its events are asked for.
///
/// Dropping what it became is the hard stop; [`cancel`](Self::cancel) winds down in order.
#[must_use = "nothing happens until a job is awaited"]
pub struct Job<M: Machine> {
    client: Client,
    machine: M,
    cancel: Cancel,
    cancel_when: Option<BoxFuture<'static, ()>>,
    on_event: Option<Callback<M::Event>>,
}

type Callback<E> = Box<dyn FnMut(E) + Send>;

impl<M> Job<M>
where
    M: Machine<Event: Send, Outcome: Send> + Send + 'static,
{
    pub(crate) fn new(client: &Client, machine: M) -> Self {
        Self {
            client: client.clone(),
            machine,
            cancel: Cancel::new(),
            cancel_when: None,
            on_event: None,
        }
    }

    /// Ends with `cancel`.
    pub fn cancel(mut self, cancel: &Cancel) -> Self {
        self.cancel = cancel.clone();
        self
    }

    /// Winds down once `moment` has come, if it has not ended by then.
    pub fn cancel_when(mut self, moment: impl Future<Output = ()> + Send + 'static) -> Self {
        self.cancel_when = Some(Box::pin(moment));
        self
    }

    /// Calls back with every event, between requests: a call that takes long holds everything up.
    pub fn on_event(mut self, callback: impl FnMut(M::Event) + Send + 'static) -> Self {
        self.on_event = Some(Box::new(callback));
        self
    }

    /// The events as a stream in the place of a callback; ask it for the [outcome](Events::outcome) in the end. Nothing moves
    /// while nobody asks for the next event.
    pub fn events(self) -> Events<M> {
        let heard = Arc::new(Mutex::new(VecDeque::new()));
        let tell = heard.clone();
        let driven = self.on_event(move |event| lock(&tell).push_back(event));
        Events {
            driven: driven.into_future(),
            heard,
            outcome: None,
        }
    }
}

impl<M> IntoFuture for Job<M>
where
    M: Machine<Event: Send, Outcome: Send> + Send + 'static,
{
    type Output = Result<M::Outcome, Stopped>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            client,
            machine,
            cancel,
            cancel_when,
            on_event,
        } = self;
        let mut on_event = on_event.unwrap_or_else(|| Box::new(|_| {}));
        let moment = cancel_when.unwrap_or_else(|| Box::pin(std::future::pending()));
        Box::pin(async move {
            let mut driven = pin!(client.drive(machine, &cancel, &mut on_event));
            tokio::select! {
                outcome = &mut driven => outcome,
                () = moment => {
                    cancel.cancel();
                    driven.await
                }
            }
        })
    }
}

impl<M: Machine> fmt::Debug for Job<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}

/// The events of a conversation, as a stream that drives it.
#[must_use = "nothing happens until events are asked for"]
pub struct Events<M: Machine> {
    driven: BoxFuture<'static, Result<M::Outcome, Stopped>>,
    heard: Arc<Mutex<VecDeque<M::Event>>>,
    outcome: Option<Result<M::Outcome, Stopped>>,
}

impl<M: Machine> Events<M> {
    /// The outcome, past whatever events are left.
    ///
    /// # Errors
    /// [`Stopped`] where the job was stopped before its end.
    pub async fn outcome(mut self) -> Result<M::Outcome, Stopped> {
        while self.next().await.is_some() {}
        self.outcome.unwrap_or(Err(Stopped))
    }
}

impl<M: Machine> Stream for Events<M> {
    type Item = M::Event;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<M::Event>> {
        let this = self.get_mut();
        if let Some(event) = lock(&this.heard).pop_front() {
            return Poll::Ready(Some(event));
        }
        if this.outcome.is_some() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(outcome) = this.driven.as_mut().poll(cx) {
            this.outcome = Some(outcome);
        }
        match lock(&this.heard).pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if this.outcome.is_some() => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

impl<M: Machine> Unpin for Events<M> {}

impl<M: Machine> fmt::Debug for Events<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
