//! HMAC-SHA256, and comparing its results without telling how far they agree.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signature of a text.
pub(crate) fn sign(key: &[u8], text: &[u8]) -> Vec<u8> {
    started(key).map_or_else(Vec::new, |mut mac| {
        mac.update(text);
        mac.finalize().into_bytes().to_vec()
    })
}

/// Whether `signature`, in Base64, is that of the text; takes the same time wherever they differ.
pub(crate) fn verify(key: &[u8], text: &[u8], signature: &str) -> bool {
    Key::new(key).verify(text, signature)
}

/// A key whose half of the work is done.
#[derive(Clone)]
pub(crate) struct Key(Option<Hmac<Sha256>>);

impl Key {
    pub(crate) fn new(key: &[u8]) -> Self {
        Self(started(key))
    }

    /// As [`verify`].
    pub(crate) fn verify(&self, text: &[u8], signature: &str) -> bool {
        // Room for more than a signature has.
        let mut bytes = [0; 48];
        let decoded = BASE64_STANDARD.decode_slice(signature, &mut bytes);
        let Some(signature) = decoded.ok().and_then(|length| bytes.get(..length)) else {
            return false;
        };
        self.0.clone().is_some_and(|mut mac| {
            mac.update(text);
            mac.verify_slice(signature).is_ok()
        })
    }
}

fn started(key: &[u8]) -> Option<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(key).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_verifies_and_any_other_does_not() {
        let signature = BASE64_STANDARD.encode(sign(b"key", b"text"));
        assert!(verify(b"key", b"text", &signature));
        assert!(!verify(b"key", b"texts", &signature));
        assert!(!verify(b"keys", b"text", &signature));
        assert!(!verify(b"key", b"text", "AAAA"));
        assert!(!verify(b"key", b"text", "no base64"));
        assert!(!verify(b"key", b"text", &"A".repeat(1_000)));
        assert!(!verify(b"key", b"text", &(signature + "AAAA")));
    }
}
