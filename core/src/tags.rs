//! Index tags of a blob, and predicates over them.

use std::fmt::Write as _;
use std::str::FromStr;

use percent_encoding::utf8_percent_encode;
use quick_xml::escape::escape;

use crate::address::QUERY;
use crate::error::{InvalidInput, UnreadableReply};
use crate::header_text::HeaderText;
use crate::message::Request;
use crate::part::Part;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::xml::{bad, walk};

/// The index tags of a blob: at most ten, kept in order. Version 2019-12-12 and later.
///
/// Keys have 1 to 128 characters, values up to 256, of letters, digits, blanks and `+ - . / : = _`.
/// Source: "Set Blob Tags".
///
/// ```
/// use blobferry_core::Tags;
/// let tags = Tags::new([("project", "north sea"), ("stage", "2/3")])?;
/// assert_eq!(tags.to_header(), "project=north%20sea&stage=2%2F3");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(Vec<(Box<str>, Box<str>)>);

impl Tags {
    /// The most tags a blob can have.
    pub const LIMIT: usize = 10;

    /// Keys with their values.
    ///
    /// # Errors
    /// More than ten, a key twice, a key or value that is too long or holds other characters.
    pub fn new<K: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, InvalidInput> {
        let mut tags = Self::default();
        for (key, value) in pairs {
            let (key, value) = (key.as_ref(), value.as_ref());
            if key.is_empty() || key.len() > 128 || !key.bytes().all(is_allowed) {
                return Err(InvalidInput::new(
                    "tag key",
                    key,
                    "must be 1 to 128 letters, digits, blanks or + - . / : = _",
                ));
            }
            if value.len() > 256 || !value.bytes().all(is_allowed) {
                return Err(InvalidInput::new(
                    "tag value",
                    value,
                    "must be up to 256 letters, digits, blanks or + - . / : = _",
                ));
            }
            if tags.get(key).is_some() {
                return Err(InvalidInput::new("tag key", key, "comes twice"));
            }
            if tags.len() == Self::LIMIT {
                return Err(InvalidInput::new(
                    "tags",
                    key,
                    "a blob can have at most ten",
                ));
            }
            tags.push(key, value);
        }
        Ok(tags)
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes what an answer says, whatever it is.
    pub(crate) fn push(&mut self, key: &str, value: &str) {
        self.0.push((key.into(), value.into()));
    }

    /// Reads the body of an answer; listings have a reader of their own.
    pub(crate) fn from_xml(body: &[u8]) -> Result<Self, UnreadableReply> {
        let mut tags = Self::default();
        let mut key = String::new();
        let mut orphaned = false;
        walk(body, |path, text| match path {
            ["Tags", "TagSet", "Tag", "Key"] => text.clone_into(&mut key),
            ["Tags", "TagSet", "Tag", "Value"] if key.is_empty() => orphaned = true,
            ["Tags", "TagSet", "Tag", "Value"] => tags.push(&std::mem::take(&mut key), text),
            _ => {}
        })?;
        if orphaned || !key.is_empty() {
            return Err(bad("a tag lacks its key or its value"));
        }
        Ok(tags)
    }

    /// As `x-ms-tags` carries them: like a query.
    #[must_use]
    pub fn to_header(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.iter() {
            if !text.is_empty() {
                text.push('&');
            }
            text.extend(utf8_percent_encode(key, QUERY));
            text.push('=');
            text.extend(utf8_percent_encode(value, QUERY));
        }
        text
    }

    /// As a body carries them.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?><Tags><TagSet>");
        for (key, value) in self.iter() {
            // Writing to a string cannot fail.
            let _ = write!(
                xml,
                "<Tag><Key>{}</Key><Value>{}</Value></Tag>",
                escape(key),
                escape(value)
            );
        }
        xml.push_str("</TagSet></Tags>");
        xml
    }
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" +-./:=_".contains(&byte)
}

/// `x-ms-tags`.
impl Part for Tags {
    fn add_to(&self, request: Request) -> Request {
        if self.is_empty() {
            return request;
        }
        request
            .text(header::X_MS_TAGS, &self.to_header())
            .needs(ServiceVersion::V2019_12_12)
    }
}

/// `x-ms-if-tags`.
impl Part for TagPredicate {
    fn add_to(&self, request: Request) -> Request {
        request
            .text(header::X_MS_IF_TAGS, self.as_str())
            .needs(ServiceVersion::V2019_12_12)
    }
}

/// A predicate over index tags, such as `"stage" = 'done' AND "owner" <> 'me'`.
///
/// `=`, `<>`, `>`, `>=`, `<`, `<=`, `AND`, `OR` and parentheses, at most ten logical operations; the
/// service judges the rest. Source: "Specifying conditional headers for Blob service operations".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagPredicate(HeaderText);

impl TagPredicate {
    /// The predicate.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl AsRef<str> for TagPredicate {
    fn as_ref(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for TagPredicate {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        if text.is_empty() {
            return Err(InvalidInput::new(
                "tag predicate",
                text,
                "must not be empty",
            ));
        }
        Ok(Self(text.parse()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_keep_the_rules() {
        assert!(Tags::new([("a", "b"), ("A", "b")]).is_ok());
        assert!(Tags::new([("a", "b"), ("a", "c")]).is_err());
        assert!(Tags::new([("", "b")]).is_err());
        assert!(Tags::new([("a", "ü")]).is_err());
        assert!(Tags::new([("a".repeat(129), "")]).is_err());
        assert!(Tags::new([("a", "b".repeat(257))]).is_err());
        let many = |count: usize| Tags::new((0..count).map(|n| (n.to_string(), "")));
        assert!(many(10).is_ok());
        assert!(many(11).is_err());
    }

    #[test]
    fn both_forms_are_written() {
        let tags = Tags::new([("a b", "c=d")]).unwrap();
        assert_eq!(tags.to_header(), "a%20b=c%3Dd");
        assert!(
            tags.to_xml()
                .ends_with("<Tag><Key>a b</Key><Value>c=d</Value></Tag></TagSet></Tags>")
        );
    }

    #[test]
    fn a_tag_without_key_or_value_is_unreadable() {
        for tag in ["<Value>a</Value>", "<Key>a</Key>"] {
            let xml = format!("<Tags><TagSet><Tag>{tag}</Tag></TagSet></Tags>");
            assert!(Tags::from_xml(xml.as_bytes()).is_err(), "{tag}");
        }
        assert_eq!(
            Tags::from_xml(b"<Tags><TagSet/></Tags>"),
            Ok(Tags::default())
        );
    }

    fn any_tags() -> impl Strategy<Value = Tags> {
        let pair = ("[a-zA-Z0-9 +./:=_-]{1,128}", "[a-zA-Z0-9 +./:=_-]{0,256}");
        proptest::collection::vec(pair, 0..=10)
            .prop_filter_map("one key twice", |pairs| Tags::new(pairs).ok())
    }

    proptest! {
        #[test]
        fn tags_read_back_from_header_and_body(tags in any_tags()) {
            prop_assert_eq!(Tags::from_xml(tags.to_xml().as_bytes()), Ok(tags.clone()));
            let header = tags.to_header();
            let decoded = |text: &str| {
                let text = percent_encoding::percent_decode_str(text);
                text.decode_utf8().unwrap().into_owned()
            };
            let pairs = header
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(key, value)| (decoded(key), decoded(value)));
            prop_assert_eq!(Tags::new(pairs), Ok(tags));
        }
    }
}
