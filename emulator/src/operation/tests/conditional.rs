//! Conditions on the two sides of a copy: which code, under which status. Source: "Specifying
//! conditional headers for Blob service operations", and recorded answers where they differ.

use blobferry_core::ErrorCode;

use super::World;
use super::refused;

const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");
const SYNC: (&str, &str) = ("x-ms-requires-sync", "true");
const RANGE: (&str, &str) = ("x-ms-range", "bytes=0-511");
const UPDATE: (&str, &str) = ("x-ms-page-write", "update");
const PART: (&str, &str) = ("x-ms-source-range", "bytes=0-511");
const PAST: &str = "Fri, 01 Jan 1999 00:00:00 GMT";
const FUTURE: &str = "Fri, 01 Jan 2100 00:00:00 GMT";
const OTHER: &str = "\"0x8D0000000000000\"";

/// Request of an operation with a source: type of the destination, query, headers.
type Operation = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const COPY: Operation = ("BlockBlob", "", &[]);
const COPY_FROM_URL: Operation = ("BlockBlob", "", &[SYNC]);
const PUT_FROM_URL: Operation = ("BlockBlob", "", &[BLOCK]);
const BLOCK_FROM_URL: Operation = ("BlockBlob", "?comp=block&blockid=AAAA", &[]);
const PAGE_FROM_URL: Operation = ("PageBlob", "?comp=page", &[RANGE, UPDATE, PART]);
const APPEND_FROM_URL: Operation = ("AppendBlob", "?comp=appendblock", &[PART]);

fn world() -> World {
    let mut world = World::new();
    for name in ["BlockBlob", "PageBlob", "AppendBlob"] {
        let given = [
            ("x-ms-blob-type", name),
            ("x-ms-blob-content-length", "512"),
        ];
        let used = if name == "PageBlob" { 2 } else { 1 };
        world
            .send("PUT", &format!("box/{name}"), &given[..used], "")
            .unwrap();
    }
    let source = [BLOCK, ("x-ms-tags", "a=b")];
    world
        .send("PUT", "box/source", &source, vec![1; 512])
        .unwrap();
    world
}

/// Status and code, or status alone.
fn answer(operation: Operation, condition: (&str, &str)) -> (u16, String) {
    let mut world = world();
    let (kind, query, headers) = operation;
    let mut headers = headers.to_vec();
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    headers.extend([("x-ms-copy-source", source), condition]);
    match world.send("PUT", &format!("box/{kind}{query}"), &headers, "") {
        Ok(answer) => (answer.status.as_u16(), String::new()),
        Err(failure) => (failure.parts().status.as_u16(), failure.code().to_string()),
    }
}

#[test]
fn conditions_on_the_source_are_refused_as_recorded() {
    let header = |name: &'static str| format!("x-ms-source-if-{name}");
    let names = [
        ("match", OTHER),
        ("unmodified-since", PAST),
        ("none-match", "*"),
        ("modified-since", FUTURE),
    ];
    const CANNOT: &str = "CannotVerifyCopySource";
    const SOURCE: &str = "SourceConditionNotMet";
    #[rustfmt::skip]
    let table = [
        (COPY,            [(412, SOURCE), (412, SOURCE), (412, SOURCE), (412, SOURCE)]),
        (COPY_FROM_URL,   [(412, SOURCE), (412, CANNOT), (304, CANNOT), (304, CANNOT)]),
        (PUT_FROM_URL,    [(412, SOURCE), (412, CANNOT), (304, CANNOT), (304, CANNOT)]),
        (BLOCK_FROM_URL,  [(412, SOURCE), (412, CANNOT), (304, CANNOT), (304, CANNOT)]),
        (PAGE_FROM_URL,   [(412, CANNOT), (412, CANNOT), (304, CANNOT), (304, CANNOT)]),
        (APPEND_FROM_URL, [(412, CANNOT), (412, CANNOT), (304, CANNOT), (304, CANNOT)]),
    ];
    for (operation, cells) in table {
        for ((name, value), (status, code)) in names.into_iter().zip(cells) {
            // Every source has an ETag: where `*` asks for none, one is named that it has.
            let value = if value == "*" {
                etag_of_source()
            } else {
                value.to_owned()
            };
            let got = answer(operation, (&header(name), &value));
            assert_eq!(got, (status, code.to_owned()), "{operation:?} {name}");
        }
    }
}

fn etag_of_source() -> String {
    world().property("source", "etag")
}

#[test]
fn conditions_that_hold_let_every_copy_through() {
    let etag = etag_of_source();
    for operation in [
        COPY,
        COPY_FROM_URL,
        PUT_FROM_URL,
        BLOCK_FROM_URL,
        PAGE_FROM_URL,
        APPEND_FROM_URL,
    ] {
        let done = if operation == COPY || operation == COPY_FROM_URL {
            202
        } else {
            201
        };
        for (name, value) in [
            ("x-ms-source-if-match", etag.as_str()),
            ("x-ms-source-if-none-match", OTHER),
            ("x-ms-source-if-modified-since", PAST),
            ("x-ms-source-if-unmodified-since", FUTURE),
        ] {
            assert_eq!(
                answer(operation, (name, value)),
                (done, String::new()),
                "{operation:?} {name}"
            );
        }
    }
}

#[test]
fn conditions_on_the_destination_are_refused_as_recorded() {
    const TARGET: &str = "TargetConditionNotMet";
    const NOT_MET: &str = "ConditionNotMet";
    let etag = |kind: &str| world().property(kind, "etag");
    for (operation, code) in [
        (COPY, TARGET),
        (COPY_FROM_URL, NOT_MET),
        (PUT_FROM_URL, NOT_MET),
        (PAGE_FROM_URL, NOT_MET),
        (APPEND_FROM_URL, NOT_MET),
    ] {
        let own = etag(operation.0);
        for (name, value) in [
            ("if-match", OTHER),
            ("if-none-match", own.as_str()),
            ("if-modified-since", FUTURE),
            ("if-unmodified-since", PAST),
        ] {
            let got = answer(operation, (name, value));
            assert_eq!(got, (412, code.to_owned()), "{operation:?} {name}");
        }
        let tags = answer(operation, ("x-ms-if-tags", "\"a\" = 'x'"));
        assert_eq!(tags, (412, NOT_MET.to_owned()), "{operation:?} tags");
    }
}

#[test]
fn reads_answer_304_and_writes_412_but_never_the_other() {
    for (method, query, headers, fails) in [
        ("GET", "", &[][..], 304),
        ("HEAD", "", &[], 304),
        ("GET", "?comp=metadata", &[], 304),
        ("PUT", "", &[BLOCK], 412),
        ("PUT", "?comp=metadata", &[], 412),
        ("PUT", "?comp=properties", &[], 412),
        ("PUT", "?comp=snapshot", &[], 412),
        ("DELETE", "", &[], 412),
    ] {
        let own = world().property("source", "etag");
        for (name, value, status) in [
            ("if-none-match", own.as_str(), fails),
            ("if-modified-since", FUTURE, fails),
            ("if-match", OTHER, 412),
            ("if-unmodified-since", PAST, 412),
        ] {
            let mut world = world();
            let mut headers = headers.to_vec();
            headers.push((name, value));
            let failure = world
                .send(method, &format!("box/source{query}"), &headers, "")
                .unwrap_err();
            assert_eq!(failure.parts().status, status, "{method} {query} {name}");
            assert_eq!(
                failure.code().as_str(),
                "ConditionNotMet",
                "{method} {query} {name}"
            );
        }
    }
}

/// Section 6.2: reads say that it is missing, writes that it is not the one that was asked for.
#[test]
fn a_missing_blob_is_not_found_by_reads_and_not_the_one_asked_for_by_writes() {
    let write = [("x-ms-page-write", "clear"), ("range", "bytes=0-511")];
    let lease = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
    ];
    for (method, url, more, code) in [
        ("GET", "box/none", &[][..], ErrorCode::BLOB_NOT_FOUND),
        ("HEAD", "box/none", &[], ErrorCode::BLOB_NOT_FOUND),
        (
            "GET",
            "box/none?comp=metadata",
            &[],
            ErrorCode::BLOB_NOT_FOUND,
        ),
        (
            "GET",
            "box/none?comp=pagelist",
            &[],
            ErrorCode::BLOB_NOT_FOUND,
        ),
        (
            "PUT",
            "box/none",
            &[("x-ms-blob-type", "BlockBlob")],
            ErrorCode::CONDITION_NOT_MET,
        ),
        (
            "PUT",
            "box/none?comp=metadata",
            &[],
            ErrorCode::CONDITION_NOT_MET,
        ),
        (
            "PUT",
            "box/none?comp=properties",
            &[],
            ErrorCode::CONDITION_NOT_MET,
        ),
        (
            "PUT",
            "box/none?comp=snapshot",
            &[],
            ErrorCode::CONDITION_NOT_MET,
        ),
        (
            "PUT",
            "box/none?comp=seal",
            &[],
            ErrorCode::CONDITION_NOT_MET,
        ),
        (
            "PUT",
            "box/none?comp=page",
            &write,
            ErrorCode::CONDITION_NOT_MET,
        ),
        (
            "PUT",
            "box/none?comp=lease",
            &lease,
            ErrorCode::CONDITION_NOT_MET,
        ),
        ("DELETE", "box/none", &[], ErrorCode::CONDITION_NOT_MET),
    ] {
        for version in ["2009-09-19", "2026-06-06"] {
            if version == "2009-09-19" && url.ends_with("seal") {
                continue;
            }
            for tag in ["*", "\"0x1\""] {
                let mut world = World::new();
                world.version = version.parse().unwrap();
                let mut headers = more.to_vec();
                headers.push(("if-match", tag));
                let failure = world.send(method, url, &headers, "").unwrap_err();
                assert_eq!(failure.code(), &code, "{method} {url} {version}");
            }
            // Without the condition, or with another, it is missing.
            let mut world = World::new();
            let mut headers = more.to_vec();
            headers.push(("if-none-match", "\"0x1\""));
            if !url.ends_with("none") || method != "PUT" {
                refused(
                    world.send(method, url, &headers, ""),
                    404,
                    ErrorCode::BLOB_NOT_FOUND,
                );
            }
        }
    }
}
