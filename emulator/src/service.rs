//! The service: requests go in, answers come out.

mod account;
mod batch;
mod browser;
#[cfg(feature = "durable")]
mod disk;
#[cfg(feature = "server")]
mod early;
mod finish;
mod insight;
mod manner;
#[cfg(feature = "server")]
mod outside;
mod pending;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};

use blobferry_core::words::PublicAccess;
use blobferry_core::{Seed, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::auth::{self, Holdings, StoredPolicy};
use crate::clock::Clock;
use crate::config::{Config, CopyPace, DataProtection, KeyName};
use crate::failure::Failure;
use crate::fault::{Effect, Faults};
use crate::kind::Kind;
use crate::later;
use crate::operation;
use crate::read;
use crate::request::Ask;
use crate::state::State;
#[cfg(feature = "durable")]
use crate::store::{About, Ledger, OpenError, Store};
use crate::structured;

use browser::Browser;
pub use finish::Reason;
pub use insight::{PendingCopy, Stats};
#[cfg(feature = "server")]
pub(crate) use outside::Need;
pub(crate) use pending::Pending;
#[cfg(feature = "durable")]
use pending::{Commit, Telling};

/// Put into a request's extensions, has the answer's tell the [`Kind`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logged;

/// A Blob service in one process: accounts, containers and blobs in memory, or in a directory.
///
/// It opens no socket and reads no clock: [`respond`](Self::respond) is told the time, so that a
/// test is the master of it. Metadata names keep their capitals by a [`Spelling`](crate::Spelling)
/// among the extensions of requests and answers, because the `http` crate's header names do not.
///
/// ```
/// use blobferry_core::Timestamp;
/// use blobferry_emulator::{Config, Service};
/// let service = Service::new(Config::new());
/// let request = http::Request::get("http://127.0.0.1:10000/devstoreaccount1/box/blob")
///     .header("x-ms-version", "2021-12-02")
///     .body(bytes::Bytes::new())?;
/// let answer = service.respond(Timestamp::from_millis(0), request);
/// assert_eq!(answer.status(), 401);
/// assert_eq!(answer.headers()["x-ms-error-code"], "NoAuthenticationInformation");
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Debug)]
pub struct Service {
    config: Config,
    state: Mutex<State>,
    requests: AtomicU64,
    answered: AtomicU64,
    #[cfg(feature = "durable")]
    ledger: Option<Ledger>,
    /// Whether any account has rules for browsers.
    crosses: AtomicBool,
    faults: Faults,
    /// Where it is served.
    #[cfg(feature = "server")]
    ports: Mutex<Vec<u16>>,
}

/// The longest body that is handed over in one piece: 5,000 MiB, as the longest that is taken.
const LONGEST_JOINED: u64 = 5_000 << 20;

/// 500, for a body that cannot be handed over.
fn failed() -> Response<Bytes> {
    let mut failed = Response::new(Bytes::new());
    *failed.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
    failed
}

impl Service {
    /// An empty service, in memory.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let config = config.apart();
        let state = State::new(config.clone());
        Self::of(config, state)
    }

    fn of(config: Config, state: State) -> Self {
        Self {
            crosses: AtomicBool::new(state.has_cors_rules()),
            state: Mutex::new(state),
            requests: AtomicU64::new(config.seed),
            answered: AtomicU64::new(0),
            #[cfg(feature = "durable")]
            ledger: None,
            faults: Faults::new(config.seed),
            #[cfg(feature = "server")]
            ports: Mutex::default(),
            config,
        }
    }

    /// A service that keeps everything in a directory: what it acknowledges is there after the
    /// process was killed or the power went. It begins with what is in the directory, which is made
    /// where it is missing. Copies that were pending go on.
    ///
    /// Accounts and all other settings are those of `config`; of accounts that it does not name,
    /// nothing is shown or lost.
    ///
    /// # Errors
    /// The directory is open elsewhere, holds something else, is damaged, or cannot be written; the
    /// error's text says what to do.
    ///
    /// ```
    /// use blobferry_emulator::{Config, Service};
    /// let directory = std::env::temp_dir().join(format!("blobferry-{}", std::process::id()));
    /// let service = Service::open(Config::new(), &directory)?;
    /// assert!(Service::open(Config::new(), &directory).is_err_and(|error| error.is_in_use()));
    /// drop(service);
    /// std::fs::remove_dir_all(&directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "durable")]
    pub fn open(config: Config, directory: impl AsRef<std::path::Path>) -> Result<Self, OpenError> {
        let (store, loaded) = Store::open(directory.as_ref())?;
        let ledger = store.ledger();
        let opening = Seed::new(loaded.openings).next_u64();
        let config = config.apart();
        let state = State::durable(config.clone(), store, loaded)
            .map_err(|error| OpenError::of(directory.as_ref(), error))?;
        let mut service = Self::of(config, state);
        service.requests = AtomicU64::new(service.config.seed ^ opening);
        service.ledger = Some(ledger);
        Ok(service)
    }

    /// Answers a request at a moment.
    ///
    /// The path must be the one that was signed, byte for byte. The host is taken from the URL, or
    /// from the `Host` header; the caller's address from a [`Peer`](crate::Peer) and the scheme from
    /// a [`Scheme`](http::uri::Scheme) among the request's extensions. A refusal has its
    /// [`Reason`] among the answer's, and an answer that a fault keeps from arriving its
    /// [`Delivery`](crate::Delivery).
    ///
    /// A body over 5,000 MiB, which a page blob may have without taking memory, is answered with a
    /// bare 500 here; a server sends it piece by piece.
    pub fn respond(&self, now: Timestamp, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = self.answer(now, request).wait().into_parts();
        let whole = (body.len() <= LONGEST_JOINED)
            .then(|| body.join().ok())
            .flatten();
        whole.map_or_else(failed, |body| Response::from_parts(parts, body))
    }

    /// As [`respond`](Self::respond), with a body that is read while it is written, and without
    /// waiting until what it tells is remembered.
    pub(crate) fn answer(&self, now: Timestamp, request: Request<Bytes>) -> Pending {
        self.answered.fetch_add(1, Ordering::Relaxed);
        let (parts, body) = request.into_parts();
        let asked = self.asked(now, &parts);
        if parts.method == http::Method::OPTIONS {
            let outcome = browser::preflight(self, &parts);
            return finish::write(asked, ServiceVersion::DEFAULT, outcome).into();
        }
        let browser = Browser::of(self, &parts);
        let is_logged = parts.extensions.get::<Logged>().is_some();
        let reading = read::read(self, now, parts, body);
        let version = reading.version;
        let kind = reading.outcome.as_ref().ok().map(|ask| ask.kind);
        let effect = reading
            .outcome
            .as_ref()
            .ok()
            .and_then(|ask| self.faults.draw(ask));
        #[cfg(feature = "durable")]
        let mut is_untouched = false;
        #[cfg(feature = "durable")]
        let about = reading
            .outcome
            .as_ref()
            .ok()
            .and_then(|ask| self.about(ask));
        let outcome = reading.outcome.and_then(|mut ask| {
            if let Some(failure) = effect.and_then(Effect::instead) {
                return Err(failure);
            }
            ask.effect = effect;
            auth::authorize(self, &mut ask)?;
            structured::unwrap(&mut ask)?;
            ask.forget_newer();
            #[cfg(feature = "durable")]
            self.check_disk(&ask).inspect_err(|_| is_untouched = true)?;
            #[cfg(feature = "durable")]
            self.file_body(&mut ask)?;
            operation::prepare(&ask);
            ask.read_ahead = self.read_ahead(&ask);
            structured::wrap(self.perform(&ask)?, &ask)
        });
        #[cfg(feature = "durable")]
        let commit = self
            .commit(&asked, version, about)
            .filter(|_| !is_untouched);
        let mut answer = finish::write(asked, version, outcome);
        if kind.is_some_and(manner::is_newer) {
            manner::rewrite(&mut answer);
        }
        if let Some(browser) = browser {
            browser.tell(self, kind, &mut answer);
        }
        if let Some(delivery) = effect.and_then(|effect| effect.delivery(answer.body().len())) {
            answer.extensions_mut().insert(delivery);
        }
        if is_logged && let Some(kind) = kind {
            answer.extensions_mut().insert(kind);
        }
        let pending = Pending::from(answer);
        #[cfg(feature = "durable")]
        let pending = pending.until(commit);
        pending
    }

    /// The disk under it, for tests to spoil.
    #[cfg(all(test, feature = "durable"))]
    pub(crate) fn disk(&self) -> Option<std::sync::Arc<crate::store::tests::Disk>> {
        self.ledger.as_ref().map(Ledger::disk)
    }

    /// What an answer made now has to wait for.
    #[cfg(feature = "durable")]
    fn commit(
        &self,
        asked: &finish::Asked,
        version: ServiceVersion,
        about: Option<About>,
    ) -> Option<Commit> {
        Some(Commit {
            ticket: self.ledger.as_ref()?.ticket()?,
            telling: Telling {
                about,
                asked: asked.clone(),
                version,
            },
        })
    }

    /// What the answer has to know of its request.
    fn asked(&self, now: Timestamp, parts: &Parts) -> finish::Asked {
        finish::Asked {
            now,
            is_head: parts.method == http::Method::HEAD,
            client_request_id: finish::echoed_id(&parts.headers),
            request_id: self.request_id(),
        }
    }

    /// Reads a long source before anybody is kept waiting for the state.
    fn read_ahead(&self, ask: &Ask) -> Option<operation::ReadAhead> {
        let source = operation::long_source(&self.lock(), ask)?;
        operation::ReadAhead::read(&source, ask)
    }

    /// Does what an authorized request asks.
    fn perform(&self, ask: &Ask) -> Result<Answer, Failure> {
        let (outcome, left) = later::collect(|| match ask.kind {
            Kind::Batch | Kind::BatchInContainer => batch::answer(self, ask),
            _ => operation::dispatch(&mut self.lock(), ask),
        });
        drop(left);
        if ask.kind == Kind::SetServiceProperties && outcome.is_ok() {
            browser::note(self);
        }
        outcome
    }

    /// The clock that servers of this service go by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// What goes wrong on purpose.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// How it was set up.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Lets copies into an account go at another pace from now on, those under way included.
    pub fn set_copy_pace(&self, account: &str, pace: CopyPace, now: Timestamp) {
        self.lock().set_copy_pace(account, pace, now);
    }

    /// Lets an account keep versions and deleted containers, or no more, from now on. What it kept
    /// stays.
    pub fn set_data_protection(&self, account: &str, protection: DataProtection) {
        self.lock().set_protection(account, protection);
    }

    /// The connection string of an account served over HTTP at an address, as SDKs take it; absent
    /// where there is no such account. It holds the account's key.
    #[must_use]
    pub fn connection_string(&self, account: &str, addr: SocketAddr) -> Option<String> {
        self.connection_string_at(account, KeyName::Key1, &format!("http://{addr}"))
    }

    /// The same, for a server that is met at `scheme://host:port`.
    pub(crate) fn connection_string_at(
        &self,
        account: &str,
        name: KeyName,
        origin: &str,
    ) -> Option<String> {
        let key = self.key(account, name)?;
        let scheme = origin.split(':').next().unwrap_or_default();
        Some(format!(
            "DefaultEndpointsProtocol={scheme};AccountName={account};AccountKey={key};\
             BlobEndpoint={origin}/{account};"
        ))
    }

    /// Returns when nobody works on the state.
    #[cfg(feature = "server")]
    pub(crate) fn wait_for_state(&self) {
        drop(self.lock());
    }

    /// An id that is the same in every run with the same seed and requests.
    fn request_id(&self) -> String {
        Seed::new(self.request_number()).uuid()
    }

    /// A number that no request has yet.
    fn request_number(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// What a panic left behind is still whole: operations change the state in one step each.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks only for what the state knows; keys and settings are read without.
impl Holdings for Service {
    fn config(&self) -> &Config {
        &self.config
    }

    fn public_access(&self, account: &str, container: &str) -> Option<PublicAccess> {
        self.lock().public_access(account, container)
    }

    fn policy(&self, account: &str, container: &str, id: &str) -> Option<StoredPolicy> {
        self.lock().policy(account, container, id)
    }

    fn default_version(&self, account: &str) -> Option<ServiceVersion> {
        self.lock().default_version(account)
    }
}

#[cfg(test)]
mod tests;
