//! Blobs of many blocks and pages: what a change costs, and that none of it is lost.

use std::ops::Bound;

use proptest::prelude::*;

use crate::config::DataProtection;
use crate::operation::tests::World;
use crate::store::records;
use crate::store::{FEW, plain};

const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");
const APPEND: (&str, &str) = ("x-ms-blob-type", "AppendBlob");

fn block_id(number: usize) -> String {
    use base64::Engine as _;
    let id = base64::prelude::BASE64_URL_SAFE.encode(format!("{number:06}"));
    id.replace('=', "%3D")
}

fn put_block(world: &mut World, blob: &str, number: usize) {
    let url = format!("box/{blob}?comp=block&blockid={}", block_id(number));
    world.send("PUT", &url, &[], format!("{number} ")).unwrap();
}

fn commit(world: &mut World, blob: &str, numbers: impl Iterator<Item = usize>) {
    let items: String = numbers
        .map(|number| format!("<Latest>{}</Latest>", block_id(number)))
        .collect();
    let list = format!("<BlockList>{items}</BlockList>");
    let url = format!("box/{blob}?comp=blocklist");
    world.send("PUT", &url, &[], list).unwrap();
}

fn append(world: &mut World, blob: &str, data: String) {
    let url = format!("box/{blob}?comp=appendblock");
    world.send("PUT", &url, &[], data).unwrap();
}

fn page_blob(world: &mut World, blob: &str, length: u64) {
    let length = length.to_string();
    let headers = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", length.as_str()),
    ];
    world
        .send("PUT", &format!("box/{blob}"), &headers, "")
        .unwrap();
}

fn pages(world: &mut World, blob: &str, start: u64, end: u64, what: &str) {
    let range = format!("bytes={start}-{}", end - 1);
    let headers = [("x-ms-page-write", what), ("range", range.as_str())];
    let length = if what == "clear" { 0 } else { end - start };
    let data = vec![7; usize::try_from(length).unwrap()];
    world
        .send("PUT", &format!("box/{blob}?comp=page"), &headers, data)
        .unwrap();
}

/// Rows of sheets in a directory that nobody has open.
fn sheet_rows(world: &mut World) -> usize {
    let kept = world.close().unwrap();
    let database = records::open(&kept.path().join("records.redb")).unwrap();
    let mut count = 0;
    records::read::<redb::Error>(
        &database,
        (Bound::Included(b"B"), Bound::Excluded(b"C")),
        |_, _| {
            count += 1;
            Ok(())
        },
    )
    .unwrap();
    count
}

#[test]
fn one_more_block_or_page_costs_as_much_as_the_first() {
    /// Bytes of rows, for a change to a blob of however many parts.
    const MOST: usize = 16 << 10;
    let mut world = World::in_directory();
    let disk = world.state.disk().unwrap();
    world.send("PUT", "box/append", &[APPEND], "").unwrap();
    page_blob(&mut world, "page", 1 << 40);
    disk.take_most();
    for number in 0..3000 {
        put_block(&mut world, "block", number * 7919 % 3000);
        append(&mut world, "append", number.to_string());
        let page = number as u64 * 104_729 % 3000 * (1 << 20);
        pages(&mut world, "page", page, page + 512, "update");
    }
    let most = disk.take_most();
    assert!(most < MOST, "{most} bytes");
    commit(&mut world, "block", 0..3000);
    world.reopen();
    assert_eq!(world.read("block").len(), world.read("append").len() + 3000);

    // What a snapshot shares is not written again.
    let disk = world.state.disk().unwrap();
    disk.take_most();
    for blob in ["append", "page"] {
        world
            .send("PUT", &format!("box/{blob}?comp=snapshot"), &[], "")
            .unwrap();
    }
    for number in 0..100 {
        append(&mut world, "append", number.to_string());
        let page = number << 21;
        pages(&mut world, "page", page, page + 512, "clear");
    }
    let most = disk.take_most();
    assert!(most < MOST, "{most} bytes");
    world.reopen();
}

fn with_versions() -> World {
    let mut world = World::in_directory();
    let protection = DataProtection {
        versions: true,
        ..DataProtection::default()
    };
    world.state.set_protection("devstoreaccount1", protection);
    world
}

fn overwrite(world: &mut World, text: String) -> String {
    let answer = world.send("PUT", "box/blob", &[BLOCK], text).unwrap();
    answer.headers["x-ms-version-id"]
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn one_more_version_or_snapshot_costs_as_much_as_the_first() {
    /// Bytes of rows, for a change to a blob of however many versions and snapshots.
    const MOST: usize = 12 << 10;
    let mut world = with_versions();
    let disk = world.state.disk().unwrap();
    let mut versions = Vec::new();
    disk.take_most();
    for number in 0..2000 {
        versions.push(overwrite(&mut world, number.to_string()));
        if number % 2 == 0 {
            let snapshot = "box/blob?comp=snapshot";
            world.send("PUT", snapshot, &[], "").unwrap();
        }
    }
    let most = disk.take_most();
    assert!(most < MOST, "{most} bytes");
    world.reopen();

    // Changes to what is long ago, and to the blob beside it.
    let disk = world.state.disk().unwrap();
    disk.take_most();
    for (number, version) in versions.iter().enumerate().step_by(7) {
        let at = format!("box/blob?versionid={version}");
        if number % 2 == 0 {
            world.send("DELETE", &at, &[], "").unwrap();
        } else {
            let tags = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
            let at = format!("{at}&comp=tags");
            world.send("PUT", &at, &[], tags).unwrap();
        }
    }
    let most = disk.take_most();
    assert!(most < MOST, "{most} bytes");
    world.reopen();
    let body = |world: &mut World, version: &str| {
        let got = world.send("GET", &format!("box/blob?versionid={version}"), &[], "");
        got.map(|answer| answer.body.join().unwrap())
    };
    for (number, version) in versions.iter().enumerate() {
        let is_gone = number % 14 == 0;
        let got = body(&mut world, version);
        assert_eq!(got.is_err(), is_gone, "{number}");
        assert!(is_gone || got.unwrap() == number.to_string());
    }
    let all = [("x-ms-delete-snapshots", "include")];
    world.send("DELETE", "box/blob", &all, "").unwrap();
    world
        .send("DELETE", "box?restype=container", &[], "")
        .unwrap();
    assert_eq!(sheet_rows(&mut world), 0);
}

#[test]
fn what_is_kept_apart_goes_with_its_blob() {
    let mut world = World::in_directory();
    world.send("PUT", "box/append", &[APPEND], "").unwrap();
    page_blob(&mut world, "page", 1 << 30);
    for number in 0..200 {
        put_block(&mut world, "block", number);
        append(&mut world, "append", number.to_string());
        let page = number as u64 * (1 << 20);
        pages(&mut world, "page", page, page + 512, "update");
    }
    commit(&mut world, "block", 0..100);
    put_block(&mut world, "left", 1);
    for number in 0..100 {
        put_block(&mut world, "left", number);
    }
    for blob in ["append", "page", "block"] {
        world
            .send("DELETE", &format!("box/{blob}"), &[], "")
            .unwrap();
    }
    world
        .send("DELETE", "box?restype=container", &[], "")
        .unwrap();
    assert_eq!(sheet_rows(&mut world), 0);
}

#[test]
fn what_was_replaced_may_be_gone_though_its_sheet_still_names_it() {
    let mut world = World::in_directory();
    page_blob(&mut world, "page", 1 << 30);
    for _ in 0..4 {
        // A content file of their own each time; the last few are written beside their sheet.
        for number in 0..FEW + 8 {
            put_block(&mut world, "block", number);
            let page = number as u64 * (1 << 20);
            pages(&mut world, "page", page, page + 512, "update");
        }
        world.reopen();
    }
}

#[test]
fn a_directory_of_the_first_format_is_read_and_goes_on() {
    let mut world = World::in_directory();
    plain::with(|| {
        world.send("PUT", "box/append", &[APPEND], "").unwrap();
        page_blob(&mut world, "page", 1 << 30);
        for number in 0..5 * FEW {
            put_block(&mut world, "block", number);
            append(&mut world, "append", number.to_string());
            let page = number as u64 * (1 << 20);
            pages(&mut world, "page", page, page + 512, "update");
        }
        commit(&mut world, "listed", std::iter::empty());
        for blob in ["append", "page"] {
            world
                .send("PUT", &format!("box/{blob}?comp=snapshot"), &[], "")
                .unwrap();
        }
    });
    let mark = world.directory().join("blobferry-emulator");
    let old = "blobferry emulator data, format 1\n";
    std::fs::write(&mark, old).unwrap();
    world.reopen();
    assert_ne!(std::fs::read_to_string(&mark).unwrap(), old);
    for number in 0..2 * FEW {
        put_block(&mut world, "block", number * 3);
        append(&mut world, "append", number.to_string());
        let page = number as u64 * (1 << 21);
        pages(&mut world, "page", page, page + 1024, "clear");
    }
    world.reopen();
    assert!(sheet_rows(&mut world) > 0);
}

#[derive(Debug, Clone)]
enum Step {
    Blocks(usize, usize),
    Commit(usize, usize),
    Append(usize),
    Pages(u64, u64, &'static str),
    Resize(u64),
    Snapshot(&'static str),
    Copy(&'static str),
    Delete(&'static str),
    Overwrite(usize),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let blob = || prop::sample::select(vec!["block", "append", "page"]);
    prop_oneof![
        3 => (0..300_usize, 1..80_usize).prop_map(|(first, count)| Step::Blocks(first, count)),
        1 => (0..200_usize, 1..150_usize).prop_map(|(first, count)| Step::Commit(first, count)),
        3 => (1..80_usize).prop_map(Step::Append),
        3 => (0..400_u64, 1..80_u64).prop_map(|(first, count)| Step::Pages(first, count, "update")),
        2 => (0..400_u64, 1..80_u64).prop_map(|(first, count)| Step::Pages(first, count, "clear")),
        1 => (100..480_u64).prop_map(Step::Resize),
        3 => blob().prop_map(Step::Snapshot),
        2 => blob().prop_map(Step::Copy),
        1 => blob().prop_map(Step::Delete),
        2 => (1..20_usize).prop_map(Step::Overwrite),
        2 => Just(Step::Reopen),
    ]
}

/// So far apart are pages, that each has a chunk of its own.
const APART: u64 = 32 << 10;

fn begin(world: &mut World) {
    commit(world, "block", std::iter::empty());
    world.send("PUT", "box/append", &[APPEND], "").unwrap();
    page_blob(world, "page", 480 * APART);
}

fn take(world: &mut World, step: Step) {
    match step {
        Step::Blocks(first, count) => {
            (first..first + count).for_each(|number| put_block(world, "block", number));
        }
        Step::Commit(first, count) => {
            (first..first + count).for_each(|number| put_block(world, "block", number));
            commit(world, "block", first..first + count);
        }
        Step::Append(count) => {
            (0..count).for_each(|number| append(world, "append", format!("{number} ")));
        }
        Step::Pages(first, count, what) => {
            let length: u64 = world.property("page", "content-length").parse().unwrap();
            for number in first..(first + count).min(length / APART) {
                pages(world, "page", number * APART, number * APART + 512, what);
            }
        }
        Step::Resize(length) => {
            let length = (length * APART).to_string();
            let headers = [("x-ms-blob-content-length", length.as_str())];
            world
                .send("PUT", "box/page?comp=properties", &headers, "")
                .unwrap();
        }
        Step::Snapshot(blob) => {
            world
                .send("PUT", &format!("box/{blob}?comp=snapshot"), &[], "")
                .unwrap();
        }
        Step::Copy(blob) => {
            let copy = format!("{blob}-copy");
            drop(world.copy("devstoreaccount1", blob, &copy).unwrap());
            if blob == "append" {
                append(world, &copy, "more".to_owned());
            }
        }
        Step::Delete(blob) => {
            let all = [("x-ms-delete-snapshots", "include")];
            world
                .send("DELETE", &format!("box/{blob}"), &all, "")
                .unwrap();
            begin(world);
        }
        Step::Overwrite(count) => {
            for number in 0..count {
                overwrite(world, number.to_string());
            }
        }
        Step::Reopen => world.reopen(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn lists_are_there_again_however_they_came_about(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = with_versions();
        begin(&mut world);
        for step in steps {
            take(&mut world, step);
        }
        world.reopen();
    }
}
