//! Limits of names, metadata, tags, lists and sources. Sources: "Naming and Referencing Containers,
//! Blobs, and Metadata", "Scalability and performance targets for Blob storage", operation pages.

use bytes::Bytes;

use super::World;

const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");

fn code(
    world: &mut World,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> String {
    match world.send(method, url, headers, body) {
        Ok(answer) => answer.status.as_u16().to_string(),
        Err(failure) => format!("{} {}", failure.parts().status.as_u16(), failure.code()),
    }
}

fn put(name: &str) -> String {
    code(
        &mut World::new(),
        "PUT",
        &format!("box/{name}"),
        &[BLOCK],
        Bytes::new(),
    )
}

#[test]
fn a_blob_name_has_1024_characters_in_254_segments() {
    assert_eq!(put(&"n".repeat(1024)), "201");
    assert_eq!(put(&"ü".repeat(1024)), "201");
    assert_eq!(put(&"n".repeat(1025)), "400 OutOfRangeInput");
    assert_eq!(put(&vec!["n"; 254].join("/")), "201");
    assert_eq!(put(&vec!["n"; 255].join("/")), "400 InvalidUri");
}

#[test]
fn metadata_has_8_kib_altogether() {
    let meta = |length: usize| {
        let value = "v".repeat(length);
        let headers = [BLOCK, ("x-ms-meta-a", value.as_str())];
        code(&mut World::new(), "PUT", "box/b", &headers, Bytes::new())
    };
    assert_eq!(meta((8 << 10) - 1), "201");
    assert_eq!(meta(8 << 10), "400 MetadataTooLarge");
}

#[test]
fn tags_are_ten_of_128_and_256_characters() {
    let tags = |pairs: &[(String, String)]| {
        let text: Vec<_> = pairs
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let text = text.join("&");
        let headers = [BLOCK, ("x-ms-tags", text.as_str())];
        code(&mut World::new(), "PUT", "box/b", &headers, Bytes::new())
    };
    let some = |count: usize| {
        (0..count)
            .map(|n| (format!("k{n}"), "v".to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(tags(&some(10)), "201");
    assert!(tags(&some(11)).starts_with("400"));
    let one = |key: usize, value: usize| tags(&[("k".repeat(key), "v".repeat(value))]);
    assert_eq!(one(128, 256), "201");
    assert!(one(129, 1).starts_with("400"));
    assert!(one(1, 257).starts_with("400"));
    assert!(one(0, 1).starts_with("400"));
    let ten: Vec<_> = (0..10)
        .map(|n| (format!("{n}{}", "k".repeat(120)), "v".repeat(100)))
        .collect();
    assert!(tags(&ten).starts_with("400"), "the header has 2 KiB");
}

#[test]
fn a_copy_source_has_2_kib() {
    let copy = |length: usize| {
        let mut world = World::new();
        world.put("devstoreaccount1", "b", "x");
        let base = "http://127.0.0.1:10000/devstoreaccount1/box/b?x=";
        let source = format!("{base}{}", "y".repeat(length - base.len()));
        code(
            &mut world,
            "PUT",
            "box/c",
            &[("x-ms-copy-source", &source)],
            Bytes::new(),
        )
    };
    assert_eq!(copy(2 << 10), "202");
    assert_eq!(copy((2 << 10) + 1), "400 InvalidHeaderValue");
}

#[test]
fn a_block_list_has_50_000_blocks() {
    let list = |count: usize| {
        let mut world = World::new();
        world
            .send("PUT", "box/b?comp=block&blockid=AAAA", &[], "x")
            .unwrap();
        let body = format!(
            "<BlockList>{}</BlockList>",
            "<Latest>AAAA</Latest>".repeat(count)
        );
        code(&mut world, "PUT", "box/b?comp=blocklist", &[], body.into())
    };
    assert_eq!(list(50_000), "201");
    assert_eq!(list(50_001), "400 BlockListTooLong");
}

#[test]
fn an_append_blob_has_50_000_blocks() {
    let mut world = World::new();
    world
        .send("PUT", "box/a", &[("x-ms-blob-type", "AppendBlob")], "")
        .unwrap();
    for _ in 0..50_000 {
        world
            .send("PUT", "box/a?comp=appendblock", &[], "x")
            .unwrap();
    }
    let one_more = code(&mut world, "PUT", "box/a?comp=appendblock", &[], "x".into());
    assert_eq!(one_more, "409 BlockCountExceedsLimit");
}

#[test]
fn a_block_id_has_64_bytes_and_all_have_the_same_length() {
    let block = |world: &mut World, id: &str| {
        code(
            world,
            "PUT",
            &format!("box/b?comp=block&blockid={id}"),
            &[],
            "x".into(),
        )
    };
    let id = |bytes: usize| {
        use base64::Engine as _;
        base64::prelude::BASE64_STANDARD
            .encode(vec![0; bytes])
            .replace('=', "%3D")
    };
    assert_eq!(block(&mut World::new(), &id(64)), "201");
    assert_eq!(block(&mut World::new(), &id(65)), "400 OutOfRangeInput");
    assert_eq!(
        block(&mut World::new(), "!!"),
        "400 InvalidQueryParameterValue"
    );
    let mut world = World::new();
    assert_eq!(block(&mut world, &id(3)), "201");
    assert_eq!(block(&mut world, &id(4)), "400 InvalidBlobOrBlock");
}

#[test]
fn pages_are_whole_and_at_most_4_mib_at_once() {
    let page = |start: usize, length: usize| {
        let mut world = World::new();
        let given = [
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "8388608"),
        ];
        world.send("PUT", "box/p", &given, "").unwrap();
        let range = format!("bytes={start}-{}", start + length - 1);
        let headers = [
            ("x-ms-page-write", "update"),
            ("x-ms-range", range.as_str()),
        ];
        code(
            &mut world,
            "PUT",
            "box/p?comp=page",
            &headers,
            vec![0; length].into(),
        )
    };
    assert_eq!(page(0, 4 << 20), "201");
    assert_eq!(page(0, (4 << 20) + 512), "413 RequestBodyTooLarge");
    assert_eq!(page(256, 512), "416 InvalidPageRange");
    assert_eq!(page(0, 511), "416 InvalidPageRange");
    assert_eq!(page(8 << 20, 512), "416 InvalidPageRange");
    let sized = |length: &str| {
        let given = [
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", length),
        ];
        code(&mut World::new(), "PUT", "box/p", &given, Bytes::new())
    };
    assert_eq!(sized("8796093022208"), "201");
    assert_eq!(sized("8796093022720"), "400 InvalidHeaderValue");
    assert_eq!(sized("513"), "400 InvalidHeaderValue");
}

#[test]
fn a_container_has_five_policies_with_ids_of_64_characters() {
    let set = |count: usize, length: usize| {
        let one = |n: usize| {
            format!(
                "<SignedIdentifier><Id>{n}{}</Id></SignedIdentifier>",
                "i".repeat(length - 1)
            )
        };
        let body: String = (0..count).map(one).collect();
        let body = format!("<SignedIdentifiers>{body}</SignedIdentifiers>");
        code(
            &mut World::new(),
            "PUT",
            "box?restype=container&comp=acl",
            &[],
            body.into(),
        )
    };
    assert_eq!(set(5, 64), "200");
    assert_eq!(set(6, 64), "400 InvalidXmlDocument");
    assert_eq!(set(5, 65), "400 InvalidXmlDocument");
}

/// A sparse blob takes no memory; what would be read of it is measured before it is.
#[test]
fn a_source_of_terabytes_is_refused_unread() {
    let source = (
        "x-ms-copy-source",
        "http://127.0.0.1:10000/devstoreaccount1/box/huge",
    );
    for (url, headers) in [
        ("box/new", &[BLOCK][..]),
        ("box/new?comp=block&blockid=AAAA", &[]),
        ("box/append?comp=appendblock", &[]),
    ] {
        let mut world = World::new();
        world.pages("devstoreaccount1", "huge", 8_796_093_022_208);
        let append = [("x-ms-blob-type", "AppendBlob")];
        world.send("PUT", "box/append", &append, "").unwrap();
        let mut headers = headers.to_vec();
        headers.push(source);
        let refusal = code(&mut world, "PUT", url, &headers, Bytes::new());
        assert_eq!(refusal, "409 CannotVerifyCopySource", "{url}");
    }
}

/// Made of one block, 64 times over, so that it takes the memory of that block.
#[test]
fn a_source_that_is_too_long_is_refused_by_each_operation_and_version() {
    let source = (
        "x-ms-copy-source",
        "http://127.0.0.1:10000/devstoreaccount1/box/long",
    );
    let sync = ("x-ms-requires-sync", "true");
    let block = "box/new?comp=block&blockid=AAAA";
    let append = "box/append?comp=appendblock";
    for (version, url, header) in [
        ("2021-12-02", "box/new", Some(sync)),
        ("2018-11-09", "box/new", Some(sync)),
        ("2020-02-10", block, None),
        ("2018-11-09", block, None),
        ("2021-12-02", append, None),
        ("2022-11-02", append, None),
    ] {
        let mut world = World::new();
        let id = |name: &str| format!("box/long?comp=block&blockid={name}");
        world
            .send("PUT", &id("AAAA"), &[], vec![0; 4 << 20])
            .unwrap();
        world.send("PUT", &id("BBBB"), &[], "b").unwrap();
        let list = format!(
            "<BlockList>{}<Latest>BBBB</Latest></BlockList>",
            "<Latest>AAAA</Latest>".repeat(64)
        );
        world
            .send("PUT", "box/long?comp=blocklist", &[], list)
            .unwrap();
        let made = [("x-ms-blob-type", "AppendBlob")];
        world.send("PUT", "box/append", &made, "").unwrap();
        world.version = version.parse().unwrap();
        let headers: Vec<_> = [source].into_iter().chain(header).collect();
        let refusal = code(&mut world, "PUT", url, &headers, Bytes::new());
        assert_eq!(refusal, "409 CannotVerifyCopySource", "{version} {url}");
    }
}

#[test]
fn a_predicate_has_ten_operations() {
    let find = |count: usize| {
        let parts: Vec<_> = (0..count).map(|n| format!("%22k{n}%22%3D'v'")).collect();
        let url = format!("?comp=blobs&where={}", parts.join("%20AND%20"));
        code(&mut World::new(), "GET", &url, &[], Bytes::new())
    };
    assert_eq!(find(10), "200");
    assert_eq!(find(12), "400 InvalidQueryParameterValue");
}
