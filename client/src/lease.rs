//! A lease that is kept in the background for as long as its guard lives.

use std::fmt;

use blobferry_core::operation::LeaseTarget;
use blobferry_core::{
    Error, LeaseEvent, LeaseId, LeaseKeeper, LeaseOptions, LeaseOutcome, LeaseTerm, Timestamp,
};
use tokio::sync::watch;

use crate::cancel::{Cancel, Stopped};
use crate::client::Client;

/// A lease that a task renews until it is released.
///
/// Dropping it releases it in the background, as long as the runtime lives; [`release`](Self::release)
/// waits for that and says how it went.
pub struct HeldLease {
    id: LeaseId,
    cancel: Cancel,
    news: watch::Receiver<News>,
}

#[derive(Clone)]
enum News {
    Asking,
    Doubtful(Error),
    Held(Option<Timestamp>),
    Ended(Result<LeaseOutcome, Stopped>),
}

impl HeldLease {
    pub(crate) async fn acquire(
        client: &Client,
        target: LeaseTarget,
        term: LeaseTerm,
        options: LeaseOptions,
    ) -> Result<Self, Error> {
        let mut seed = client.seed();
        let id: LeaseId = seed.uuid().parse()?;
        let keeper = LeaseKeeper::new(target, id.clone(), term, options, seed);
        let (tell, news) = watch::channel(News::Asking);
        let mut lease = Self {
            id,
            cancel: Cancel::new(),
            news,
        };
        tokio::spawn(keep(client.clone(), keeper, lease.cancel.clone(), tell));
        lease.held().await?;
        Ok(lease)
    }

    /// The id to write under: what operations take as `lease_id`.
    #[must_use]
    pub fn id(&self) -> &LeaseId {
        &self.id
    }

    /// Until when the lease is certainly ours, unless renewed; absent for ever, or where it is
    /// [lost](Self::is_lost).
    #[must_use]
    pub fn held_until(&self) -> Option<Timestamp> {
        match &*self.news.borrow() {
            News::Held(until) => *until,
            News::Asking | News::Doubtful(_) | News::Ended(_) => None,
        }
    }

    /// Whether it is no longer ours.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(*self.news.borrow(), News::Ended(_))
    }

    /// Waits until it is no longer ours: broken by somebody else, or not renewed in time.
    pub async fn lost(&self) -> LeaseOutcome {
        ended(self.news.clone()).await
    }

    /// Gives it back, and says whether the service took it.
    pub async fn release(self) -> LeaseOutcome {
        self.cancel.cancel();
        ended(self.news.clone()).await
    }

    /// Waits for the service's word.
    async fn held(&mut self) -> Result<(), Error> {
        let mut doubt = None;
        loop {
            match &*self.news.borrow_and_update() {
                News::Asking => {}
                News::Held(_) => return Ok(()),
                News::Doubtful(error) => doubt = Some(error.clone()),
                News::Ended(Ok(outcome)) => return Err(refusal(outcome, doubt)),
                News::Ended(Err(Stopped)) => break,
            }
            if self.news.changed().await.is_err() {
                break;
            }
        }
        Err(not_sent())
    }
}

/// Keeps the lease and tells how it stands.
async fn keep(client: Client, keeper: LeaseKeeper, cancel: Cancel, tell: watch::Sender<News>) {
    let outcome = client.drive(keeper, &cancel, |event| match event {
        LeaseEvent::Held { until } | LeaseEvent::Renewed { until } => {
            tell.send_replace(News::Held(until));
        }
        LeaseEvent::Doubtful(error) => {
            tell.send_replace(News::Doubtful(error));
        }
        _ => {}
    });
    let outcome = outcome.await;
    tell.send_replace(News::Ended(outcome));
}

async fn ended(mut news: watch::Receiver<News>) -> LeaseOutcome {
    let ended = news.wait_for(|news| matches!(news, News::Ended(_))).await;
    match ended.as_deref() {
        Ok(News::Ended(Ok(outcome))) => outcome.clone(),
        // The runtime has dropped the task that kept it.
        _ => LeaseOutcome::Refused(not_sent()),
    }
}

/// Why there is no lease, of an outcome that came before it was held.
fn refusal(outcome: &LeaseOutcome, doubt: Option<Error>) -> Error {
    match outcome {
        LeaseOutcome::Refused(error)
        | LeaseOutcome::Lost { error, .. }
        | LeaseOutcome::Kept { error, .. } => error.clone(),
        _ => doubt.unwrap_or_else(not_sent),
    }
}

fn not_sent() -> Error {
    Error::Transport(blobferry_core::TransportError::NotSent)
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        // A second cancel would stop the giving back.
        if !self.cancel.is_requested() {
            self.cancel.cancel();
        }
    }
}

impl fmt::Debug for HeldLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldLease")
            .field("id", &self.id)
            .field("held_until", &self.held_until())
            .finish_non_exhaustive()
    }
}
