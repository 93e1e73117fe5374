//! The order in which the service sorts header names.
//!
//! The page calls it lexicographic; the service compares as .NET does for the culture en-US, which
//! differs where metadata names hold dashes or underscores. Source: the sort of the C++ SDK.

use std::cmp::Ordering;

/// Compares two header names in lower case as the service does: dashes and apostrophes count only
/// between names that are otherwise alike, and punctuation comes before digits, digits before letters.
#[must_use]
pub fn compare_header_names(one: &str, other: &str) -> Ordering {
    let shared = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (one, other) = (tail(one, shared), tail(other, shared));
    one.iter()
        .filter_map(|byte| weight(*byte))
        .cmp(other.iter().filter_map(|byte| weight(*byte)))
        .then_with(|| dashes(one, other))
}

fn tail(name: &str, from: usize) -> &[u8] {
    name.as_bytes().get(from..).unwrap_or_default()
}

/// The name whose dash comes first is the greater.
fn dashes(one: &[u8], other: &[u8]) -> Ordering {
    let first = |name: &[u8]| name.iter().position(|byte| weight(*byte).is_none());
    match (first(one), first(other)) {
        (None, None) => Ordering::Equal,
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (Some(a), Some(b)) => b.cmp(&a).then_with(|| one.cmp(other)),
    }
}

/// Rank of a byte of a header name; none where it is passed over at first.
fn weight(byte: u8) -> Option<u8> {
    const PUNCTUATION: &[u8] = b"!#$%&*.^_`|~+";
    match byte {
        b'-' | b'\'' => None,
        b'0'..=b'9' => Some(byte - b'0' + 32),
        b'a'..=b'z' => Some(byte - b'a' + 64),
        b'A'..=b'Z' => Some(byte - b'A' + 64),
        _ => PUNCTUATION
            .iter()
            .position(|mark| *mark == byte)
            .and_then(|rank| u8::try_from(rank).ok()),
    }
}
