//! HTTPS: a certificate that was given, or one made on the spot.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// The names of a certificate made on the spot: this machine, and accounts in the host.
const NAMES: [&str; 5] = [
    "localhost",
    "127.0.0.1",
    "::1",
    "*.blob.localhost",
    "blob.localhost",
];

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// How long it holds: the longest that all clients accept is 825 days.
const LIFE: Duration = Duration::from_secs(365 * 24 * 3_600);

/// A certificate and its key, ready to serve.
///
/// ```
/// use blobferry_emulator::Tls;
/// let tls = Tls::self_made([])?;
/// assert!(tls.to_trust().is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE-----")));
/// # Ok::<(), blobferry_emulator::InvalidTls>(())
/// ```
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    to_trust: Option<String>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Why a certificate cannot be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTls(String);

impl fmt::Display for InvalidTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidTls {}

impl Tls {
    /// A certificate with its chain, the server's own first, and its key; both in PEM. The key may be
    /// PKCS #8, PKCS #1 or SEC 1, and not encrypted.
    ///
    /// # Errors
    /// Either is missing or cannot be read, or the key is not the certificate's.
    pub fn given(chain: &[u8], key: &[u8]) -> Result<Self, InvalidTls> {
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| InvalidTls(format!("the certificate is no PEM: {error}")))?;
        if chain.is_empty() {
            return Err(InvalidTls("there is no certificate in PEM".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| InvalidTls(format!("the key is no unencrypted PEM key: {error}")))?;
        Self::new(chain, key, None)
    }

    /// A certificate for this machine (`localhost`, `127.0.0.1`, `::1`, `*.blob.localhost`) and for
    /// other names or addresses, made on the spot and valid for a year. It is signed by an authority
    /// of its own, whose key is forgotten at once: who trusts [`to_trust`](Self::to_trust) trusts
    /// this server and nobody else.
    ///
    /// # Errors
    /// A name is none.
    pub fn self_made(names: impl IntoIterator<Item = String>) -> Result<Self, InvalidTls> {
        let unmade = |error: rcgen::Error| InvalidTls(format!("no certificate: {error}"));
        let key = || KeyPair::generate().map_err(unmade);
        let mut authority = params(Vec::new(), "blobferry emulator authority").map_err(unmade)?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(authority, key()?).map_err(unmade)?;

        let names = NAMES.into_iter().map(str::to_owned).chain(names).collect();
        let mut own = params(names, "blobferry emulator").map_err(unmade)?;
        own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        own.use_authority_key_identifier_extension = true;
        let own_key = key()?;
        let certificate = own.signed_by(&own_key, &authority).map_err(unmade)?;

        let chain = vec![certificate.der().clone(), authority.der().clone()];
        let own_key = PrivateKeyDer::try_from(own_key.serialize_der())
            .map_err(|error| InvalidTls(error.to_owned()))?;
        Self::new(chain, own_key, Some(authority.pem()))
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        to_trust: Option<String>,
    ) -> Result<Self, InvalidTls> {
        let refused = |error: rustls::Error| InvalidTls(format!("cannot serve it: {error}"));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(refused)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(refused)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            to_trust,
        })
    }

    /// The certificate, in PEM, that clients have to trust; absent where one was given.
    #[must_use]
    pub fn to_trust(&self) -> Option<&str> {
        self.to_trust.as_deref()
    }

    pub(super) const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

fn params(names: Vec<String>, common_name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    let now = SystemTime::now();
    // A client whose clock is behind is served as well.
    params.not_before = (now - DAY).into();
    params.not_after = (now + LIFE).into();
    Ok(params)
}

#[cfg(test)]
mod tests;
