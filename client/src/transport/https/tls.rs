//! TLS, set up when it is first needed: with no certificates on the machine that can fail.

use std::io;
use std::sync::{Arc, OnceLock};

use hyper_rustls::ConfigBuilderExt;
use rustls::ClientConfig;

/// The configuration shared by all connections of one transport.
#[derive(Debug, Clone, Default)]
pub(super) struct Tls(Arc<OnceLock<Arc<ClientConfig>>>);

impl Tls {
    /// Trusts the machine's certificates, or Mozilla's where the machine has none.
    pub(super) fn config(&self) -> io::Result<Arc<ClientConfig>> {
        if let Some(config) = self.0.get() {
            return Ok(config.clone());
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = || {
            ClientConfig::builder_with_provider(provider.clone())
                .with_safe_default_protocol_versions()
                .map_err(io::Error::other)
        };
        let rooted = match builder()?.with_native_roots() {
            Ok(rooted) => rooted,
            Err(_) => builder()?.with_webpki_roots(),
        };
        let config = Arc::new(rooted.with_no_client_auth());
        Ok(self.0.get_or_init(|| config).clone())
    }
}
