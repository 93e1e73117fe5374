//! Blocks, pages, snapshots and deletion.

use super::*;

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.whole().to_vec()).unwrap()
}

#[test]
fn a_block_list_commits_what_it_names_in_its_order() {
    let mut world = World::new();
    for (id, body) in [("AAAA", "one"), ("AAAB", "two"), ("AAAC", "three")] {
        let url = format!("box/blob?comp=block&blockid={id}");
        world.send("PUT", &url, &[], body).unwrap();
    }
    refused(
        world.send("HEAD", "box/blob", &[], ""),
        404,
        ErrorCode::BLOB_NOT_FOUND,
    );
    let list = "<BlockList><Latest>AAAC</Latest><Uncommitted>AAAA</Uncommitted>\
                <Latest>AAAC</Latest></BlockList>";
    world
        .send("PUT", "box/blob?comp=blocklist", &[], list)
        .unwrap();
    assert_eq!(world.read("blob"), "threeonethree");
    let dropped = "<BlockList><Latest>AAAB</Latest></BlockList>";
    refused(
        world.send("PUT", "box/blob?comp=blocklist", &[], dropped),
        400,
        ErrorCode::INVALID_BLOCK_LIST,
    );
    let kept = "<BlockList><Committed>AAAA</Committed></BlockList>";
    world
        .send("PUT", "box/blob?comp=blocklist", &[], kept)
        .unwrap();
    assert_eq!(world.read("blob"), "one");
}

#[test]
fn block_ids_of_a_blob_are_equally_long() {
    let mut world = World::new();
    world
        .send("PUT", "box/blob?comp=block&blockid=AAAA", &[], "x")
        .unwrap();
    refused(
        world.send("PUT", "box/blob?comp=block&blockid=AAAAAAAA", &[], "x"),
        400,
        ErrorCode::INVALID_BLOB_OR_BLOCK,
    );
}

#[test]
fn a_snapshot_stays_as_it_was_and_keeps_the_blob_from_being_deleted() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "before");
    let made = world
        .send("PUT", "box/blob?comp=snapshot", &[], "")
        .unwrap();
    let snapshot = header(&made, "x-ms-snapshot");
    world.put("devstoreaccount1", "blob", "after");
    let url = format!("box/blob?snapshot={snapshot}");
    assert_eq!(
        world.send("GET", &url, &[], "").unwrap().body.whole(),
        "before"
    );
    refused(
        world.send("DELETE", "box/blob", &[], ""),
        409,
        ErrorCode::SNAPSHOTS_PRESENT,
    );
    let include = [("x-ms-delete-snapshots", "include")];
    world.send("DELETE", "box/blob", &include, "").unwrap();
    refused(
        world.send("GET", &url, &[], ""),
        404,
        ErrorCode::BLOB_NOT_FOUND,
    );
}

#[test]
fn a_soft_deleted_blob_comes_back_with_its_snapshots() {
    let mut world = World::new();
    let policy = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled>\
                  <Days>2</Days></DeleteRetentionPolicy></StorageServiceProperties>";
    world
        .send("PUT", "?restype=service&comp=properties", &[], policy)
        .unwrap();
    world.put("devstoreaccount1", "blob", "content");
    world
        .send("PUT", "box/blob?comp=snapshot", &[], "")
        .unwrap();
    let include = [("x-ms-delete-snapshots", "include")];
    let answer = world.send("DELETE", "box/blob", &include, "").unwrap();
    assert_eq!(header(&answer, "x-ms-delete-type-permanent"), "false");
    refused(
        world.send("HEAD", "box/blob", &[], ""),
        404,
        ErrorCode::BLOB_NOT_FOUND,
    );
    let list = "box?restype=container&comp=list&include=deleted,snapshots";
    let shown = text(&world.send("GET", list, &[], "").unwrap());
    assert_eq!(shown.matches("<Deleted>true</Deleted>").count(), 2);
    world
        .send("PUT", "box/blob?comp=undelete", &[], "")
        .unwrap();
    assert_eq!(world.read("blob"), "content");
    let shown = text(&world.send("GET", list, &[], "").unwrap());
    assert_eq!(shown.matches("<Snapshot>").count(), 1);
    assert!(!shown.contains("<Deleted>"));
}

#[test]
fn uncommitted_blocks_are_discarded_a_week_after_the_last_one() {
    const WEEK: u64 = 7 * 24 * 3600;
    let mut world = World::new();
    let block = |id: &str, blob: &str| format!("box/{blob}?comp=block&blockid={id}");
    let blocks = |blob: &str| format!("box/{blob}?comp=blocklist&blocklisttype=all");
    let list = "box?restype=container&comp=list&include=uncommittedblobs";
    world.put("devstoreaccount1", "old", "content");
    for blob in ["old", "new"] {
        world.send("PUT", &block("AAAA", blob), &[], "a").unwrap();
    }
    world.pass(WEEK);
    for blob in ["old", "new"] {
        world.send("PUT", &block("AAAB", blob), &[], "b").unwrap();
    }
    world.pass(WEEK);
    let shown = text(&world.send("GET", &blocks("new"), &[], "").unwrap());
    assert_eq!(shown.matches("<Block>").count(), 2);
    let shown = text(&world.send("GET", list, &[], "").unwrap());
    assert_eq!(shown.matches("<Blob>").count(), 2);

    world.pass(1);
    let shown = text(&world.send("GET", list, &[], "").unwrap());
    assert_eq!(shown.matches("<Blob>").count(), 1);
    refused(
        world.send("GET", &blocks("new"), &[], ""),
        404,
        ErrorCode::BLOB_NOT_FOUND,
    );
    let shown = text(&world.send("GET", &blocks("old"), &[], "").unwrap());
    assert_eq!(shown.matches("<Block>").count(), 0);
    assert_eq!(world.read("old"), "content");
}

#[test]
fn overwriting_keeps_the_lease_and_asks_for_its_id() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "one");
    let acquire = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
    ];
    let answer = world
        .send("PUT", "box/blob?comp=lease", &acquire, "")
        .unwrap();
    let id = header(&answer, "x-ms-lease-id");
    let put = [("x-ms-blob-type", "BlockBlob")];
    refused(
        world.send("PUT", "box/blob", &put, "two"),
        412,
        ErrorCode::LEASE_ID_MISSING,
    );
    let mine = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-lease-id", id.as_str()),
    ];
    world.send("PUT", "box/blob", &mine, "two").unwrap();
    assert_eq!(world.property("blob", "x-ms-lease-state"), "leased");
}

#[test]
fn a_write_ends_an_expired_lease_for_good() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "one");
    let acquire = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "15"),
    ];
    let answer = world
        .send("PUT", "box/blob?comp=lease", &acquire, "")
        .unwrap();
    let id = header(&answer, "x-ms-lease-id");
    world.pass(16);
    assert_eq!(world.property("blob", "x-ms-lease-state"), "expired");
    let put = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-lease-id", id.as_str()),
    ];
    refused(
        world.send("PUT", "box/blob", &put, "x"),
        412,
        ErrorCode::LEASE_LOST,
    );
    world.put("devstoreaccount1", "blob", "two");
    assert_eq!(world.property("blob", "x-ms-lease-state"), "available");
    let renew = [
        ("x-ms-lease-action", "renew"),
        ("x-ms-lease-id", id.as_str()),
    ];
    refused(
        world.send("PUT", "box/blob?comp=lease", &renew, ""),
        409,
        ErrorCode::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION,
    );
}

#[test]
fn what_a_create_only_write_meets() {
    let mut world = World::new();
    let only = [("x-ms-blob-type", "BlockBlob"), ("if-none-match", "*")];
    world.send("PUT", "box/blob", &only, "one").unwrap();
    refused(
        world.send("PUT", "box/blob", &only, "two"),
        409,
        ErrorCode::BLOB_ALREADY_EXISTS,
    );
    refused(
        world.send("GET", "box/blob", &[("if-none-match", "*")], ""),
        400,
        ErrorCode::UNSATISFIABLE_CONDITION,
    );
}

#[test]
fn a_body_that_does_not_fit_its_checksum_is_refused() {
    let mut world = World::new();
    for (name, value, code) in [
        (
            "content-md5",
            "1B2M2Y8AsgTpgAmY7PhCfg==",
            ErrorCode::MD5_MISMATCH,
        ),
        ("content-md5", "short", ErrorCode::INVALID_MD5),
        (
            "x-ms-content-crc64",
            "AAAAAAAAAAA=",
            ErrorCode::CRC64_MISMATCH,
        ),
    ] {
        let headers = [("x-ms-blob-type", "BlockBlob"), (name, value)];
        refused(world.send("PUT", "box/blob", &headers, "body"), 400, code);
    }
}

#[test]
fn appends_are_guarded_by_position_size_and_seal() {
    let mut world = World::new();
    world
        .send("PUT", "box/blob", &[("x-ms-blob-type", "AppendBlob")], "")
        .unwrap();
    let at = |position| [("x-ms-blob-condition-appendpos", position)];
    let url = "box/blob?comp=appendblock";
    world.send("PUT", url, &at("0"), "one").unwrap();
    refused(
        world.send("PUT", url, &at("0"), "two"),
        412,
        ErrorCode::APPEND_POSITION_CONDITION_NOT_MET,
    );
    refused(
        world.send("PUT", url, &[("x-ms-blob-condition-maxsize", "5")], "two"),
        412,
        ErrorCode::MAX_BLOB_SIZE_CONDITION_NOT_MET,
    );
    world.send("PUT", "box/blob?comp=seal", &[], "").unwrap();
    refused(
        world.send("PUT", url, &[], "two"),
        409,
        ErrorCode::BLOB_IS_SEALED,
    );
    assert_eq!(world.read("blob"), "one");
}

#[test]
fn permission_to_create_is_none_to_overwrite() {
    const SOURCE: &str = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    let cases: [(Kind, &[(&str, &str)]); 4] = [
        (Kind::PutBlob, &[("x-ms-blob-type", "BlockBlob")]),
        (Kind::PutBlockList, &[]),
        (Kind::CopyBlob, &[("x-ms-copy-source", SOURCE)]),
        (
            Kind::PutBlobFromUrl,
            &[
                ("x-ms-copy-source", SOURCE),
                ("x-ms-blob-type", "BlockBlob"),
            ],
        ),
    ];
    for (kind, headers) in cases {
        for (letters, there, allowed) in [
            ("c", "nothing", true),
            ("c", "blocks", true),
            ("c", "blob", false),
            ("w", "blob", true),
            ("cw", "blob", true),
        ] {
            let mut world = World::new();
            world.put("devstoreaccount1", "source", "text");
            match there {
                "blob" => world.put("devstoreaccount1", "blob", "old"),
                "blocks" => {
                    let url = "box/blob?comp=block&blockid=MQ==";
                    world.send("PUT", url, &[], "part").unwrap();
                }
                _ => {}
            }
            let asked = Ask {
                letters: crate::auth::Permissions::parse(letters),
                caller: Caller::Sas,
                headers: headers
                    .iter()
                    .map(|(name, value)| {
                        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                        (name, HeaderValue::from_str(value).unwrap())
                    })
                    .collect(),
                now: world.now,
                body: if kind == Kind::PutBlockList {
                    "<BlockList/>".into()
                } else {
                    Default::default()
                },
                ..ask(kind)
            };
            let answer = crate::operation::dispatch(&mut world.state, &asked);
            if allowed {
                answer.unwrap_or_else(|refusal| panic!("{kind:?} {letters} {there}: {refusal:?}"));
            } else {
                refused(answer, 403, ErrorCode::UNAUTHORIZED_BLOB_OVERWRITE);
            }
        }
    }
}

#[test]
fn uncommitted_blocks_are_discarded_though_nobody_asks_about_them() {
    const WEEK: u64 = 7 * 24 * 3600;
    let mut world = World::new();
    let block = |world: &mut World, blob: &str| {
        let url = format!("box/{blob}?comp=block&blockid=MQ==");
        world.send("PUT", &url, &[], "text").unwrap();
    };
    let left = |world: &mut World| {
        world.put("other", "elsewhere", "");
        let container = world.state.container("devstoreaccount1", "box").unwrap();
        let left = container
            .entries_from("")
            .filter(|(_, entry)| entry.blocks_due().is_some());
        left.map(|(name, _)| name.to_string()).collect::<Vec<_>>()
    };
    world.put("devstoreaccount1", "committed", "text");
    block(&mut world, "committed");
    block(&mut world, "early");
    block(&mut world, "again");
    world.pass(WEEK / 2);
    block(&mut world, "again");
    world.pass(WEEK / 2);
    assert_eq!(left(&mut world), ["again", "committed", "early"]);
    world.pass(1);
    assert_eq!(left(&mut world), ["again"]);
    world.pass(WEEK / 2);
    assert_eq!(left(&mut world), [""; 0]);
    assert_eq!(world.state.uncommitted_names(), 0);
    assert_eq!(world.property("committed", "content-length"), "4");
}

#[test]
fn names_of_blocks_that_were_committed_do_not_pile_up() {
    let mut world = World::new();
    let list = "<BlockList><Latest>MQ==</Latest></BlockList>";
    for number in 0..1200 {
        let blob = format!("box/blob{number}");
        let block = format!("{blob}?comp=block&blockid=MQ==");
        world.send("PUT", &block, &[], "text").unwrap();
        let commit = format!("{blob}?comp=blocklist");
        world.send("PUT", &commit, &[], list).unwrap();
        assert!(world.state.uncommitted_names() <= 1025);
    }
}

#[test]
fn reading_and_writing_is_noted_once_a_day_where_the_account_keeps_track() {
    const DAY: u64 = 24 * 3600;
    let mut world = World::new();
    world.put("devstoreaccount1", "before", "text");
    assert_eq!(world.property("before", "x-ms-last-access-time"), "");
    let mut settings = world.state.settings("devstoreaccount1").unwrap();
    settings.last_access_tracking = true;
    world
        .state
        .set_settings("devstoreaccount1", settings)
        .unwrap();
    world.put("devstoreaccount1", "blob", "text");
    let told = |world: &mut World| world.property("blob", "x-ms-last-access-time");
    let written = world.now;
    world.pass(10);
    // Reading tells the time before it.
    let answer = world.send("GET", "box/blob", &[], "").unwrap();
    assert_eq!(header(&answer, "x-ms-last-access-time"), written.to_http());
    let read = world.now.to_http();
    assert_eq!(told(&mut world), read);
    let list = world.send("GET", "box?restype=container&comp=list", &[], "");
    let list = String::from_utf8(list.unwrap().body.whole().to_vec()).unwrap();
    let element = format!("<LastAccessTime>{read}</LastAccessTime>");
    assert_eq!(list.matches(&element).count(), 1, "{list}");
    world.pass(DAY - 1);
    world.read("blob");
    assert_eq!(told(&mut world), read);
    world.pass(1);
    world.read("blob");
    assert_eq!(told(&mut world), world.now.to_http());
    world.pass(1);
    world
        .send("PUT", "box/blob?comp=metadata", &[], "")
        .unwrap();
    assert_ne!(told(&mut world), world.now.to_http());
    world.put("devstoreaccount1", "blob", "more");
    assert_eq!(told(&mut world), world.now.to_http());
    world.version = ServiceVersion::V2019_12_12;
    assert_eq!(told(&mut world), "");
}
