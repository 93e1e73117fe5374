//! Whose key content is encrypted with.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::HeaderName;
use sha2::{Digest, Sha256 as Hasher};

use crate::checksum::Sha256;
use crate::header_text::{HeaderText, value};
use crate::message::Request;
use crate::part::Part;
use crate::version::ServiceVersion;
use crate::wire::header;

/// Whose key content is encrypted with. Version 2019-02-02 and later for all but the account's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Encryption {
    /// The account's, or the container's default scope.
    #[default]
    Account,
    /// A key that travels with each request.
    Key(EncryptionKey),
    /// An encryption scope of the account, by name.
    Scope(HeaderText),
}

/// An AES-256 key that the service uses for this request and forgets. HTTPS only.
///
/// Never shown: `Debug` prints the key's hash. Source: "Encrypt Blob Storage data with
/// customer-provided keys".
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey {
    key: [u8; 32],
    sha256: Sha256,
}

impl EncryptionKey {
    /// Takes the 32 bytes of a key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self {
            key,
            sha256: Sha256(Hasher::digest(key).into()),
        }
    }

    /// The hash by which the service names the key.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Writes the key of a copy's source. Version 2026-04-06 and later.
    pub(crate) fn for_source(&self, request: Request) -> Request {
        self.write(
            request,
            header::X_MS_SOURCE_ENCRYPTION_KEY,
            header::X_MS_SOURCE_ENCRYPTION_KEY_SHA256,
            header::X_MS_SOURCE_ENCRYPTION_ALGORITHM,
        )
        .needs(ServiceVersion::V2026_04_06)
    }

    fn write(
        &self,
        request: Request,
        key: HeaderName,
        sha256: HeaderName,
        algorithm: HeaderName,
    ) -> Request {
        let mut secret = value(&STANDARD.encode(self.key));
        secret.set_sensitive(true);
        request
            .header(key, secret)
            .text(sha256, &self.sha256.to_base64())
            .text(algorithm, "AES256")
    }
}

impl Part for EncryptionKey {
    fn add_to(&self, request: Request) -> Request {
        self.write(
            request,
            header::X_MS_ENCRYPTION_KEY,
            header::X_MS_ENCRYPTION_KEY_SHA256,
            header::X_MS_ENCRYPTION_ALGORITHM,
        )
        .needs(ServiceVersion::V2019_02_02)
    }
}

impl Part for Encryption {
    fn add_to(&self, request: Request) -> Request {
        match self {
            Self::Account => request,
            Self::Key(key) => key.add_to(request),
            Self::Scope(scope) => request
                .header(header::X_MS_ENCRYPTION_SCOPE, scope.value())
                .needs(ServiceVersion::V2019_02_02),
        }
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKey(SHA-256 {})", self.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_hash_and_never_shown() {
        let key = EncryptionKey::new([7; 32]);
        let shown = format!("{key:?}");
        assert!(shown.contains(&key.sha256().to_base64()));
        assert!(!shown.contains(&STANDARD.encode([7; 32])));
    }
}
