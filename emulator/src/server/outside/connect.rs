//! Connecting to a source: its name is looked up once, and only an address that may be asked is
//! connected to.

use std::net::{IpAddr, SocketAddr};

use http::Uri;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::outside::{Outside, Trust, Unreadable};

/// A connection, under TLS or not.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// Connects to where a URL leads.
///
/// # Errors
/// It leads where nothing may be read, or nowhere.
pub(super) async fn connect(
    policy: &Outside,
    trust: &Trust,
    uri: &Uri,
) -> Result<Box<dyn Connection>, Unreadable> {
    let is_secure = uri.scheme_str() == Some("https");
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    if !policy.may_ask(host, port) {
        return Err(Unreadable::Refused);
    }
    let stream = reach(&admitted(policy, host, port).await?).await?;
    // Requests are small and complete.
    drop(stream.set_nodelay(true));
    if is_secure {
        secured(trust, host, stream).await
    } else {
        Ok(Box::new(stream))
    }
}

#[cfg(feature = "tls")]
async fn secured(
    trust: &Trust,
    host: &str,
    stream: TcpStream,
) -> Result<Box<dyn Connection>, Unreadable> {
    Ok(Box::new(super::tls::secure(trust, host, stream).await?))
}

#[cfg(not(feature = "tls"))]
async fn secured(_: &Trust, _: &str, _: TcpStream) -> Result<Box<dyn Connection>, Unreadable> {
    Err(Unreadable::Unreachable)
}

/// The addresses that a host stands for. One that may not be asked refuses them all, so that nobody
/// tries such names until another comes first.
async fn admitted(policy: &Outside, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unreadable> {
    let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => tokio::net::lookup_host((host, port))
            .await
            .map_err(|_| Unreadable::Unreachable)?
            .collect(),
    };
    if found.iter().all(|address| policy.admits(address.ip())) {
        Ok(found)
    } else {
        Err(Unreadable::Refused)
    }
}

async fn reach(addresses: &[SocketAddr]) -> Result<TcpStream, Unreadable> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(Unreadable::Unreachable)
}
