//! TLS to sources, by the certificates that the machine trusts; set up when it is first needed.

use std::io;
use std::sync::{Arc, OnceLock};

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::outside::Unreadable;

/// Speaks TLS on a connection.
pub(super) async fn secure(
    host: &str,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Unreadable> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Unreadable::Refused)?;
    let config = config().map_err(|_| Unreadable::Unreachable)?;
    TlsConnector::from(config)
        .connect(name, stream)
        .await
        .map_err(|_| Unreadable::Unreachable)
}

fn config() -> io::Result<Arc<ClientConfig>> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let mut roots = RootCertStore::empty();
    // A machine's store may hold entries that cannot be read; the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(CONFIG.get_or_init(|| Arc::new(config)).clone())
}
