//! TLS to sources.

use std::io;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{CertificateError, Error};

use crate::outside::{Distrust, Trust, Unreadable};

/// Speaks TLS on a connection.
pub(super) async fn secure(
    trust: &Trust,
    host: &str,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Unreadable> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Unreadable::Refused)?;
    let client = trust.client().map_err(|_| Unreadable::Unreachable)?;
    TlsConnector::from(client)
        .connect(name, stream)
        .await
        .map_err(|error| why(&error))
}

/// A certificate is as bad the next time; whatever else broke the connection may not.
fn why(error: &io::Error) -> Unreadable {
    let told = error.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(Error::InvalidCertificate(error)) = told else {
        return Unreadable::Unreachable;
    };
    Unreadable::Untrusted(match error {
        // Authorities of certificates made on the spot share a name, and only their keys differ.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Distrust::Issuer,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Distrust::Name
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Distrust::Time,
        _ => Distrust::Other,
    })
}
