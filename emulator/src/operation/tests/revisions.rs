//! What remains of blobs that are overwritten and deleted.

use super::*;
use crate::config::DataProtection;
use crate::xml::Element;

const DAYS: u64 = 3;
const ACCOUNT: &str = "devstoreaccount1";

/// A world with versions or without, with soft delete or without.
fn world(versions: bool, soft: bool) -> World {
    let mut world = World::new();
    keep_versions(&mut world, versions);
    soft_delete(&mut world, soft.then_some(DAYS));
    world
}

fn keep_versions(world: &mut World, versions: bool) {
    let kept = DataProtection {
        versions,
        ..DataProtection::default()
    };
    world.state.set_protection(ACCOUNT, kept);
}

fn soft_delete(world: &mut World, days: Option<u64>) {
    let policy = match days {
        None => "<Enabled>false</Enabled>".to_owned(),
        Some(days) => format!(
            "<Enabled>true</Enabled><Days>{days}</Days>\
             <AllowPermanentDelete>true</AllowPermanentDelete>"
        ),
    };
    let body = format!(
        "<StorageServiceProperties><DeleteRetentionPolicy>{policy}</DeleteRetentionPolicy>\
         </StorageServiceProperties>"
    );
    world
        .send("PUT", "?restype=service&comp=properties", &[], body)
        .unwrap();
}

fn listed(world: &mut World, query: &str) -> Element {
    let url = format!("box?restype=container&comp=list{query}");
    let body = world.send("GET", &url, &[], "").unwrap().body.whole();
    Element::read(&body).unwrap()
}

/// All that is listed: `blob`, `current`, `version`, `snapshot` and `versions-only`, with a minus
/// before what is deleted.
fn remains(world: &mut World) -> String {
    remains_of(world, "")
}

fn remains_of(world: &mut World, prefix: &str) -> String {
    let include = "snapshots,versions,deleted,deletedwithversions";
    let tree = listed(world, &format!("&include={include}&prefix={prefix}"));
    let word = |item: &Element| {
        let has = |name: &str| item.child(name).is_some();
        let what = match () {
            () if has("Snapshot") => "snapshot",
            () if has("HasVersionsOnly") => "versions-only",
            () if has("IsCurrentVersion") => "current",
            () if has("VersionId") => "version",
            () => "blob",
        };
        format!("{}{what}", if has("Deleted") { "-" } else { "" })
    };
    let items = &tree.child("Blobs").unwrap().children;
    items.iter().map(word).collect::<Vec<_>>().join(" ")
}

type Header<'a> = (&'a str, &'a str);

const BLOCK: &[Header<'_>] = &[("x-ms-blob-type", "BlockBlob")];
const NONE: &[Header<'_>] = &[];
const FROM: Header<'_> = (
    "x-ms-copy-source",
    "http://127.0.0.1:10000/devstoreaccount1/box/blob",
);

/// After one Put Blob: an operation, and what remains with nothing kept, with soft delete, with
/// versions, and with both.
#[test]
fn every_operation_leaves_what_the_account_keeps() {
    let list = "<BlockList></BlockList>";
    let tags = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
    let replaced = [
        "blob",
        "-snapshot blob",
        "version current",
        "version current",
    ];
    let changed = ["blob", "blob", "current", "current"];
    let renewed = ["blob", "blob", "version current", "version current"];
    let snapshot = [
        "snapshot blob",
        "snapshot blob",
        "version snapshot current",
        "version snapshot current",
    ];
    let deleted = [
        "",
        "-blob",
        "version versions-only",
        "version versions-only",
    ];
    type Case<'a> = (
        &'a str,
        &'a str,
        &'a [Header<'a>],
        &'static str,
        [&'a str; 4],
    );
    let cases: &[Case<'_>] = &[
        ("PUT", "", BLOCK, "new", replaced),
        ("PUT", "?comp=blocklist", NONE, list, replaced),
        ("PUT", "", &[FROM], "", replaced),
        (
            "PUT",
            "",
            &[FROM, ("x-ms-requires-sync", "true")],
            "",
            replaced,
        ),
        ("PUT", "", &[FROM, BLOCK[0]], "", replaced),
        (
            "PUT",
            "?comp=metadata",
            &[("x-ms-meta-a", "b")],
            "",
            renewed,
        ),
        ("PUT", "?comp=properties", NONE, "", changed),
        (
            "PUT",
            "?comp=tier",
            &[("x-ms-access-tier", "Cool")],
            "",
            changed,
        ),
        ("PUT", "?comp=tags", NONE, tags, changed),
        ("PUT", "?comp=block&blockid=AAAA", NONE, "block", changed),
        ("PUT", "?comp=undelete", NONE, "", changed),
        ("PUT", "?comp=snapshot", NONE, "", snapshot),
        ("DELETE", "", NONE, "", deleted),
    ];
    for (method, query, headers, body, outcomes) in cases {
        for (index, expected) in outcomes.iter().enumerate() {
            let (versions, soft) = (index >= 2, index % 2 == 1);
            let mut world = world(versions, soft);
            world.put(ACCOUNT, "blob", "old");
            world.pass(1);
            let before = world.property("blob", "x-ms-version-id");
            let answer = world
                .send(method, &format!("box/blob{query}"), headers, *body)
                .unwrap_or_else(|failure| panic!("{method} {query} {headers:?}: {failure:?}"));
            let case = format!("{method} {query} {headers:?} versions {versions} soft {soft}");
            assert_eq!(remains(&mut world), *expected, "{case}");
            let told = header(&answer, "x-ms-version-id");
            let makes = versions && expected.contains("current") && expected.contains("version ");
            assert_eq!(!told.is_empty(), makes, "{case}");
            if expected.ends_with("current") {
                let now = world.property("blob", "x-ms-version-id");
                assert_eq!(now, if makes { &told } else { &before }.as_str(), "{case}");
                assert_eq!(now != before, makes, "{case}");
            }
            if *method == "DELETE" {
                let permanent = if versions || soft { "false" } else { "true" };
                let told = header(&answer, "x-ms-delete-type-permanent");
                assert_eq!(told, permanent, "{case}");
            }
        }
    }
}

#[test]
fn writes_into_page_and_append_blobs_change_the_current_version() {
    let mut world = world(true, false);
    let page = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "512"),
    ];
    let append = [("x-ms-blob-type", "AppendBlob")];
    world.send("PUT", "box/page", &page, "").unwrap();
    world.send("PUT", "box/append", &append, "").unwrap();
    let range = [("x-ms-page-write", "update"), ("x-ms-range", "bytes=0-511")];
    world
        .send("PUT", "box/page?comp=page", &range, vec![1; 512])
        .unwrap();
    world
        .send("PUT", "box/append?comp=appendblock", &[], "more")
        .unwrap();
    assert_eq!(remains(&mut world), "current current");
    world.send("PUT", "box/page", &page, "").unwrap();
    world.send("PUT", "box/append", &append, "").unwrap();
    assert_eq!(remains(&mut world), "version current version current");
}

/// Puts `one`, `two` and `three` in turn; the ids of the versions.
fn three_versions(world: &mut World) -> [String; 3] {
    ["one", "two", "three"].map(|text| {
        world.pass(1);
        let made = world.send("PUT", "box/blob", BLOCK, text).unwrap();
        header(&made, "x-ms-version-id")
    })
}

#[test]
fn a_version_is_read_by_its_id_and_says_whether_it_is_current() {
    let mut world = world(true, false);
    let ids = three_versions(&mut world);
    for (id, text) in ids.iter().zip(["one", "two", "three"]) {
        let url = format!("box/blob?versionid={id}");
        let answer = world.send("GET", &url, &[], "").unwrap();
        assert_eq!(answer.body.whole(), text);
        assert_eq!(header(&answer, "x-ms-version-id"), *id);
        let current = header(&answer, "x-ms-is-current-version");
        assert_eq!(current, if text == "three" { "true" } else { "" });
        assert_eq!(header(&answer, "x-ms-lease-status"), "");
    }
    let base = world.send("HEAD", "box/blob", &[], "").unwrap();
    assert_eq!(header(&base, "x-ms-version-id"), ids[2]);
    assert_eq!(header(&base, "x-ms-lease-status"), "unlocked");
    for wrong in ["2021-01-01T00:00:00.0000000Z", "soon"] {
        let url = format!("box/blob?versionid={wrong}");
        assert!(world.send("GET", &url, &[], "").is_err());
    }
}

#[test]
fn conditions_judge_the_version_that_is_named() {
    let mut world = world(true, false);
    let [first, ..] = three_versions(&mut world);
    let url = format!("box/blob?versionid={first}");
    let etag = header(&world.send("HEAD", &url, &[], "").unwrap(), "etag");
    world
        .send("GET", &url, &[("if-match", etag.as_str())], "")
        .unwrap();
    refused(
        world.send("GET", "box/blob", &[("if-match", etag.as_str())], ""),
        412,
        ErrorCode::CONDITION_NOT_MET,
    );
}

#[test]
fn tier_and_tags_of_a_version_are_its_own() {
    let mut world = world(true, false);
    let [first, ..] = three_versions(&mut world);
    let tags = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
    let at = |comp: &str| format!("box/blob?comp={comp}&versionid={first}");
    world.send("PUT", &at("tags"), &[], tags).unwrap();
    world
        .send("PUT", &at("tier"), &[("x-ms-access-tier", "Cool")], "")
        .unwrap();
    let url = format!("box/blob?versionid={first}");
    let version = world.send("HEAD", &url, &[], "").unwrap();
    assert_eq!(header(&version, "x-ms-access-tier"), "Cool");
    assert_eq!(header(&version, "x-ms-tag-count"), "1");
    assert_eq!(world.property("blob", "x-ms-access-tier"), "Hot");
    assert_eq!(world.property("blob", "x-ms-tag-count"), "");
    assert_eq!(header(&version, "x-ms-version-id"), first);
}

#[test]
fn a_previous_version_does_not_leave_the_archive() {
    let mut world = world(true, false);
    let [first, _, last] = three_versions(&mut world);
    let mut set = |version: &str, tier| {
        let url = format!("box/blob?comp=tier&versionid={version}");
        world.send("PUT", &url, &[("x-ms-access-tier", tier)], "")
    };
    for version in [&first, &last] {
        assert_eq!(set(version, "Archive").unwrap().status, 200);
    }
    let stays = set(&first, "Cool");
    refused(stays, 409, ErrorCode::BLOB_OPERATION_NOT_SUPPORTED);
    assert_eq!(set(&last, "Cool").unwrap().status, 202);
}

#[test]
fn a_write_to_a_version_is_refused() {
    let mut world = world(true, false);
    let [first, ..] = three_versions(&mut world);
    for comp in ["metadata", "properties", "snapshot", "lease"] {
        refused(
            world.send(
                "PUT",
                &format!("box/blob?comp={comp}&versionid={first}"),
                &[],
                "",
            ),
            400,
            ErrorCode::INVALID_QUERY_PARAMETER_VALUE,
        );
    }
}

#[test]
fn a_version_is_promoted_by_copying_it_to_its_blob() {
    for delete in [false, true] {
        let mut world = world(true, false);
        let [first, ..] = three_versions(&mut world);
        if delete {
            world.send("DELETE", "box/blob", &[], "").unwrap();
        }
        let source = format!("blob?versionid={first}");
        world.copy(ACCOUNT, &source, "blob").unwrap();
        assert_eq!(world.read("blob"), "one");
        assert_eq!(remains(&mut world), "version version version current");
    }
}

#[test]
fn a_slow_copy_from_a_version_is_not_disturbed_by_writes_to_its_blob() {
    let mut world = world(true, false);
    let other = DataProtection {
        versions: true,
        ..DataProtection::default()
    };
    world.state.set_protection("other", other);
    let first = vec![b'1'; 9 << 20];
    world.put("other", "source", first.clone());
    let made = world
        .send_to("other", "HEAD", "box/source", &[], "")
        .unwrap();
    let source = format!("source?versionid={}", header(&made, "x-ms-version-id"));
    let started = world.copy("other", &source, "blob").unwrap();
    assert_eq!(header(&started, "x-ms-copy-status"), "pending");
    assert_ne!(header(&started, "x-ms-version-id"), "");
    world.put("other", "source", "second");
    world.pass(10);
    assert_eq!(world.property("blob", "x-ms-copy-status"), "success");
    assert_eq!(world.read("blob"), first);
    assert_eq!(
        world.property("blob", "x-ms-version-id"),
        header(&started, "x-ms-version-id")
    );
}

#[test]
fn the_current_version_is_not_deleted_by_its_id() {
    for soft in [false, true] {
        let mut world = world(true, soft);
        let [first, second, third] = three_versions(&mut world);
        refused(
            world.send("DELETE", &format!("box/blob?versionid={third}"), &[], ""),
            403,
            ErrorCode::OPERATION_NOT_ALLOWED_ON_ROOT_BLOB,
        );
        let with_snapshots = [("x-ms-delete-snapshots", "include")];
        let url = format!("box/blob?versionid={first}");
        refused(
            world.send("DELETE", &url, &with_snapshots, ""),
            400,
            ErrorCode::INVALID_HEADER_VALUE,
        );
        let answer = world.send("DELETE", &url, &[], "").unwrap();
        let permanent = header(&answer, "x-ms-delete-type-permanent");
        assert_eq!(permanent, if soft { "false" } else { "true" });
        refused(
            world.send("DELETE", &url, &[], ""),
            404,
            ErrorCode::BLOB_NOT_FOUND,
        );
        let expected = if soft {
            "-version version current"
        } else {
            "version current"
        };
        assert_eq!(remains(&mut world), expected);
        world.send("DELETE", "box/blob", &[], "").unwrap();
        // What was current is a version now, and can be deleted like any.
        for id in [second, third] {
            let url = format!("box/blob?versionid={id}");
            world.send("DELETE", &url, &[], "").unwrap();
        }
        let expected = "-version -version -version versions-only";
        assert_eq!(remains(&mut world), if soft { expected } else { "" });
        if soft {
            world
                .send("PUT", "box/blob?comp=undelete", &[], "")
                .unwrap();
            assert_eq!(remains(&mut world), "version version version versions-only");
        }
    }
}

#[test]
fn a_blob_with_snapshots_is_deleted_only_with_them() {
    let deleted = [
        "",
        "-snapshot -blob",
        "version version versions-only",
        "version -snapshot version versions-only",
    ];
    for (index, expected) in deleted.iter().enumerate() {
        let mut world = world(index >= 2, index % 2 == 1);
        world.put(ACCOUNT, "blob", "text");
        world
            .send("PUT", "box/blob?comp=snapshot", &[], "")
            .unwrap();
        refused(
            world.send("DELETE", "box/blob", &[], ""),
            409,
            ErrorCode::SNAPSHOTS_PRESENT,
        );
        let include = [("x-ms-delete-snapshots", "include")];
        world.send("DELETE", "box/blob", &include, "").unwrap();
        assert_eq!(remains(&mut world), *expected);
    }
}

#[test]
fn a_deleted_version_goes_for_good_only_when_it_is_soft_deleted() {
    let mut world = world(true, true);
    let [first, _, third] = three_versions(&mut world);
    let at = |id: &str, rest: &str| format!("box/blob?versionid={id}{rest}");
    refused(
        world.send("DELETE", &at(&first, "&deletetype=permanent"), &[], ""),
        409,
        ErrorCode::BLOB_NOT_SOFT_DELETED,
    );
    refused(
        world.send("DELETE", &at(&third, "&deletetype=permanent"), &[], ""),
        403,
        ErrorCode::OPERATION_NOT_ALLOWED_ON_ROOT_BLOB,
    );
    world.send("DELETE", &at(&first, ""), &[], "").unwrap();
    let answer = world
        .send("DELETE", &at(&first, "&deletetype=Permanent"), &[], "")
        .unwrap();
    assert_eq!(header(&answer, "x-ms-delete-type-permanent"), "true");
    assert_eq!(remains(&mut world), "version current");
}

#[test]
fn versions_switched_on_and_off_keep_what_was_there() {
    let mut world = world(false, false);
    world.put(ACCOUNT, "blob", "before");
    keep_versions(&mut world, true);
    assert_eq!(world.property("blob", "x-ms-version-id"), "");
    world.put(ACCOUNT, "blob", "while");
    assert_eq!(remains(&mut world), "version current");
    keep_versions(&mut world, false);
    assert_eq!(remains(&mut world), "version current");
    world.put(ACCOUNT, "blob", "after");
    assert_eq!(world.property("blob", "x-ms-version-id"), "");
    assert_eq!(remains(&mut world), "version version blob");
    world.put(ACCOUNT, "blob", "later");
    assert_eq!(remains(&mut world), "version version blob");
}

#[test]
fn what_is_deleted_is_kept_as_long_as_was_said_when_it_was_deleted() {
    const DAY: u64 = 24 * 3600;
    let mut world = world(false, true);
    world.put(ACCOUNT, "blob", "text");
    world.send("DELETE", "box/blob", &[], "").unwrap();
    soft_delete(&mut world, Some(30));
    let days = |world: &mut World| {
        let tree = listed(world, "&include=deleted");
        let blob = tree.child("Blobs").unwrap().children.first().cloned();
        blob.map(|blob| {
            let properties = blob.child("Properties").unwrap();
            properties
                .text_of("RemainingRetentionDays")
                .unwrap()
                .to_owned()
        })
    };
    world.pass(10);
    assert_eq!(days(&mut world).as_deref(), Some("2"));
    soft_delete(&mut world, None);
    world.pass(2 * DAY);
    assert_eq!(days(&mut world).as_deref(), Some("0"));
    assert_eq!(world.state.overdue_names(), 1);
    world.pass(DAY);
    assert_eq!(days(&mut world), None);
    assert_eq!(world.state.overdue_names(), 0);
    assert!(
        world
            .state
            .container(ACCOUNT, "box")
            .unwrap()
            .entry("blob")
            .is_none()
    );
    refused(
        world.send("PUT", "box/blob?comp=undelete", &[], ""),
        404,
        ErrorCode::BLOB_NOT_FOUND,
    );
}

#[test]
fn very_much_that_is_overdue_is_forgotten_little_by_little_and_never_seen() {
    let mut world = world(false, true);
    for name in 0..200 {
        let name = format!("blob{name:03}");
        world.put(ACCOUNT, &name, "text");
        world
            .send("DELETE", &format!("box/{name}"), &[], "")
            .unwrap();
    }
    assert_eq!(world.state.overdue_names(), 200);
    world.pass(DAYS * 24 * 3600);
    assert_eq!(remains(&mut world), "");
    assert_eq!(world.state.overdue_names(), 200 - 64);
    refused(
        world.send("PUT", "box/blob199?comp=undelete", &[], ""),
        404,
        ErrorCode::BLOB_NOT_FOUND,
    );
    for _ in 0..3 {
        assert_eq!(remains(&mut world), "");
    }
    assert_eq!(world.state.overdue_names(), 0);
    let container = world.state.container(ACCOUNT, "box").unwrap();
    assert_eq!(container.entries_from("").count(), 0);
}

#[test]
fn a_listing_of_versions_goes_on_inside_a_name() {
    let mut world = world(true, false);
    three_versions(&mut world);
    world
        .send("PUT", "box/blob?comp=snapshot", &[], "")
        .unwrap();
    world.put(ACCOUNT, "next", "text");
    let whole = remains(&mut world);
    assert_eq!(whole, "version version version snapshot current current");
    for most in 1..7 {
        let mut words = Vec::new();
        let mut marker = String::new();
        loop {
            let query = format!("&include=snapshots,versions&maxresults={most}&marker={marker}");
            let tree = listed(&mut world, &query);
            for item in &tree.child("Blobs").unwrap().children {
                let own = |name: &str| item.text_of(name).unwrap_or_default().to_owned();
                words.push(own("Name") + &own("Snapshot") + &own("VersionId"));
            }
            marker = tree.text_of("NextMarker").unwrap().to_owned();
            if marker.is_empty() {
                break;
            }
        }
        assert_eq!(words.len(), 6, "{most}: {words:?}");
        words.dedup();
        assert_eq!(words.len(), 6, "{most}: {words:?}");
        assert!(words.is_sorted(), "{most}: {words:?}");
    }
}

#[test]
fn a_soft_deleted_blob_went_for_good_before_accounts_had_a_say() {
    let mut world = world(false, true);
    soft_delete(&mut world, Some(DAYS));
    let policy = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled>\
                  <Days>1</Days></DeleteRetentionPolicy></StorageServiceProperties>";
    world
        .send("PUT", "?restype=service&comp=properties", &[], policy)
        .unwrap();
    world.put(ACCOUNT, "blob", "text");
    let url = "box/blob?deletetype=permanent";
    refused(
        world.send("DELETE", url, &[], ""),
        409,
        ErrorCode::PERMANENT_DELETE_IS_OFF,
    );
    world.version = ServiceVersion::V2017_07_29;
    refused(
        world.send("DELETE", url, &[], ""),
        409,
        ErrorCode::BLOB_NOT_SOFT_DELETED,
    );
    world.send("DELETE", "box/blob", &[], "").unwrap();
    let answer = world.send("DELETE", url, &[], "").unwrap();
    assert_eq!(header(&answer, "x-ms-delete-type-permanent"), "true");
    world.version = ServiceVersion::DEFAULT;
    assert_eq!(remains(&mut world), "");
}

#[test]
fn an_incremental_copy_makes_a_version_and_keeps_its_snapshots() {
    let incremental = |world: &mut World| {
        let snapshot = header(
            &world
                .send("PUT", "box/source?comp=snapshot", &[], "")
                .unwrap(),
            "x-ms-snapshot",
        );
        let source =
            format!("http://127.0.0.1:10000/devstoreaccount1/box/source?snapshot={snapshot}");
        let started = world
            .send(
                "PUT",
                "box/copy?comp=incrementalcopy",
                &[("x-ms-copy-source", &source)],
                "",
            )
            .unwrap();
        world.pass(60);
        header(&started, "x-ms-version-id")
    };
    for (versions, expected) in [
        (false, "snapshot snapshot blob"),
        (true, "version snapshot snapshot current"),
    ] {
        let mut world = world(versions, false);
        world.pages("devstoreaccount1", "source", 512);
        for _ in 0..2 {
            assert_eq!(!incremental(&mut world).is_empty(), versions);
        }
        assert_eq!(world.property("copy", "x-ms-copy-status"), "success");
        assert_eq!(remains_of(&mut world, "copy"), expected);
    }
}

#[test]
fn a_page_of_versions_costs_what_is_on_it() {
    let mut world = world(true, false);
    for _ in 0..300 {
        world.put(ACCOUNT, "blob", "text");
    }
    let entry = world
        .state
        .container(ACCOUNT, "box")
        .unwrap()
        .entry("blob")
        .unwrap();
    let filter = crate::blob::RevisionFilter {
        snapshots: true,
        versions: true,
    };
    let (last, _) = entry.revisions(filter, None).last().unwrap();
    let crate::blob::Revision::Version(tick) = last else {
        panic!("{last:?}");
    };
    // What lies before the place where a page begins is not looked at.
    assert_eq!(entry.revisions(filter, Some(tick)).count(), 1);
    assert_eq!(entry.revisions(filter, None).count(), 299);
    let none = crate::blob::RevisionFilter::default();
    assert_eq!(entry.revisions(none, None).count(), 0);
}

#[test]
fn a_version_under_a_hold_outlives_the_blob_that_replaces_it() {
    let mut world = world(true, false);
    let [.., third] = three_versions(&mut world);
    let hold = |hold| [("x-ms-legal-hold", hold)];
    world
        .send("PUT", "box/blob?comp=legalhold", &hold("true"), "")
        .unwrap();
    world.put(ACCOUNT, "blob", "four");
    let url = format!("box/blob?versionid={third}");
    refused(
        world.send("DELETE", &url, &[], ""),
        409,
        ErrorCode::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD,
    );
    world.send("DELETE", "box/blob", &[], "").unwrap();
    assert_eq!(
        remains(&mut world),
        "version version version version versions-only"
    );
    let at = format!("{url}&comp=legalhold");
    world.send("PUT", &at, &hold("false"), "").unwrap();
    world.send("DELETE", &url, &[], "").unwrap();
    assert_eq!(remains(&mut world), "version version version versions-only");
}

#[test]
fn a_snapshot_and_a_version_cannot_be_named_together() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "text");
    let at = "2020-09-13T12:26:40.0000000Z";
    for method in ["GET", "HEAD", "DELETE"] {
        let url = format!("box/blob?snapshot={at}&versionid={at}");
        let answer = world.send(method, &url, &[], "");
        refused(answer, 400, ErrorCode::MUTUALLY_EXCLUSIVE_QUERY_PARAMETERS);
    }
}
