//! Metadata pairs of blobs and containers. Source: "Setting and Retrieving Properties and Metadata".

use serde::{Deserialize, Serialize};

use http::{HeaderMap, HeaderName, HeaderValue};

use blobferry_core::ErrorCode;
use blobferry_core::wire::header::METADATA_PREFIX;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::spelling::Spelling;
use crate::xml::Writer;

/// Names and values, in the order of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Metadata(Box<[(Box<str>, Box<str>)]>);

impl Metadata {
    /// All pairs together, in bytes.
    const MOST: usize = 8 << 10;

    /// Reads `x-ms-meta-*`.
    ///
    /// # Errors
    /// 400 for a name that is no C# identifier, or for more than 8 KiB.
    pub(crate) fn of(headers: &HeaderMap, spelling: &Spelling) -> Result<Self, Failure> {
        let mut pairs: Vec<(Box<str>, Box<str>)> = Vec::new();
        let mut length = 0;
        for (name, value) in headers {
            let Some(name) = name.as_str().strip_prefix(METADATA_PREFIX) else {
                continue;
            };
            if name.is_empty() {
                return Err(Failure::new(ErrorCode::EMPTY_METADATA_KEY));
            }
            if !is_identifier(name) {
                return Err(Failure::new(ErrorCode::INVALID_METADATA));
            }
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            length += name.len() + value.len();
            pairs.push((name.into(), value.into()));
        }
        if length > Self::MOST {
            return Err(Failure::new(ErrorCode::METADATA_TOO_LARGE));
        }
        pairs.sort();
        for (name, _) in &mut pairs {
            *name = spelling.spell(name).into();
        }
        Ok(Self(pairs.into()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes `x-ms-meta-*`, and how their names are spelled.
    pub(crate) fn write_to(&self, answer: &mut Answer) {
        self.write_headers(&mut answer.headers);
        answer.spelling = Spelling::of(self.0.iter().map(|(name, _)| name));
    }

    fn write_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            let name = HeaderName::try_from(format!("{METADATA_PREFIX}{name}"));
            let value = HeaderValue::from_bytes(value.as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
    }

    /// Every name with its value.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Writes the `Metadata` element of a listing.
    pub(crate) fn write_xml(&self, writer: &mut Writer) {
        if self.is_empty() {
            return writer.empty("Metadata");
        }
        writer.open("Metadata");
        for (name, value) in &self.0 {
            writer.element(name, value);
        }
        writer.close("Metadata");
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn pairs_are_kept_and_written_back() {
        let given = headers(&[("x-ms-meta-b", "2"), ("x-ms-meta-a", "1"), ("date", "no")]);
        let metadata = Metadata::of(&given, &Spelling::default()).unwrap();
        let mut written = HeaderMap::new();
        metadata.write_headers(&mut written);
        assert_eq!(
            written,
            headers(&[("x-ms-meta-a", "1"), ("x-ms-meta-b", "2")])
        );
    }

    #[test]
    fn names_must_be_identifiers() {
        for (name, code) in [
            ("x-ms-meta-", ErrorCode::EMPTY_METADATA_KEY),
            ("x-ms-meta-a-b", ErrorCode::INVALID_METADATA),
            ("x-ms-meta-1a", ErrorCode::INVALID_METADATA),
        ] {
            let refused = Metadata::of(&headers(&[(name, "x")]), &Spelling::default()).unwrap_err();
            assert_eq!(refused.code(), &code, "{name}");
        }
    }
}
