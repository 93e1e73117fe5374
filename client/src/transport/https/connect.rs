//! How a connection comes about: straight or through a proxy, in the clear or under TLS.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::failure::innermost;
use super::tls::Tls;

type BoxError = Box<dyn Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// To the service or to a proxy that may itself be spoken to under TLS.
type FirstHop = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Makes connections to the service.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    route: Route,
    limit: Duration,
}

impl Connector {
    pub(super) fn new(proxies: Arc<Matcher>, tls: Tls, limit: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let route = Route { tcp, tls, proxies };
        Self { route, limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Hop>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let (route, limit) = (self.route.clone(), self.limit);
        Box::pin(async move {
            let tls = route.tls.clone();
            tokio::time::timeout(limit, secured(&tls, route, target))
                .await
                .unwrap_or_else(|_| Err(format!("no connection within {limit:?}").into()))
        })
    }
}

/// The way to the service, up to but not including TLS with it.
#[derive(Debug, Clone)]
struct Route {
    tcp: HttpConnector,
    tls: Tls,
    proxies: Arc<Matcher>,
}

impl Service<Uri> for Route {
    type Response = Hop;
    type Error = BoxError;
    type Future = Connecting<Hop>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let mut route = self.clone();
        Box::pin(async move {
            match route.proxies.intercept(&target) {
                Some(proxy) => {
                    let at = proxy.uri().authority().map_or("", |host| host.as_str());
                    let at = at.to_owned();
                    let hop = route.through(proxy, target).await;
                    hop.map_err(|error| format!("proxy {at}: {}", innermost(&*error)).into())
                }
                None => Ok(Hop {
                    stream: MaybeHttpsStream::Http(route.tcp.call(target).await?),
                    to_proxy: false,
                }),
            }
        })
    }
}

impl Route {
    async fn through(self, proxy: Intercept, target: Uri) -> Result<Hop, BoxError> {
        if !matches!(proxy.uri().scheme_str(), Some("http" | "https")) {
            return Err("only http and https proxies are supported".into());
        }
        let first = FirstHopConnector(self);
        if target.scheme() != Some(&Scheme::HTTPS) {
            let stream = first.connect(proxy.uri().clone()).await?;
            return Ok(Hop {
                stream,
                to_proxy: true,
            });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), first);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        Ok(Hop {
            stream: tunnel.call(target).await?,
            to_proxy: false,
        })
    }
}

/// Connects to a proxy, under TLS where its URL says so.
#[derive(Debug, Clone)]
struct FirstHopConnector(Route);

impl FirstHopConnector {
    async fn connect(self, proxy: Uri) -> Result<FirstHop, BoxError> {
        let tcp = self.0.tcp.clone();
        secured(&self.0.tls, tcp, proxy).await
    }
}

impl Service<Uri> for FirstHopConnector {
    type Response = FirstHop;
    type Error = BoxError;
    type Future = Connecting<FirstHop>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        Box::pin(self.clone().connect(proxy))
    }
}

/// Puts TLS on top of what `inner` connects to where the target asks for it.
async fn secured<C>(
    tls: &Tls,
    mut inner: C,
    target: Uri,
) -> Result<MaybeHttpsStream<C::Response>, BoxError>
where
    C: Service<Uri> + Send,
    C::Response: Read + Write + Connection + Unpin + Send + 'static,
    C::Error: Into<BoxError>,
    C::Future: Send + 'static,
{
    if target.scheme() == Some(&Scheme::HTTPS) {
        HttpsConnector::from((inner, tls.config()?))
            .call(target)
            .await
    } else {
        let stream = inner.call(target).await.map_err(Into::into)?;
        Ok(MaybeHttpsStream::Http(stream))
    }
}

/// A connection to whoever comes first on the way.
#[derive(Debug)]
pub(super) struct Hop {
    stream: FirstHop,
    /// Whether requests are addressed to a proxy, which wants their URL in absolute form.
    to_proxy: bool,
}

impl Connection for Hop {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.to_proxy)
    }
}

impl Read for Hop {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for Hop {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }
}
