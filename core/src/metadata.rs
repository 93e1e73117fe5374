//! Names and values that users give their blobs and containers.

use http::HeaderMap;
use http::header::HeaderName;

use crate::error::InvalidInput;
use crate::header_text::HeaderText;
use crate::message::Request;
use crate::part::Part;
use crate::wire::header::METADATA_PREFIX;

/// Metadata of a blob or container, in the order given; at most 8 KiB in all.
///
/// A name is a C# identifier: a letter or underscore, then letters, digits and underscores. Case is
/// kept by the service but does not tell names apart; HTTP/2 and the `http` crate write header names
/// in lower case. Source: "Naming and Referencing Containers, Blobs, and Metadata".
///
/// ```
/// use blobferry_core::Metadata;
/// let metadata = Metadata::new([("origin", "lighthouse"), ("checked", "yes")])?;
/// assert_eq!(metadata.get("Origin"), Some("lighthouse"));
/// assert!(Metadata::new([("a", "1"), ("A", "2")]).is_err());
/// assert!(Metadata::new([("two-words", "")]).is_err());
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata(Vec<(Box<str>, Box<str>)>);

impl Metadata {
    /// Names with their values.
    ///
    /// # Errors
    /// A name that is no identifier or comes twice, a value that no header carries, or more than
    /// 8 KiB in all.
    pub fn new<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, InvalidInput> {
        let mut metadata = Self::default();
        let mut size = 0;
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            if !is_identifier(name) {
                return Err(InvalidInput::new(
                    "metadata name",
                    name,
                    "must be letters, digits and underscores, not beginning with a digit",
                ));
            }
            if metadata.get(name).is_some() {
                return Err(InvalidInput::new(
                    "metadata name",
                    name,
                    "comes twice; case does not tell names apart",
                ));
            }
            let _: HeaderText = value.parse()?;
            size += name.len() + value.len();
            if size > 8 * 1024 {
                return Err(InvalidInput::new(
                    "metadata",
                    name,
                    "may have at most 8 KiB in all",
                ));
            }
            metadata.push(name, value);
        }
        Ok(metadata)
    }

    /// The value under a name, case aside.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
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
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.into(), value.into()));
    }

    /// The metadata of an answer, sorted by name.
    pub(crate) fn heard(headers: &HeaderMap) -> Self {
        let mut metadata = Self::default();
        for (name, value) in headers {
            if let Some(name) = name.as_str().strip_prefix(METADATA_PREFIX) {
                metadata.push(name, &String::from_utf8_lossy(value.as_bytes()));
            }
        }
        metadata.0.sort_unstable();
        metadata
    }
}

fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `x-ms-meta-*`.
impl Part for Metadata {
    fn add_to(&self, mut request: Request) -> Request {
        for (name, value) in self.iter() {
            let name = format!("{METADATA_PREFIX}{name}");
            // Metadata of a listing may be given back with a name the service itself calls invalid.
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                request = request.text(name, value);
            }
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_identifiers() {
        for (name, good) in [
            ("a", true),
            ("_a1", true),
            ("A", true),
            ("1a", false),
            ("", false),
            ("a b", false),
            ("a:b", false),
            ("é", false),
        ] {
            assert_eq!(Metadata::new([(name, "")]).is_ok(), good, "{name:?}");
        }
    }

    #[test]
    fn values_must_travel_and_fit() {
        assert!(Metadata::new([("a", "x\ny")]).is_err());
        assert!(Metadata::new([("a", "x".repeat(8 * 1024))]).is_err());
        assert!(Metadata::new([("a", "x".repeat(8 * 1024 - 1))]).is_ok());
    }

    fn names() -> impl Strategy<Value = String> {
        "[A-Za-z_][A-Za-z0-9_]{0,20}"
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What one side writes into headers the other reads, but for the case of names and their order.
        #[test]
        fn metadata_survives_its_headers(
            pairs in proptest::collection::vec((names(), "([!-~]([ -~]{0,30}[!-~])?)?"), 0..8),
        ) {
            let Ok(metadata) = Metadata::new(pairs) else {
                return Ok(());
            };
            let account = "https://south.blob.core.windows.net".parse().unwrap();
            let request = Request::to_account(http::Method::PUT, &account).with(&metadata);
            let mut sent: Vec<_> = metadata.iter().map(|(n, v)| (n.to_ascii_lowercase(), v)).collect();
            sent.sort_unstable();
            let heard = Metadata::heard(&request.parts.headers);
            let heard: Vec<_> = heard.iter().map(|(n, v)| (n.to_owned(), v)).collect();
            prop_assert_eq!(heard, sent);
        }

        #[test]
        fn a_name_is_taken_once_whatever_its_case(name in names()) {
            let pairs = [(name.to_ascii_uppercase(), ""), (name.to_ascii_lowercase(), "")];
            prop_assert!(Metadata::new(pairs).is_err());
        }
    }
}
