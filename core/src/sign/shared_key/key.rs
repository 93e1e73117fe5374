//! An account's key, made ready once.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::InvalidInput;

/// An account's key, or the value of a user delegation key: signs texts with HMAC-SHA256.
///
/// The key itself is not kept, only the state of the hash after it. `Debug` shows nothing of it.
///
/// ```
/// use blobferry_core::sign::shared_key::SharedKey;
/// let key: SharedKey = "bGFtcA==".parse()?;
/// assert_eq!(key.sign("text").len(), 44);
/// assert_eq!(format!("{key:?}"), "SharedKey(…)");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedKey(Hmac<Sha256>);

impl SharedKey {
    /// The key of `devstoreaccount1`, the account every emulator knows. It is public. Source: "Use the
    /// Azurite emulator for local Azure Storage development".
    pub const DEVELOPMENT: &'static str =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// Reads a key as the portal shows it.
    ///
    /// # Errors
    /// It must be Base64 and not empty; the error does not show it.
    pub fn new(base64: &str) -> Result<Self, InvalidInput> {
        let refuse = |rule| InvalidInput::new("account key", "", rule);
        let bytes = STANDARD
            .decode(base64.trim())
            .map_err(|_| refuse("must be Base64, as the portal shows it"))?;
        if bytes.is_empty() {
            return Err(refuse("must not be empty"));
        }
        Hmac::new_from_slice(&bytes)
            .map(Self)
            .map_err(|_| refuse("cannot be used with HMAC-SHA256"))
    }

    /// The signature of a text, Base64.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let mut signature = String::with_capacity(Self::SIGNATURE);
        self.sign_onto(text, &mut signature);
        signature
    }

    /// Characters of a signature.
    pub(crate) const SIGNATURE: usize = 44;

    /// Writes the signature of a text at the end of another.
    pub(crate) fn sign_onto(&self, text: &str, to: &mut String) {
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        STANDARD.encode_string(mac.finalize().into_bytes(), to);
    }
}

impl FromStr for SharedKey {
    type Err = InvalidInput;

    fn from_str(base64: &str) -> Result<Self, InvalidInput> {
        Self::new(base64)
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedKey(…)")
    }
}
