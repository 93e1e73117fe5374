//! The keys of whoever issues tokens. Source: RFC 7517 and RFC 7518.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;

/// Public keys that tokens are verified with, and what else is asked of tokens.
///
/// ```
/// use blobferry_emulator::{Bearer, Config, Jwks};
/// # let text = r#"{"keys":[{"kty":"EC","crv":"P-256",
/// #   "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
/// #   "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
/// let keys = Jwks::read(text)?.tenant("2d2f2a30-1a66-4c6b-8ae9-3a4d25a1a1c5");
/// let config = Config::new().bearer(Bearer::Strict(keys));
/// # let _ = config;
/// # Ok::<(), blobferry_emulator::InvalidJwks>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwks {
    keys: Arc<[Key]>,
    tenant: Option<String>,
}

/// Why a text holds no keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidJwks(String);

impl fmt::Display for InvalidJwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidJwks {}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    id: Option<String>,
    public: Public,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Public {
    /// RS256.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// ES256, the point uncompressed.
    P256(Vec<u8>),
}

impl Jwks {
    /// Reads a JSON Web Key Set, as identity providers publish it. Keys of other kinds than RSA (for
    /// RS256) and P-256 (for ES256) are passed over.
    ///
    /// # Errors
    /// It is no key set, or no key in it can be used.
    pub fn read(text: &str) -> Result<Self, InvalidJwks> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| InvalidJwks(error.to_string()))?;
        let keys: Arc<[Key]> = value
            .get("keys")
            .and_then(Value::as_array)
            .ok_or_else(|| InvalidJwks("a key set needs `keys`".to_owned()))?
            .iter()
            .filter_map(Key::read)
            .collect();
        if keys.is_empty() {
            return Err(InvalidJwks(
                "no key is an RSA or P-256 signing key".to_owned(),
            ));
        }
        Ok(Self { keys, tenant: None })
    }

    /// Accepts tokens of one tenant only; where to get one is told with it in 401 answers.
    #[must_use]
    pub fn tenant(mut self, id: &str) -> Self {
        self.tenant = Some(id.to_owned());
        self
    }

    /// The one tenant whose tokens are accepted.
    pub(super) fn tenant_name(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Whether one of the keys made a signature, by the algorithm that goes with its kind. A token
    /// that names a key is verified with that key only.
    pub(super) fn verify(
        &self,
        algorithm: &str,
        id: Option<&str>,
        signed: &[u8],
        signature: &[u8],
    ) -> bool {
        self.keys
            .iter()
            .filter(|key| match (id, &key.id) {
                (Some(wanted), Some(known)) => wanted == known,
                _ => true,
            })
            .any(|key| key.public.verify(algorithm, signed, signature))
    }
}

impl Key {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str();
        let bytes = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(text(name)?).ok();
        if text("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        let public = match (text("kty")?, text("crv")) {
            ("RSA", _) => Public::Rsa {
                n: bytes("n")?,
                e: bytes("e")?,
            },
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                (x.len() == 32 && y.len() == 32)
                    .then(|| Public::P256([&[4][..], &x, &y].concat()))?
            }
            _ => return None,
        };
        Some(Self {
            id: text("kid").map(str::to_owned),
            public,
        })
    }
}

impl Public {
    /// The kind of key decides what is computed; what the token says must be the same.
    fn verify(&self, algorithm: &str, signed: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { n, e } => {
                algorithm == "RS256"
                    && RsaPublicKeyComponents { n, e }
                        .verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
                        .is_ok()
            }
            Self::P256(point) => {
                algorithm == "ES256"
                    && UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                        .verify(signed, signature)
                        .is_ok()
            }
        }
    }
}
