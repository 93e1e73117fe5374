//! What is asked of a source outside.

use http::header::{
    AUTHORIZATION, HOST, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LOCATION,
    RANGE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::auth::source::source_token;
use crate::kind::Kind;
use crate::operation::source;
use crate::request::Ask;

use super::fetched::is_start;

/// A GET that reads a source, or a part of it.
#[derive(Clone)]
pub(crate) struct Want {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// The most that is taken of the body; a longer one is not taken at all.
    pub(crate) most: u64,
    /// Whether only the head of a success is of interest.
    pub(crate) head_only: bool,
    /// What asks for the tags of the source, which are a part of the copy.
    pub(crate) tags: Option<Box<Self>>,
}

/// The URL's query and a header may hold secrets.
impl std::fmt::Debug for Want {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Want")
            .field("host", &self.uri.host())
            .field("path", &self.uri.path())
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

/// The conditions on a source, and what they are called where it is.
const CONDITIONS: [(HeaderName, HeaderName); 5] = [
    (header::X_MS_SOURCE_IF_MATCH, IF_MATCH),
    (header::X_MS_SOURCE_IF_NONE_MATCH, IF_NONE_MATCH),
    (header::X_MS_SOURCE_IF_MODIFIED_SINCE, IF_MODIFIED_SINCE),
    (header::X_MS_SOURCE_IF_UNMODIFIED_SINCE, IF_UNMODIFIED_SINCE),
    (header::X_MS_SOURCE_IF_TAGS, header::X_MS_IF_TAGS),
];

/// What is for the place that was named, and for none to which that refers.
const SECRETS: [HeaderName; 2] = [AUTHORIZATION, header::X_MS_ENCRYPTION_KEY];

/// Ten tags of 128 and 256 characters are a tenth of it.
const LONGEST_TAGS: u64 = 64 << 10;

/// Enough to be told how long the whole is.
const FIRST_BYTE: HeaderValue = HeaderValue::from_static("bytes=0-0");

impl Want {
    /// What a request has to know of its source before it is carried out: for an asynchronous copy how
    /// long it is and what describes it, for others its content too. Absent for requests that read no source,
    /// or only one in the service.
    pub(crate) fn of(ask: &Ask) -> Option<Self> {
        let is_start = match ask.kind {
            kind if is_start(kind) => true,
            Kind::CopyBlobFromUrl
            | Kind::PutBlobFromUrl
            | Kind::PutBlockFromUrl
            | Kind::PutPageFromUrl
            | Kind::AppendBlockFromUrl => false,
            _ => return None,
        };
        let mut want = Self::plain(
            ask.header(&header::X_MS_COPY_SOURCE)?,
            HeaderValue::try_from(ask.version.as_str()).ok()?,
        )?;
        for (from, to) in CONDITIONS {
            // That nothing must be there is no question that a reader can ask.
            if let Some(value) = ask.headers.get(from).filter(|value| *value != "*") {
                want.headers.insert(to, value.clone());
            }
        }
        if is_start {
            want.headers.insert(RANGE, FIRST_BYTE);
            want.head_only = true;
            return Some(want);
        }
        if let Some(range) = ask.headers.get(header::X_MS_SOURCE_RANGE)
            && source::range(ask).is_some()
        {
            want.headers.insert(RANGE, range.clone());
        }
        if let Some(token) = source_token(ask).ok()? {
            let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
            value.set_sensitive(true);
            want.headers.insert(AUTHORIZATION, value);
        }
        for (from, to) in crate::encryption::source_key_headers(ask) {
            if let Some(value) = ask.headers.get(from) {
                want.headers.insert(to, value.clone());
            }
        }
        if ask.version >= ServiceVersion::V2025_07_05
            && let Some(intent) = ask.headers.get(header::X_MS_FILE_REQUEST_INTENT)
        {
            want.headers
                .insert(header::X_MS_FILE_REQUEST_INTENT, intent.clone());
        }
        want.most = crate::rules::size::longest_source(ask.kind, ask.version);
        want.tags = want.for_tags(ask);
        Some(want)
    }

    /// What asks for the tags, where `x-ms-copy-source-tag-option` says that they are copied.
    fn for_tags(&self, ask: &Ask) -> Option<Box<Self>> {
        let option = ask.header(&header::X_MS_COPY_SOURCE_TAG_OPTION)?;
        let copied = matches!(ask.kind, Kind::CopyBlobFromUrl | Kind::PutBlobFromUrl)
            && option.eq_ignore_ascii_case("COPY");
        let version = self.headers.get(header::X_MS_VERSION)?.clone();
        let url = with_query(&self.uri.to_string(), "comp=tags");
        let mut want = Self::plain(&url, version).filter(|_| copied)?;
        if let Some(token) = self.headers.get(AUTHORIZATION) {
            want.headers.insert(AUTHORIZATION, token.clone());
        }
        want.most = LONGEST_TAGS;
        Some(Box::new(want))
    }

    /// A range of a source, as long as it is the one that was found at the start.
    pub(crate) fn range(
        url: &str,
        version: HeaderValue,
        etag: Option<&str>,
        (start, end): (u64, u64),
    ) -> Option<Self> {
        let mut want = Self::plain(url, version)?;
        let range = format!("bytes={start}-{}", end.saturating_sub(1));
        want.headers
            .insert(RANGE, HeaderValue::try_from(range).ok()?);
        // Weak tags never match, by RFC 9110; they are compared with the answer's instead.
        if let Some(etag) = etag.filter(|etag| !etag.starts_with("W/")) {
            want.headers
                .insert(IF_MATCH, HeaderValue::try_from(etag).ok()?);
        }
        want.most = end.saturating_sub(start);
        Some(want)
    }

    /// The whole of what a URL names. The version makes Azure's answers, and ours, say their codes.
    pub(crate) fn plain(url: &str, version: HeaderValue) -> Option<Self> {
        let url = url.split_once('#').map_or(url, |(before, _)| before);
        let uri: Uri = url.parse().ok()?;
        let host = HeaderValue::try_from(uri.authority()?.as_str()).ok()?;
        if !matches!(uri.scheme_str(), Some("http" | "https"))
            || uri.authority()?.as_str().contains('@')
        {
            return None;
        }
        let headers = HeaderMap::from_iter([
            (HOST, host),
            (USER_AGENT, HeaderValue::from_static("blobferry-emulator")),
            (header::X_MS_VERSION, version),
        ]);
        Some(Self {
            uri,
            headers,
            most: u64::MAX,
            head_only: false,
            tags: None,
        })
    }

    /// What is asked next: where another place says that it is there, or where there is no first byte
    /// to begin with. Absent for an answer that counts.
    pub(crate) fn next(&self, status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let is_moved = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
        if is_moved {
            return self.redirected(headers.get(LOCATION)?.to_str().ok()?);
        }
        let is_empty = status == StatusCode::RANGE_NOT_SATISFIABLE
            && self.head_only
            && self.headers.contains_key(RANGE);
        is_empty.then(|| {
            let mut whole = self.clone();
            whole.headers.remove(RANGE);
            whole
        })
    }

    /// The same, where another place says that it is there.
    fn redirected(&self, location: &str) -> Option<Self> {
        let location = if location.contains("://") {
            location.to_owned()
        } else if location.starts_with('/') && !location.starts_with("//") {
            let authority = self.uri.authority()?;
            format!("{}://{authority}{location}", self.uri.scheme_str()?)
        } else {
            return None;
        };
        let version = self.headers.get(header::X_MS_VERSION)?.clone();
        let mut there = Self::plain(&location, version)?;
        if self.uri.scheme_str() == Some("https") && there.uri.scheme_str() != Some("https") {
            return None;
        }
        let same_place = there.uri.authority() == self.uri.authority();
        for (name, value) in &self.headers {
            if *name != HOST && (same_place || !SECRETS.contains(name)) {
                there.headers.insert(name.clone(), value.clone());
            }
        }
        there.most = self.most;
        there.head_only = self.head_only;
        Some(there)
    }
}

/// The URL with one more parameter.
pub(super) fn with_query(url: &str, parameter: &str) -> String {
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}{parameter}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::ask;

    fn asked(kind: Kind, headers: &[(&'static str, &'static str)]) -> Ask {
        let mut asked = ask(kind);
        let url = ("x-ms-copy-source", "http://files.example/a?sig=secret");
        for (name, value) in headers.iter().chain([&url]) {
            let name = HeaderName::from_static(name);
            asked.headers.insert(name, HeaderValue::from_static(value));
        }
        asked
    }

    #[test]
    fn conditions_range_and_token_go_to_the_source_under_their_own_names() {
        let headers = [
            ("x-ms-source-if-match", "\"1\""),
            ("x-ms-source-if-tags", "a='b'"),
            ("x-ms-source-range", "bytes=1-2"),
            ("x-ms-copy-source-authorization", "Bearer x"),
            ("if-match", "\"destination\""),
        ];
        let want = Want::of(&asked(Kind::PutBlockFromUrl, &headers)).unwrap();
        assert_eq!(want.headers["authorization"], "Bearer x");
        for (name, value) in [
            ("if-match", "\"1\""),
            ("x-ms-if-tags", "a='b'"),
            ("range", "bytes=1-2"),
            ("host", "files.example"),
        ] {
            assert_eq!(want.headers[name], value);
        }
        let start = Want::of(&asked(Kind::CopyBlob, &headers)).unwrap();
        assert_eq!(start.headers["range"], "bytes=0-0");
        assert!(!start.headers.contains_key("authorization"));
        assert!(Want::of(&asked(Kind::PutBlob, &headers)).is_none());
    }

    #[test]
    fn only_plain_http_urls_are_asked() {
        let version = HeaderValue::from_static("2021-12-02");
        for (url, may) in [
            ("http://a/b", true),
            ("https://a:1/b?c=d#e", true),
            ("ftp://a/b", false),
            ("file:///etc/passwd", false),
            ("http://user:word@a/b", false),
            ("/a/b", false),
            ("http://a b/", false),
        ] {
            assert_eq!(Want::plain(url, version.clone()).is_some(), may, "{url}");
        }
    }

    #[test]
    fn a_redirect_keeps_the_range_but_takes_no_token_to_another_place() {
        let headers = [
            ("x-ms-source-range", "bytes=1-2"),
            ("x-ms-copy-source-authorization", "Bearer x"),
        ];
        let want = Want::of(&asked(Kind::PutBlockFromUrl, &headers)).unwrap();
        let there = want.redirected("/c?d").unwrap();
        assert_eq!(there.uri, "http://files.example/c?d");
        assert!(there.headers.contains_key("authorization"));
        let there = want.redirected("https://else.example/c").unwrap();
        assert_eq!(there.headers["host"], "else.example");
        assert_eq!(there.headers["range"], "bytes=1-2");
        assert!(!there.headers.contains_key("authorization"));
        assert!(there.redirected("http://else.example/c").is_none());
        assert!(want.redirected("//else.example/c").is_none());
        assert!(want.redirected("gopher://else.example/c").is_none());
    }

    #[test]
    fn an_empty_source_is_asked_again_without_a_range_and_a_full_one_is_not() {
        let want = Want::of(&asked(Kind::CopyBlob, &[])).unwrap();
        let none = HeaderMap::new();
        let again = want.next(StatusCode::RANGE_NOT_SATISFIABLE, &none).unwrap();
        assert!(!again.headers.contains_key("range"));
        assert!(
            again
                .next(StatusCode::RANGE_NOT_SATISFIABLE, &none)
                .is_none()
        );
        assert!(want.next(StatusCode::PARTIAL_CONTENT, &none).is_none());
        assert!(want.next(StatusCode::FOUND, &none).is_none());
        let there = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static("/there"))]);
        let there = want.next(StatusCode::FOUND, &there).unwrap();
        assert_eq!(there.uri.path(), "/there");
        assert!(there.head_only);
    }

    #[test]
    fn a_secret_in_the_url_is_not_printed() {
        let want = Want::of(&asked(Kind::CopyBlob, &[])).unwrap();
        assert!(!format!("{want:?}").contains("secret"));
    }

    #[test]
    fn a_weak_tag_is_not_asked_for() {
        let version = || HeaderValue::from_static("2021-12-02");
        let strong = Want::range("http://a/b", version(), Some("\"1\""), (0, 5)).unwrap();
        assert_eq!(strong.headers["if-match"], "\"1\"");
        assert_eq!(strong.headers["range"], "bytes=0-4");
        let weak = Want::range("http://a/b", version(), Some("W/\"1\""), (0, 5)).unwrap();
        assert!(!weak.headers.contains_key("if-match"));
    }
}
