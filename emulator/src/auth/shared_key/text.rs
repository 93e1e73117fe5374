//! The text that Shared Key signs.

use std::cmp::Ordering;

use http::header::HeaderName;
use http::{HeaderMap, Method};

use blobferry_core::ServiceVersion;
use blobferry_core::wire::{header, query};

use super::Signed;
use crate::request::Ask;

/// Which of the two schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Full,
    Lite,
}

/// Readings of the page that differ between clients and that the service takes alike.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Variant {
    /// Header names are compared as .NET compares words of a language, not byte by byte.
    words: bool,
    /// A plus sign in the query means a space.
    plus: bool,
    /// The account in the path is written without `-secondary`.
    primary: bool,
    /// A length of zero is left out, where the HTTP library added it to a method without a body.
    bodiless: bool,
    /// Runs of blanks inside a header stay as they are.
    blanks: bool,
    /// The account stands in the path, which the part of a batch does not write.
    named: bool,
}

impl Variant {
    /// All but the usual one.
    pub(super) fn others(ask: &Ask) -> impl Iterator<Item = Self> {
        let end = if leaves_out_account(ask) { 64 } else { 32 };
        (1_u8..end).map(|bits| Self {
            words: bits & 1 != 0,
            plus: bits & 2 != 0,
            primary: bits & 4 != 0,
            bodiless: bits & 8 != 0,
            blanks: bits & 16 != 0,
            named: bits & 32 != 0,
        })
    }

    /// How the client read its own query.
    pub(super) fn signed(self) -> Signed {
        if self.plus {
            Signed::AsForm
        } else {
            Signed::AsUri
        }
    }
}

/// Standard headers in the order of the scheme; the date is written apart.
const BEFORE_DATE: [HeaderName; 5] = [
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_MD5,
    header::CONTENT_TYPE,
];
const AFTER_DATE: [HeaderName; 5] = [
    header::IF_MODIFIED_SINCE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

/// The text to sign.
pub(super) fn to_sign(ask: &Ask, scheme: Scheme, variant: Variant) -> Vec<u8> {
    let mut text = Vec::with_capacity(512);
    line(&mut text, ask.method.as_str().as_bytes());
    match scheme {
        Scheme::Full => {
            for name in &BEFORE_DATE {
                standard(&mut text, ask, name, variant);
            }
            date(&mut text, &ask.headers);
            for name in &AFTER_DATE {
                standard(&mut text, ask, name, variant);
            }
        }
        Scheme::Lite => {
            standard(&mut text, ask, &header::CONTENT_MD5, variant);
            standard(&mut text, ask, &header::CONTENT_TYPE, variant);
            date(&mut text, &ask.headers);
        }
    }
    canonical_headers(&mut text, ask, variant);
    canonical_resource(&mut text, ask, scheme, variant);
    text
}

fn line(text: &mut Vec<u8>, value: &[u8]) {
    text.extend_from_slice(value);
    text.push(b'\n');
}

fn standard(text: &mut Vec<u8>, ask: &Ask, name: &HeaderName, variant: Variant) {
    let value = ask
        .headers
        .get(name)
        .map(http::HeaderValue::as_bytes)
        .unwrap_or_default();
    let no_body = *name == header::CONTENT_LENGTH
        && value == b"0"
        && (ask.version >= ServiceVersion::V2015_02_21
            || variant.bodiless && !matches!(ask.method, Method::PUT | Method::POST));
    line(text, if no_body { b"" } else { value });
}

/// Empty where `x-ms-date` says it among the canonical headers.
fn date(text: &mut Vec<u8>, headers: &HeaderMap) {
    let value = match headers.get(header::DATE) {
        Some(value) if !headers.contains_key(header::X_MS_DATE) => value.as_bytes(),
        _ => b"",
    };
    line(text, value);
}

fn canonical_headers(text: &mut Vec<u8>, ask: &Ask, variant: Variant) {
    let mut pairs: Vec<(&str, &[u8])> = ask
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .filter(|(name, _)| name.starts_with("x-ms-"))
        .collect();
    // Values of one name stay in their order.
    if variant.words {
        pairs.sort_by(|(one, _), (other, _)| as_words(one, other));
    } else {
        pairs.sort_by_key(|(name, _)| *name);
    }
    for values in pairs.chunk_by(|(one, _), (other, _)| one == other) {
        let start = text.len();
        let name = values.first().map_or("", |(name, _)| name);
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        let before_value = text.len();
        for (at, (_, value)) in values.iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            if variant.blanks {
                text.extend_from_slice(value.trim_ascii());
            } else {
                unfolded(text, value);
            }
        }
        if text.len() == before_value && ask.version < ServiceVersion::V2016_05_31 {
            text.truncate(start);
        } else {
            text.push(b'\n');
        }
    }
}

/// The value trimmed, with runs of blanks outside quotes as one space.
fn unfolded(text: &mut Vec<u8>, value: &[u8]) {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    // Looks at every byte, which takes less time than stopping at the first.
    if !value.iter().fold(false, |any, byte| any | is_blank(byte)) {
        return text.extend_from_slice(value);
    }
    let (mut quoted, mut blank) = (false, false);
    for byte in value.trim_ascii() {
        if !quoted && is_blank(byte) {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) {
            text.push(b' ');
        }
        quoted ^= *byte == b'"';
        text.push(*byte);
    }
}

/// Whether the path of the endpoint names the account and that of this part of a batch does not.
fn leaves_out_account(ask: &Ask) -> bool {
    let place = ask.endpoint.split_once("://").map(|(_, place)| place);
    let first = ask.path.split('/').nth(1).unwrap_or_default();
    place.is_some_and(|place| place.contains('/'))
        && first.strip_suffix("-secondary").unwrap_or(first) != ask.account
}

fn canonical_resource(text: &mut Vec<u8>, ask: &Ask, scheme: Scheme, variant: Variant) {
    text.push(b'/');
    text.extend_from_slice(ask.account.as_bytes());
    let after_account = || {
        let path = ask.path.strip_prefix('/')?;
        path.strip_prefix(ask.account.as_str())?
            .strip_prefix("-secondary")
    };
    match (variant.primary && ask.secondary)
        .then(after_account)
        .flatten()
    {
        Some(rest) => {
            text.push(b'/');
            text.extend_from_slice(ask.account.as_bytes());
            text.extend_from_slice(rest.as_bytes());
        }
        _ => {
            if variant.named {
                text.push(b'/');
                text.extend_from_slice(ask.account.as_bytes());
            }
            text.extend_from_slice(ask.path.as_bytes());
        }
    }
    if scheme == Scheme::Lite {
        if let Some(comp) = ask.query.get(query::COMP) {
            text.extend_from_slice(b"?comp=");
            text.extend_from_slice(comp.as_bytes());
        }
        return;
    }
    let mut pairs: Vec<(String, String)> = if variant.plus {
        ask.query.form_pairs()
    } else {
        ask.query.pairs()
    }
    .iter()
    .map(|(name, value)| (name.to_lowercase(), value.clone()))
    .collect();
    pairs.sort_unstable();
    let mut last = None;
    for (name, value) in &pairs {
        if last == Some(name) {
            text.push(b',');
        } else {
            text.push(b'\n');
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
        }
        text.extend_from_slice(value.as_bytes());
        last = Some(name);
    }
}

/// Compares as .NET does for en-US: underscores and other signs come before digits, the plus sign last
/// of them, digits before letters. Hyphens count only where all else is equal: the name comes first
/// that has none, or has them later.
fn as_words(one: &str, other: &str) -> Ordering {
    let weights = |name: &str| -> Vec<(u8, u8)> {
        name.bytes()
            .filter(|byte| *byte != b'-')
            .map(|byte| match byte {
                b'a'..=b'z' => (2, byte),
                b'0'..=b'9' => (1, byte),
                b'+' => (0, u8::MAX),
                _ => (0, byte),
            })
            .collect()
    };
    weights(one).cmp(&weights(other)).then_with(|| {
        let hyphens =
            |name: &str| -> Vec<usize> { name.match_indices('-').map(|(at, _)| at).collect() };
        let (one, other) = (hyphens(one), hyphens(other));
        let apart = one.iter().zip(&other).find(|(one, other)| one != other);
        match apart {
            Some((one, other)) => other.cmp(one),
            None => one.len().cmp(&other.len()),
        }
    })
}
