use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::*;
use crate::xml::Element;

fn rule(origins: &str, methods: &str, allowed: &str, exposed: &str) -> String {
    format!(
        "<CorsRule><AllowedOrigins>{origins}</AllowedOrigins><AllowedMethods>{methods}\
         </AllowedMethods><AllowedHeaders>{allowed}</AllowedHeaders><ExposedHeaders>{exposed}\
         </ExposedHeaders><MaxAgeInSeconds>60</MaxAgeInSeconds></CorsRule>"
    )
}

fn read(inner: &str) -> Result<Vec<Rule>, String> {
    rules(&Element::read(format!("<Cors>{inner}</Cors>").as_bytes()).unwrap())
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect()
}

fn told(rules: &[Rule], method: &Method, origin: Option<&str>) -> HeaderMap {
    let asked = headers(
        &origin
            .map(|origin| ("origin", origin))
            .into_iter()
            .collect::<Vec<_>>(),
    );
    let mut answered = HeaderMap::new();
    tell(
        rules,
        &Crossing::of(method, &asked),
        Listing::Typed(Order::Read),
        &mut answered,
    );
    answered
}

#[test]
fn rules_that_cannot_be_meant_are_refused() {
    let good = rule("*", "GET,PUT", "*", "x-ms-meta-*,etag");
    assert_eq!(read(&good.repeat(5)).unwrap().len(), 5);
    assert_eq!(read("").unwrap(), []);
    for bad in [
        good.repeat(6),
        rule("", "GET", "", ""),
        rule("*", "", "", ""),
        rule("*", "GET,DANCE", "", ""),
        rule("*", "get", "", ""),
        rule("*", "GET", "a*,b*,c*", ""),
        rule("*", "GET", "", "a*,b*,c*"),
        rule("*", "GET", &"a,".repeat(65), ""),
        rule(&"a,".repeat(65), "GET", "", ""),
        rule(&"a".repeat(257), "GET", "", ""),
        rule(&format!("{0},{0}", "a".repeat(250)), "GET", "", "").repeat(4),
        good.replace("60", "-1"),
        good.replace("60", "soon"),
        good.replace("60", "2147483648"),
        good.replace("MaxAgeInSeconds", "Max"),
        good.replace("AllowedHeaders", "Allowed"),
        good.replace("CorsRule", "Rule"),
    ] {
        assert!(read(&bad).is_err(), "{bad}");
    }
}

#[test]
fn origins_are_exact_but_for_a_star_before_a_domain() {
    for (known, origin, fits) in [
        ("http://a.com", "http://a.com", true),
        ("http://a.com", "http://A.com", false),
        ("http://a.com", "https://a.com", false),
        ("http://a.com", "http://a.com:8080", false),
        ("https://*.a.com", "https://b.a.com", true),
        ("https://*.a.com", "https://c.b.a.com", true),
        ("https://*.a.com", "https://.a.com", false),
        ("https://*.a.com", "https://a.com", false),
        ("https://*.a.com", "http://b.a.com", false),
        ("https://*a.com", "https://ba.com", false),
    ] {
        assert_eq!(is_origin(known, origin), fits, "{known} {origin}");
    }
}

/// The table of "CORS support for Azure Storage", section on the Vary header.
#[test]
fn answers_to_get_and_head_follow_the_table() {
    let anybody = read(&rule("*", "GET,HEAD", "", "*")).unwrap();
    let named = read(&rule("http://a.com", "GET,HEAD", "", "*")).unwrap();
    let origin = Some("http://a.com");
    let other = Some("http://b.com");
    for (rules, asked, allowed, vary, exposes) in [
        (&[][..], None, None, false, false),
        (&[][..], origin, None, false, false),
        (&named[..], None, None, true, false),
        (&anybody[..], None, Some("*"), false, true),
        (&named[..], origin, origin, true, true),
        (&named[..], other, None, true, false),
        (&anybody[..], origin, Some("*"), false, true),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = told(rules, &method, asked);
            let text = |name: &str| answer.get(name).map(|value| value.to_str().unwrap());
            assert_eq!(
                text("access-control-allow-origin"),
                allowed,
                "{rules:?} {asked:?}"
            );
            assert_eq!(text("vary").is_some(), vary, "{rules:?} {asked:?}");
            assert_eq!(text("access-control-expose-headers").is_some(), exposes);
            let by_name = allowed.is_some_and(|allowed| allowed != "*");
            assert_eq!(text("access-control-allow-credentials").is_some(), by_name);
        }
    }
}

#[test]
fn answers_to_writes_speak_only_to_an_origin_and_never_vary() {
    let rules = read(&rule("http://a.com,http://c.com", "PUT", "", "")).unwrap();
    assert!(told(&rules, &Method::PUT, None).is_empty());
    assert!(told(&rules, &Method::PUT, Some("http://b.com")).is_empty());
    assert!(told(&rules, &Method::DELETE, Some("http://a.com")).is_empty());
    let answer = told(&rules, &Method::PUT, Some("http://c.com"));
    assert_eq!(answer["access-control-allow-origin"], "http://c.com");
    assert_eq!(answer.len(), 2, "{answer:?}");
}

#[test]
fn the_first_rule_that_fits_counts() {
    let both = rule("http://a.com", "GET", "", "etag") + &rule("*", "GET,PUT", "", "");
    let rules = read(&both).unwrap();
    let answer = told(&rules, &Method::GET, Some("http://a.com"));
    assert_eq!(answer["access-control-expose-headers"], "etag");
    assert_eq!(answer["access-control-allow-origin"], "http://a.com");
    let answer = told(&rules, &Method::PUT, Some("http://a.com"));
    assert_eq!(answer["access-control-allow-origin"], "*");
    let answer = told(&rules, &Method::GET, None);
    assert_eq!(answer["access-control-allow-origin"], "*");
}

/// As a recorded answer of 2021-04-10 lists them.
#[test]
fn a_star_exposes_what_the_answer_has() {
    let rules = read(&rule("*", "GET", "*", "*")).unwrap();
    let mut answer = headers(&[
        ("content-type", "text/plain"),
        ("etag", "e"),
        ("x-ms-meta-key1", "1"),
        ("content-md5", "m"),
        ("content-length", "1"),
        ("server", "s"),
        ("x-ms-request-id", "r"),
        ("x-ms-version", "v"),
        ("date", "d"),
        ("x-ms-client-request-id", "c"),
    ]);
    tell(
        &rules,
        &Crossing::of(&Method::GET, &HeaderMap::new()),
        Listing::Typed(Order::Read),
        &mut answer,
    );
    assert_eq!(
        answer["access-control-expose-headers"],
        "x-ms-request-id,x-ms-client-request-id,Server,x-ms-version,x-ms-meta-key1,ETag,\
         Content-MD5,Content-Type,Content-Length,Date,Transfer-Encoding"
    );
    let some = read(&rule("*", "GET", "*", "x-absent,x-ms-meta-*")).unwrap();
    tell(
        &some,
        &Crossing::of(&Method::GET, &HeaderMap::new()),
        Listing::Typed(Order::Read),
        &mut answer,
    );
    assert_eq!(
        answer["access-control-expose-headers"],
        "x-absent,x-ms-meta-key1"
    );
}

/// As recorded answers of 2021-12-02 list them.
#[test]
fn a_star_exposes_headers_in_the_manner_of_the_part_that_answers() {
    let rules = read(&rule("*", "GET", "*", "*")).unwrap();
    for (listing, exposed) in [
        (
            Listing::Typed(Order::Read),
            "x-ms-request-id,Server,x-ms-version,ETag,Content-Type,Content-Length,Date,Transfer-Encoding",
        ),
        (
            Listing::Untyped(Order::Read),
            "x-ms-request-id,Server,x-ms-version,ETag,Content-Range,Content-Length,Date,Transfer-Encoding",
        ),
        (
            Listing::Sorted,
            "Content-Length,Content-Range,Content-Type,Date,ETag,Server,x-ms-request-id,x-ms-version",
        ),
    ] {
        let mut answer = headers(&[
            ("content-range", "bytes 0-0/1"),
            ("content-type", "text/plain"),
            ("etag", "e"),
            ("x-ms-request-id", "r"),
            ("x-ms-version", "v"),
        ]);
        let crossing = Crossing::of(&Method::GET, &HeaderMap::new());
        tell(&rules, &crossing, listing, &mut answer);
        assert_eq!(answer["access-control-expose-headers"], exposed);
    }
}

#[test]
fn a_preflight_is_answered_by_the_first_rule_that_lets_all_of_it_through() {
    let rules = read(
        &(rule("http://a.com", "GET", "x-ms-version", "")
            + &rule("http://a.com", "GET,PUT", "x-ms-meta-a,x-ms-blob-*", "")
            + &rule("*", "HEAD", "*", "").replace("60", "5")),
    )
    .unwrap();
    let ask = |origin: &str, method: &str, wanted: &str| {
        preflight(
            &rules,
            &headers(&[
                ("origin", origin),
                ("access-control-request-method", method),
                ("access-control-request-headers", wanted),
            ]),
        )
    };
    let answer = ask("http://a.com", "PUT", "X-Ms-Meta-A, x-ms-blob-type").unwrap();
    assert_eq!(answer.status, 200);
    for (name, value) in [
        ("access-control-allow-origin", "http://a.com"),
        ("access-control-allow-methods", "PUT"),
        (
            "access-control-allow-headers",
            "X-Ms-Meta-A, x-ms-blob-type",
        ),
        ("access-control-max-age", "60"),
        ("access-control-allow-credentials", "true"),
    ] {
        assert_eq!(answer.headers[name], value, "{name}");
    }
    assert_eq!(
        ask("http://b.com", "HEAD", "anything").unwrap().headers["access-control-max-age"],
        "5"
    );
    assert!(
        !ask("http://a.com", "GET", "")
            .unwrap()
            .headers
            .contains_key("access-control-allow-headers")
    );
    for (origin, method, wanted) in [
        ("http://a.com", "PUT", "x-ms-version"),
        ("http://a.com", "DELETE", ""),
        ("http://b.com", "GET", ""),
        ("http://a.com", "GET", "x-ms-version,x-ms-meta-a"),
    ] {
        let refused = ask(origin, method, wanted).unwrap_err();
        assert_eq!(refused.parts().status, 403);
        assert_eq!(refused.parts().code.as_str(), "CorsPreflightFailure");
    }
    for missing in [
        headers(&[("origin", "http://a.com")]),
        headers(&[("access-control-request-method", "GET")]),
    ] {
        assert_eq!(preflight(&rules, &missing).unwrap_err().parts().status, 400);
    }
}

/// Lists as they were recorded, of answers whose headers come in another order.
#[rustfmt::skip]
#[test]
fn a_star_exposes_headers_in_the_order_of_the_service() {
    let rules = read(&rule("*", "GET", "*", "*")).unwrap();
    const FIRST: &str = "x-ms-request-id,x-ms-client-request-id,Server,x-ms-version,";
    const LAST: &str = ",Content-Length,Date,Transfer-Encoding";
    for (listing, recorded) in [
        (Listing::Typed(Order::Read), "x-ms-version-id,x-ms-is-current-version,x-ms-meta-key1,Content-Type,Content-Encoding,Content-Language,Cache-Control,Last-Modified,ETag,x-ms-creation-time,Content-MD5,x-ms-lease-status,x-ms-lease-state,x-ms-blob-type,Content-Disposition,x-ms-server-encrypted,x-ms-access-tier,x-ms-access-tier-change-time,Accept-Ranges"),
        (Listing::Typed(Order::Read), "x-ms-tag-count,Content-Type,Last-Modified,ETag,x-ms-creation-time,Content-MD5,x-ms-lease-status,x-ms-lease-state,x-ms-blob-type,x-ms-copy-id,x-ms-copy-source,x-ms-copy-status,x-ms-copy-progress,x-ms-copy-completion-time,x-ms-server-encrypted,x-ms-access-tier,x-ms-access-tier-change-time,x-ms-archive-status,Accept-Ranges"),
        (Listing::Typed(Order::Read), "Last-Modified,ETag,x-ms-lease-status,x-ms-lease-state,x-ms-lease-duration,x-ms-has-immutability-policy,x-ms-has-legal-hold,x-ms-immutable-storage-with-versioning-enabled,x-ms-default-encryption-scope,x-ms-deny-encryption-scope-override"),
        (Listing::Typed(Order::Read), "x-ms-lease-id,Last-Modified,ETag"),
        (Listing::Typed(Order::Read), "Last-Modified,ETag,x-ms-blob-content-length,Content-Type"),
        (Listing::Typed(Order::Read), "Last-Modified,ETag,x-ms-blob-sequence-number"),
        (Listing::Untyped(Order::Read), "x-ms-blob-public-access,Last-Modified,ETag"),
        (Listing::Untyped(Order::Read), "Content-Range,x-ms-error-code"),
        (Listing::Untyped(Order::Read), "x-ms-is-soft-deleted,x-ms-error-code"),
        (Listing::Typed(Order::Made), "x-ms-content-crc64,Content-MD5,Last-Modified,ETag,x-ms-request-server-encrypted,x-ms-version-id"),
        (Listing::Typed(Order::Made), "x-ms-content-crc64,Last-Modified,ETag,x-ms-blob-append-offset,x-ms-blob-committed-block-count,x-ms-request-server-encrypted"),
        (Listing::Typed(Order::Paged), "x-ms-request-server-encrypted,x-ms-content-crc64,Last-Modified,ETag,x-ms-blob-sequence-number"),
        (Listing::Typed(Order::Listed), "x-ms-content-crc64,Last-Modified,ETag,x-ms-version-id,x-ms-request-server-encrypted"),
        (Listing::Typed(Order::Listed), "Last-Modified,ETag,x-ms-version-id,x-ms-copy-id,x-ms-copy-status"),
        (Listing::Typed(Order::Changed), "x-ms-version-id,x-ms-snapshot,Last-Modified,ETag,x-ms-request-server-encrypted"),
        (Listing::Sorted, ""),
    ] {
        let all = format!("{FIRST}{recorded}");
        let pairs: Vec<_> = all.split(',').filter(|name| !name.is_empty()).rev().map(|name| (name, "x")).collect();
        let mut answer = headers(&pairs);
        let crossing = Crossing::of(&Method::GET, &HeaderMap::new());
        tell(&rules, &crossing, listing, &mut answer);
        let expected = match listing {
            Listing::Sorted => "Content-Length,Date,Server,x-ms-client-request-id,x-ms-request-id,x-ms-version".to_owned(),
            Listing::Typed(_) | Listing::Untyped(_) => format!("{FIRST}{recorded}{LAST}"),
        };
        assert_eq!(answer["access-control-expose-headers"], *expected);
    }
}
