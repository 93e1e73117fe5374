//! Entity tags: which state of a blob or container it is.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::error::InvalidInput;
use crate::header_text::travels;
use crate::heard::Heard;

/// An entity tag, kept as it was given.
///
/// Headers carry it quoted, listings without quotes, and requests may do either: two tags are equal
/// if they are so without their quotes. Source: "Specifying conditional headers for Blob service
/// operations".
///
/// ```
/// use blobferry_core::ETag;
/// let quoted: ETag = "\"0x8D9\"".parse()?;
/// assert_eq!(quoted, "0x8D9".parse()?);
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone)]
pub struct ETag(Box<str>);

impl ETag {
    /// `*`: whatever state it is in, as long as it is there.
    #[must_use]
    pub fn any() -> Self {
        Self("*".into())
    }

    /// Whether this is `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        &*self.0 == "*"
    }

    /// The tag as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag without its quotes.
    #[must_use]
    pub fn unquoted(&self) -> &str {
        self.0
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(&self.0)
    }
}

impl FromStr for ETag {
    type Err = InvalidInput;

    /// Any text that a header carries; reads also take several tags, separated by commas.
    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        if text.is_empty() || !travels(text) || text.trim() != text {
            return Err(InvalidInput::new(
                "ETag",
                text,
                "must be printable ASCII characters, not empty",
            ));
        }
        Ok(Self(text.into()))
    }
}

impl Heard for ETag {
    fn heard(text: &str) -> Option<Self> {
        Some(Self(text.into()))
    }
}

impl AsRef<str> for ETag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq for ETag {
    fn eq(&self, other: &Self) -> bool {
        self.unquoted() == other.unquoted()
    }
}

impl Eq for ETag {}

impl Hash for ETag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.unquoted().hash(state);
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
