//! The one thing a program holds: who it speaks as, and the wire it speaks over.

mod builder;
mod copies;
mod download;
mod leases;
mod listing;
mod upload;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use blobferry_core::{
    Call, Engine, EngineOptions, Error, InvalidInput, Machine, Operation, Patience, Seed, Timestamp,
};

use crate::cancel::{Cancel, Stopped};
use crate::clock::Clock;
use crate::drive::{Wire, drive};
use crate::environment;
use crate::job::Job;
use crate::token::Purse;
use crate::transport::Transport;

pub use builder::ClientBuilder;
pub use upload::Upload;

/// Speaks to accounts: sends operations, and drives conversations to their ends.
///
/// Cheap to clone; clones share connections, identities and limits.
///
/// ```no_run
/// use blobferry::Client;
/// use blobferry::operation::GetBlobProperties;
/// # async fn look() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = Client::from_environment()?;
/// let blob = builder.blob("https://north.blob.core.windows.net/from/log")?;
/// let properties = builder.build()?.send(GetBlobProperties::new(blob)).await?;
/// println!("{:?}", properties.content_length);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    purse: Arc<Purse>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    engine: EngineOptions,
    patience: Patience,
    seed: Mutex<Seed>,
}

impl Client {
    /// Begins with nobody to speak as.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Begins with the account that the [environment](crate::environment::account) names, if any.
    ///
    /// # Errors
    /// A variable that cannot be meant.
    pub fn from_environment() -> Result<ClientBuilder, InvalidInput> {
        Ok(match environment::account()? {
            Some((account, credential)) => Self::builder().credential(account, credential),
            None => Self::builder(),
        })
    }

    /// Carries one operation through its attempts.
    ///
    /// # Errors
    /// What the service refused, or what was lost on the wire once all attempts were spent. A
    /// transport error that is not [unsent](blobferry_core::TransportError::is_unsent) means that
    /// nobody knows whether the service has acted.
    pub async fn send<O>(&self, operation: O) -> Result<O::Output, Error>
    where
        O: Operation<Output: Clone>,
    {
        let call = Call::new(operation, self.patience().clone(), self.seed());
        match self
            .drive(call, &Cancel::new(), |never| match never {})
            .await
        {
            Ok(outcome) => outcome.into_result(),
            Err(Stopped) => Err(Error::Transport(blobferry_core::TransportError::NotSent)),
        }
    }

    /// Drives a machine to its end and hands over its events as they come.
    ///
    /// Dropping the future stops it hard: copies go on in the service and leases stay held until
    /// they run out. To wind down in order use `cancel`.
    ///
    /// # Errors
    /// [`Stopped`] where `cancel` was asked to stop before the end.
    pub async fn drive<M: Machine>(
        &self,
        machine: M,
        cancel: &Cancel,
        on_event: impl FnMut(M::Event),
    ) -> Result<M::Outcome, Stopped> {
        let (identities, renewals) = self.0.purse.open().await;
        let engine = Engine::new(machine, identities, self.0.engine.clone());
        let wire = Wire {
            transport: self.0.transport.clone(),
            clock: self.0.clock.clone(),
            renewals,
        };
        drive(engine, &wire, cancel, on_event).await
    }

    /// A job for any machine: awaited for its outcome, or followed event by event.
    pub fn job<M>(&self, machine: M) -> Job<M>
    where
        M: Machine<Event: Send, Outcome: Send> + Send + 'static,
    {
        Job::new(self, machine)
    }

    /// How long operations are tried.
    #[must_use]
    pub fn patience(&self) -> &Patience {
        &self.0.patience
    }

    /// Chance for one machine, apart from everybody else's.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.0
            .seed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .split()
    }

    /// What time it is by this client's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("purse", &self.0.purse)
            .field("engine", &self.0.engine)
            .field("patience", &self.0.patience)
            .finish_non_exhaustive()
    }
}
