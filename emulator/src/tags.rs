//! Index tags, and predicates over them. Source: "Set Blob Tags", "Find Blobs by Tags".

mod predicate;

pub(crate) use predicate::Predicate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The tags of a blob, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tags(BTreeMap<String, String>);

impl Tags {
    /// The most that a blob may have.
    const MOST: usize = 10;

    /// Takes pairs; absent where one is longer, more or otherwise written than tags may be.
    pub(crate) fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Option<Self> {
        let mut tags = BTreeMap::new();
        for (key, value) in pairs {
            let fits = (1..=128).contains(&key.len()) && value.len() <= 256;
            let allowed = |text: &str| {
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b" +-./:=_".contains(&byte))
            };
            if !fits || !allowed(&key) || !allowed(&value) || tags.insert(key, value).is_some() {
                return None;
            }
        }
        (tags.len() <= Self::MOST).then_some(Self(tags))
    }

    /// Reads `x-ms-tags`: `key=value&…`, encoded as in a query.
    pub(crate) fn from_header(text: &str) -> Option<Self> {
        let decoded = |text: &str| {
            percent_encoding::percent_decode_str(&text.replace('+', " "))
                .decode_utf8()
                .ok()
                .map(std::borrow::Cow::into_owned)
        };
        let pairs: Option<Vec<_>> = text
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=')?;
                Some((decoded(key)?, decoded(value)?))
            })
            .collect();
        Self::new(pairs?)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Every pair, by key.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_decoded() {
        let tags = Tags::from_header("tag1=value%20one&tag2=%3D&empty=").unwrap();
        assert_eq!(tags.get("tag1"), Some("value one"));
        assert_eq!(tags.get("tag2"), Some("="));
        assert_eq!(tags.get("empty"), Some(""));
    }

    #[test]
    fn what_tags_may_not_be_is_refused() {
        let many: Vec<_> = (0..11).map(|n| format!("k{n}=v")).collect();
        for text in ["=value", "a=b&a=c", "a=%21", &many.join("&"), "novalue"] {
            assert_eq!(Tags::from_header(text), None, "{text}");
        }
    }
}
