//! Reading the headers of an answer.

use http::header::HeaderName;

use crate::error::UnreadableReply;
use crate::message::Response;
use crate::time::Timestamp;

/// A value as the service writes it, in a header or an XML element.
pub(crate) trait Heard: Sized {
    /// Reads it; nothing where the text cannot be such a value.
    fn heard(text: &str) -> Option<Self>;
}

impl Heard for u64 {
    fn heard(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Heard for u32 {
    fn heard(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// `true` and `True` are both seen in recorded traffic.
impl Heard for bool {
    fn heard(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("true") {
            Some(true)
        } else if text.eq_ignore_ascii_case("false") {
            Some(false)
        } else {
            None
        }
    }
}

/// Headers carry RFC 1123, XML bodies either form.
impl Heard for Timestamp {
    fn heard(text: &str) -> Option<Self> {
        Self::parse_http(text)
            .or_else(|_| Self::parse_iso(text))
            .ok()
    }
}

impl Heard for Box<str> {
    fn heard(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

impl Heard for String {
    fn heard(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Heard for crate::HeaderText {
    fn heard(text: &str) -> Option<Self> {
        Some(Self::heard(text))
    }
}

impl Response {
    /// A header's value; absent where it is missing or empty.
    ///
    /// # Errors
    /// A value that cannot be read is an error, never an absence.
    pub(crate) fn get<T: Heard>(&self, name: &HeaderName) -> Result<Option<T>, UnreadableReply> {
        let Some(value) = self.headers().get(name) else {
            return Ok(None);
        };
        if value.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        T::heard(&text).map(Some).ok_or_else(|| bad(name, &text))
    }

    /// The value of a header that every such answer has.
    ///
    /// # Errors
    /// A missing header or one that cannot be read.
    pub(crate) fn need<T: Heard>(&self, name: &HeaderName) -> Result<T, UnreadableReply> {
        self.get(name)?
            .ok_or_else(|| UnreadableReply::MissingHeader(name.clone()))
    }
}

fn bad(name: &HeaderName, value: &str) -> UnreadableReply {
    let shown: String = crate::sign::redact_url(value).chars().take(80).collect();
    UnreadableReply::BadHeader {
        name: name.as_str().to_owned(),
        value: shown,
    }
}
