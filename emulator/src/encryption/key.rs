//! The hash of a customer-provided key, read from the three headers in which a key travels.

use http::HeaderName;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use blobferry_core::wire::header;

use crate::failure::Failure;
use crate::hash;
use crate::request::Ask;

/// The SHA-256 of a key. The key itself is nowhere kept.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyHash([u8; 32]);

/// The headers of a key.
pub(super) struct Headers {
    key: HeaderName,
    sha256: HeaderName,
    algorithm: HeaderName,
}

impl Headers {
    #[cfg(feature = "server")]
    pub(super) fn names(&'static self) -> [&'static HeaderName; 3] {
        [&self.key, &self.sha256, &self.algorithm]
    }
}

/// Of the blob that is read or written.
pub(super) static HEADERS: Headers = Headers {
    key: header::X_MS_ENCRYPTION_KEY,
    sha256: header::X_MS_ENCRYPTION_KEY_SHA256,
    algorithm: header::X_MS_ENCRYPTION_ALGORITHM,
};

/// Of the source of a copy, from 2026-04-06.
pub(super) static SOURCE_HEADERS: Headers = Headers {
    key: header::X_MS_SOURCE_ENCRYPTION_KEY,
    sha256: header::X_MS_SOURCE_ENCRYPTION_KEY_SHA256,
    algorithm: header::X_MS_SOURCE_ENCRYPTION_ALGORITHM,
};

impl KeyHash {
    /// Reads the headers; absent where the request names neither a key nor its hash.
    ///
    /// The service takes keys over HTTPS only. They are taken over HTTP here, where they protect
    /// nothing. Nor is a malformed key repeated in the refusal, as the service would.
    ///
    /// # Errors
    /// 400 where one of the three is missing, the key is not of 32 bytes, the hash is not that of
    /// the key, or the algorithm is not AES256.
    pub(super) fn of(ask: &Ask, headers: &Headers) -> Result<Option<Self>, Failure> {
        if !ask.headers.contains_key(&headers.key) && !ask.headers.contains_key(&headers.sha256) {
            // Some clients name the algorithm always.
            return Ok(None);
        }
        let key = required(ask, &headers.key)?;
        let sha256 = required(ask, &headers.sha256)?;
        let algorithm = required(ask, &headers.algorithm)?;
        let Some(key) = hash::read::<32>(key) else {
            return Err(Failure::invalid_header(&headers.key, ""));
        };
        let found: [u8; 32] = Sha256::digest(key).into();
        if hash::read::<32>(sha256) != Some(found) {
            return Err(Failure::invalid_header(&headers.sha256, sha256));
        }
        if !algorithm.eq_ignore_ascii_case("AES256") {
            return Err(Failure::invalid_header(&headers.algorithm, algorithm));
        }
        Ok(Some(Self(found)))
    }

    /// As it travels.
    pub(crate) fn base64(&self) -> String {
        hash::base64(&self.0)
    }
}

impl std::fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.base64())
    }
}

fn required<'a>(ask: &'a Ask, name: &HeaderName) -> Result<&'a str, Failure> {
    ask.header(name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Failure::missing_header(name))
}
