//! What each service version changed. Source: "Versioning for Azure Storage" and the page of each
//! version.

use blobferry_core::{ErrorCode, ServiceVersion};

use super::{World, header, refused};
use crate::answer::Answer;

fn world(version: &str) -> World {
    let mut world = World::new();
    world.version = version.parse().unwrap();
    world
}

fn blob(version: &str) -> World {
    let mut world = world(version);
    world.put("devstoreaccount1", "b", "text");
    world
}

fn body(answer: Answer) -> String {
    String::from_utf8(answer.body.join().unwrap().to_vec()).unwrap()
}

/// Operation, header, and the first version whose answer has it.
#[test]
fn a_header_is_told_from_the_version_that_has_it() {
    let cases = [
        ("HEAD", "box/b", "x-ms-lease-status", "2009-09-19"),
        ("HEAD", "box/b", "x-ms-lease-state", "2012-02-12"),
        ("HEAD", "box/b", "x-ms-server-encrypted", "2015-12-11"),
        ("HEAD", "box/b", "x-ms-creation-time", "2017-11-09"),
        ("HEAD", "box/b", "content-disposition", "2013-08-15"),
        ("HEAD", "box/b", "x-ms-tag-count", "2019-10-10"),
        ("HEAD", "box/b", "x-ms-access-tier", "2017-04-17"),
        ("GET", "box/b", "x-ms-access-tier", "2026-10-06"),
        (
            "GET",
            "box?restype=container",
            "x-ms-lease-state",
            "2012-02-12",
        ),
        (
            "GET",
            "box?restype=container",
            "x-ms-blob-public-access",
            "2016-05-31",
        ),
        (
            "GET",
            "box?restype=container",
            "x-ms-has-legal-hold",
            "2017-11-09",
        ),
        (
            "GET",
            "box?restype=container",
            "x-ms-default-encryption-scope",
            "2019-02-02",
        ),
        (
            "PUT",
            "box/b?comp=metadata",
            "x-ms-request-server-encrypted",
            "2015-12-11",
        ),
        (
            "DELETE",
            "box/b",
            "x-ms-delete-type-permanent",
            "2017-07-29",
        ),
    ];
    const VERSIONS: [&str; 17] = [
        "2009-09-19",
        "2011-08-18",
        "2012-02-12",
        "2013-08-15",
        "2014-02-14",
        "2015-02-21",
        "2015-07-08",
        "2015-12-11",
        "2016-05-31",
        "2017-04-17",
        "2017-07-29",
        "2017-11-09",
        "2018-11-09",
        "2019-02-02",
        "2019-10-10",
        "2026-06-06",
        "2026-10-06",
    ];
    for (method, url, name, since) in cases {
        for version in VERSIONS {
            let mut world = World::new();
            let public = [("x-ms-blob-public-access", "blob")];
            world
                .send("PUT", "box?restype=container&comp=acl", &public, "")
                .unwrap();
            let given = [
                ("x-ms-blob-type", "BlockBlob"),
                ("x-ms-tags", "a=b"),
                ("x-ms-blob-content-disposition", "inline"),
            ];
            world.send("PUT", "box/b", &given, "text").unwrap();
            world.version = version.parse().unwrap();
            let answer = world.send(method, url, &[], "").unwrap();
            let told = !header(&answer, name).is_empty();
            assert_eq!(
                told,
                version >= since,
                "{name} of {method} {url} in {version}"
            );
        }
    }
}

#[test]
fn lease_answers_tell_the_etag_from_2013_08_15_and_change_that_of_containers_before() {
    for (version, told) in [("2012-02-12", false), ("2013-08-15", true)] {
        for target in ["box/b?comp=lease", "box?restype=container&comp=lease"] {
            let mut world = blob(version);
            let etag = |world: &mut World| {
                let (method, url) = match target.contains("restype") {
                    true => ("GET", "box?restype=container"),
                    false => ("HEAD", "box/b"),
                };
                header(&world.send(method, url, &[], "").unwrap(), "etag")
            };
            let before = etag(&mut world);
            let acquire = [
                ("x-ms-lease-action", "acquire"),
                ("x-ms-lease-duration", "-1"),
            ];
            let answer = world.send("PUT", target, &acquire, "").unwrap();
            assert_eq!(
                !header(&answer, "etag").is_empty(),
                told,
                "{version} {target}"
            );
            assert_eq!(!header(&answer, "last-modified").is_empty(), told);
            let changes = !told && target.contains("restype");
            assert_eq!(etag(&mut world) != before, changes, "{version} {target}");
        }
    }
}

#[test]
fn before_2012_02_12_a_lease_is_one_minute_and_breaks_once() {
    let mut world = blob("2011-08-18");
    let act = |world: &mut World, action: &str| {
        world.send(
            "PUT",
            "box/b?comp=lease",
            &[("x-ms-lease-action", action)],
            "",
        )
    };
    act(&mut world, "acquire").unwrap();
    let answer = act(&mut world, "break").unwrap();
    assert_eq!(header(&answer, "x-ms-lease-time"), "60");
    refused(
        act(&mut world, "break"),
        409,
        ErrorCode::LEASE_ALREADY_BROKEN,
    );
    world.version = ServiceVersion::V2012_02_12;
    act(&mut world, "break").unwrap();
}

#[test]
fn a_lease_id_for_a_blob_that_is_not_there_is_refused_from_2013_08_15() {
    let id = ("x-ms-lease-id", "11111111-1111-1111-1111-111111111111");
    let kind = ("x-ms-blob-type", "BlockBlob");
    let source = (
        "x-ms-copy-source",
        "http://127.0.0.1:10000/devstoreaccount1/box/b",
    );
    let list = "<BlockList></BlockList>";
    for (headers, url, sent) in [
        (vec![id, kind], "box/new", ""),
        (vec![id], "box/new?comp=blocklist", list),
        (vec![id, source], "box/new", ""),
    ] {
        blob("2012-02-12").send("PUT", url, &headers, sent).unwrap();
        refused(
            blob("2013-08-15").send("PUT", url, &headers, sent),
            412,
            ErrorCode::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
        );
    }
}

#[test]
fn uncommitted_blobs_can_be_deleted_from_2013_08_15() {
    for (version, works) in [("2012-02-12", false), ("2013-08-15", true)] {
        let mut world = world(version);
        world
            .send("PUT", "box/b?comp=block&blockid=AAAA", &[], "text")
            .unwrap();
        let deleted = world.send("DELETE", "box/b", &[], "");
        if works {
            deleted.unwrap();
        } else {
            refused(deleted, 404, ErrorCode::BLOB_NOT_FOUND);
        }
    }
}

#[test]
fn reads_take_several_conditions_from_2013_08_15() {
    let both = [
        ("if-none-match", "\"0x1\""),
        ("if-unmodified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
    ];
    refused(
        blob("2012-02-12").send("GET", "box/b", &both, ""),
        400,
        ErrorCode::MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED,
    );
    blob("2013-08-15").send("GET", "box/b", &both, "").unwrap();
}

#[test]
fn listings_name_urls_until_2013_08_15_and_the_endpoint_from_then_on() {
    let containers = |version| body(blob(version).send("GET", "?comp=list", &[], "").unwrap());
    let blobs = |version| {
        let url = "box?restype=container&comp=list";
        body(blob(version).send("GET", url, &[], "").unwrap())
    };
    let base = "http://127.0.0.1:10000/devstoreaccount1";
    let old = containers("2012-02-12");
    assert!(
        old.contains(&format!("<EnumerationResults AccountName=\"{base}/\">")),
        "{old}"
    );
    assert!(
        old.contains(&format!("<Name>box</Name><Url>{base}/box</Url>")),
        "{old}"
    );
    let old = blobs("2012-02-12");
    assert!(
        old.contains(&format!(
            "<EnumerationResults ContainerName=\"{base}/box\">"
        )),
        "{old}"
    );
    assert!(
        old.contains(&format!("<Name>b</Name><Url>{base}/box/b</Url>")),
        "{old}"
    );
    for new in [containers("2013-08-15"), blobs("2013-08-15")] {
        assert!(
            new.contains(&format!("ServiceEndpoint=\"{base}/\"")),
            "{new}"
        );
        assert!(!new.contains("<Url>"), "{new}");
    }
    assert!(!blobs("2011-08-18").contains("LeaseState"));
}

#[test]
fn what_is_soft_deleted_is_said_to_be_so_from_2020_02_10() {
    for (version, said) in [("2019-12-12", ""), ("2020-02-10", "true")] {
        let mut world = blob(version);
        let retain = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled>\
                      <Days>1</Days></DeleteRetentionPolicy></StorageServiceProperties>";
        world
            .send("PUT", "?restype=service&comp=properties", &[], retain)
            .unwrap();
        world.send("DELETE", "box/b", &[], "").unwrap();
        let hint = |world: &mut World, url: &str| {
            let failure = world.send("HEAD", url, &[], "").unwrap_err();
            let headers = failure.headers(ServiceVersion::DEFAULT);
            let hint = headers.get("x-ms-is-soft-deleted");
            hint.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        assert_eq!(hint(&mut world, "box/b"), said);
        assert_eq!(hint(&mut world, "box/never"), "");
    }
}

#[test]
fn append_blobs_are_unknown_before_2015_02_21() {
    let mut world = World::new();
    let append = [("x-ms-blob-type", "AppendBlob")];
    world.send("PUT", "box/a", &append, "").unwrap();
    world.version = ServiceVersion::V2014_02_14;
    for (method, url) in [
        ("PUT", "box/b"),
        ("GET", "box/a"),
        ("HEAD", "box/a"),
        ("PUT", "box/a?comp=metadata"),
        ("GET", "box?restype=container&comp=list"),
    ] {
        let headers = if url == "box/b" { &append[..] } else { &[] };
        refused(
            world.send(method, url, headers, ""),
            409,
            ErrorCode::FEATURE_VERSION_MISMATCH,
        );
    }
    world.send("DELETE", "box/a", &[], "").unwrap();
    world
        .send("GET", "box?restype=container&comp=list", &[], "")
        .unwrap();
}

#[test]
fn a_copy_source_is_a_path_before_2012_02_12_and_a_url_from_then_on() {
    let copy = |version: &str, source: &str| {
        blob(version).send("PUT", "box/new", &[("x-ms-copy-source", source)], "")
    };
    let answer = copy("2011-08-18", "/devstoreaccount1/box/b").unwrap();
    assert_eq!(answer.status, 201);
    assert_eq!(header(&answer, "x-ms-copy-id"), "");
    let answer = copy(
        "2012-02-12",
        "http://127.0.0.1:10000/devstoreaccount1/box/b",
    )
    .unwrap();
    assert_eq!(answer.status, 202);
    assert!(!header(&answer, "x-ms-copy-id").is_empty());
    refused(
        copy("2012-02-12", "/devstoreaccount1/box/b"),
        400,
        ErrorCode::INVALID_HEADER_VALUE,
    );
}

#[test]
fn bodies_may_be_longer_in_later_versions() {
    const MIB: usize = 1 << 20;
    let kind = [("x-ms-blob-type", "BlockBlob")];
    for (version, url, headers, most) in [
        (
            "2015-12-11",
            "box/b?comp=block&blockid=AAAA",
            &[][..],
            4 * MIB,
        ),
        (
            "2016-05-31",
            "box/b?comp=block&blockid=AAAA",
            &[],
            100 * MIB,
        ),
        ("2015-12-11", "box/b", &kind, 64 * MIB),
    ] {
        let long = bytes::Bytes::from(vec![0; most + 1]);
        world(version)
            .send("PUT", url, headers, long.slice(..most))
            .unwrap();
        refused(
            world(version).send("PUT", url, headers, long),
            413,
            ErrorCode::REQUEST_BODY_TOO_LARGE,
        );
    }
}

/// Recorded: a date in `UTC` instead of `GMT` is none.
#[test]
fn what_is_no_date_is_no_condition() {
    for (date, status) in [
        ("Fri, 11 Jun 1999 20:00:00 GMT", 412),
        ("Fri, 11 Jun 1999 20:00:00 UTC", 200),
        ("long ago", 200),
    ] {
        let since = [("if-unmodified-since", date)];
        match blob("2019-12-12").send("HEAD", "box/b", &since, "") {
            Ok(answer) => assert_eq!(answer.status, status, "{date}"),
            Err(failure) => assert_eq!(failure.parts().status, status, "{date}"),
        }
    }
}

#[test]
fn from_2026_10_06_a_block_sent_with_its_md5_is_answered_with_its_crc64_too() {
    for (version, both) in [("2026-06-06", false), ("2026-10-06", true)] {
        let mut world = world(version);
        let md5 = [("content-md5", "HLJR7A1WjeapKbUgxK7Y0Q==")];
        let sent = world.send("PUT", "box/c?comp=block&blockid=MQ==", &md5, "text");
        let sent = sent.unwrap();
        assert_eq!(header(&sent, "content-md5"), md5[0].1);
        assert_eq!(
            !header(&sent, "x-ms-content-crc64").is_empty(),
            both,
            "{version}"
        );
    }
}

#[test]
fn tag_operations_have_conditions_on_their_blob_from_2026_02_06() {
    let etag = "\"0x8D0000000000000\"";
    for (version, judged) in [("2025-11-05", false), ("2026-02-06", true)] {
        let mut world = blob(version);
        let given = [("x-ms-blob-if-match", etag)];
        let body = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
        for (method, body) in [("PUT", body), ("GET", "")] {
            let outcome = world.send(method, "box/b?comp=tags", &given, body);
            if judged {
                refused(outcome, 412, ErrorCode::CONDITION_NOT_MET);
            } else {
                outcome.unwrap();
            }
        }
    }
}
