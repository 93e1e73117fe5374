use http::{HeaderValue, Request};
use proptest::prelude::*;

use blobferry_core::ErrorCode;
use blobferry_core::words::PublicAccess;

use super::*;
use crate::auth::StoredPolicy;
use crate::config::{AccountKind, Config};
use crate::kind::Level;

struct Nothing(Config);

impl Holdings for Nothing {
    fn config(&self) -> &Config {
        &self.0
    }
    fn public_access(&self, _: &str, _: &str) -> Option<PublicAccess> {
        None
    }
    fn policy(&self, _: &str, _: &str, _: &str) -> Option<StoredPolicy> {
        None
    }
    fn default_version(&self, account: &str) -> Option<ServiceVersion> {
        (account == "second").then_some(ServiceVersion::V2013_08_15)
    }
}

fn holdings() -> Nothing {
    Nothing(Config::new().account("second", "c2VjcmV0").unwrap())
}

fn request(method: &str, url: &str, headers: &[(&'static str, &str)]) -> Parts {
    let mut builder = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        builder = builder.header(*name, HeaderValue::from_str(value).unwrap());
    }
    builder.body(()).unwrap().into_parts().0
}

fn reading(method: &str, url: &str) -> Reading {
    let parts = request(method, url, &[("x-ms-version", "2021-12-02")]);
    read(&holdings(), Timestamp::default(), parts, Bytes::new())
}

fn asked(method: &str, url: &str) -> Ask {
    reading(method, url).outcome.unwrap()
}

fn refused(method: &str, url: &str) -> ErrorCode {
    reading(method, url).outcome.unwrap_err().code().clone()
}

#[test]
fn the_account_is_in_the_path_of_addresses_and_plain_hosts() {
    for host in [
        "127.0.0.1:10000",
        "localhost:1",
        "[::1]:80",
        "azurite:10000",
    ] {
        let ask = asked("PUT", &format!("http://{host}/devstoreaccount1/c/b"));
        assert_eq!(ask.account, "devstoreaccount1");
        assert_eq!(ask.container_name(), "c");
        assert_eq!(ask.blob_name(), "b");
        assert_eq!(ask.endpoint, format!("http://{host}/devstoreaccount1"));
        assert_eq!(ask.path, "/devstoreaccount1/c/b");
    }
}

#[test]
fn the_account_is_in_the_host_where_the_host_begins_with_it() {
    let ask = asked(
        "PUT",
        "https://second.blob.localhost:10000/c/b/d?comp=metadata",
    );
    assert_eq!((ask.account.as_str(), ask.secure), ("second", true));
    assert_eq!((ask.container_name(), ask.blob_name()), ("c", "b/d"));
    assert_eq!(ask.endpoint, "https://second.blob.localhost:10000");
    let ask = asked("PUT", "http://host.docker.internal:10000/second/c/b");
    assert_eq!(ask.account, "second");
}

#[test]
fn the_secondary_endpoint_is_the_same_account() {
    for url in [
        "http://127.0.0.1/devstoreaccount1-secondary/c/b",
        "http://devstoreaccount1-secondary.blob.localhost/c/b",
    ] {
        let ask = asked("GET", url);
        assert_eq!(ask.account, "devstoreaccount1");
        assert!(ask.secondary);
        assert!(ask.endpoint.contains("devstoreaccount1-secondary"));
    }
}

#[test]
fn names_are_decoded_exactly_once() {
    let base = "http://localhost/devstoreaccount1/c";
    for (path, name) in [
        ("a%20b", "a b"),
        ("a+b", "a+b"),
        ("a%2Fb", "a/b"),
        ("a%252Fb", "a%2Fb"),
        ("a//b/", "a//b/"),
        ("/a", "/a"),
        ("%F0%9F%9A%A2", "🚢"),
        // Recorded by the clients of JavaScript: a backslash is kept as a slash.
        ("a%5Cb", "a/b"),
    ] {
        let ask = asked("PUT", &format!("{base}/{path}"));
        assert_eq!(ask.blob_name(), name);
        assert_eq!(ask.path, format!("/devstoreaccount1/c/{path}"));
    }
}

/// Recorded: `t-%2Ft.` is listed as `t-/t`. Published: `./key`, `%2E/key`, `.%2Fkey` and `%2E%2Fkey` are
/// `key`, `f1./x` is `f1/x`, and `..` leads out of a prefix.
#[test]
fn segments_of_dots_and_dots_at_their_end_are_no_part_of_a_name() {
    let base = "http://localhost/devstoreaccount1/c";
    for (path, name) in [
        ("t-%2Ft.", "t-/t"),
        ("test...", "test"),
        ("f1./x", "f1/x"),
        ("f1.%5Cx", "f1/x"),
        ("./key", "key"),
        ("%2E/key", "key"),
        (".%2Fkey", "key"),
        ("%2E%2Fkey", "key"),
        ("a/./b", "a/b"),
        ("a/../b", "b"),
        ("a/%2e%2E/b", "b"),
        ("a%5C..%5Cb", "b"),
        ("a//../b", "a/b"),
        ("a/.", "a/"),
        ("a/b/..", "a/"),
        (".a.a.", ".a.a"),
        ("..a/.b", "..a/.b"),
        ("a/.../b", "a/.../b"),
        ("100%25./%C3%BC", "100%/ü"),
        // What is encoded twice is a name.
        ("%252E%252E/b", "%2E%2E/b"),
    ] {
        let ask = asked("PUT", &format!("{base}/{path}"));
        assert_eq!(ask.blob_name(), name, "{path}");
        assert_eq!(ask.container_name(), "c", "{path}");
        // It was signed as it was sent.
        assert_eq!(ask.path, format!("/devstoreaccount1/c/{path}"));
    }
    // Out of the container, but never out of the account.
    for (path, container, name) in [
        ("../d/b", "d", "b"),
        ("../../../d/b", "d", "b"),
        ("../b", "$root", "b"),
    ] {
        let ask = asked("PUT", &format!("{base}/{path}"));
        assert_eq!((ask.container_name(), ask.blob_name()), (container, name));
        assert_eq!(ask.account, "devstoreaccount1");
    }
}

#[test]
fn a_blob_without_a_container_is_in_the_root_container() {
    let ask = asked("GET", "http://localhost/devstoreaccount1/picture.png");
    assert_eq!(ask.container_name(), "$root");
    assert_eq!(ask.blob_name(), "picture.png");
}

#[test]
fn paths_that_name_nothing_are_refused() {
    assert_eq!(
        refused("PUT", "http://localhost/devstoreaccount1/c/"),
        ErrorCode::INVALID_URI
    );
    assert_eq!(
        refused("PUT", "http://localhost/devstoreaccount1/c/%FF"),
        ErrorCode::INVALID_URI
    );
    assert_eq!(refused("GET", "http://localhost/"), ErrorCode::INVALID_URI);
    assert_eq!(
        refused("GET", "http://localhost/nobody/c/b"),
        ErrorCode::AUTHENTICATION_FAILED
    );
}

#[test]
fn statistics_are_on_the_secondary_only() {
    let query = "?restype=service&comp=stats";
    let at = |account| format!("http://localhost/{account}{query}");
    assert_eq!(
        refused("GET", &at("devstoreaccount1")),
        ErrorCode::INVALID_QUERY_PARAMETER_VALUE
    );
    assert_eq!(
        asked("GET", &at("devstoreaccount1-secondary")).kind,
        Kind::GetServiceStats
    );
}

#[test]
fn the_version_comes_from_the_header_the_query_or_the_account() {
    let of = |url: &str, headers: &[(&'static str, &str)]| {
        read(
            &holdings(),
            Timestamp::default(),
            request("GET", url, headers),
            Bytes::new(),
        )
        .version
    };
    let dev = "http://localhost/devstoreaccount1/c/b";
    assert_eq!(
        of(dev, &[("x-ms-version", "2020-10-02")]),
        ServiceVersion::V2020_10_02
    );
    assert_eq!(of(dev, &[]), ServiceVersion::V2014_02_14);
    assert_eq!(
        of(&format!("{dev}?sv=2019-12-12&sig=x"), &[]),
        ServiceVersion::V2019_12_12
    );
    assert_eq!(
        of(
            &format!("{dev}?sv=2019-12-12&sig=x&api-version=2018-03-28"),
            &[]
        ),
        ServiceVersion::V2018_03_28
    );
    assert_eq!(
        of("http://localhost/second/c/b", &[]),
        ServiceVersion::V2013_08_15
    );
}

#[test]
fn an_unknown_version_is_refused_with_the_headers_name() {
    for version in ["2030-01-01", "2021-12-03", "x", ""] {
        let parts = request(
            "GET",
            "http://localhost/devstoreaccount1/c/b",
            &[("x-ms-version", version)],
        );
        let failure = read(&holdings(), Timestamp::default(), parts, Bytes::new())
            .outcome
            .unwrap_err();
        assert_eq!(failure.code(), &ErrorCode::INVALID_HEADER_VALUE);
        assert!(
            failure
                .parts()
                .details
                .contains(&("HeaderName", "x-ms-version".into()))
        );
    }
}

#[test]
fn a_premium_account_of_page_blobs_speaks_2014_02_14_and_later() {
    for (kind, version, taken) in [
        (AccountKind::PremiumPageBlobs, "2013-08-15", false),
        (AccountKind::PremiumPageBlobs, "2011-08-18", false),
        (AccountKind::PremiumPageBlobs, "2014-02-14", true),
        (AccountKind::PremiumBlockBlobs, "2011-08-18", true),
        (AccountKind::GeneralPurposeV2, "2011-08-18", true),
    ] {
        let config = Config::new().kind_of("devstoreaccount1", kind);
        let parts = request(
            "PUT",
            "http://localhost/devstoreaccount1/box?restype=container",
            &[("x-ms-version", version)],
        );
        let reading = read(&Nothing(config), Timestamp::default(), parts, Bytes::new());
        assert_eq!(reading.outcome.is_ok(), taken, "{kind:?} {version}");
        if let Err(failure) = reading.outcome {
            assert_eq!(failure.code(), &ErrorCode::INVALID_HEADER_VALUE);
            let told = ("HeaderValue", version.into());
            assert!(failure.parts().details.contains(&told));
        }
    }
}

proptest! {
    #[test]
    fn no_request_makes_the_reader_panic(
        method in "[A-Z]{1,8}|GET|PUT|HEAD|DELETE|POST",
        host in "[a-z0-9.:\\[\\]-]{0,20}",
        path in "/(devstoreaccount1/)?[!-~]{0,40}",
        version in "[ -~]{0,12}|2021-12-02",
    ) {
        let url = path.parse::<http::Uri>();
        prop_assume!(url.is_ok());
        let built = Request::builder()
            .method(method.as_bytes())
            .uri(url.unwrap())
            .header("host", host)
            .header("x-ms-version", version)
            .body(());
        prop_assume!(built.is_ok());
        let reading = read(&holdings(), Timestamp::default(), built.unwrap().into_parts().0, Bytes::new());
        if let Ok(ask) = reading.outcome {
            prop_assert_eq!(ask.kind.level() != Level::Service, ask.container.is_some());
            prop_assert_eq!(ask.kind.level() == Level::Blob, ask.blob.is_some());
        }
    }

    #[test]
    fn any_name_is_read_back_from_its_encoding(name in "\\PC{1,60}") {
        prop_assume!(!name.split(['/', '\\']).any(|segment| segment.ends_with('.')));
        let encoded = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
        let ask = asked("PUT", &format!("http://localhost/devstoreaccount1/c/{encoded}"));
        prop_assert_eq!(ask.blob_name(), name.replace('\\', "/"));
    }

    #[test]
    fn no_url_makes_the_source_reader_panic(url in "(https?://)?\\PC{0,60}") {
        let _ = read_url(&Config::new(), &url);
    }
}

#[test]
fn what_has_one_value_is_refused_when_it_comes_twice() {
    let url = "http://localhost/devstoreaccount1/c/b";
    for (headers, code) in [
        (
            &[("x-ms-meta-a", "1"), ("x-ms-meta-a", "2")][..],
            Some(ErrorCode::INVALID_METADATA),
        ),
        (&[("x-ms-meta-a", "1"), ("x-ms-meta-b", "1")], None),
        (
            &[
                ("x-ms-blob-type", "BlockBlob"),
                ("x-ms-blob-type", "PageBlob"),
            ],
            Some(ErrorCode::INVALID_HEADER_VALUE),
        ),
        (
            &[("if-modified-since", "x"), ("if-modified-since", "y")],
            Some(ErrorCode::INVALID_HEADER_VALUE),
        ),
        (&[("if-match", "\"0x1\""), ("if-match", "\"0x2\"")], None),
        (&[("accept", "a/b"), ("accept", "c/d")], None),
        (&[("x-other", "1"), ("x-other", "2")], None),
    ] {
        let mut headers = headers.to_vec();
        headers.push(("x-ms-version", "2021-12-02"));
        let parts = request("PUT", url, &headers);
        let outcome = read(&holdings(), Timestamp::default(), parts, Bytes::new()).outcome;
        let found = outcome.err().map(|failure| failure.code().clone());
        assert_eq!(found, code, "{headers:?}");
    }
}
