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

/// Standard headers between the length and the date, and after the date.
const BEFORE_DATE: [HeaderName; 2] = [header::CONTENT_MD5, header::CONTENT_TYPE];
const AFTER_DATE: [HeaderName; 5] = [
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
    let mut text = String::with_capacity(640);
    line(&mut text, parts.method.as_str());
    standard(&mut text, parts.headers, &header::CONTENT_ENCODING);
    standard(&mut text, parts.headers, &header::CONTENT_LANGUAGE);
    let old_zero = parts.version < ServiceVersion::V2015_02_21
        && parts.headers.contains_key(header::CONTENT_LENGTH);
    if parts.content_length > 0 || old_zero {
        text.push_str(&parts.content_length.to_string());
    }
    text.push('\n');
    for name in &BEFORE_DATE {
        standard(&mut text, parts.headers, name);
    }
    date(&mut text, parts.headers);
    for name in &AFTER_DATE {
        standard(&mut text, parts.headers, name);
    }
    canonical_headers(&mut text, parts);
    canonical_path(&mut text, parts);
    canonical_query(&mut text, parts.query);
    text
}

/// The text that Shared Key Lite signs, service version 2009-09-19 and later.
#[must_use]
pub fn string_to_sign_lite(parts: &Parts<'_>) -> String {
    let mut text = String::with_capacity(512);
    line(&mut text, parts.method.as_str());
    for name in &BEFORE_DATE {
        standard(&mut text, parts.headers, name);
    }
    date(&mut text, parts.headers);
    canonical_headers(&mut text, parts);
    canonical_path(&mut text, parts);
    let comp = parts
        .query
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("comp"));
    if let Some((_, value)) = comp {
        text.push_str("?comp=");
        text.push_str(value);
    }
    text
}

fn line(text: &mut String, value: &str) {
    text.push_str(value);
    text.push('\n');
}

fn standard(text: &mut String, headers: &HeaderMap, name: &HeaderName) {
    if let Some(value) = headers.get(name) {
        text.push_str(&String::from_utf8_lossy(value.as_bytes()));
    }
    text.push('\n');
}

/// `x-ms-date` stands among the other headers of the service, and then replaces `Date`.
fn date(text: &mut String, headers: &HeaderMap) {
    if headers.contains_key(header::X_MS_DATE) {
        text.push('\n');
    } else {
        standard(text, headers, &header::DATE);
    }
}

fn canonical_headers(text: &mut String, parts: &Parts<'_>) {
    let keeps_empty = parts.version >= ServiceVersion::V2016_05_31;
    let mut signed: Vec<(&str, &[u8])> = Vec::with_capacity(parts.headers.len());
    for (name, value) in parts.headers {
        if name.as_str().starts_with("x-ms-") && (keeps_empty || !value.is_empty()) {
            signed.push((name.as_str(), value.as_bytes()));
        }
    }
    // Stable, so that repeated values keep their order.
    signed.sort_by(|(one, _), (other, _)| compare_header_names(one, other));
    let mut last = "";
    for (name, value) in signed {
        if name == last {
            text.pop();
            text.push(',');
        } else {
            text.push_str(name);
            text.push(':');
        }
        unfold(text, &String::from_utf8_lossy(value));
        text.push('\n');
        last = name;
    }
}

/// Trims a value and writes runs of blanks outside quotes as one space.
fn unfold(text: &mut String, value: &str) {
    let value = value.trim_matches([' ', '\t']);
    let plain = |pair: &[u8]| !matches!(pair, [b' ' | b'\t', b' ' | b'\t']);
    if !value.as_bytes().contains(&b'\t') && value.as_bytes().windows(2).all(plain) {
        return text.push_str(value);
    }
    let (mut quoted, mut blank) = (false, false);
    for letter in value.chars() {
        let is_blank = !quoted && matches!(letter, ' ' | '\t');
        if letter == '"' {
            quoted = !quoted;
        }
        match (is_blank, blank) {
            (true, true) => {}
            (true, false) => text.push(' '),
            (false, _) => text.push(letter),
        }
        blank = is_blank;
    }
}

fn canonical_path(text: &mut String, parts: &Parts<'_>) {
    text.push('/');
    text.push_str(parts.account);
    text.push_str(if parts.path.is_empty() {
        "/"
    } else {
        parts.path
    });
}

fn canonical_query(text: &mut String, query: &[(&str, &str)]) {
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
            text.push(',');
        } else {
            text.push('\n');
            text.extend(name.chars().map(|letter| letter.to_ascii_lowercase()));
            text.push(':');
        }
        text.push_str(value);
        last = name;
    }
}
