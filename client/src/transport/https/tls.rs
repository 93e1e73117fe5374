//! TLS, set up when it is first needed: with no certificates on the machine that can fail.

use std::io;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// The configuration shared by all connections of one transport.
#[derive(Debug, Clone)]
pub(super) struct Tls {
    config: Arc<OnceLock<Arc<ClientConfig>>>,
    /// Certificates in PEM that are trusted beside the machine's.
    trusted: Arc<[u8]>,
}

impl Tls {
    pub(super) fn new(trusted: &[u8]) -> Self {
        Self {
            config: Arc::default(),
            trusted: trusted.into(),
        }
    }

    pub(super) fn config(&self) -> io::Result<Arc<ClientConfig>> {
        if let Some(config) = self.config.get() {
            return Ok(config.clone());
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(self.roots()?)
            .with_no_client_auth();
        Ok(self.config.get_or_init(|| Arc::new(config)).clone())
    }

    /// The machine's certificates, or Mozilla's where the machine has none, and those we were given.
    fn roots(&self) -> io::Result<RootCertStore> {
        let mut roots = RootCertStore::empty();
        // A machine's store may hold entries that cannot be read; the others still count.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let unreadable = |_| io::Error::other("the trusted certificates cannot be read");
        for certificate in CertificateDer::pem_slice_iter(&self.trusted) {
            let certificate = certificate.map_err(|_| unreadable(()))?;
            roots.add(certificate).map_err(|_| unreadable(()))?;
        }
        Ok(roots)
    }
}
