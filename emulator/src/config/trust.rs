//! Whose certificates are believed of copy sources over HTTPS.

use super::{Config, InvalidConfig};

impl Config {
    /// Trusts these certificates, in PEM, of copy sources that are read over HTTPS, beside those that
    /// the machine trusts (or that `SSL_CERT_FILE` and `SSL_CERT_DIR` name in their place). A
    /// source whose certificate nobody here trusts is not read.
    ///
    /// ```
    /// use blobferry_emulator::{Config, Tls};
    /// // What another emulator serves under, made on the spot.
    /// let tls = Tls::self_made([])?;
    /// let pem = tls.to_trust().unwrap_or_default();
    /// let config = Config::new().outside_trust(pem.as_bytes())?;
    /// # let _ = config;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// There is none, or one cannot be read.
    pub fn outside_trust(mut self, pem: &[u8]) -> Result<Self, InvalidConfig> {
        self.trust = self.trust.with(pem).map_err(InvalidConfig)?;
        Ok(self)
    }
}
