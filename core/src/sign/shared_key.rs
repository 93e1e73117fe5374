//! The Shared Key scheme, stage by stage. Source: "Authorize with Shared Key".

mod key;
mod order;
#[cfg(test)]
mod tests;

use http::Method;
use http::header::{HeaderMap, HeaderName};

use crate::version::ServiceVersion;
use crate::wire::header;

pub use key::SharedKey;
pub use order::compare_header_names;

/// What of a request is signed.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The method.
    pub method: &'a Method,
    /// All headers; those that are not signed are passed over.
    pub headers: &'a HeaderMap,
    /// The account that signs, without `-secondary`.
    pub account: &'a str,
    /// The path as it is sent, percent-encoded; on shared hosts it begins with the account.
    pub path: &'a str,
    /// The query, decoded, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// The version the request names.
    pub version: ServiceVersion,
    /// Bytes of the body. None is written as nothing, or before 2015-02-21 as `0` where there is a
    /// `Content-Length` header.
    pub content_length: u64,
}

const COUNT: usize = 9;
/// Standard headers in the order they are signed; the length and the date have rules of their own.
static STANDARD: [HeaderName; COUNT] = [
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_MD5,
    header::CONTENT_TYPE,
    header::IF_MODIFIED_SINCE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

/// The text that Shared Key signs, service version 2009-09-19 and later.
///
/// ```
/// use blobferry_core::ServiceVersion;
/// use blobferry_core::sign::shared_key::{Parts, string_to_sign};
/// let text = string_to_sign(&Parts {
///     method: &http::Method::GET,
///     headers: &http::HeaderMap::new(),
///     account: "lighthouse",
///     path: "/lamps",
///     query: &[("restype", "container")],
///     version: ServiceVersion::DEFAULT,
///     content_length: 0,
/// });
/// assert!(text.ends_with("/lighthouse/lamps\nrestype:container"));
/// ```
#[must_use]
pub fn string_to_sign(parts: &Parts<'_>) -> String {
    let found = Found::among(parts);
    let [encoding, language, md5, kind, conditions @ ..] = &found.standard;
    let mut text = found.buffer(parts);
    line(&mut text, parts.method.as_str().as_bytes());
    line(&mut text, encoding);
    line(&mut text, language);
    let old_zero = parts.version < ServiceVersion::V2015_02_21 && found.has_length;
    if parts.content_length > 0 || old_zero {
        text.extend_from_slice(parts.content_length.to_string().as_bytes());
    }
    text.push(b'\n');
    line(&mut text, md5);
    line(&mut text, kind);
    line(&mut text, found.date());
    for value in conditions {
        line(&mut text, value);
    }
    found.write_own(&mut text);
    canonical_path(&mut text, parts);
    canonical_query(&mut text, parts.query);
    finished(text)
}

/// The text that Shared Key Lite signs, service version 2009-09-19 and later.
#[must_use]
pub fn string_to_sign_lite(parts: &Parts<'_>) -> String {
    let found = Found::among(parts);
    let [_, _, md5, kind, ..] = &found.standard;
    let mut text = found.buffer(parts);
    line(&mut text, parts.method.as_str().as_bytes());
    line(&mut text, md5);
    line(&mut text, kind);
    line(&mut text, found.date());
    found.write_own(&mut text);
    canonical_path(&mut text, parts);
    let comp = parts
        .query
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("comp"));
    if let Some((_, value)) = comp {
        text.extend_from_slice(b"?comp=");
        text.extend_from_slice(value.as_bytes());
    }
    finished(text)
}

/// The headers that are signed, found in one pass.
struct Found<'a> {
    /// The first value of each of [`STANDARD`]; empty where there is none.
    standard: [&'a [u8]; COUNT],
    date: &'a [u8],
    has_length: bool,
    /// The service's own, `x-ms-…`, sorted.
    own: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Found<'a> {
    fn among(parts: &Parts<'a>) -> Self {
        let keeps_empty = parts.version >= ServiceVersion::V2016_05_31;
        let mut found = Self {
            standard: [b""; COUNT],
            date: b"",
            has_length: false,
            own: Vec::with_capacity(parts.headers.len()),
        };
        for (name, value) in parts.headers {
            let value = value.as_bytes();
            if name.as_str().starts_with("x-ms-") {
                if keeps_empty || !value.is_empty() {
                    found.own.push((name.as_str(), value));
                }
            } else {
                found.note(name, value);
            }
        }
        // Stable, so that repeated values keep their order.
        found
            .own
            .sort_by(|(one, _), (other, _)| compare_header_names(one, other));
        found
    }

    fn note(&mut self, name: &HeaderName, value: &'a [u8]) {
        if *name == header::CONTENT_LENGTH {
            self.has_length = true;
        } else if *name == header::DATE {
            first(&mut self.date, value);
        } else if let Some(place) = STANDARD.iter().position(|standard| standard == name)
            && let Some(known) = self.standard.get_mut(place)
        {
            first(known, value);
        }
    }

    /// `x-ms-date` stands among the other headers of the service, and then replaces `Date`.
    fn date(&self) -> &'a [u8] {
        let replaced = self
            .own
            .iter()
            .any(|(name, _)| *name == header::X_MS_DATE.as_str());
        if replaced { b"" } else { self.date }
    }

    fn write_own(&self, text: &mut Vec<u8>) {
        let mut last = "";
        for (name, value) in &self.own {
            if *name == last {
                text.pop();
                text.push(b',');
            } else {
                text.extend_from_slice(name.as_bytes());
                text.push(b':');
            }
            unfold(text, value);
            text.push(b'\n');
            last = name;
        }
    }

    /// Room for all that will be written.
    fn buffer(&self, parts: &Parts<'_>) -> Vec<u8> {
        let own = self
            .own
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2);
        let query = parts
            .query
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2);
        let standard = self.standard.iter().map(|value| value.len() + 1);
        let length: usize = own.chain(query).chain(standard).sum();
        Vec::with_capacity(length + self.date.len() + parts.account.len() + parts.path.len() + 64)
    }
}

fn first<'a>(known: &mut &'a [u8], value: &'a [u8]) {
    if known.is_empty() {
        *known = value;
    }
}

fn line(text: &mut Vec<u8>, value: &[u8]) {
    text.extend_from_slice(value);
    text.push(b'\n');
}

/// What was written, as text: UTF-8 in all but the oddest cases, so it is looked at once, at the end.
fn finished(text: Vec<u8>) -> String {
    String::from_utf8(text)
        .unwrap_or_else(|odd| String::from_utf8_lossy(odd.as_bytes()).into_owned())
}

/// Trims a value and writes runs of blanks outside quotes as one space.
fn unfold(text: &mut Vec<u8>, value: &[u8]) {
    let value = value.trim_ascii();
    let doubled = || value.windows(2).any(|pair| pair == b"  ");
    if !value.contains(&b'\t') && (!value.contains(&b' ') || !doubled()) {
        return text.extend_from_slice(value);
    }
    let (mut quoted, mut blank) = (false, false);
    for letter in value.iter().copied() {
        let is_blank = !quoted && matches!(letter, b' ' | b'\t');
        if letter == b'"' {
            quoted = !quoted;
        }
        match (is_blank, blank) {
            (true, true) => {}
            (true, false) => text.push(b' '),
            (false, _) => text.push(letter),
        }
        blank = is_blank;
    }
}

fn canonical_path(text: &mut Vec<u8>, parts: &Parts<'_>) {
    text.push(b'/');
    text.extend_from_slice(parts.account.as_bytes());
    let path = if parts.path.is_empty() {
        "/"
    } else {
        parts.path
    };
    text.extend_from_slice(path.as_bytes());
}

fn canonical_query(text: &mut Vec<u8>, query: &[(&str, &str)]) {
    let lower = |name: &str| {
        name.bytes()
            .map(|byte| byte.to_ascii_lowercase())
            .collect::<Vec<u8>>()
    };
    let mut pairs: Vec<&(&str, &str)> = query.iter().collect();
    if pairs.len() > 1 {
        pairs.sort_by_cached_key(|(name, value)| (lower(name), *value));
    }
    let mut last = "";
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        if at > 0 && name.eq_ignore_ascii_case(last) {
            text.push(b',');
        } else {
            text.push(b'\n');
            text.extend(name.bytes().map(|letter| letter.to_ascii_lowercase()));
            text.push(b':');
        }
        text.extend_from_slice(value.as_bytes());
        last = name;
    }
}
