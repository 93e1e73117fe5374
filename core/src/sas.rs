//! Shared access signatures: read, kept apart from URLs, minted.
//!
//! Sources: "Create an account SAS", "Create a service SAS", "Create a user delegation SAS".

mod account;
mod delegation;
mod permissions;
mod service;
mod terms;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::str::FromStr;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::address::QUERY;
use crate::error::InvalidInput;
use crate::sign::redact_url;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::query;

pub use account::{AccountSas, ResourceTypes, Services};
pub use delegation::{DelegationKey, DelegationSas};
pub use permissions::Permissions;
pub use service::{ResponseHeaders, SasTarget, ServiceSas};
pub use terms::{IpRange, Protocol, Terms};
pub use text::{SasKind, Signed, string_to_sign};

/// The query parameters that make up a SAS. Its `Debug` shows what it allows, never its signature.
///
/// ```
/// use blobferry_core::sas::SasToken;
/// let sas: SasToken = "?sv=2021-12-02&sp=r&se=2026-01-31T12%3A00%3A00Z&sr=b&sig=c2VjcmV0".parse()?;
/// assert_eq!(sas.get("sp"), Some("r"));
/// assert_eq!(sas.expires_at().map(|end| end.to_iso()).as_deref(), Some("2026-01-31T12:00:00Z"));
/// assert!(!format!("{sas:?}").contains("c2VjcmV0"));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SasToken {
    /// Decoded, in the order given.
    pairs: Vec<(String, String)>,
    /// As it goes on the wire.
    encoded: String,
    /// Read once: every request with the token asks for it.
    expires_at: Option<Timestamp>,
}

/// What may stand beside a SAS in a URL and means the request, not the token.
const OF_THE_REQUEST: [&str; 5] = [
    query::COMP,
    query::RESTYPE,
    query::SNAPSHOT,
    query::VERSION_ID,
    query::TIMEOUT,
];

impl SasToken {
    /// Picks the SAS out of the decoded parameters of a URL; absent where there is no signature.
    ///
    /// # Errors
    /// A signature with neither permissions nor a policy, or a parameter given twice, is refused.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Option<Self>, InvalidInput> {
        let is = |key: &str, name: &str| key.eq_ignore_ascii_case(name);
        if !pairs.iter().any(|(key, _)| is(key, "sig")) {
            return Ok(None);
        }
        let own: Vec<(String, String)> = pairs
            .iter()
            .filter(|(key, _)| !OF_THE_REQUEST.iter().any(|name| is(key, name)))
            .cloned()
            .collect();
        let token = Self::new(own);
        for (at, (key, _)) in token.pairs.iter().enumerate() {
            if token
                .pairs
                .iter()
                .skip(at + 1)
                .any(|(other, _)| is(key, other))
            {
                return Err(refuse("a parameter is given twice"));
            }
        }
        let has = |name| token.get(name).is_some_and(|value| !value.is_empty());
        if !has("sig") {
            return Err(refuse("the signature `sig` is empty"));
        }
        if !has("sp") && !has("si") {
            return Err(refuse("needs permissions (`sp`) or a stored policy (`si`)"));
        }
        Ok(Some(token))
    }

    /// The token made of these parameters, which are known to make one.
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        let mut encoded = String::with_capacity(256);
        for (key, value) in &pairs {
            if !encoded.is_empty() {
                encoded.push('&');
            }
            encoded.extend(utf8_percent_encode(key, QUERY));
            encoded.push('=');
            encoded.extend(utf8_percent_encode(value, QUERY));
        }
        let expiry = pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case("se"));
        let expires_at = expiry.and_then(|(_, end)| Timestamp::parse_iso(end).ok());
        Self {
            pairs,
            encoded,
            expires_at,
        }
    }

    /// The parameters, decoded. One of them is the signature: do not print them.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// A parameter, decoded, such as `se`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The token as the query of a URL, without `?`. This is the secret itself: do not print it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.encoded
    }

    /// When it ends; absent where a stored policy says so, or where it cannot be read.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// When it begins; absent where it is good at once, or a stored policy says so.
    #[must_use]
    pub fn starts_at(&self) -> Option<Timestamp> {
        Timestamp::parse_iso(self.get("st")?).ok()
    }

    /// What it allows; absent where a stored policy says so, or with letters unknown here.
    #[must_use]
    pub fn permissions(&self) -> Option<Permissions> {
        self.get("sp")?.parse().ok()
    }

    /// The version whose rules it was signed by; absent before 2012-02-12.
    #[must_use]
    pub fn version(&self) -> Option<ServiceVersion> {
        self.get("sv")?.parse().ok()
    }

    /// Which of the three kinds it is.
    #[must_use]
    pub fn kind(&self) -> SasKind {
        if self.get("srt").is_some() {
            SasKind::Account
        } else if self.get("skoid").is_some() {
            SasKind::Delegation
        } else {
            SasKind::Service
        }
    }
}

fn refuse(rule: &'static str) -> InvalidInput {
    InvalidInput::new("shared access signature", "", rule)
}

impl FromStr for SasToken {
    type Err = InvalidInput;

    /// Reads a token with or without `?`, percent-encoded as it stands in a URL.
    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let text = text.trim();
        let decoded = |part: &str| {
            percent_decode_str(part)
                .decode_utf8()
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| refuse("must be UTF-8 under its percent encoding"))
        };
        let pairs = text
            .strip_prefix('?')
            .unwrap_or(text)
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decoded(key)?, decoded(value)?))
            })
            .collect::<Result<Vec<_>, InvalidInput>>()?;
        Self::from_pairs(&pairs)?.ok_or_else(|| refuse("needs a signature (`sig`)"))
    }
}

impl fmt::Debug for SasToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SasToken");
        for (name, key) in [
            ("version", "sv"),
            ("permissions", "sp"),
            ("policy", "si"),
            ("expiry", "se"),
        ] {
            if let Some(value) = self.get(key) {
                shown.field(name, &redact_url(value));
            }
        }
        shown.finish_non_exhaustive()
    }
}
