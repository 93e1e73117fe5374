//! Tiers, over whole requests.

use std::time::Duration;

use blobferry_core::{ErrorCode as E, ServiceVersion};

use super::{World, header, refused};
use crate::answer::Answer;
use crate::config::{Config, DEV_ACCOUNT, Rehydration};
use crate::failure::Failure;
use crate::state::State;

const HOUR: u64 = 3600;

fn set(world: &mut World, tier: &str, priority: &str) -> Result<Answer, Failure> {
    let headers = [
        ("x-ms-access-tier", tier),
        ("x-ms-rehydrate-priority", priority),
    ];
    world.send("PUT", "box/blob?comp=tier", &headers, "")
}

fn archived() -> World {
    let mut world = World::new();
    world.put(DEV_ACCOUNT, "blob", "text");
    assert_eq!(set(&mut world, "Archive", "Standard").unwrap().status, 200);
    world
}

#[test]
fn an_archived_blob_is_out_of_reach_until_it_is_back() {
    let mut world = archived();
    refused(
        world.send("GET", "box/blob", &[], ""),
        409,
        E::BLOB_ARCHIVED,
    );
    assert_eq!(set(&mut world, "Cool", "Standard").unwrap().status, 202);
    refused(
        world.send("GET", "box/blob", &[], ""),
        409,
        E::BLOB_BEING_REHYDRATED,
    );
    assert_eq!(
        world.property("blob", "x-ms-archive-status"),
        "rehydrate-pending-to-cool"
    );
    assert_eq!(
        world.property("blob", "x-ms-rehydrate-priority"),
        "Standard"
    );
    assert_eq!(world.property("blob", "x-ms-access-tier"), "Archive");
    refused(
        set(&mut world, "Hot", "High"),
        409,
        E::BLOB_BEING_REHYDRATED,
    );
    assert_eq!(set(&mut world, "Cool", "High").unwrap().status, 202);
    assert_eq!(world.property("blob", "x-ms-rehydrate-priority"), "High");
    world.pass(HOUR);
    assert_eq!(&world.read("blob")[..], b"text");
    assert_eq!(world.property("blob", "x-ms-access-tier"), "Cool");
    assert_eq!(world.property("blob", "x-ms-archive-status"), "");
    let back = world.now.to_http();
    world.pass(HOUR);
    assert_eq!(world.property("blob", "x-ms-access-tier-change-time"), back);
}

#[test]
fn rehydration_takes_as_long_as_the_service_was_told() {
    let mut world = archived();
    world.state = State::new(Config::new().rehydration(Rehydration {
        standard: Duration::from_secs(10),
        high: Duration::ZERO,
    }));
    world.send("PUT", "box?restype=container", &[], "").unwrap();
    for (priority, seconds) in [("Standard", 10), ("High", 0)] {
        world.put(DEV_ACCOUNT, "blob", "text");
        set(&mut world, "Archive", "Standard").unwrap();
        assert_eq!(set(&mut world, "Hot", priority).unwrap().status, 202);
        world.pass(seconds);
        assert_eq!(&world.read("blob")[..], b"text", "{priority}");
    }
}

/// Which versions take a tier, by operation.
#[test]
fn a_tier_means_something_from_the_version_that_knows_it() {
    type V = ServiceVersion;
    for (version, tier, expected) in [
        (V::V2018_03_28, "Cool", Ok("Hot")),
        (V::V2018_11_09, "Cool", Ok("Cool")),
        (V::V2021_06_08, "Cold", Err(E::INVALID_HEADER_VALUE)),
        (V::V2021_12_02, "Cold", Ok("Cold")),
        (V::V2026_04_06, "Smart", Err(E::INVALID_HEADER_VALUE)),
        (V::V2026_06_06, "Smart", Ok("Smart")),
        (V::V2026_06_06, "P10", Err(E::INVALID_HEADER_VALUE)),
    ] {
        let mut world = World::new();
        world.version = version;
        let headers = [("x-ms-blob-type", "BlockBlob"), ("x-ms-access-tier", tier)];
        let made = world.send("PUT", "box/blob", &headers, "");
        match expected {
            Ok(tier) => {
                made.unwrap();
                assert_eq!(world.property("blob", "x-ms-access-tier"), tier);
            }
            Err(code) => refused(made, 400, code),
        }
    }
}

#[test]
fn the_smart_tier_says_where_it_keeps_a_blob() {
    let mut world = World::new();
    world.version = ServiceVersion::V2026_06_06;
    let headers = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-access-tier", "Smart"),
    ];
    world.send("PUT", "box/blob", &headers, "").unwrap();
    assert_eq!(world.property("blob", "x-ms-smart-access-tier"), "Hot");
    world.pass(30 * 24 * HOUR);
    assert_eq!(world.property("blob", "x-ms-smart-access-tier"), "Cool");
    let listed = world.send("GET", "box?restype=container&comp=list", &[], "");
    let listed = listed.unwrap().body.whole();
    let listed = std::str::from_utf8(&listed).unwrap();
    assert!(
        listed.contains("<SmartAccessTier>Cool</SmartAccessTier>"),
        "{listed}"
    );
    world.version = ServiceVersion::V2026_04_06;
    assert_eq!(world.property("blob", "x-ms-smart-access-tier"), "");
}

#[test]
fn an_archived_source_is_copied_to_an_online_tier_and_stays() {
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/blob";
    let copy = |world: &mut World, account: &str, tier: Option<&'static str>| {
        let mut headers = vec![("x-ms-copy-source", source)];
        headers.extend(tier.map(|tier| ("x-ms-access-tier", tier)));
        world.send_to(account, "PUT", "box/copy", &headers, "")
    };
    type V = ServiceVersion;
    for (account, tier, version, allowed) in [
        (DEV_ACCOUNT, None, V::V2021_02_12, false),
        (DEV_ACCOUNT, Some("Archive"), V::V2021_02_12, false),
        (DEV_ACCOUNT, Some("Cool"), V::V2018_11_09, true),
        ("other", Some("Cool"), V::V2020_12_06, false),
        ("other", Some("Cool"), V::V2021_02_12, true),
    ] {
        let mut world = archived();
        world.version = version;
        let answer = copy(&mut world, account, tier);
        if !allowed {
            refused(answer, 409, E::BLOB_ARCHIVED);
            continue;
        }
        answer.unwrap();
        let properties = world.send_to(account, "HEAD", "box/copy", &[], "").unwrap();
        assert_eq!(
            header(&properties, "x-ms-archive-status"),
            "rehydrate-pending-to-cool"
        );
        assert_eq!(world.property("blob", "x-ms-access-tier"), "Archive");
        set(&mut world, "Hot", "Standard").unwrap();
        refused(
            copy(&mut world, account, tier),
            409,
            E::BLOB_BEING_REHYDRATED,
        );
    }
}

#[test]
fn a_premium_page_blob_keeps_to_the_size_of_its_tier() {
    const GIB: u64 = 1 << 30;
    let mut world = World::new();
    let put = |world: &mut World, length: u64, tier: &str| {
        let length = length.to_string();
        let headers = [
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", length.as_str()),
            ("x-ms-access-tier", tier),
        ];
        world.send("PUT", "box/blob", &headers, "")
    };
    let inadequate = E::BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH;
    refused(put(&mut world, 33 * GIB, "P4"), 409, inadequate.clone());
    put(&mut world, 32 * GIB, "P4").unwrap();
    let longer = [("x-ms-blob-content-length", &*(33 * GIB).to_string())];
    let resized = world.send("PUT", "box/blob?comp=properties", &longer, "");
    refused(resized, 409, E::CONTENT_LENGTH_LARGER_THAN_TIER_LIMIT);
    set(&mut world, "P6", "Standard").unwrap();
    world
        .send("PUT", "box/blob?comp=properties", &longer, "")
        .unwrap();
    refused(
        set(&mut world, "P4", "Standard"),
        409,
        E::CANNOT_CHANGE_TO_LOWER_TIER,
    );
    refused(
        set(&mut world, "Cool", "Standard"),
        400,
        E::INVALID_BLOB_TIER,
    );
    world.copy(DEV_ACCOUNT, "blob", "copy").unwrap();
    assert_eq!(world.property("copy", "x-ms-access-tier"), "P6");
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/blob";
    let headers = [("x-ms-copy-source", source), ("x-ms-access-tier", "P4")];
    refused(
        world.send("PUT", "box/small", &headers, ""),
        409,
        inadequate,
    );
}

#[test]
fn overwriting_inherits_an_online_tier_only() {
    for (tier, expected) in [("Cool", "Cool"), ("Hot", "Hot")] {
        let mut world = World::new();
        world.put(DEV_ACCOUNT, "blob", "");
        set(&mut world, tier, "Standard").unwrap();
        world.put(DEV_ACCOUNT, "blob", "more");
        assert_eq!(world.property("blob", "x-ms-access-tier"), expected);
        assert_eq!(world.property("blob", "x-ms-access-tier-inferred"), "");
    }
    let mut world = archived();
    let headers = [("x-ms-blob-type", "BlockBlob")];
    refused(
        world.send("PUT", "box/blob", &headers, ""),
        409,
        E::BLOB_ARCHIVED,
    );
    set(&mut world, "Cool", "High").unwrap();
    world.pass(HOUR);
    world.put(DEV_ACCOUNT, "blob", "more");
    assert_eq!(world.property("blob", "x-ms-access-tier"), "Cool");
}

#[test]
fn a_deletion_may_depend_on_when_the_tier_was_changed() {
    let since = "x-ms-access-tier-if-modified-since";
    let until = "x-ms-access-tier-if-unmodified-since";
    for (name, ago, later, deleted) in [
        (since, 1, 0, true),
        (since, 0, 0, false),
        (until, 0, 0, true),
        (until, 0, 1, true),
        (until, 1, 0, false),
    ] {
        let mut world = World::new();
        world.version = ServiceVersion::V2026_04_06;
        world.put(DEV_ACCOUNT, "blob", "");
        world.pass(HOUR);
        set(&mut world, "Cool", "Standard").unwrap();
        let at = world.now.as_secs() - ago + later;
        let at = blobferry_core::Timestamp::from_millis(at * 1000).to_http();
        let answer = world.send("DELETE", "box/blob", &[(name, at.as_str())], "");
        if deleted {
            answer.unwrap();
        } else {
            refused(answer, 412, E::CONDITION_NOT_MET);
        }
    }
}
