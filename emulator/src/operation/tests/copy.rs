//! Copies on virtual time.

use super::*;

const MIB: usize = 1 << 20;

type Headers<'a> = &'a [(&'a str, &'a str)];

/// A copy of ten ranges from the other account, one range a second.
fn pending() -> World {
    let mut world = World::new();
    world.put("other", "source", vec![7; 40 * MIB]);
    let answer = world.copy("other", "source", "blob").unwrap();
    assert_eq!(header(&answer, "x-ms-copy-status"), "pending");
    world
}

fn copy_id(world: &mut World) -> String {
    world.property("blob", "x-ms-copy-id")
}

fn abort(world: &mut World, id: &str) -> Result<Answer, Failure> {
    world.send(
        "PUT",
        &format!("box/blob?comp=copy&copyid={id}"),
        &[("x-ms-copy-action", "abort")],
        "",
    )
}

#[test]
fn a_copy_inside_an_account_is_finished_in_the_request() {
    let mut world = World::new();
    world.put("devstoreaccount1", "source", "content");
    let answer = world.copy("devstoreaccount1", "source", "blob").unwrap();
    assert_eq!(answer.status, 202);
    assert_eq!(header(&answer, "x-ms-copy-status"), "success");
    assert_eq!(header(&answer, "etag"), world.property("blob", "etag"));
    assert_eq!(world.property("blob", "x-ms-copy-progress"), "7/7");
    assert_eq!(world.read("blob"), "content");
}

#[test]
fn a_pending_copy_shows_its_progress_and_nothing_of_its_content() {
    let mut world = pending();
    let etag = world.property("blob", "etag");
    world.pass(3);
    let total = 40 * MIB;
    let progress = format!("{}/{total}", 12 * MIB);
    assert_eq!(world.property("blob", "x-ms-copy-progress"), progress);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "pending");
    assert_eq!(world.property("blob", "x-ms-copy-completion-time"), "");
    assert_eq!(world.property("blob", "content-length"), "0");
    assert_eq!(world.property("blob", "etag"), etag);
    world.pass(7);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
    assert_eq!(world.read("blob"), vec![7; 40 * MIB]);
    assert_ne!(world.property("blob", "etag"), etag);
}

#[test]
fn every_operation_on_a_pending_destination_is_refused_or_allowed_as_documented() {
    const PAGES: &str = "bytes=0-511";
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/small";
    let refused_ones: &[(&str, &str, Headers, &str)] = &[
        ("PUT", "", &[("x-ms-blob-type", "BlockBlob")], "x"),
        (
            "PUT",
            "",
            &[
                ("x-ms-blob-type", "BlockBlob"),
                ("x-ms-copy-source", source),
            ],
            "",
        ),
        ("PUT", "", &[("x-ms-copy-source", source)], ""),
        (
            "PUT",
            "",
            &[("x-ms-copy-source", source), ("x-ms-requires-sync", "true")],
            "",
        ),
        ("PUT", "?comp=block&blockid=AAAA", &[], "x"),
        (
            "PUT",
            "?comp=block&blockid=AAAA",
            &[("x-ms-copy-source", source)],
            "",
        ),
        ("PUT", "?comp=blocklist", &[], "<BlockList/>"),
        (
            "PUT",
            "?comp=page",
            &[("x-ms-page-write", "clear"), ("x-ms-range", PAGES)],
            "",
        ),
        ("PUT", "?comp=appendblock", &[], "x"),
        ("PUT", "?comp=seal", &[], ""),
        ("PUT", "?comp=metadata", &[], ""),
        ("PUT", "?comp=properties", &[], ""),
        ("PUT", "?comp=tier", &[("x-ms-access-tier", "Cool")], ""),
        ("PUT", "?comp=tags", &[], "<Tags><TagSet/></Tags>"),
        ("PUT", "?comp=snapshot", &[], ""),
        (
            "PUT",
            "?comp=lease",
            &[
                ("x-ms-lease-action", "acquire"),
                ("x-ms-lease-duration", "-1"),
            ],
            "",
        ),
        ("PUT", "?comp=lease", &[("x-ms-lease-action", "break")], ""),
    ];
    let allowed: &[(&str, &str)] = &[
        ("GET", ""),
        ("HEAD", ""),
        ("GET", "?comp=metadata"),
        ("GET", "?comp=tags"),
        ("GET", "?comp=blocklist"),
        ("DELETE", ""),
    ];
    for (method, query, headers, body) in refused_ones {
        let mut world = pending();
        world.put("devstoreaccount1", "small", "s");
        let url = format!("box/blob{query}");
        let outcome = world.send(method, &url, headers, *body);
        let failure = outcome.expect_err(&url);
        assert_eq!(
            failure.code(),
            &ErrorCode::PENDING_COPY_OPERATION,
            "{method} {url} {headers:?}"
        );
        assert_eq!(failure.parts().status, 409);
    }
    for (method, query) in allowed {
        let mut world = pending();
        let url = format!("box/blob{query}");
        let outcome = world.send(method, &url, &[], "");
        assert!(outcome.is_ok(), "{method} {url}: {outcome:?}");
    }
}

#[test]
fn aborting_leaves_an_empty_blob_with_its_metadata() {
    let mut world = pending();
    world.pass(2);
    let id = copy_id(&mut world);
    assert_eq!(abort(&mut world, &id).unwrap().status, 204);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "aborted");
    let progress = format!("0/{}", 40 * MIB);
    assert_eq!(world.property("blob", "x-ms-copy-progress"), progress);
    assert_ne!(world.property("blob", "x-ms-copy-completion-time"), "");
    assert_eq!(world.read("blob"), "");
    let ranged = world.send("GET", "box/blob", &[("range", "bytes=0-9")], "");
    refused(ranged, 416, ErrorCode::INVALID_RANGE);
    let again = abort(&mut world, &id);
    refused(again, 409, ErrorCode::NO_PENDING_COPY_OPERATION);
    world.pass(60);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "aborted");
}

#[test]
fn only_the_pending_copy_can_be_aborted() {
    let mut world = pending();
    let other = "0f8fad5b-d9cb-469f-a165-70867728950e";
    refused(abort(&mut world, other), 409, ErrorCode::COPY_ID_MISMATCH);
    let wrong = abort(&mut world, "copyid");
    refused(wrong, 400, ErrorCode::INVALID_QUERY_PARAMETER_VALUE);
    let missing = world.send(
        "PUT",
        "box/blob?comp=copy",
        &[("x-ms-copy-action", "abort")],
        "",
    );
    refused(missing, 400, ErrorCode::MISSING_REQUIRED_QUERY_PARAMETER);
}

#[test]
fn a_source_that_changes_fails_the_copy_and_leaves_what_was_copied_nowhere() {
    let mut world = pending();
    world.pass(3);
    world.put("other", "source", "another");
    assert_eq!(world.property("blob", "x-ms-copy-status"), "failed");
    let description = world.property("blob", "x-ms-copy-status-description");
    assert!(
        description.starts_with("412 ConditionNotMet"),
        "{description}"
    );
    let progress = format!("{}/{}", 12 * MIB, 40 * MIB);
    assert_eq!(world.property("blob", "x-ms-copy-progress"), progress);
    assert_eq!(world.read("blob"), "");
}

#[test]
fn a_source_that_goes_fails_the_copy() {
    for url in ["box/source", "box?restype=container"] {
        let mut world = pending();
        world.send_to("other", "DELETE", url, &[], "").unwrap();
        assert_eq!(world.property("blob", "x-ms-copy-status"), "failed");
        let description = world.property("blob", "x-ms-copy-status-description");
        assert!(description.starts_with("404 BlobNotFound"), "{description}");
    }
}

#[test]
fn what_happens_to_a_source_after_its_copy_is_complete_is_no_matter() {
    let mut world = pending();
    world.pass(10);
    world.put("other", "source", "another");
    assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
    assert_eq!(
        world.property("blob", "content-length"),
        (40 * MIB).to_string()
    );
}

#[test]
fn a_lease_on_the_source_does_not_disturb_the_copy() {
    let mut world = pending();
    let lease = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "15"),
    ];
    world
        .send_to("other", "PUT", "box/source?comp=lease", &lease, "")
        .unwrap();
    world.pass(10);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
}

#[test]
fn a_copy_that_cannot_end_is_given_up_after_two_weeks() {
    let mut world = pending();
    let still = Pace {
        bytes_per_second: Some(0),
        ..RANGE_A_SECOND
    };
    let pace = CopyPace {
        same_account: still,
        other_account: still,
    };
    let now = world.now;
    world.state.set_copy_pace("devstoreaccount1", pace, now);
    world.pass(14 * 24 * 3600 - 1);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "pending");
    world.pass(1);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "failed");
    assert_eq!(
        world.property("blob", "x-ms-copy-status-description"),
        "500 OperationCancelled \"The copy exceeded the maximum allowed time.\""
    );
}

#[test]
fn a_pending_copy_goes_with_its_destination() {
    let mut world = pending();
    world.send("DELETE", "box/blob", &[], "").unwrap();
    assert!(world.state.copies.is_empty());
    world.put("devstoreaccount1", "blob", "new");
    world.pass(60);
    assert_eq!(world.read("blob"), "new");
}

#[test]
fn a_leased_destination_takes_a_copy_only_under_an_infinite_lease() {
    let mut world = World::new();
    world.put("devstoreaccount1", "source", "s");
    world.put("devstoreaccount1", "blob", "b");
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let other = "aaaaaaaa-d9cb-469f-a165-70867728950e";
    let copy = |world: &mut World, lease: Option<&str>| {
        let mut headers = vec![("x-ms-copy-source", source)];
        headers.extend(lease.map(|lease| ("x-ms-lease-id", lease)));
        world.send("PUT", "box/blob", &headers, "")
    };
    let refusal = copy(&mut world, Some(id));
    refused(
        refusal,
        412,
        ErrorCode::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
    );
    for (duration, code) in [
        ("15", Some(ErrorCode::INFINITE_LEASE_DURATION_REQUIRED)),
        ("-1", None),
    ] {
        let acquire = [
            ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", duration),
            ("x-ms-proposed-lease-id", id),
        ];
        world
            .send("PUT", "box/blob?comp=lease", &acquire, "")
            .unwrap();
        refused(copy(&mut world, None), 412, ErrorCode::LEASE_ID_MISSING);
        let wrong = copy(&mut world, Some(other));
        refused(wrong, 412, ErrorCode::LEASE_ID_MISMATCH_WITH_BLOB_OPERATION);
        match code {
            Some(code) => refused(copy(&mut world, Some(id)), 412, code),
            None => assert!(copy(&mut world, Some(id)).is_ok()),
        }
    }
    assert_eq!(world.property("blob", "x-ms-lease-state"), "leased");
}

#[test]
fn properties_go_with_the_content_and_metadata_unless_it_is_given() {
    let mut world = World::new();
    let headers = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-blob-content-type", "text/plain"),
        ("x-ms-blob-cache-control", "no-cache"),
        ("x-ms-meta-colour", "red"),
    ];
    world.send("PUT", "box/source", &headers, "text").unwrap();
    world.copy("devstoreaccount1", "source", "one").unwrap();
    for (name, value) in [
        ("content-type", "text/plain"),
        ("cache-control", "no-cache"),
        ("x-ms-meta-colour", "red"),
        ("content-md5", "HLLR33iuPahTnidfvvqjNw=="),
    ] {
        if name != "content-md5" {
            assert_eq!(world.property("one", name), value, "{name}");
        }
        assert_eq!(world.property("one", name), world.property("source", name));
    }
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    let given = [("x-ms-copy-source", source), ("x-ms-meta-shape", "round")];
    world.send("PUT", "box/two", &given, "").unwrap();
    assert_eq!(world.property("two", "x-ms-meta-colour"), "");
    assert_eq!(world.property("two", "x-ms-meta-shape"), "round");
}

#[test]
fn writes_clear_the_copy_properties_or_keep_them_as_documented() {
    let table: &[(&str, Headers, &str, bool)] = &[
        ("", &[("x-ms-blob-type", "BlockBlob")], "x", false),
        ("?comp=metadata", &[("x-ms-meta-a", "1")], "", false),
        (
            "?comp=properties",
            &[("x-ms-blob-content-type", "a/b")],
            "",
            false,
        ),
        ("?comp=blocklist", &[], "<BlockList/>", false),
        ("?comp=block&blockid=AAAA", &[], "x", true),
        ("?comp=tier", &[("x-ms-access-tier", "Cool")], "", true),
        ("?comp=tags", &[], "<Tags><TagSet/></Tags>", true),
        ("?comp=snapshot", &[], "", true),
    ];
    for (query, headers, body, kept) in table {
        let mut world = World::new();
        world.put("devstoreaccount1", "source", "content");
        world.copy("devstoreaccount1", "source", "blob").unwrap();
        world
            .send("PUT", &format!("box/blob{query}"), headers, *body)
            .unwrap();
        let status = world.property("blob", "x-ms-copy-status");
        assert_eq!(status == "success", *kept, "{query}: {status}");
    }
}

#[test]
fn pages_of_a_pending_copy_appear_piece_by_piece() {
    let mut world = World::new();
    world.pages("other", "source", 8 * MIB);
    for start in [0, 4 * MIB] {
        let range = format!("bytes={start}-{}", start + 511);
        let write = [
            ("x-ms-page-write", "update"),
            ("x-ms-range", range.as_str()),
        ];
        world
            .send_to("other", "PUT", "box/source?comp=page", &write, vec![1; 512])
            .unwrap();
    }
    world.copy("other", "source", "blob").unwrap();
    assert_eq!(
        world.property("blob", "content-length"),
        (8 * MIB).to_string()
    );
    let ranges = |world: &mut World| {
        let answer = world
            .send("GET", "box/blob?comp=pagelist", &[], "")
            .unwrap();
        String::from_utf8(answer.body.whole().to_vec())
            .unwrap()
            .matches("<PageRange>")
            .count()
    };
    assert_eq!(ranges(&mut world), 0);
    world.pass(1);
    assert_eq!(ranges(&mut world), 1);
    world.pass(1);
    assert_eq!(ranges(&mut world), 2);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
}

#[test]
fn an_incremental_copy_makes_a_snapshot_of_each_snapshot() {
    let mut world = World::new();
    let headers = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "1024"),
    ];
    world
        .send_to("other", "PUT", "box/source", &headers, "")
        .unwrap();
    let mut snapshots = Vec::new();
    for byte in [1, 2] {
        let write = [("x-ms-page-write", "update"), ("x-ms-range", "bytes=0-511")];
        world
            .send_to(
                "other",
                "PUT",
                "box/source?comp=page",
                &write,
                vec![byte; 512],
            )
            .unwrap();
        let made = world.send_to("other", "PUT", "box/source?comp=snapshot", &[], "");
        snapshots.push(header(&made.unwrap(), "x-ms-snapshot"));
    }
    let copy = |world: &mut World, snapshot: &str| {
        let source = format!("http://127.0.0.1:10000/other/box/source?snapshot={snapshot}");
        let headers = [("x-ms-copy-source", source.as_str())];
        world.send("PUT", "box/blob?comp=incrementalcopy", &headers, "")
    };
    for snapshot in &snapshots {
        let answer = copy(&mut world, snapshot).unwrap();
        assert_eq!(header(&answer, "x-ms-copy-status"), "pending");
        refused(
            copy(&mut world, snapshot),
            409,
            ErrorCode::PENDING_COPY_OPERATION,
        );
        world.pass(1);
        assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
        assert_eq!(world.property("blob", "x-ms-incremental-copy"), "true");
        let made = world.property("blob", "x-ms-copy-destination-snapshot");
        let read = world.send("GET", &format!("box/blob?snapshot={made}"), &[], "");
        assert_eq!(read.unwrap().status, 200);
        refused(
            world.send("GET", "box/blob", &[], ""),
            409,
            ErrorCode::OPERATION_NOT_ALLOWED_ON_INCREMENTAL_COPY_BLOB,
        );
    }
    refused(
        copy(&mut world, &snapshots[0]),
        409,
        ErrorCode::INCREMENTAL_COPY_OF_EARLIER_VERSION_SNAPSHOT_NOT_ALLOWED,
    );
}

#[test]
fn a_source_that_was_overwritten_has_lost_the_history_that_incremental_copies_go_by() {
    let mut world = World::new();
    let page = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "512"),
    ];
    for (overwritten, expected) in [(false, None), (true, Some(ErrorCode::BLOB_OVERWRITTEN))] {
        if overwritten
            || world
                .send_to("other", "HEAD", "box/source", &[], "")
                .is_err()
        {
            world
                .send_to("other", "PUT", "box/source", &page, "")
                .unwrap();
        }
        let made = world.send_to("other", "PUT", "box/source?comp=snapshot", &[], "");
        let snapshot = header(&made.unwrap(), "x-ms-snapshot");
        let source = format!("http://127.0.0.1:10000/other/box/source?snapshot={snapshot}");
        let headers = [("x-ms-copy-source", source.as_str())];
        let copied = world.send("PUT", "box/blob?comp=incrementalcopy", &headers, "");
        match expected {
            None => drop(copied.unwrap()),
            Some(code) => refused(copied, 409, code),
        }
        world.pass(1);
    }
}

#[test]
fn an_incremental_copy_is_no_source_but_its_snapshots_are() {
    let mut world = World::new();
    world.pages("other", "source", 512);
    let made = world.send_to("other", "PUT", "box/source?comp=snapshot", &[], "");
    let snapshot = header(&made.unwrap(), "x-ms-snapshot");
    let source = format!("http://127.0.0.1:10000/other/box/source?snapshot={snapshot}");
    let headers = [("x-ms-copy-source", source.as_str())];
    world
        .send("PUT", "box/blob?comp=incrementalcopy", &headers, "")
        .unwrap();
    world.pass(1);
    let made = world.property("blob", "x-ms-copy-destination-snapshot");
    let base = "http://127.0.0.1:10000/devstoreaccount1/box/blob";
    let headers = [("x-ms-copy-source", base)];
    refused(
        world.send("PUT", "box/copy", &headers, ""),
        409,
        ErrorCode::OPERATION_NOT_ALLOWED_ON_INCREMENTAL_COPY_BLOB,
    );
    let snapshot = format!("{base}?snapshot={made}");
    let headers = [("x-ms-copy-source", snapshot.as_str())];
    world.send("PUT", "box/copy", &headers, "").unwrap();
}

#[test]
fn two_failed_conditions_are_told_apart_by_side() {
    let mut world = World::new();
    world.put("devstoreaccount1", "source", "s");
    world.put("devstoreaccount1", "blob", "b");
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    for (name, code) in [
        ("x-ms-source-if-match", ErrorCode::SOURCE_CONDITION_NOT_MET),
        ("if-match", ErrorCode::TARGET_CONDITION_NOT_MET),
    ] {
        let headers = [("x-ms-copy-source", source), (name, "\"0x8D0\"")];
        refused(world.send("PUT", "box/blob", &headers, ""), 412, code);
    }
}

#[test]
fn a_source_that_is_missing_is_told_by_the_way_of_copying() {
    let mut world = World::new();
    let missing = world.copy("devstoreaccount1", "nothing", "blob");
    refused(missing, 404, ErrorCode::BLOB_NOT_FOUND);
    let elsewhere = world.copy("other", "nothing", "blob");
    refused(elsewhere, 404, ErrorCode::CANNOT_VERIFY_COPY_SOURCE);
    let source = "http://127.0.0.1:10000/other/box/nothing";
    let headers = [("x-ms-copy-source", source), ("x-ms-requires-sync", "true")];
    let now = world.send("PUT", "box/blob", &headers, "");
    refused(now, 404, ErrorCode::CANNOT_VERIFY_COPY_SOURCE);
}

#[test]
fn a_destination_deleted_under_way_comes_back_without_its_copy() {
    let mut world = pending();
    let policy = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled>\
                  <Days>2</Days></DeleteRetentionPolicy></StorageServiceProperties>";
    world
        .send("PUT", "?restype=service&comp=properties", &[], policy)
        .unwrap();
    world.send("DELETE", "box/blob", &[], "").unwrap();
    world
        .send("PUT", "box/blob?comp=undelete", &[], "")
        .unwrap();
    assert_eq!(world.property("blob", "x-ms-copy-status"), "aborted");
}

#[test]
fn copies_of_copies_settle_in_the_order_of_time() {
    let mut world = pending();
    world.copy("other", "source", "second").unwrap();
    world.pass(3600);
    world.put("other", "source", "changed long after");
    for blob in ["blob", "second"] {
        assert_eq!(world.property(blob, "x-ms-copy-status"), "success");
    }
    let first = world.property("blob", "x-ms-copy-completion-time");
    assert_eq!(first, world.property("second", "x-ms-copy-completion-time"));
    assert_eq!(first, world.property("blob", "last-modified"));
}

#[test]
fn a_fault_ends_a_copy_where_it_says_and_in_these_words() {
    for (fault, description) in [
        (
            "copy-source-changed,at=50",
            "412 ConditionNotMet \"Copy failed when reading the source.\"",
        ),
        (
            "copy-fails,at=50",
            "500 InternalServerError \"Copy failed.\"",
        ),
    ] {
        let mut world = World::new();
        world.put("other", "source", vec![7; 16 << 20]);
        world.effect = Some(fault.parse::<crate::Fault>().unwrap().effect);
        world.copy("other", "source", "blob").unwrap();
        world.effect = None;
        world.pass(1);
        assert_eq!(
            world.property("blob", "x-ms-copy-progress"),
            "4194304/16777216"
        );
        assert_eq!(world.property("blob", "x-ms-copy-status"), "pending");
        world.pass(1);
        assert_eq!(world.property("blob", "x-ms-copy-status"), "failed");
        assert_eq!(
            world.property("blob", "x-ms-copy-progress"),
            "8388608/16777216"
        );
        assert_eq!(
            world.property("blob", "x-ms-copy-status-description"),
            description
        );
        assert_eq!(world.property("blob", "content-length"), "0");
    }
}

#[test]
fn a_copy_that_would_be_finished_at_once_is_pending_before_a_fault_ends_it() {
    let mut world = World::new();
    world.put("devstoreaccount1", "source", "small");
    world.effect = Some(Effect::CopyFails { at: 0 });
    let answer = world.copy("devstoreaccount1", "source", "blob").unwrap();
    assert_eq!(header(&answer, "x-ms-copy-status"), "pending");
    world.effect = None;
    world.pass(1);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "failed");
}

#[test]
fn a_copy_that_cannot_read_its_source_says_so_and_is_finished_later() {
    let mut world = World::new();
    world.put("other", "source", vec![7; 8 << 20]);
    world.effect = Some(
        "copy-retries,at=50,pause=60"
            .parse::<crate::Fault>()
            .unwrap()
            .effect,
    );
    world.copy("other", "source", "blob").unwrap();
    world.effect = None;
    world.pass(30);
    let description = world.property("blob", "x-ms-copy-status-description");
    assert!(
        description.starts_with(
            "502 BadGateway \"Encountered a retryable error when reading the source. Will retry. \
             Time of failure: 2020-09-13T12:26:41"
        ),
        "{description}"
    );
    assert_eq!(
        world.property("blob", "x-ms-copy-progress"),
        "4194304/8388608"
    );
    world.pass(32);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
    assert_eq!(world.property("blob", "x-ms-copy-status-description"), "");
}

#[test]
fn a_long_chain_of_copies_of_copies_fails_in_a_small_stack() {
    let mut world = World::new();
    world.pages("other", "0", 4_294_967_296);
    for n in 1..400 {
        let (from, to) = match n % 2 {
            0 => ("devstoreaccount1", "other"),
            _ => ("other", "devstoreaccount1"),
        };
        let source = format!("http://127.0.0.1:10000/{from}/box/{}", n - 1);
        let headers = [("x-ms-copy-source", &*source)];
        let answer = world
            .send_to(to, "PUT", &format!("box/{n}"), &headers, "")
            .unwrap();
        assert_eq!(header(&answer, "x-ms-copy-status"), "pending", "{n}");
    }
    let small = std::thread::Builder::new().stack_size(128 << 10);
    let changing = small.spawn(move || {
        let url = "box/0?comp=metadata";
        world.send_to("other", "PUT", url, &[], "").unwrap();
        world
    });
    let mut world = changing.unwrap().join().unwrap();
    for n in [1, 201, 399] {
        let status = world.property(&n.to_string(), "x-ms-copy-status");
        assert_eq!(status, "failed", "{n}");
    }
}
