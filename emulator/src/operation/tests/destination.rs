//! What a copy is at its start and at its end: what comes from the source, what the request says, and
//! what stays of the destination. Source: "Copy Blob", "Copy Blob From URL", "Put Blob From URL".

use super::*;

type Headers = [(&'static str, &'static str)];

const SOURCE: &str = "http://127.0.0.1:10000/devstoreaccount1/box/source";
const FROM: (&str, &str) = ("x-ms-copy-source", SOURCE);
const FROM_OTHER: (&str, &str) = (
    "x-ms-copy-source",
    "http://127.0.0.1:10000/other/box/source",
);
const SYNC: (&str, &str) = ("x-ms-requires-sync", "true");
const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");
const APPEND: (&str, &str) = ("x-ms-blob-type", "AppendBlob");
const PAGE: (&str, &str) = ("x-ms-blob-type", "PageBlob");
const PAGES: (&str, &str) = ("x-ms-blob-content-length", "512");
/// The MD5 of five letters `x`, and that of nothing.
const MD5: &str = "+w4ix5rHVnnpiB5roYOzVA==";
const OTHER_MD5: &str = "1B2M2Y8AsgTpgAmY7PhCfg==";

/// A blob of a type with this in it, at most a page.
fn make(world: &mut World, account: &str, name: &str, kind: &str, extra: &Headers) {
    let url = format!("box/{name}");
    let mut headers = vec![("x-ms-blob-type", kind)];
    headers.extend_from_slice(extra);
    let content = vec![b'x'; 512];
    match kind {
        "BlockBlob" => {
            world
                .send_to(account, "PUT", &url, &headers, content)
                .unwrap();
        }
        "AppendBlob" => {
            world.send_to(account, "PUT", &url, &headers, "").unwrap();
            let url = format!("{url}?comp=appendblock");
            world.send_to(account, "PUT", &url, &[], content).unwrap();
        }
        _ => {
            headers.extend([PAGES, ("x-ms-blob-sequence-number", "7")]);
            world.send_to(account, "PUT", &url, &headers, "").unwrap();
            let url = format!("{url}?comp=page");
            let write = [("x-ms-page-write", "update"), ("x-ms-range", "bytes=0-511")];
            world
                .send_to(account, "PUT", &url, &write, content)
                .unwrap();
        }
    }
}

#[test]
fn a_destination_begins_as_what_its_source_is_with_all_that_describes_it() {
    let described = [
        ("x-ms-blob-content-type", "text/plain"),
        ("x-ms-blob-content-encoding", "gzip"),
        ("x-ms-blob-content-language", "de"),
        ("x-ms-blob-content-disposition", "inline"),
        ("x-ms-blob-cache-control", "no-cache"),
        ("x-ms-meta-a", "1"),
        ("x-ms-tags", "of=source"),
    ];
    for (kind, begins, ends) in [
        ("BlockBlob", ("0", ""), ("512", "")),
        ("AppendBlob", ("0", "0"), ("512", "1")),
        ("PageBlob", ("512", ""), ("512", "")),
    ] {
        let mut world = World::new();
        make(&mut world, "other", "source", kind, &described);
        let pace = CopyPace {
            same_account: Pace::AT_ONCE,
            other_account: Pace {
                latency: std::time::Duration::from_secs(30),
                bytes_per_second: None,
            },
        };
        world.state.set_copy_pace(DEV, pace, world.now);
        let answer = world.send("PUT", "box/blob", &[FROM_OTHER], "").unwrap();
        assert_eq!(header(&answer, "x-ms-copy-status"), "pending");
        assert_eq!(header(&answer, "etag"), world.property("blob", "etag"));
        for (moment, (length, blocks)) in [("start", begins), ("end", ends)] {
            let sequence = if kind == "PageBlob" { "7" } else { "" };
            for (name, value) in [
                ("x-ms-blob-type", kind),
                ("content-length", length),
                ("x-ms-blob-committed-block-count", blocks),
                ("x-ms-blob-sequence-number", sequence),
                ("content-type", "text/plain"),
                ("content-encoding", "gzip"),
                ("content-language", "de"),
                ("content-disposition", "inline"),
                ("cache-control", "no-cache"),
                ("x-ms-meta-a", "1"),
                ("x-ms-tag-count", ""),
            ] {
                assert_eq!(
                    world.property("blob", name),
                    value,
                    "{kind} at its {moment}: {name}"
                );
            }
            world.pass(60);
        }
        assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
        assert_eq!(world.read("blob"), vec![b'x'; 512]);
    }
}

#[test]
fn a_destination_that_is_there_must_be_of_the_type_of_the_source() {
    let kinds = ["BlockBlob", "AppendBlob", "PageBlob"];
    for from in kinds {
        for to in kinds {
            let mut world = World::new();
            make(&mut world, "devstoreaccount1", "source", from, &[]);
            make(&mut world, "devstoreaccount1", "blob", to, &[]);
            let copied = world.send("PUT", "box/blob", &[FROM], "");
            if from == to {
                assert_eq!(copied.unwrap().status, 202);
            } else {
                refused(copied, 409, ErrorCode::INVALID_BLOB_TYPE);
            }
            let copied = world.send("PUT", "box/blob", &[FROM, SYNC], "");
            if from != "BlockBlob" {
                refused(copied, 409, ErrorCode::INVALID_SOURCE_BLOB_TYPE);
            } else if to != "BlockBlob" {
                refused(copied, 409, ErrorCode::INVALID_BLOB_TYPE);
            } else {
                assert_eq!(copied.unwrap().status, 202);
            }
            // What is put from a URL is a block blob, whatever was read.
            let put = world.send("PUT", "box/new", &[FROM, BLOCK], "").unwrap();
            assert_eq!(put.status, 201);
            assert_eq!(world.property("new", "x-ms-blob-type"), "BlockBlob");
        }
    }
}

#[test]
fn lease_and_snapshots_stay_with_the_destination_and_its_tags_go() {
    let mut world = World::new();
    let tagged = [("x-ms-tags", "of=source")];
    make(
        &mut world,
        "devstoreaccount1",
        "source",
        "BlockBlob",
        &tagged,
    );
    let tagged = [("x-ms-tags", "of=destination&was=there")];
    make(&mut world, "devstoreaccount1", "blob", "BlockBlob", &tagged);
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let lease = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
        ("x-ms-proposed-lease-id", id),
    ];
    for name in ["source", "blob"] {
        let taken = format!("box/{name}?comp=snapshot");
        world.send("PUT", &taken, &[], "").unwrap();
    }
    world
        .send("PUT", "box/blob?comp=lease", &lease, "")
        .unwrap();
    let leased = ("x-ms-lease-id", id);
    world.send("PUT", "box/blob", &[FROM, leased], "").unwrap();
    assert_eq!(world.property("blob", "x-ms-lease-state"), "leased");
    assert_eq!(world.property("blob", "x-ms-tag-count"), "");
    let list = "box?restype=container&comp=list&include=snapshots";
    let list = world.send("GET", list, &[], "").unwrap().body.whole();
    let list = String::from_utf8(list.to_vec()).unwrap();
    assert_eq!(list.matches("<Name>blob</Name>").count(), 2, "{list}");
    let given = ("x-ms-tags", "of=request");
    world
        .send("PUT", "box/blob", &[FROM, leased, given], "")
        .unwrap();
    assert_eq!(world.property("blob", "x-ms-tag-count"), "1");
    // The lease of the source is none of the copy.
    world
        .send("PUT", "box/source?comp=lease", &lease, "")
        .unwrap();
    world.send("PUT", "box/another", &[FROM], "").unwrap();
    assert_eq!(world.property("another", "x-ms-lease-state"), "available");
}

#[test]
fn a_blob_copied_over_itself_takes_new_metadata_and_loses_uncommitted_blocks() {
    let mut world = World::new();
    let old = [("x-ms-meta-old", "1")];
    make(&mut world, "devstoreaccount1", "source", "BlockBlob", &old);
    let block = "box/source?comp=block&blockid=YQ==";
    world.send("PUT", block, &[], "uncommitted").unwrap();
    let before = world.property("source", "etag");
    let given = ("x-ms-meta-new", "2");
    let answer = world.send("PUT", "box/source", &[FROM, given], "").unwrap();
    assert_eq!(header(&answer, "x-ms-copy-status"), "success");
    assert_eq!(world.property("source", "x-ms-meta-old"), "");
    assert_eq!(world.property("source", "x-ms-meta-new"), "2");
    assert_ne!(world.property("source", "etag"), before);
    assert_eq!(world.read("source"), vec![b'x'; 512]);
    let list = "box/source?comp=blocklist&blocklisttype=all";
    let list = world.send("GET", list, &[], "").unwrap().body.whole();
    let list = String::from_utf8(list.to_vec()).unwrap();
    assert!(!list.contains("YQ=="), "{list}");
}

#[test]
fn a_snapshot_is_copied_over_its_own_blob_and_stays() {
    let mut world = World::new();
    make(&mut world, "devstoreaccount1", "source", "BlockBlob", &[]);
    let taken = world.send("PUT", "box/source?comp=snapshot", &[], "");
    let snapshot = header(&taken.unwrap(), "x-ms-snapshot");
    world.put("devstoreaccount1", "source", "newer");
    let url = format!("{SOURCE}?snapshot={snapshot}");
    let headers = [("x-ms-copy-source", url.as_str())];
    world.send("PUT", "box/source", &headers, "").unwrap();
    assert_eq!(world.read("source"), vec![b'x'; 512]);
    let url = format!("box/source?snapshot={snapshot}");
    let read = world.send("GET", &url, &[], "").unwrap();
    assert_eq!(read.body.whole(), vec![b'x'; 512]);
    assert_eq!(header(&read, "x-ms-copy-status"), "");
}

#[test]
fn blocks_go_with_a_copy_and_not_with_what_is_put_from_a_url() {
    let mut world = World::new();
    for id in ["YQ==", "Yg=="] {
        let block = format!("box/source?comp=block&blockid={id}");
        world.send("PUT", &block, &[], "xxxxx").unwrap();
    }
    let list = "<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>";
    world
        .send("PUT", "box/source?comp=blocklist", &[], list)
        .unwrap();
    for (headers, blocks) in [(&[FROM][..], 2), (&[FROM, SYNC], 2), (&[FROM, BLOCK], 0)] {
        world.send("PUT", "box/blob", headers, "").unwrap();
        let list = world.send("GET", "box/blob?comp=blocklist", &[], "");
        let list = list.unwrap().body.whole();
        let list = String::from_utf8(list.to_vec()).unwrap();
        assert_eq!(list.matches("<Size>5</Size>").count(), blocks, "{list}");
        assert_eq!(list.matches("YQ==").count(), blocks / 2);
    }
}

#[test]
fn an_append_blob_is_sealed_as_its_source_unless_the_request_says() {
    for (source, asked, sealed) in [
        (false, None, false),
        (true, None, true),
        (false, Some("true"), true),
        (true, Some("false"), false),
        (true, Some("true"), true),
    ] {
        let mut world = World::new();
        make(&mut world, "devstoreaccount1", "source", "AppendBlob", &[]);
        if source {
            world.send("PUT", "box/source?comp=seal", &[], "").unwrap();
        }
        let mut headers = vec![FROM];
        headers.extend(asked.map(|asked| ("x-ms-seal-blob", asked)));
        world.send("PUT", "box/blob", &headers, "").unwrap();
        let told = world.property("blob", "x-ms-blob-sealed");
        assert_eq!(told == "true", sealed, "{source} {asked:?}");
        let append = world.send("PUT", "box/blob?comp=appendblock", &[], "more");
        assert_eq!(append.is_err(), sealed);
    }
}

#[test]
fn tags_come_from_the_source_only_where_that_is_asked() {
    const OPTION: &str = "x-ms-copy-source-tag-option";
    const TAGS: (&str, &str) = ("x-ms-tags", "of=request");
    for sync in [SYNC, BLOCK] {
        for (given, expected) in [
            (&[][..], Ok("")),
            (&[TAGS], Ok("1")),
            (&[(OPTION, "REPLACE")], Ok("")),
            (&[(OPTION, "REPLACE"), TAGS], Ok("1")),
            (&[(OPTION, "COPY")], Ok("2")),
            (&[(OPTION, "COPY"), TAGS], Err(409)),
            (&[(OPTION, "MOVE")], Err(400)),
        ] {
            let mut world = World::new();
            let two = [("x-ms-tags", "of=source&and=more")];
            make(&mut world, "devstoreaccount1", "source", "BlockBlob", &two);
            // To the owner's token the source shows its tags; to the public it does not.
            let expiry = world.now.as_secs() + 60;
            let token = crate::auth::tests::token(expiry);
            let bearer = format!("Bearer {token}");
            let mut headers = vec![FROM, sync, ("x-ms-copy-source-authorization", &bearer)];
            headers.extend_from_slice(given);
            let made = world.send("PUT", "box/blob", &headers, "");
            match expected {
                Ok(count) => {
                    made.unwrap();
                    assert_eq!(world.property("blob", "x-ms-tag-count"), count);
                }
                Err(status) => {
                    let failure = made.unwrap_err();
                    assert_eq!(failure.code(), &ErrorCode::INVALID_HEADER_VALUE);
                    assert_eq!(failure.parts().status.as_u16(), status);
                }
            }
        }
    }
    let mut world = World::new();
    make(&mut world, "devstoreaccount1", "source", "BlockBlob", &[]);
    refused(
        world.send("PUT", "box/blob", &[FROM, SYNC, (OPTION, "COPY")], ""),
        403,
        ErrorCode::AUTHORIZATION_PERMISSION_MISMATCH,
    );
}

#[test]
fn a_tag_condition_on_the_source_is_412_of_its_own_name() {
    for operation in [&[FROM][..], &[FROM, BLOCK]] {
        for (condition, met) in [("of='source'", true), ("of='other'", false)] {
            let mut world = World::new();
            let tags = [("x-ms-tags", "of=source")];
            make(&mut world, "devstoreaccount1", "source", "BlockBlob", &tags);
            // To the owner the source shows its tags, to the public it does not.
            let token = crate::auth::tests::token(world.now.as_secs() + 60);
            let bearer = format!("Bearer {token}");
            let mut headers = operation.to_vec();
            headers.push(("x-ms-copy-source-authorization", &bearer));
            headers.push(("x-ms-source-if-tags", condition));
            let made = world.send("PUT", "box/blob", &headers, "");
            if met {
                made.unwrap();
            } else {
                refused(made, 412, ErrorCode::CONDITION_NOT_MET);
            }
        }
    }
}

#[test]
fn what_is_read_from_a_url_must_fit_its_checksums() {
    let crc =
        |bytes: &[u8]| crate::hash::base64(&crate::hash::crc64([&Bytes::copy_from_slice(bytes)]));
    let (right, wrong) = (crc(b"xxxxx"), crc(b""));
    let operations: [(&str, &Headers); 4] = [
        ("box/blob", &[SYNC]),
        ("box/blob", &[BLOCK]),
        ("box/blob?comp=block&blockid=YQ==", &[]),
        ("box/append?comp=appendblock", &[]),
    ];
    for (url, needs) in operations {
        for (name, value, code) in [
            ("x-ms-source-content-md5", MD5, None),
            (
                "x-ms-source-content-md5",
                OTHER_MD5,
                Some(ErrorCode::MD5_MISMATCH),
            ),
            (
                "x-ms-source-content-md5",
                "short",
                Some(ErrorCode::INVALID_MD5),
            ),
            ("x-ms-source-content-crc64", &right, None),
            (
                "x-ms-source-content-crc64",
                &wrong,
                Some(ErrorCode::CRC64_MISMATCH),
            ),
        ] {
            let mut world = World::new();
            world.put("devstoreaccount1", "source", "xxxxx");
            world.send("PUT", "box/append", &[APPEND], "").unwrap();
            let mut headers = vec![FROM, (name, value)];
            headers.extend_from_slice(needs);
            let made = world.send("PUT", url, &headers, "");
            match code {
                None => drop(made.unwrap()),
                Some(code) => refused(made, 400, code),
            }
        }
    }
}

#[test]
fn pages_read_from_a_url_must_fit_their_checksums_too() {
    let page = Bytes::from(vec![b'x'; 512]);
    for (given, code) in [
        (crate::hash::base64(&crate::hash::md5([&page])), None),
        (OTHER_MD5.to_owned(), Some(ErrorCode::MD5_MISMATCH)),
    ] {
        let mut world = World::new();
        make(&mut world, "devstoreaccount1", "source", "PageBlob", &[]);
        world.send("PUT", "box/blob", &[PAGE, PAGES], "").unwrap();
        let headers = [
            FROM,
            ("x-ms-page-write", "update"),
            ("x-ms-range", "bytes=0-511"),
            ("x-ms-source-range", "bytes=0-511"),
            ("x-ms-source-content-md5", given.as_str()),
        ];
        let made = world.send("PUT", "box/blob?comp=page", &headers, "");
        match code {
            None => drop(made.unwrap()),
            Some(code) => refused(made, 400, code),
        }
    }
}

#[test]
fn what_describes_the_source_comes_with_a_put_from_its_url_unless_refused() {
    for asked in [None, Some("true")] {
        let mut world = World::new();
        let described = [
            ("x-ms-blob-content-type", "text/plain"),
            ("x-ms-meta-a", "1"),
        ];
        make(&mut world, DEV, "source", "BlockBlob", &described);
        let mut headers = vec![FROM, BLOCK];
        headers.extend(asked.map(|asked| ("x-ms-copy-source-blob-properties", asked)));
        world.send("PUT", "box/blob", &headers, "").unwrap();
        assert_eq!(world.property("blob", "content-type"), "text/plain");
        assert_eq!(world.property("blob", "x-ms-meta-a"), "1");
        headers.push(("x-ms-blob-content-type", "text/css"));
        world.send("PUT", "box/blob", &headers, "").unwrap();
        assert_eq!(world.property("blob", "content-type"), "text/css");
        let without = [FROM, BLOCK, ("x-ms-copy-source-blob-properties", "false")];
        world.send("PUT", "box/blob", &without, "").unwrap();
        assert_eq!(
            world.property("blob", "content-type"),
            "application/octet-stream"
        );
        assert_eq!(world.property("blob", "x-ms-copy-status"), "");
    }
}

const DEV: &str = "devstoreaccount1";

#[test]
fn a_copy_has_the_tier_that_is_asked_and_no_word_that_is_none() {
    const TIER: &str = "x-ms-access-tier";
    const PRIORITY: &str = "x-ms-rehydrate-priority";
    for way in [&[FROM][..], &[FROM, SYNC], &[FROM, BLOCK]] {
        let asynchronous = way.len() == 1;
        for (given, tier) in [
            (&[][..], Some("Hot")),
            (&[(TIER, "Cool")], Some("Cool")),
            (&[(TIER, "Archive")], Some("Archive")),
            (&[(TIER, "Warm")], None),
            (&[(TIER, "Cool"), (PRIORITY, "High")], Some("Cool")),
        ] {
            let mut world = World::new();
            world.put(DEV, "source", "text");
            let mut headers = way.to_vec();
            headers.extend_from_slice(given);
            let made = world.send("PUT", "box/blob", &headers, "");
            match tier {
                Some(tier) => {
                    made.unwrap();
                    assert_eq!(world.property("blob", "x-ms-access-tier"), tier);
                }
                None => refused(made, 400, ErrorCode::INVALID_HEADER_VALUE),
            }
        }
        if asynchronous {
            let mut world = World::new();
            world.put(DEV, "source", "text");
            let wrong = [FROM, (TIER, "Cool"), (PRIORITY, "Urgent")];
            refused(
                world.send("PUT", "box/blob", &wrong, ""),
                400,
                ErrorCode::INVALID_HEADER_VALUE,
            );
        }
    }
}

#[test]
fn a_copy_is_made_with_its_policy_and_hold_and_has_none_of_its_source() {
    let until = Timestamp::from_millis(1_700_000_000_000).to_http();
    let policy = [
        ("x-ms-immutability-policy-until-date", until.as_str()),
        ("x-ms-immutability-policy-mode", "Unlocked"),
        ("x-ms-legal-hold", "true"),
    ];
    for way in [&[FROM][..], &[FROM, SYNC]] {
        let mut world = World::new();
        let mut held = vec![BLOCK];
        held.extend(policy);
        world.send("PUT", "box/source", &held, "text").unwrap();
        world.send("PUT", "box/plain", way, "").unwrap();
        let mut headers = way.to_vec();
        headers.extend(policy);
        world.send("PUT", "box/blob", &headers, "").unwrap();
        for (blob, [date, mode, hold]) in [
            ("plain", ["", "", ""]),
            ("blob", [until.as_str(), "unlocked", "true"]),
        ] {
            let name = "x-ms-immutability-policy-until-date";
            assert_eq!(world.property(blob, name), date);
            let name = "x-ms-immutability-policy-mode";
            assert_eq!(world.property(blob, name), mode);
            assert_eq!(world.property(blob, "x-ms-legal-hold"), hold);
        }
        // What is held takes no copy.
        let onto = world.send("PUT", "box/blob", way, "");
        refused(onto, 409, ErrorCode::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD);
    }
}

#[test]
fn a_synchronous_copy_takes_a_finite_lease() {
    let mut world = World::new();
    world.put(DEV, "source", "text");
    world.put(DEV, "blob", "old");
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let lease = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "60"),
        ("x-ms-proposed-lease-id", id),
    ];
    world
        .send("PUT", "box/blob?comp=lease", &lease, "")
        .unwrap();
    let leased = ("x-ms-lease-id", id);
    refused(
        world.send("PUT", "box/blob", &[FROM, leased], ""),
        412,
        ErrorCode::INFINITE_LEASE_DURATION_REQUIRED,
    );
    world
        .send("PUT", "box/blob", &[FROM, SYNC, leased], "")
        .unwrap();
    assert_eq!(world.read("blob"), "text");
}

#[test]
fn the_source_is_judged_before_the_destination_and_that_before_a_pending_copy() {
    let mut world = World::new();
    world.put("other", "source", vec![1; 8 << 20]);
    world.put(DEV, "source", "text");
    world.send("PUT", "box/blob", &[FROM_OTHER], "").unwrap();
    let missing = (
        "x-ms-copy-source",
        "http://127.0.0.1:10000/devstoreaccount1/box/none",
    );
    let source_condition = ("x-ms-source-if-match", "\"0x8D0\"");
    let condition = ("if-match", "\"0x8D0\"");
    for (headers, status, code) in [
        (
            &[missing, source_condition, condition][..],
            404,
            ErrorCode::BLOB_NOT_FOUND,
        ),
        (
            &[FROM, source_condition, condition],
            412,
            ErrorCode::SOURCE_CONDITION_NOT_MET,
        ),
        (&[FROM, condition], 412, ErrorCode::TARGET_CONDITION_NOT_MET),
        (&[FROM], 409, ErrorCode::PENDING_COPY_OPERATION),
    ] {
        refused(world.send("PUT", "box/blob", headers, ""), status, code);
    }
}

#[test]
fn reads_listings_and_snapshots_tell_of_the_copy_with_its_source_as_it_was_sent() {
    let mut world = World::new();
    world.put(DEV, "source", "text");
    let copied = [("x-ms-copy-source", SOURCE)];
    world.send("PUT", "box/blob", &copied, "").unwrap();
    let id = world.property("blob", "x-ms-copy-id");
    let taken = world.send("PUT", "box/blob?comp=snapshot", &[], "");
    let snapshot = header(&taken.unwrap(), "x-ms-snapshot");
    for (method, url) in [
        ("HEAD", "box/blob".to_owned()),
        ("GET", "box/blob".to_owned()),
        ("HEAD", format!("box/blob?snapshot={snapshot}")),
    ] {
        let told = world.send(method, &url, &[], "").unwrap();
        for (name, value) in [
            ("x-ms-copy-id", id.as_str()),
            ("x-ms-copy-source", SOURCE),
            ("x-ms-copy-status", "success"),
            ("x-ms-copy-progress", "4/4"),
            ("x-ms-copy-status-description", ""),
        ] {
            assert_eq!(header(&told, name), value, "{method} {url}");
        }
        assert_ne!(header(&told, "x-ms-copy-completion-time"), "");
    }
    let mut list = |include: &str| {
        let url = format!("box?restype=container&comp=list&prefix=blob{include}");
        let body = world.send("GET", &url, &[], "").unwrap().body.whole();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let listed = list("&include=copy,snapshots");
    let element = format!("<CopyId>{id}</CopyId>");
    assert_eq!(listed.matches(&element).count(), 2, "{listed}");
    assert_eq!(
        listed.matches("<CopyStatus>success</CopyStatus>").count(),
        2
    );
    assert!(!list("").contains("CopyId"));
}

#[test]
fn an_abort_is_answered_by_how_the_copy_stands() {
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let url = |blob: &str, id: &str| format!("box/{blob}?comp=copy&copyid={id}");
    let action = [("x-ms-copy-action", "abort")];
    let mut world = World::new();
    world.put(DEV, "source", "text");
    world.put("other", "source", vec![1; 8 << 20]);
    let copied = world.send("PUT", "box/blob", &[FROM], "").unwrap();
    let done = header(&copied, "x-ms-copy-id");
    let nothing = ErrorCode::NO_PENDING_COPY_OPERATION;
    for (blob, id) in [("source", id), ("blob", id), ("blob", &done)] {
        let aborted = world.send("PUT", &url(blob, id), &action, "");
        refused(aborted, 409, nothing.clone());
    }
    let aborted = world.send("PUT", &url("missing", id), &action, "");
    refused(aborted, 404, ErrorCode::BLOB_NOT_FOUND);
    let copied = world.send("PUT", "box/blob", &[FROM_OTHER], "").unwrap();
    let pending = header(&copied, "x-ms-copy-id");
    let aborted = world.send("PUT", &url("blob", &pending), &action, "");
    let aborted = aborted.unwrap();
    assert_eq!(aborted.status, 204);
    assert_eq!(header(&aborted, "etag"), "");
    let again = world.send("PUT", &url("blob", &pending), &action, "");
    refused(again, 409, nothing);
}
