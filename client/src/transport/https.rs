//! The native transport: hyper's pooled client with rustls.
//!
//! Not built on a URL parser that follows the web's rules: those collapse `..` and turn `\` into
//! `/`, and what was signed would not be what is sent.

mod connect;
mod failure;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use blobferry_core::{Response, SignedRequest, TransportError};
use bytes::Bytes;
use http::header::{HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::capture_connection;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::{Flight, Transport};
use connect::Connector;
use tls::Tls;

/// Which proxies stand between us and the service.
///
/// A proxy URL is `http://[user:password@]host:port`, or `https://…` for a proxy that is itself
/// spoken to under TLS. Requests to `https` accounts pass through `CONNECT`, others in absolute
/// form.
#[derive(Debug, Clone)]
pub struct Proxies(Arc<Matcher>);

impl Proxies {
    /// None, whatever the environment says.
    #[must_use]
    pub fn none() -> Self {
        Self(Arc::new(Matcher::builder().build()))
    }

    /// As `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in upper or lower case.
    #[must_use]
    pub fn from_environment() -> Self {
        Self(Arc::new(Matcher::from_env()))
    }

    /// One proxy for everything but the hosts, domains and address ranges in `except`, which is
    /// written like `NO_PROXY`.
    #[must_use]
    pub fn all(proxy: &str, except: &str) -> Self {
        let builder = Matcher::builder().all(proxy.to_owned());
        Self(Arc::new(builder.no(except.to_owned()).build()))
    }
}

/// How the native transport behaves.
#[derive(Debug, Clone)]
pub struct HttpsOptions {
    /// Which proxies to pass through. Default: those of the environment.
    pub proxies: Proxies,
    /// How long a connection may take to come about, TLS included. Default 10 s.
    pub connect_timeout: Duration,
    /// How long an unused connection is kept. Default 30 s, less than the service keeps its end, so
    /// that a request seldom meets a connection that is just being closed.
    pub idle_timeout: Duration,
    /// How many unused connections are kept for each host. Default 256.
    pub idle_connections: usize,
    /// What is told to the service as `User-Agent`, after our own name.
    pub user_agent: Option<HeaderValue>,
    /// Certificates in PEM to trust beside the machine's, such as that of an emulator or of a proxy
    /// that reads along. `SSL_CERT_FILE` and `SSL_CERT_DIR` take the place of the machine's.
    pub trusted: Vec<u8>,
}

impl Default for HttpsOptions {
    fn default() -> Self {
        Self {
            proxies: Proxies::from_environment(),
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            idle_connections: 256,
            user_agent: None,
            trusted: Vec::new(),
        }
    }
}

/// HTTP/1.1 over pooled connections, with TLS for `https` accounts.
///
/// TLS is set up when the first `https` request leaves; it trusts the machine's certificates, or
/// Mozilla's where the machine has none. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Https {
    client: Client<Connector, Full<Bytes>>,
    proxies: Arc<Matcher>,
    user_agent: HeaderValue,
}

impl Https {
    /// A transport without connections.
    #[must_use]
    pub fn new(options: HttpsOptions) -> Self {
        let tls = Tls::new(&options.trusted);
        let connector = Connector::new(options.proxies.0.clone(), tls, options.connect_timeout);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(options.idle_timeout)
            .pool_max_idle_per_host(options.idle_connections)
            .build(connector);
        Self {
            client,
            proxies: options.proxies.0,
            user_agent: user_agent(options.user_agent.as_ref()),
        }
    }
}

impl Default for Https {
    fn default() -> Self {
        Self::new(HttpsOptions::default())
    }
}

impl Transport for Https {
    fn carry(&self, request: SignedRequest, limit: Duration) -> Flight {
        let client = self.client.clone();
        let request = self.addressed(request);
        Box::pin(exchange(client, request, limit))
    }
}

impl Https {
    /// The request with what only the transport knows; none of it is signed.
    fn addressed(&self, request: SignedRequest) -> http::Request<Full<Bytes>> {
        let mut request = request.into_http().map(Full::new);
        let agent = self.user_agent.clone();
        request.headers_mut().entry(USER_AGENT).or_insert(agent);
        if request.uri().scheme() == Some(&http::uri::Scheme::HTTP)
            && let Some(proxy) = self.proxies.intercept(request.uri())
            && let Some(auth) = proxy.basic_auth()
        {
            request
                .headers_mut()
                .insert(PROXY_AUTHORIZATION, auth.clone());
        }
        request
    }
}

async fn exchange(
    client: Client<Connector, Full<Bytes>>,
    mut request: http::Request<Full<Bytes>>,
    limit: Duration,
) -> Result<Response, TransportError> {
    let host = request
        .uri()
        .authority()
        .map(ToString::to_string)
        .unwrap_or_default();
    let connection = capture_connection(&mut request);
    let answered = tokio::time::timeout(limit, async {
        let response = client
            .request(request)
            .await
            .map_err(|error| failure::of_request(&host, &error))?;
        let (head, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| failure::of_body(&error))?;
        Ok(http::Response::from_parts(head, body.to_bytes()))
    })
    .await;
    match answered {
        Ok(response) => response.map(Response::new),
        Err(_) if connection.connection_metadata().is_none() => Err(TransportError::Unreachable {
            host,
            reason: format!("no connection within {limit:?}"),
        }),
        Err(_) => Err(TransportError::Timeout),
    }
}

/// `blobferry/0.1.0 …`.
fn user_agent(more: Option<&HeaderValue>) -> HeaderValue {
    const OURS: &str = concat!("blobferry/", env!("CARGO_PKG_VERSION"));
    let ours = HeaderValue::from_static(OURS);
    let Some(more) = more else {
        return ours;
    };
    let both = [OURS.as_bytes(), b" ", more.as_bytes()].concat();
    HeaderValue::from_maybe_shared(Bytes::from(both)).unwrap_or(ours)
}
