//! Text that travels in a header.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

use crate::error::InvalidInput;

/// A header's value: visible ASCII and single-line blanks, none at its ends.
///
/// Blanks at the ends would be lost on the way and so break the signature; anything beyond ASCII is
/// not carried by HTTP headers, and has to be encoded by whoever means it. May be empty.
///
/// ```
/// use blobferry_core::HeaderText;
/// assert!("text/plain; charset=utf-8".parse::<HeaderText>().is_ok());
/// assert!("two\nlines".parse::<HeaderText>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct HeaderText(Box<str>);

impl HeaderText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What an answer said, whatever it is.
    pub(crate) fn heard(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as a header carries it.
    pub(crate) fn value(&self) -> HeaderValue {
        value(&self.0)
    }
}

impl FromStr for HeaderText {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        if text.trim() != text {
            return Err(InvalidInput::new(
                "header value",
                text,
                "must not begin or end with a blank",
            ));
        }
        if !travels(text) {
            return Err(InvalidInput::new(
                "header value",
                text,
                "may hold only printable ASCII characters",
            ));
        }
        Ok(Self(text.into()))
    }
}

impl AsRef<str> for HeaderText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HeaderText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HeaderText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// Whether HTTP carries the text as it is.
pub(crate) fn travels(text: &str) -> bool {
    text.bytes()
        .all(|byte| (0x20..0x7f).contains(&byte) || byte == b'\t')
}

/// Text that is known to travel, such as a number or a word of the protocol, as a header carries it.
///
/// An answer's word may come back in a request: what of it cannot travel is left out.
pub(crate) fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| {
        let left: String = text.chars().filter(|c| c.is_ascii_graphic()).collect();
        HeaderValue::from_str(&left).unwrap_or_else(|_| HeaderValue::from_static(""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_travel_is_refused() {
        for (text, good) in [
            ("", true),
            ("a b", true),
            ("a\tb", true),
            (" a", false),
            ("a ", false),
            ("a\r\nx-ms-evil: b", false),
            ("straße", false),
        ] {
            assert_eq!(text.parse::<HeaderText>().is_ok(), good, "{text:?}");
        }
    }

    #[test]
    fn a_value_is_never_split_into_two_headers() {
        assert_eq!(value("a\r\nb"), "ab");
    }
}
