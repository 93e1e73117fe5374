//! Whose certificates are believed of sources read over HTTPS.

use std::sync::{Arc, OnceLock};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// The certificates that the machine trusts, and others beside them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trust {
    more: Vec<CertificateDer<'static>>,
    /// Set up when it is first needed: reading what the machine trusts takes milliseconds.
    client: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Trust {
    /// As it is, with every certificate in a text in PEM.
    ///
    /// # Errors
    /// Why one of them cannot be trusted, or that there is none.
    pub(crate) fn with(&self, pem: &[u8]) -> Result<Self, String> {
        let found = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| format!("a certificate is no PEM: {error}"))?;
        if found.is_empty() {
            return Err("there is no certificate in PEM".to_owned());
        }
        let mut roots = RootCertStore::empty();
        for certificate in &found {
            roots
                .add(certificate.clone())
                .map_err(|error| format!("a certificate cannot be trusted: {error}"))?;
        }
        Ok(Self {
            more: self.more.iter().cloned().chain(found).collect(),
            client: Arc::default(),
        })
    }

    /// TLS under this trust.
    ///
    /// # Errors
    /// The machine cannot do TLS.
    pub(crate) fn client(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = Arc::new(
            ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()?
                .with_root_certificates(self.roots())
                .with_no_client_auth(),
        );
        Ok(self.client.get_or_init(|| client).clone())
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        // A machine's store may hold entries that cannot be read; the others still count.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        roots.add_parsable_certificates(self.more.iter().cloned());
        roots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tls;

    #[test]
    fn what_is_trusted_is_one_certificate_or_more_in_pem() {
        let tls = Tls::self_made([]).unwrap();
        let pem = tls.to_trust().unwrap();
        let trust = Trust::default().with(pem.as_bytes()).unwrap();
        assert_eq!(trust.more.len(), 1);
        let twice = trust.with(format!("{pem}{pem}").as_bytes()).unwrap();
        assert_eq!(twice.more.len(), 3);
        for (text, why) in [
            ("", "no certificate"),
            (
                "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                "no PEM",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "cannot be trusted",
            ),
        ] {
            let told = Trust::default().with(text.as_bytes()).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
