use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::super::tests::{NOW, World, dev_signature, url};
use crate::auth::mac;
use crate::config::{DEV_ACCOUNT, DEV_KEY};

const DATE: &str = "Mon, 20 Dec 2021 11:33:20 GMT";

/// Sends a request whose signature is of `text`.
fn outcome(
    world: &World,
    scheme: &str,
    text: &str,
    method: &str,
    rest: &str,
    headers: &[(&str, &str)],
) -> Option<(u16, String)> {
    let value = format!("{scheme} {DEV_ACCOUNT}:{}", dev_signature(text));
    let mut all = headers.to_vec();
    all.push(("authorization", &value));
    world.refusal(world.ask(method, &url(rest), &all))
}

#[test]
fn the_test_moment_is_the_test_date() {
    assert_eq!(NOW.to_http(), DATE);
}

#[test]
fn a_request_signed_as_the_page_says_passes() {
    let text = format!(
        "PUT\n\nde\n11\n\ntext/plain\n\n\n\n*\n\n\nx-ms-blob-type:BlockBlob\nx-ms-date:{DATE}\n\
         x-ms-meta-a:one two\nx-ms-version:2021-12-02\n\
         /devstoreaccount1/devstoreaccount1/c/a%20b\ncomp:metadata\ntimeout:30"
    );
    let headers = [
        ("content-language", "de"),
        ("content-length", "11"),
        ("content-type", "text/plain"),
        ("if-none-match", "*"),
        ("x-ms-meta-a", " one \t two "),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-date", DATE),
        ("x-ms-version", "2021-12-02"),
    ];
    let world = World::new();
    let rest = "/c/a%20b?timeout=30&comp=metadata";
    assert_eq!(
        outcome(&world, "SharedKey", &text, "PUT", rest, &headers),
        None
    );
    let altered = text.replace("one two", "one three");
    assert_eq!(
        outcome(&world, "SharedKey", &altered, "PUT", rest, &headers),
        Some((403, "AuthenticationFailed".into()))
    );
}

#[test]
fn blanks_inside_a_header_may_be_signed_as_they_are() {
    for signed in ["one \t two", "one two"] {
        let text = format!(
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-meta-a:{signed}\n\
             x-ms-version:2021-12-02\n/devstoreaccount1/devstoreaccount1/c/b"
        );
        let headers = [
            ("x-ms-date", DATE),
            ("x-ms-meta-a", " one \t two "),
            ("x-ms-version", "2021-12-02"),
        ];
        let refused = outcome(&World::new(), "SharedKey", &text, "GET", "/c/b", &headers);
        assert_eq!(refused, None, "{signed}");
    }
}

#[test]
fn an_empty_length_is_a_zero_before_2015_02_21() {
    for (version, length) in [("2014-02-14", "0"), ("2015-02-21", "")] {
        let text = format!(
            "PUT\n\n\n{length}\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-version:{version}\n\
             /devstoreaccount1/devstoreaccount1/c/b\ncomp:lease"
        );
        let headers = [
            ("content-length", "0"),
            ("x-ms-date", DATE),
            ("x-ms-version", version),
        ];
        let refused = outcome(
            &World::new(),
            "SharedKey",
            &text,
            "PUT",
            "/c/b?comp=lease",
            &headers,
        );
        assert_eq!(refused, None, "{version}");
    }
}

#[test]
fn empty_headers_are_signed_from_2016_05_31() {
    for (version, line) in [("2015-12-11", ""), ("2016-05-31", "x-ms-meta-a:\n")] {
        let text = format!(
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\n{line}x-ms-version:{version}\n\
             /devstoreaccount1/devstoreaccount1/c/b"
        );
        let headers = [
            ("x-ms-meta-a", ""),
            ("x-ms-date", DATE),
            ("x-ms-version", version),
        ];
        let refused = outcome(&World::new(), "SharedKey", &text, "GET", "/c/b", &headers);
        assert_eq!(refused, None, "{version}");
    }
}

#[test]
fn the_lite_scheme_signs_less() {
    let text = format!(
        "GET\n\n\n\nx-ms-date:{DATE}\nx-ms-version:2021-12-02\n\
         /devstoreaccount1/devstoreaccount1/c?comp=list"
    );
    let headers = [("x-ms-date", DATE), ("x-ms-version", "2021-12-02")];
    let rest = "/c?restype=container&comp=list&prefix=x";
    let world = World::new();
    assert_eq!(
        outcome(&world, "SharedKeyLite", &text, "GET", rest, &headers),
        None
    );
    assert!(outcome(&world, "SharedKey", &text, "GET", rest, &headers).is_some());
}

#[test]
fn a_date_of_another_quarter_of_an_hour_is_refused() {
    let text = |date: &str| {
        format!(
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:2021-12-02\n\
             /devstoreaccount1/devstoreaccount1/c/b"
        )
    };
    for (date, passes) in [
        ("Mon, 20 Dec 2021 11:18:20 GMT", true),
        ("Mon, 20 Dec 2021 11:18:19 GMT", false),
        ("Mon, 20 Dec 2021 11:48:20 GMT", true),
        ("Mon, 20 Dec 2021 11:48:21 GMT", false),
        ("yesterday", false),
    ] {
        let headers = [("x-ms-date", date), ("x-ms-version", "2021-12-02")];
        let mut world = World::new();
        let refused = outcome(&world, "SharedKey", &text(date), "GET", "/c/b", &headers);
        assert_eq!(refused.is_none(), passes, "{date}");
        world.config = world.config.clock(crate::Clock::frozen_at(NOW));
        let refused = outcome(&world, "SharedKey", &text(date), "GET", "/c/b", &headers);
        assert_eq!(
            refused.is_none(),
            date != "yesterday",
            "{date} under a moved clock"
        );
    }
}

#[test]
fn a_request_without_any_date_is_refused() {
    let text = "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-version:2021-12-02\n/devstoreaccount1/devstoreaccount1/c/b";
    let headers = [("x-ms-version", "2021-12-02")];
    let refused = outcome(&World::new(), "SharedKey", text, "GET", "/c/b", &headers);
    assert_eq!(refused, Some((403, "AuthenticationFailed".into())));
}

#[test]
fn the_refusal_shows_the_text_that_was_expected() {
    let world = World::new();
    let headers = [
        ("x-ms-date", DATE),
        ("x-ms-version", "2021-12-02"),
        ("authorization", "SharedKey devstoreaccount1:AAAA"),
    ];
    let reason = world.reason(world.ask("GET", &url("/c/b"), &headers));
    assert!(reason.starts_with("The MAC signature found in the HTTP request 'AAAA' is not"));
    assert!(
        reason.ends_with("\n/devstoreaccount1/devstoreaccount1/c/b'."),
        "{reason}"
    );
}

/// What comes of a read that an account's name and a key sign.
fn refusal_of(world: &World, account: &str, key: &[u8]) -> Option<(u16, String)> {
    let text = format!(
        "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-version:2021-12-02\n\
         /devstoreaccount1/devstoreaccount1/c/b"
    );
    let signature = BASE64_STANDARD.encode(mac::sign(key, text.as_bytes()));
    let value = format!("SharedKey {account}:{signature}");
    let headers = [
        ("x-ms-date", DATE),
        ("x-ms-version", "2021-12-02"),
        ("authorization", value.as_str()),
    ];
    world.refusal(world.ask("GET", &url("/c/b"), &headers))
}

#[test]
fn another_accounts_name_or_key_does_not_open_this_one() {
    let world = World::new();
    let dev = BASE64_STANDARD.decode(DEV_KEY).unwrap();
    assert_eq!(refusal_of(&world, DEV_ACCOUNT, &dev), None);
    for (account, key) in [("second", dev.as_slice()), (DEV_ACCOUNT, b"second")] {
        let refused = refusal_of(&world, account, key);
        assert_eq!(refused, Some((403, "AuthenticationFailed".into())));
    }
}

#[test]
fn the_second_key_opens_as_much_as_the_first() {
    let mut world = World::new();
    let refused = refusal_of(&world, DEV_ACCOUNT, b"another");
    assert_eq!(refused, Some((403, "AuthenticationFailed".into())));
    let key = BASE64_STANDARD.encode(b"another");
    world.config = world.config.second_key_of(DEV_ACCOUNT, &key).unwrap();
    assert_eq!(refusal_of(&world, DEV_ACCOUNT, b"another"), None);
}

#[test]
fn the_secondary_may_be_signed_with_or_without_its_suffix() {
    let world = World::new();
    for path in ["devstoreaccount1", "devstoreaccount1-secondary"] {
        let text = format!(
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-version:2021-12-02\n\
             /devstoreaccount1/{path}/c/b"
        );
        let value = format!("SharedKey {DEV_ACCOUNT}:{}", dev_signature(&text));
        let headers = [
            ("x-ms-date", DATE),
            ("x-ms-version", "2021-12-02"),
            ("authorization", value.as_str()),
        ];
        let secondary = "http://127.0.0.1/devstoreaccount1-secondary/c/b";
        assert_eq!(
            world.refusal(world.ask("GET", secondary, &headers)),
            None,
            "{path}"
        );
    }
}

#[test]
fn the_delegation_key_is_for_tokens_only() {
    let world = World::new();
    let rest = "/?restype=service&comp=userdelegationkey";
    let text = format!(
        "POST\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-version:2021-12-02\n\
         /devstoreaccount1/devstoreaccount1/\ncomp:userdelegationkey\nrestype:service"
    );
    let value = format!("SharedKey {DEV_ACCOUNT}:{}", dev_signature(&text));
    let headers = [
        ("x-ms-date", DATE),
        ("x-ms-version", "2021-12-02"),
        ("authorization", value.as_str()),
    ];
    let reason = world.reason(world.ask("POST", &url(rest), &headers));
    assert_eq!(reason, "Only authentication scheme Bearer is supported");
}

#[test]
fn a_zero_that_a_library_added_to_a_delete_may_be_unsigned_in_old_versions() {
    for (method, passes) in [("DELETE", true), ("PUT", false)] {
        let text = format!(
            "{method}\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-version:2011-08-18\n\
             /devstoreaccount1/devstoreaccount1/c\nrestype:container"
        );
        let headers = [
            ("content-length", "0"),
            ("x-ms-date", DATE),
            ("x-ms-version", "2011-08-18"),
        ];
        let rest = "/c?restype=container";
        let refused = outcome(&World::new(), "SharedKey", &text, method, rest, &headers);
        assert_eq!(refused.is_none(), passes, "{method}");
    }
}

#[test]
fn a_client_that_signs_a_plus_sign_as_a_space_means_a_space() {
    let world = World::new();
    for (signed, prefix) in [("a+b", "a+b"), ("a b", "a b")] {
        let text = format!(
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\nx-ms-version:2021-12-02\n\
             /devstoreaccount1/devstoreaccount1/c\ncomp:list\nprefix:{signed}\nrestype:container"
        );
        let value = format!("SharedKey {DEV_ACCOUNT}:{}", dev_signature(&text));
        let headers = [
            ("x-ms-date", DATE),
            ("x-ms-version", "2021-12-02"),
            ("authorization", &value),
        ];
        let mut ask = world.ask(
            "GET",
            &url("/c?restype=container&comp=list&prefix=a+b"),
            &headers,
        );
        crate::auth::authorize(&world, &mut ask).unwrap();
        assert_eq!(ask.query.get("prefix"), Some(prefix));
    }
}

#[test]
fn names_with_hyphens_and_underscores_may_be_sorted_as_words() {
    let sorted = ["a", "a-", "a--", "a_", "a_-", "a_a", "aa", "aa-", "a-a"];
    let mut text = format!("GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\n");
    let names = sorted.map(|name| format!("x-ms-meta-{name}"));
    for name in &names {
        text += &format!("{name}:v\n");
    }
    text += "x-ms-version:2021-12-02\n/devstoreaccount1/devstoreaccount1/c/b";
    let mut headers = vec![("x-ms-date", DATE), ("x-ms-version", "2021-12-02")];
    headers.extend(names.iter().map(|name| (name.as_str(), "v")));
    let refused = outcome(&World::new(), "SharedKey", &text, "GET", "/c/b", &headers);
    assert_eq!(refused, None);
}
