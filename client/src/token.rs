//! Fresh credentials for accounts whose own run out.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use blobferry_core::{Account, Credential, Identities, TransportError};
use tokio::sync::Mutex;

/// A credential on its way, or why there is none; the error's text must hold no secret.
pub type Renewal =
    Pin<Box<dyn Future<Output = Result<Credential, Box<dyn Error + Send + Sync>>> + Send>>;

/// Where an account's credential is fetched when it is missing or about to run out.
///
/// Closures that return a future are sources. A credential is fetched once for all who wait for it.
pub trait TokenSource: Send + Sync + 'static {
    /// Fetches a fresh credential for `account`.
    fn credential(&self, account: &Account) -> Renewal;
}

impl<F, Fetched> TokenSource for F
where
    F: Fn(Account) -> Fetched + Send + Sync + 'static,
    Fetched: Future<Output = Result<Credential, Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    fn credential(&self, account: &Account) -> Renewal {
        Box::pin(self(account.clone()))
    }
}

/// The identities of a client, and where fresh ones come from.
#[derive(Default)]
pub(crate) struct Purse {
    given: Identities,
    sources: BTreeMap<Account, Spring>,
}

/// A source with what it last gave, counted, so that it is asked once for all who wait.
struct Spring {
    source: Box<dyn TokenSource>,
    latest: Mutex<(u64, Option<Credential>)>,
}

impl Purse {
    pub(crate) fn new(given: Identities) -> Self {
        Self {
            given,
            sources: BTreeMap::new(),
        }
    }

    pub(crate) fn add_source(&mut self, account: Account, source: Box<dyn TokenSource>) {
        let latest = Mutex::default();
        self.sources.insert(account, Spring { source, latest });
    }

    /// Takes what is known now, for one conversation.
    pub(crate) async fn open(self: &Arc<Self>) -> (Identities, Renewals) {
        let mut identities = self.given.clone();
        let mut seen = BTreeMap::new();
        for (account, spring) in &self.sources {
            let (count, latest) = spring.latest.lock().await.clone();
            seen.insert(account.clone(), count);
            if let Some(latest) = latest {
                identities.set(account.clone(), latest);
            }
        }
        let seen = Arc::new(std::sync::Mutex::new(seen));
        let purse = self.clone();
        (identities, Renewals { purse, seen })
    }
}

impl fmt::Debug for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Purse")
            .field("given", &self.given)
            .field("sources", &self.sources.keys())
            .finish()
    }
}

/// One conversation's view of the purse: which renewals it has already had.
#[derive(Debug, Clone)]
pub(crate) struct Renewals {
    purse: Arc<Purse>,
    seen: Arc<std::sync::Mutex<BTreeMap<Account, u64>>>,
}

impl Renewals {
    /// A credential this conversation has not had yet.
    pub(crate) async fn renew(self, account: Account) -> Result<Credential, TransportError> {
        let no_credential = |reason: String| TransportError::NoCredential { reason };
        let Some(spring) = self.purse.sources.get(&account) else {
            let reason = match self.purse.given.get(&account) {
                Some(_) => format!("the one for {account} has expired"),
                None => format!("none is known for {account}"),
            };
            return Err(no_credential(reason));
        };
        let mut latest = spring.latest.lock().await;
        let seen = self.count(&account, |count| *count);
        if let (count, Some(credential)) = &*latest
            && *count > seen
        {
            self.count(&account, |seen| *seen = *count);
            return Ok(credential.clone());
        }
        let fetched = spring.source.credential(&account).await;
        let credential = fetched.map_err(|error| no_credential(error.to_string()))?;
        *latest = (latest.0 + 1, Some(credential.clone()));
        self.count(&account, |seen| *seen = latest.0);
        Ok(credential)
    }

    fn count<T>(&self, account: &Account, with: impl FnOnce(&mut u64) -> T) -> T {
        let mut seen = self
            .seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        with(seen.entry(account.clone()).or_default())
    }
}
