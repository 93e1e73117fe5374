//! Keys and scopes, over whole requests.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use blobferry_core::ErrorCode as E;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::operation::tests::{World, header, refused};

type Headers = Vec<(&'static str, String)>;

/// The three headers of a key made of one byte.
fn key(byte: u8) -> Headers {
    let key = [byte; 32];
    vec![
        ("x-ms-encryption-key", BASE64_STANDARD.encode(key)),
        ("x-ms-encryption-key-sha256", hash(byte)),
        ("x-ms-encryption-algorithm", "AES256".to_owned()),
    ]
}

fn hash(byte: u8) -> String {
    BASE64_STANDARD.encode(Sha256::digest([byte; 32]))
}

fn scope(name: &str) -> Headers {
    vec![("x-ms-encryption-scope", name.to_owned())]
}

/// An operation on a blob, with what it needs besides key and scope.
fn send(
    world: &mut World,
    method: &str,
    url: &str,
    more: &[(&'static str, &str)],
    under: &Headers,
    body: &'static str,
) -> Result<Answer, Failure> {
    let headers: Vec<(&str, &str)> = more
        .iter()
        .map(|(name, value)| (*name, *value))
        .chain(under.iter().map(|(name, value)| (*name, value.as_str())))
        .collect();
    world.send(method, &format!("box/{url}"), &headers, body)
}

fn put(world: &mut World, blob: &str, kind: &str, under: &Headers) -> Answer {
    let more: &[(&str, &str)] = match kind {
        "PageBlob" => &[
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "1024"),
        ],
        "AppendBlob" => &[("x-ms-blob-type", "AppendBlob")],
        _ => &[("x-ms-blob-type", "BlockBlob")],
    };
    send(world, "PUT", blob, more, under, "").unwrap()
}

/// What an operation comes to on a blob under a key, asked without it, with it and with another.
struct Expected(Option<E>, Option<E>, Option<E>);

const NEEDS: Expected = Expected(
    Some(E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION),
    None,
    Some(E::BLOB_CUSTOMER_SPECIFIED_ENCRYPTION_MISMATCH),
);
const CHECKS: Expected = Expected(
    None,
    None,
    Some(E::BLOB_CUSTOMER_SPECIFIED_ENCRYPTION_MISMATCH),
);
const FREE: Expected = Expected(None, None, None);
const NEVER: Expected = Expected(
    Some(E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION),
    Some(E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION),
    Some(E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION),
);

type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    Expected,
);

const UPDATE: &[(&str, &str)] = &[("x-ms-page-write", "update"), ("x-ms-range", "bytes=0-511")];
const CLEAR: &[(&str, &str)] = &[("x-ms-page-write", "clear"), ("x-ms-range", "bytes=0-511")];
const PAGE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("BlockBlob",  "GET",    "",                &[], "", NEEDS),
    ("BlockBlob",  "HEAD",   "",                &[], "", NEEDS),
    ("BlockBlob",  "GET",    "?comp=metadata",  &[], "", NEEDS),
    ("BlockBlob",  "PUT",    "?comp=metadata",  &[], "", NEEDS),
    ("BlockBlob",  "PUT",    "?comp=snapshot",  &[], "", NEEDS),
    ("PageBlob",   "PUT",    "?comp=page",      UPDATE, PAGE, NEEDS),
    ("PageBlob",   "PUT",    "?comp=page",      CLEAR, "", NEEDS),
    ("AppendBlob", "PUT",    "?comp=appendblock", &[], "more", NEEDS),
    ("BlockBlob",  "PUT",    "?comp=properties", &[], "", CHECKS),
    ("BlockBlob",  "GET",    "?comp=tags",      &[], "", FREE),
    ("BlockBlob",  "GET",    "?comp=blocklist", &[], "", FREE),
    ("PageBlob",   "GET",    "?comp=pagelist",  &[], "", FREE),
    ("BlockBlob",  "PUT",    "?comp=lease",     &[("x-ms-lease-action", "acquire"), ("x-ms-lease-duration", "15")], "", FREE),
    ("BlockBlob",  "PUT",    "?comp=tier",      &[("x-ms-access-tier", "Cool")], "", NEVER),
    ("BlockBlob",  "PUT",    "",                &[("x-ms-blob-type", "BlockBlob")], "new", FREE),
    ("BlockBlob",  "DELETE", "",                &[], "", FREE),
];

#[test]
fn each_operation_asks_for_the_key_as_its_page_says() {
    let none = Headers::new();
    for (kind, method, url, more, body, Expected(without, with, other)) in CASES {
        for (under, outcome) in [(&none, without), (&key(7), with), (&key(8), other)] {
            let mut world = World::new();
            put(&mut world, "blob", kind, &key(7));
            let answer = send(&mut world, method, &format!("blob{url}"), more, under, body);
            match outcome {
                None => assert!(answer.is_ok(), "{method} {url} {under:?}: {answer:?}"),
                Some(code) => refused(answer, 409, code.clone()),
            }
        }
    }
}

#[test]
fn a_key_is_refused_where_the_blob_has_none() {
    for (kind, method, url, more, body, expected) in CASES {
        let mut world = World::new();
        put(&mut world, "blob", kind, &Headers::new());
        let answer = send(
            &mut world,
            method,
            &format!("blob{url}"),
            more,
            &key(7),
            body,
        );
        match expected {
            Expected(_, None, Some(_)) => refused(
                answer,
                409,
                E::BLOB_DOES_NOT_USE_CUSTOMER_SPECIFIED_ENCRYPTION,
            ),
            _ => assert!(answer.is_ok(), "{method} {url}: {answer:?}"),
        }
    }
}

#[test]
fn the_hash_is_told_and_the_key_is_nowhere() {
    let mut world = World::new();
    let told = "x-ms-encryption-key-sha256";
    let made = put(&mut world, "blob", "BlockBlob", &key(7));
    assert_eq!(header(&made, told), hash(7));
    let read = send(&mut world, "GET", "blob", &[], &key(7), "").unwrap();
    assert_eq!(header(&read, told), hash(7));
    let snapshot = send(&mut world, "PUT", "blob?comp=snapshot", &[], &key(7), "").unwrap();
    assert_eq!(header(&snapshot, told), "");
    let listed = world.send(
        "GET",
        "box?restype=container&comp=list&include=metadata",
        &[],
        "",
    );
    let listed = listed.unwrap().body.whole();
    let listed = std::str::from_utf8(&listed).unwrap();
    let element = format!("<CustomerProvidedKeySha256>{}</", hash(7));
    assert!(listed.contains(&element), "{listed}");
    assert!(
        listed.contains("<Metadata Encrypted=\"true\" />"),
        "{listed}"
    );
    let remembered = format!("{:?}", world.state);
    assert!(!remembered.contains(&BASE64_STANDARD.encode([7; 32])));
}

#[test]
fn a_key_that_cannot_be_meant_is_refused() {
    let cases: &[(usize, &str, E, &str)] = &[
        (
            0,
            "bm90IDMyIGJ5dGVz",
            E::INVALID_HEADER_VALUE,
            "x-ms-encryption-key",
        ),
        (0, "!", E::INVALID_HEADER_VALUE, "x-ms-encryption-key"),
        (0, "", E::MISSING_REQUIRED_HEADER, "x-ms-encryption-key"),
        (
            1,
            "!",
            E::INVALID_HEADER_VALUE,
            "x-ms-encryption-key-sha256",
        ),
        (
            1,
            "",
            E::MISSING_REQUIRED_HEADER,
            "x-ms-encryption-key-sha256",
        ),
        (
            2,
            "AES128",
            E::INVALID_HEADER_VALUE,
            "x-ms-encryption-algorithm",
        ),
        (
            2,
            "",
            E::MISSING_REQUIRED_HEADER,
            "x-ms-encryption-algorithm",
        ),
    ];
    let mut world = World::new();
    for (at, value, code, name) in cases {
        let mut under = key(7);
        under[*at].1 = (*value).to_owned();
        let failure = send(&mut world, "GET", "blob", &[], &under, "").unwrap_err();
        assert_eq!(failure.code(), code, "{name} {value}");
        let named = ("HeaderName", (*name).to_owned());
        assert!(failure.parts().details.contains(&named), "{name} {value}");
        assert!(!format!("{failure:?}").contains("bm90IDMyIGJ5dGVz"));
    }
    let both = [key(7), scope("one")].concat();
    let answer = send(
        &mut world,
        "PUT",
        "blob",
        &[("x-ms-blob-type", "BlockBlob")],
        &both,
        "",
    );
    refused(answer, 400, E::INVALID_HEADER_VALUE);
}

#[test]
fn the_blocks_of_a_blob_are_under_one_key() {
    let block = |world: &mut World, id: &str, under: &Headers| {
        let url = format!("blob?comp=block&blockid={id}");
        send(world, "PUT", &url, &[], under, "part")
    };
    let list = |world: &mut World, body: &'static str, under: &Headers| {
        send(world, "PUT", "blob?comp=blocklist", &[], under, body)
    };
    let none = Headers::new();
    let first = "<BlockList><Latest>MQ==</Latest></BlockList>";
    let mut world = World::new();
    block(&mut world, "MQ==", &key(7)).unwrap();
    let uses = E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION;
    refused(block(&mut world, "Mg==", &none), 409, uses.clone());
    let mismatch = E::BLOB_CUSTOMER_SPECIFIED_ENCRYPTION_MISMATCH;
    refused(block(&mut world, "Mg==", &key(8)), 409, mismatch.clone());
    refused(list(&mut world, first, &none), 409, uses.clone());
    refused(list(&mut world, first, &key(8)), 409, mismatch);
    list(&mut world, first, &key(7)).unwrap();
    // What was committed is under the key as well.
    refused(list(&mut world, first, &none), 409, uses);
    block(&mut world, "Mg==", &none).unwrap();
    let second = "<BlockList><Latest>Mg==</Latest></BlockList>";
    let unneeded = E::BLOB_DOES_NOT_USE_CUSTOMER_SPECIFIED_ENCRYPTION;
    refused(list(&mut world, second, &key(7)), 409, unneeded);
    list(&mut world, second, &none).unwrap();
    assert_eq!(&world.read("blob")[..], b"part");
}

#[test]
fn a_blob_under_a_scope_is_read_without_and_written_with_it() {
    let mut world = World::new();
    let made = put(&mut world, "blob", "AppendBlob", &scope("one"));
    assert_eq!(header(&made, "x-ms-encryption-scope"), "one");
    assert_eq!(world.property("blob", "x-ms-encryption-scope"), "one");
    let mut append =
        |under: &Headers| send(&mut world, "PUT", "blob?comp=appendblock", &[], under, "x");
    let answer = append(&scope("one")).unwrap();
    assert_eq!(header(&answer, "x-ms-encryption-scope"), "one");
    refused(
        append(&Headers::new()),
        409,
        E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION,
    );
    let mismatch = E::BLOB_CUSTOMER_SPECIFIED_ENCRYPTION_MISMATCH;
    refused(append(&scope("two")), 409, mismatch.clone());
    let read = send(&mut world, "GET", "blob", &[], &key(7), "");
    refused(read, 409, mismatch);
    let listed = world
        .send("GET", "box?restype=container&comp=list", &[], "")
        .unwrap();
    let listed = listed.body.whole();
    let listed = std::str::from_utf8(&listed).unwrap();
    assert!(
        listed.contains("<EncryptionScope>one</EncryptionScope>"),
        "{listed}"
    );
}

fn container(world: &mut World, deny: &str) {
    let headers = [
        ("x-ms-default-encryption-scope", "own"),
        ("x-ms-deny-encryption-scope-override", deny),
    ];
    world
        .send("PUT", "scoped?restype=container", &headers, "")
        .unwrap();
}

#[test]
fn a_container_gives_its_scope_and_may_insist_on_it() {
    for (deny, other) in [
        ("false", None),
        (
            "true",
            Some(E::REQUEST_FORBIDDEN_BY_CONTAINER_ENCRYPTION_POLICY),
        ),
    ] {
        let mut world = World::new();
        container(&mut world, deny);
        let mut made = |under: &Headers| {
            let mut headers = vec![("x-ms-blob-type", "BlockBlob")];
            headers.extend(under.iter().map(|(name, value)| (*name, value.as_str())));
            world.send("PUT", "scoped/blob", &headers, "")
        };
        let told = made(&Headers::new()).unwrap();
        assert_eq!(header(&told, "x-ms-encryption-scope"), "own");
        made(&scope("own")).unwrap();
        for under in [scope("another"), scope(super::ACCOUNT_SCOPE), key(7)] {
            match &other {
                None => assert!(made(&under).is_ok(), "{under:?}"),
                Some(code) => refused(made(&under), 403, code.clone()),
            }
        }
        made(&scope("own")).unwrap();
        let metadata = world.send("PUT", "scoped/blob?comp=metadata", &[], "");
        assert_eq!(header(&metadata.unwrap(), "x-ms-encryption-scope"), "own");
    }
}

#[test]
fn a_source_under_a_key_needs_it_too() {
    let mut world = World::new();
    put(&mut world, "source", "BlockBlob", &key(7));
    let answer = world.copy("devstoreaccount1", "source", "copy");
    refused(answer, 409, E::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION);
    let url = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    let mut from_url = |version: blobferry_core::ServiceVersion, byte: u8| {
        world.version = version;
        let source: Headers = key(byte)
            .into_iter()
            .zip([
                "x-ms-source-encryption-key",
                "x-ms-source-encryption-key-sha256",
                "x-ms-source-encryption-algorithm",
            ])
            .map(|((_, value), name)| (name, value))
            .collect();
        let more = [("x-ms-copy-source", url), ("x-ms-blob-type", "BlockBlob")];
        send(&mut world, "PUT", "copy", &more, &source, "")
    };
    let newest = blobferry_core::ServiceVersion::V2026_04_06;
    from_url(newest, 7).unwrap();
    refused(from_url(newest, 8), 409, E::CANNOT_VERIFY_COPY_SOURCE);
    let older = blobferry_core::ServiceVersion::V2025_11_05;
    refused(from_url(older, 7), 409, E::CANNOT_VERIFY_COPY_SOURCE);
}

/// A SAS with an encryption scope, and what comes of it.
#[test]
fn the_scope_of_a_sas_is_that_of_what_it_writes() {
    use crate::kind::Kind;
    use crate::operation::tests::ask;
    use crate::request::{Ask, Caller, Query};

    let write = |world: &mut World, place: &str, under: &Headers| {
        let asked = Ask {
            container: Some(place.to_owned()),
            caller: Caller::Sas,
            query: Query::parse("ses=one"),
            headers: under
                .iter()
                .map(|(name, value)| (*name, value.clone()))
                .chain([("x-ms-blob-type", "AppendBlob".to_owned())])
                .map(|(name, value)| {
                    let name = http::HeaderName::from_static(name);
                    (name, http::HeaderValue::from_str(&value).unwrap())
                })
                .collect(),
            now: world.now,
            ..ask(Kind::PutBlob)
        };
        crate::operation::dispatch(&mut world.state, &asked)
    };
    let mut world = World::new();
    let made = write(&mut world, "box", &Headers::new()).unwrap();
    assert_eq!(header(&made, "x-ms-encryption-scope"), "one");
    write(&mut world, "box", &scope("one")).unwrap();
    let other = write(&mut world, "box", &scope("two"));
    refused(other, 400, E::INVALID_HEADER_VALUE);
    let key = write(&mut world, "box", &key(7));
    refused(key, 400, E::INVALID_HEADER_VALUE);
    for (deny, allowed) in [("false", true), ("true", false)] {
        let mut world = World::new();
        container(&mut world, deny);
        let answer = write(&mut world, "scoped", &Headers::new());
        if allowed {
            assert_eq!(header(&answer.unwrap(), "x-ms-encryption-scope"), "one");
        } else {
            let forbidden = E::REQUEST_FORBIDDEN_BY_CONTAINER_ENCRYPTION_POLICY;
            refused(answer, 403, forbidden);
        }
    }
}

#[test]
fn an_account_has_the_scopes_it_was_given() {
    use crate::config::{Config, DEV_ACCOUNT};
    use crate::state::State;

    let mut world = World::new();
    let put = |world: &mut World, name: &str| {
        let headers = [
            ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-encryption-scope", name),
        ];
        world.send("PUT", "box/blob", &headers, "")
    };
    put(&mut world, "any-scope").unwrap();
    for name in ["ab", "not a scope", &"x".repeat(64)] {
        refused(
            put(&mut world, name),
            409,
            E::ENCRYPTION_SCOPE_NOT_AVAILABLE,
        );
    }
    let config = Config::new().encryption_scopes_of(DEV_ACCOUNT, ["mine"]);
    world.state = State::new(config);
    world.send("PUT", "box?restype=container", &[], "").unwrap();
    put(&mut world, "mine").unwrap();
    refused(
        put(&mut world, "any-scope"),
        409,
        E::ENCRYPTION_SCOPE_NOT_AVAILABLE,
    );
    let headers = [("x-ms-default-encryption-scope", "any-scope")];
    let made = world.send("PUT", "scoped?restype=container", &headers, "");
    refused(made, 409, E::ENCRYPTION_SCOPE_NOT_AVAILABLE);
}
