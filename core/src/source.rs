//! Where a copy reads from.

use std::fmt;

use crate::address::BlobAddress;
use crate::error::InvalidInput;

/// The source of a copy: a blob, snapshot or version of any account, or any other URL.
///
/// The credential of a blob's account is added by the engine when the request is signed. Source:
/// "Copy Blob".
#[derive(Clone, PartialEq, Eq)]
pub enum CopySource {
    /// A blob of an account known to the engine by its credential, or public.
    Blob(BlobAddress),
    /// Any URL, complete with its own authorization if it needs one. At most 2 KiB.
    Url(SourceUrl),
}

/// A source URL taken as it is. Its query may hold a secret, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceUrl(String);

impl SourceUrl {
    /// Takes a URL as it is, byte for byte.
    ///
    /// # Errors
    /// It must be at most 2,048 visible ASCII characters; versions before 2012-02-12 also take
    /// `/account/container/blob`.
    pub fn new(url: impl Into<String>) -> Result<Self, InvalidInput> {
        let url: String = url.into();
        if url.len() > 2048 {
            return Err(InvalidInput::new(
                "copy source",
                String::new(),
                "may have at most 2,048 characters",
            ));
        }
        if url.is_empty() || !url.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Err(InvalidInput::new(
                "copy source",
                String::new(),
                "must be a percent-encoded URL",
            ));
        }
        Ok(Self(url))
    }

    /// The URL. May hold a secret: do not print it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<SourceUrl> for CopySource {
    fn from(url: SourceUrl) -> Self {
        Self::Url(url)
    }
}

impl From<BlobAddress> for CopySource {
    fn from(blob: BlobAddress) -> Self {
        Self::Blob(blob)
    }
}

impl fmt::Debug for SourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::sign::redact_url(&self.0))
    }
}

impl fmt::Display for CopySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blob(blob) => fmt::Display::fmt(blob, f),
            Self::Url(url) => f.write_str(&crate::sign::redact_url(&url.0)),
        }
    }
}

impl fmt::Debug for CopySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
