//! Putting a client together.

mod places;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use blobferry_core::connection_string::ConnectionString;
use blobferry_core::{
    Account, Credential, EngineOptions, Error, Identities, InvalidInput, Patience, Seed,
    ServiceVersion,
};

use super::{Client, Shared};
use crate::clock::{Clock, SystemClock};
use crate::token::{Purse, TokenSource};
use crate::transport::Transport;
use crate::transport::https::{Https, HttpsOptions};

/// Puts a [`Client`] together.
///
/// ```
/// use blobferry::{Client, Credential};
/// let client = Client::builder()
///     .credential("https://lighthouse.blob.core.windows.net".parse()?, Credential::Anonymous)
///     .build()?;
/// # Ok::<(), blobferry::Error>(())
/// ```
pub struct ClientBuilder {
    identities: Identities,
    sources: Vec<(Account, Box<dyn TokenSource>)>,
    engine: EngineOptions,
    patience: Patience,
    https: HttpsOptions,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    seed: Option<Seed>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            identities: Identities::new(),
            sources: Vec::new(),
            engine: EngineOptions::default(),
            patience: Patience::default(),
            https: HttpsOptions::default(),
            transport: None,
            clock: Arc::new(SystemClock),
            seed: None,
        }
    }

    /// Speaks to `account` with `credential`.
    #[must_use]
    pub fn credential(mut self, account: Account, credential: Credential) -> Self {
        self.identities.set(account, credential);
        self
    }

    /// Speaks to the account of a connection string.
    ///
    /// # Errors
    /// The string must be one; it is never quoted.
    pub fn connection_string(self, text: &str) -> Result<Self, InvalidInput> {
        let connection: ConnectionString = text.parse()?;
        Ok(self.credential(connection.account, connection.credential))
    }

    /// Fetches the credential of `account` whenever it is missing or about to run out.
    #[must_use]
    pub fn token_source(mut self, account: Account, source: impl TokenSource) -> Self {
        self.sources.push((account, Box::new(source)));
        self
    }

    /// The service version requests name unless an option needs a later one. Default
    /// [`ServiceVersion::DEFAULT`].
    #[must_use]
    pub fn version(mut self, version: ServiceVersion) -> Self {
        self.engine.version = version;
        self
    }

    /// How many requests one conversation may have on the wire. Default 64.
    #[must_use]
    pub fn in_flight(mut self, limit: usize) -> Self {
        self.engine.in_flight = limit;
        self
    }

    /// How long one attempt may take. Default 60 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.engine.timeout = timeout;
        self
    }

    /// How long an operation is tried.
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// How the native transport behaves: proxies, connections, user agent.
    #[must_use]
    pub fn https(mut self, options: HttpsOptions) -> Self {
        self.https = options;
        self
    }

    /// Another transport in the place of the native one.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Another clock in the place of the machine's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// A fixed seed, so that delays and lease ids are the same in every run. Default: the
    /// operating system's randomness.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// Where no seed is given and the operating system has no randomness.
    pub fn build(self) -> Result<Client, Error> {
        let mut purse = Purse::new(self.identities);
        for (account, source) in self.sources {
            purse.add_source(account, source);
        }
        let seed = match self.seed {
            Some(seed) => seed,
            None => seed_of_the_system()?,
        };
        let https = self.https;
        Ok(Client(Arc::new(Shared {
            purse: Arc::new(purse),
            transport: self
                .transport
                .unwrap_or_else(|| Arc::new(Https::new(https))),
            clock: self.clock,
            engine: self.engine,
            patience: self.patience,
            seed: Mutex::new(seed),
        })))
    }
}

fn seed_of_the_system() -> Result<Seed, InvalidInput> {
    getrandom::u64().map(Seed::new).map_err(|error| {
        let rule = "must be given where the operating system has no randomness";
        InvalidInput::new("seed", error.to_string(), rule)
    })
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("identities", &self.identities)
            .field("engine", &self.engine)
            .field("patience", &self.patience)
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}
