//! Policies and holds, over whole requests.

use blobferry_core::ErrorCode as E;
use blobferry_core::Timestamp;

use crate::answer::Answer;
use crate::config::{Config, DEV_ACCOUNT, DataProtection, ImmutableStorage};
use crate::failure::Failure;
use crate::operation::tests::{World, header, refused};
use crate::state::State;

const DAY: u64 = 24 * 3600;

/// So many days after the world began.
fn day(days: u64) -> String {
    let start = Timestamp::from_millis(1_600_000_000_000);
    (start + std::time::Duration::from_secs(days * DAY)).to_http()
}

fn policy(world: &mut World, mode: &str, days: u64) -> Result<Answer, Failure> {
    let until = day(days);
    let headers = [
        ("x-ms-immutability-policy-until-date", until.as_str()),
        ("x-ms-immutability-policy-mode", mode),
    ];
    world.send("PUT", "box/blob?comp=immutabilityPolicies", &headers, "")
}

fn hold(world: &mut World, hold: &str) -> Result<Answer, Failure> {
    let headers = [("x-ms-legal-hold", hold)];
    world.send("PUT", "box/blob?comp=legalhold", &headers, "")
}

fn drop_policy(world: &mut World) -> Result<Answer, Failure> {
    world.send("DELETE", "box/blob?comp=immutabilityPolicies", &[], "")
}

fn delete(world: &mut World) -> Result<Answer, Failure> {
    world.send("DELETE", "box/blob", &[], "")
}

/// What the table of the documents forbids: kind of blob, request.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const SOURCE: (&str, &str) = (
    "x-ms-copy-source",
    "http://127.0.0.1:10000/devstoreaccount1/box/source",
);

#[rustfmt::skip]
const FORBIDDEN: &[Case] = &[
    ("BlockBlob",  "PUT", "?comp=metadata", &[]),
    ("PageBlob",   "PUT", "?comp=page", &[("x-ms-page-write", "clear"), ("x-ms-range", "bytes=0-511")]),
    ("PageBlob",   "PUT", "?comp=properties", &[("x-ms-blob-content-length", "512")]),
    ("BlockBlob",  "PUT", "", &[("x-ms-blob-type", "BlockBlob")]),
    ("BlockBlob",  "PUT", "?comp=blocklist", &[]),
    ("BlockBlob",  "PUT", "", &[SOURCE]),
    ("BlockBlob",  "PUT", "", &[SOURCE, ("x-ms-requires-sync", "true")]),
    ("BlockBlob",  "PUT", "", &[SOURCE, ("x-ms-blob-type", "BlockBlob")]),
];

#[rustfmt::skip]
const ALLOWED: &[Case] = &[
    ("BlockBlob",  "GET", "", &[]),
    ("BlockBlob",  "PUT", "?comp=properties", &[]),
    ("BlockBlob",  "PUT", "?comp=tier", &[("x-ms-access-tier", "Cool")]),
    ("BlockBlob",  "PUT", "?comp=snapshot", &[]),
    ("BlockBlob",  "PUT", "?comp=lease", &[("x-ms-lease-action", "acquire"), ("x-ms-lease-duration", "15")]),
];

fn world_with(kind: &str) -> World {
    put_into(World::new(), kind)
}

fn put_into(mut world: World, kind: &str) -> World {
    world.put(DEV_ACCOUNT, "source", "text");
    let length: &[(&str, &str)] = match kind {
        "PageBlob" => &[("x-ms-blob-content-length", "1024")],
        _ => &[],
    };
    let headers = [&[("x-ms-blob-type", kind)], length].concat();
    world.send("PUT", "box/blob", &headers, "").unwrap();
    world
}

fn request(world: &mut World, (_, method, url, headers): Case) -> Result<Answer, Failure> {
    let body = if url == "?comp=blocklist" {
        "<BlockList/>"
    } else {
        ""
    };
    world.send(method, &format!("box/blob{url}"), headers, body)
}

#[test]
fn what_must_stay_is_neither_written_nor_replaced_nor_deleted() {
    for case in FORBIDDEN {
        let mut world = world_with(case.0);
        policy(&mut world, "Unlocked", 2).unwrap();
        refused(
            request(&mut world, *case),
            409,
            E::BLOB_IMMUTABLE_DUE_TO_POLICY,
        );
        refused(delete(&mut world), 409, E::BLOB_IMMUTABLE_DUE_TO_POLICY);
        world.pass(3 * DAY);
        refused(
            request(&mut world, *case),
            409,
            E::BLOB_IMMUTABLE_DUE_TO_POLICY,
        );
        drop_policy(&mut world).unwrap();
        hold(&mut world, "true").unwrap();
        refused(
            request(&mut world, *case),
            409,
            E::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD,
        );
        refused(delete(&mut world), 409, E::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD);
        hold(&mut world, "false").unwrap();
        request(&mut world, *case).unwrap_or_else(|refusal| panic!("{case:?}: {refusal:?}"));
        delete(&mut world).unwrap();
    }
}

#[test]
fn what_leaves_the_content_alone_is_allowed() {
    for case in ALLOWED {
        let mut world = world_with(case.0);
        policy(&mut world, "Locked", 2).unwrap();
        hold(&mut world, "true").unwrap();
        request(&mut world, *case).unwrap_or_else(|refusal| panic!("{case:?}: {refusal:?}"));
    }
}

/// Mode and days before, mode and days asked, whether it is allowed.
const CHANGES: &[(&str, u64, &str, u64, bool)] = &[
    ("Unlocked", 5, "Unlocked", 6, true),
    ("Unlocked", 5, "Unlocked", 4, true),
    ("Unlocked", 5, "Locked", 4, true),
    ("Locked", 5, "Locked", 5, true),
    ("Locked", 5, "Locked", 6, true),
    ("Locked", 5, "Locked", 4, false),
    ("Locked", 5, "Unlocked", 6, false),
];

#[test]
fn a_locked_policy_is_only_ever_extended() {
    for (mode, days, next, then, allowed) in CHANGES {
        let mut world = world_with("BlockBlob");
        let told = policy(&mut world, mode, *days).unwrap();
        assert_eq!(
            header(&told, "x-ms-immutability-policy-until-date"),
            day(*days)
        );
        let answer = policy(&mut world, next, *then);
        if *allowed {
            let mode = header(&answer.unwrap(), "x-ms-immutability-policy-mode");
            assert_eq!(mode, next.to_ascii_lowercase());
        } else {
            refused(answer, 409, E::BLOB_IMMUTABLE_DUE_TO_POLICY);
        }
        let dropped = drop_policy(&mut world);
        assert_eq!(dropped.is_ok(), *mode == "Unlocked" && *next == "Unlocked");
    }
}

#[test]
fn a_blob_is_made_with_its_policy_and_told_with_it() {
    let mut world = World::new();
    let until = day(9);
    let headers = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-immutability-policy-until-date", until.as_str()),
        ("x-ms-immutability-policy-mode", "Locked"),
        ("x-ms-legal-hold", "true"),
    ];
    world.send("PUT", "box/blob", &headers, "text").unwrap();
    for method in ["HEAD", "GET"] {
        let told = world.send(method, "box/blob", &[], "").unwrap();
        assert_eq!(header(&told, "x-ms-immutability-policy-until-date"), until);
        assert_eq!(header(&told, "x-ms-immutability-policy-mode"), "locked");
        assert_eq!(header(&told, "x-ms-legal-hold"), "true");
    }
    let mut list = |include: &str| {
        let url = format!("box?restype=container&comp=list{include}");
        let body = world.send("GET", &url, &[], "").unwrap().body.whole();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let listed = list("&include=immutabilitypolicy,legalhold");
    let elements = format!(
        "<ImmutabilityPolicyUntilDate>{until}</ImmutabilityPolicyUntilDate>\
         <ImmutabilityPolicyMode>locked</ImmutabilityPolicyMode><LegalHold>true</LegalHold>"
    );
    assert!(listed.contains(&elements), "{listed}");
    assert!(!list("").contains("Immutability"));
}

#[test]
fn a_container_stays_with_what_must_stay_in_it() {
    let mut world = world_with("BlockBlob");
    let delete = |world: &mut World| world.send("DELETE", "box?restype=container", &[], "");
    hold(&mut world, "true").unwrap();
    refused(delete(&mut world), 409, E::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD);
    hold(&mut world, "false").unwrap();
    delete(&mut world).unwrap();
}

#[test]
fn a_snapshot_has_a_policy_of_its_own() {
    let mut world = world_with("BlockBlob");
    policy(&mut world, "Unlocked", 2).unwrap();
    let made = world
        .send("PUT", "box/blob?comp=snapshot", &[], "")
        .unwrap();
    let at = header(&made, "x-ms-snapshot");
    let url = format!("box/blob?comp=legalhold&snapshot={at}");
    let held = [("x-ms-legal-hold", "true")];
    world.send("PUT", &url, &held, "").unwrap();
    let only = [("x-ms-delete-snapshots", "only")];
    let answer = world.send("DELETE", "box/blob", &only, "");
    refused(answer, 409, E::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD);
    world
        .send("PUT", &url, &[("x-ms-legal-hold", "false")], "")
        .unwrap();
    world.send("DELETE", "box/blob", &only, "").unwrap();
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let mut world = world_with("BlockBlob");
    refused(
        policy(&mut world, "Mutable", 2),
        400,
        E::INVALID_HEADER_VALUE,
    );
    refused(
        policy(&mut world, "Unlocked", 0),
        400,
        E::INVALID_HEADER_VALUE,
    );
    refused(
        policy(&mut world, "Unlocked", 146_001),
        400,
        E::INVALID_HEADER_VALUE,
    );
    let alone = [("x-ms-immutability-policy-mode", "Unlocked")];
    let answer = world.send("PUT", "box/blob?comp=immutabilityPolicies", &alone, "");
    refused(answer, 400, E::MISSING_REQUIRED_HEADER);
    refused(hold(&mut world, "perhaps"), 400, E::INVALID_HEADER_VALUE);
    let missing = [("x-ms-legal-hold", "true")];
    let answer = world.send("PUT", "box/none?comp=legalhold", &missing, "");
    refused(answer, 404, E::BLOB_NOT_FOUND);
}

#[test]
fn an_account_says_whether_it_has_immutable_storage() {
    for (storage, told, works) in [
        (ImmutableStorage::Tolerated, "false", true),
        (ImmutableStorage::Enabled, "true", true),
        (ImmutableStorage::Disabled, "false", false),
    ] {
        let mut world = World::new();
        let config = Config::new().immutable_storage_of(DEV_ACCOUNT, storage);
        world.state = State::new(config);
        world.send("PUT", "box?restype=container", &[], "").unwrap();
        let answer = world
            .send("HEAD", "box?restype=container", &[], "")
            .unwrap();
        let name = "x-ms-immutable-storage-with-versioning-enabled";
        assert_eq!(header(&answer, name), told);
        world.put(DEV_ACCOUNT, "blob", "");
        assert_eq!(hold(&mut world, "true").is_ok(), works);
    }
}

#[test]
fn what_is_replaced_stays_as_a_version_under_its_policy() {
    let kept = DataProtection {
        versions: true,
        ..DataProtection::default()
    };
    for case in FORBIDDEN {
        let mut world = World::new();
        let config = Config::new().data_protection_of(DEV_ACCOUNT, kept);
        world.state = State::new(config);
        let public = [("x-ms-blob-public-access", "container")];
        world
            .send("PUT", "box?restype=container", &public, "")
            .unwrap();
        let mut world = put_into(world, case.0);
        let version = world.property("blob", "x-ms-version-id");
        policy(&mut world, "Unlocked", 2).unwrap();
        refused(delete(&mut world), 409, E::BLOB_IMMUTABLE_DUE_TO_POLICY);
        let answer = request(&mut world, *case);
        if case.2.is_empty() || case.2 == "?comp=blocklist" {
            answer.unwrap_or_else(|refusal| panic!("{case:?}: {refusal:?}"));
            let url = format!("box/blob?versionid={version}");
            let old = world.send("DELETE", &url, &[], "");
            refused(old, 409, E::BLOB_IMMUTABLE_DUE_TO_POLICY);
            let url = format!("box/blob?versionid={version}&comp=immutabilityPolicies");
            world.send("DELETE", &url, &[], "").unwrap();
            let url = format!("box/blob?versionid={version}");
            world.send("DELETE", &url, &[], "").unwrap();
            delete(&mut world).unwrap();
        } else {
            refused(answer, 409, E::BLOB_IMMUTABLE_DUE_TO_POLICY);
        }
    }
}
