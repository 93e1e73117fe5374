//! What crosses the boundary: requests before and after signing, and answers.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::address::{Account, BlobAddress, ContainerAddress, Revision};
use crate::source::CopySource;
use crate::version::ServiceVersion;
use crate::wire::query;

/// Names one exchange of a request for its answer, chosen by whoever was polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub u64);

/// Which of two waiting requests leaves first: the lesser one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// A lease that runs out.
    Lease,
    /// A copy to be stopped.
    Abort,
    /// How far something is.
    Status,
    /// Work to be begun.
    Start,
    /// What there is.
    List,
}

/// How an operation shows the service that it may read the source of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceProof {
    /// The request's own key or token covers sources of the same account; others need a SAS. This is
    /// Copy Blob.
    Covered,
    /// Every source that is not public needs a SAS.
    Own,
    /// Every source that is not public needs a SAS, or a bearer token in
    /// `x-ms-copy-source-authorization`: the synchronous operations. The token needs service version
    /// 2020-10-02 and later.
    OwnOrToken,
}

/// A request that is complete but for its credentials, date and version.
///
/// Made by an operation; it names the account that is to sign it and, for a copy, the source whose
/// credential travels inside it. It never holds a secret of its own, but bodies and metadata are the
/// user's: `Debug` shows neither.
#[derive(Clone)]
pub struct Request {
    /// Boxed, since a request is handed on by every option that adds to it, and then from machine to
    /// machine.
    pub(crate) parts: Box<Unsigned>,
}

/// What a request says.
#[derive(Clone)]
pub(crate) struct Unsigned {
    pub(crate) method: Method,
    pub(crate) account: Account,
    /// Percent-encoded, with the account on shared hosts.
    pub(crate) path: String,
    /// Decoded, in the order they will be written.
    pub(crate) query: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) source: Option<CopySource>,
    pub(crate) source_proof: SourceProof,
    pub(crate) needs: ServiceVersion,
    pub(crate) version: Option<ServiceVersion>,
    pub(crate) urgency: Urgency,
    pub(crate) operation: &'static str,
    /// Counted from 1.
    pub(crate) attempt: u32,
    pub(crate) timeout: Option<Duration>,
}

impl Request {
    /// A request to the account itself.
    #[must_use]
    pub fn to_account(method: Method, account: &Account) -> Self {
        let base = account.base();
        let path = if base.is_empty() {
            "/".to_owned()
        } else {
            base.to_owned()
        };
        Self::new(method, account, path)
    }

    /// A request to a container; `restype=container` is set.
    #[must_use]
    pub fn to_container(method: Method, address: &ContainerAddress) -> Self {
        Self::to_path_of(method, address).query(query::RESTYPE, "container")
    }

    /// A request at a container's path that is not about the container.
    pub(crate) fn to_path_of(method: Method, address: &ContainerAddress) -> Self {
        Self::new(method, &address.account, address.path())
    }

    /// A request to a blob, its snapshot or version included.
    #[must_use]
    pub fn to_blob(method: Method, address: &BlobAddress) -> Self {
        let request = Self::new(method, &address.account, address.path());
        match &address.revision {
            Revision::Current => request,
            Revision::Snapshot(time) => request.query(query::SNAPSHOT, time.clone()),
            Revision::Version(time) => request
                .query(query::VERSION_ID, time.clone())
                .needs(ServiceVersion::V2019_12_12),
        }
    }

    fn new(method: Method, account: &Account, path: String) -> Self {
        let parts = Unsigned {
            method,
            account: account.clone(),
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            source: None,
            source_proof: SourceProof::Covered,
            needs: ServiceVersion::V2009_09_19,
            version: None,
            urgency: Urgency::Status,
            operation: "",
            attempt: 1,
            timeout: None,
        };
        Self {
            parts: Box::new(parts),
        }
    }

    /// Adds a query parameter, given decoded.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.parts.query.push((name, value.into()));
        self
    }

    /// Adds a query parameter where there is a value.
    #[must_use]
    pub fn query_if(self, name: &'static str, value: Option<impl Into<Cow<'static, str>>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.parts.headers.insert(name, value);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Bytes) -> Self {
        self.parts.body = body;
        self
    }

    /// Names the source of a copy; the engine writes `x-ms-copy-source` with its credential.
    #[must_use]
    pub fn source(mut self, source: CopySource) -> Self {
        self.parts.source = Some(source);
        self
    }

    /// Says how the service is shown that the source may be read; covered unless said otherwise.
    #[must_use]
    pub fn source_proof(mut self, proof: SourceProof) -> Self {
        self.parts.source_proof = proof;
        self
    }

    /// Says that an option needs at least this service version.
    #[must_use]
    pub fn needs(mut self, version: ServiceVersion) -> Self {
        self.parts.needs = self.parts.needs.max(version);
        self
    }

    /// Fixes the service version, whatever the options need.
    #[must_use]
    pub fn version(mut self, version: ServiceVersion) -> Self {
        self.parts.version = Some(version);
        self
    }

    /// Says how long the service may take, in whole seconds; the service cuts it to 30 s for most
    /// operations. Source: "Setting Timeouts for Blob Service Operations".
    #[must_use]
    pub fn server_timeout(self, seconds: u32) -> Self {
        self.query(query::TIMEOUT, seconds.to_string())
    }

    /// How long the driver waits for the answer to one attempt.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.timeout = Some(timeout);
        self
    }

    /// Names the operation and its place in the queue.
    #[must_use]
    pub fn of(mut self, operation: &'static str, urgency: Urgency) -> Self {
        self.parts.operation = operation;
        self.parts.urgency = urgency;
        self
    }

    /// The operation's name, for traces.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.parts.operation
    }

    /// The account that signs.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.parts.account
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}{} ({})",
            self.parts.method,
            self.parts.account.origin(),
            self.parts.path,
            self.parts.operation
        )
    }
}

/// A request as it goes on the wire: nothing may be added to it or taken from it.
///
/// Its `Debug` shows method, and the URL and headers without signatures, keys and tokens.
#[derive(Clone)]
pub struct SignedRequest(pub(crate) http::Request<Bytes>);

impl SignedRequest {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.0.method()
    }

    /// The URL, encoded exactly as it was signed. May hold a SAS: do not print it.
    #[must_use]
    pub fn uri(&self) -> &http::Uri {
        self.0.uri()
    }

    /// The headers. May hold secrets: values that do are marked sensitive.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.0.body()
    }

    /// The operation's name, for traces.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0
            .extensions()
            .get::<Errand>()
            .map_or("", |errand| errand.operation)
    }

    /// Which attempt at the operation this is, counted from 1, for traces.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        let errand = self.0.extensions().get::<Errand>();
        errand.map_or(1, |errand| errand.attempt)
    }

    pub(crate) fn on(mut self, operation: &'static str, attempt: u32) -> Self {
        let errand = Errand { operation, attempt };
        self.0.extensions_mut().insert(errand);
        self
    }

    /// The `http` crate's form, for a driver.
    #[must_use]
    pub fn into_http(self) -> http::Request<Bytes> {
        self.0
    }
}

/// Travels beside a signed request, never on the wire.
#[derive(Debug, Clone, Copy)]
struct Errand {
    operation: &'static str,
    attempt: u32,
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.0.method(),
            crate::sign::redact_url(&self.0.uri().to_string())
        )
    }
}

/// An answer as a driver hands it over: status, headers and the whole body.
#[derive(Clone)]
pub struct Response(http::Response<Bytes>);

impl Response {
    /// Wraps what came over the wire.
    #[must_use]
    pub fn new(response: http::Response<Bytes>) -> Self {
        Self(response)
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// A header as text; absent where it is missing or is no text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.0
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.0.body()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.0.status(), self.0.body().len())
    }
}
