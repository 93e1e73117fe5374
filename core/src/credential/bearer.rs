//! Tokens of Microsoft Entra ID. Source: "Authorize with Microsoft Entra ID".

use std::fmt;
use std::time::Duration;

use http::HeaderValue;

use crate::error::InvalidInput;
use crate::time::Timestamp;

/// A token that is about to run out does not outlive the way to the service.
const ON_THE_WAY: Duration = Duration::from_secs(5);

/// A bearer token and when it runs out. Its `Debug` shows only the latter.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer {
    /// `Bearer <token>`, marked sensitive.
    header: HeaderValue,
    expires_at: Option<Timestamp>,
}

impl Bearer {
    /// A token as the identity provider gave it, without `Bearer` before it.
    ///
    /// The audience must be `https://storage.azure.com/` or the account's own URL. Where the expiry
    /// is unknown the token is used until the service refuses it.
    ///
    /// # Errors
    /// A token has at least one character, all of them visible ASCII.
    pub fn new(token: &str, expires_at: Option<Timestamp>) -> Result<Self, InvalidInput> {
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidInput::new(
                "bearer token",
                "",
                "must be visible ASCII characters",
            ));
        }
        let mut header = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| InvalidInput::new("bearer token", "", "cannot stand in a header"))?;
        header.set_sensitive(true);
        Ok(Self { header, expires_at })
    }

    /// When it runs out, if that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Whether a request that leaves now arrives in time.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now + ON_THE_WAY < end)
    }

    /// The same token as one that has run out.
    pub(crate) fn ended(self) -> Self {
        Self {
            expires_at: Some(Timestamp::from_millis(i64::MIN)),
            ..self
        }
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
