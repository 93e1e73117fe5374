//! What kinds of account tell and refuse, over whole requests.

use blobferry_core::ErrorCode as E;
use blobferry_core::words::AccessTier;

use super::{World, header, refused};
use crate::answer::Answer;
use crate::config::{AccountKind, DEV_ACCOUNT};
use crate::failure::Failure;

const NO_PAGES: &str = "Page blob is not supported for this account type.";

fn world(kind: AccountKind) -> World {
    let mut world = World::new();
    let mut settings = world.state.settings(DEV_ACCOUNT).unwrap();
    settings.kind = kind;
    world.state.set_settings(DEV_ACCOUNT, settings).unwrap();
    world
}

fn put(world: &mut World, kind: &str, more: &[(&str, &str)]) -> Result<Answer, Failure> {
    let mut headers = vec![("x-ms-blob-type", kind)];
    if kind == "PageBlob" {
        headers.push(("x-ms-blob-content-length", "1024"));
    }
    headers.extend_from_slice(more);
    world.send("PUT", "box/blob", &headers, "")
}

/// The message of a refusal with 400 `BlobTypeNotSupported`.
#[track_caller]
fn message(outcome: Result<Answer, Failure>) -> String {
    let failure = outcome.unwrap_err();
    assert_eq!(failure.parts().status, 400);
    assert_eq!(failure.code().as_str(), "BlobTypeNotSupported");
    failure.parts().message.clone().into_owned()
}

#[test]
fn account_information_tells_sku_and_kind() {
    for (kind, sku, told) in [
        (AccountKind::GeneralPurposeV2, "Standard_RAGRS", "StorageV2"),
        (AccountKind::GeneralPurposeV1, "Standard_RAGRS", "Storage"),
        (AccountKind::BlobStorage, "Standard_RAGRS", "BlobStorage"),
        (
            AccountKind::PremiumBlockBlobs,
            "Premium_LRS",
            "BlockBlobStorage",
        ),
        (AccountKind::PremiumPageBlobs, "Premium_LRS", "StorageV2"),
    ] {
        let mut world = world(kind);
        let answer = world
            .send("GET", "?restype=account&comp=properties", &[], "")
            .unwrap();
        assert_eq!(header(&answer, "x-ms-sku-name"), sku);
        assert_eq!(header(&answer, "x-ms-account-kind"), told);
    }
}

#[test]
fn each_kind_has_its_types_of_blobs() {
    use AccountKind as K;
    for (kind, blob, refusal) in [
        (K::GeneralPurposeV2, "PageBlob", ""),
        (K::GeneralPurposeV1, "PageBlob", ""),
        (K::BlobStorage, "BlockBlob", ""),
        (K::BlobStorage, "AppendBlob", ""),
        (K::BlobStorage, "PageBlob", NO_PAGES),
        (K::PremiumBlockBlobs, "BlockBlob", ""),
        (K::PremiumBlockBlobs, "AppendBlob", ""),
        (K::PremiumBlockBlobs, "PageBlob", NO_PAGES),
        (K::PremiumPageBlobs, "PageBlob", ""),
        (
            K::PremiumPageBlobs,
            "BlockBlob",
            "Block blobs are not supported.",
        ),
        (
            K::PremiumPageBlobs,
            "AppendBlob",
            "Append blobs are not supported.",
        ),
    ] {
        let outcome = put(&mut world(kind), blob, &[]);
        if refusal.is_empty() {
            assert_eq!(outcome.unwrap().status, 201, "{kind:?} {blob}");
        } else {
            assert_eq!(message(outcome), refusal, "{kind:?} {blob}");
        }
    }
}

#[test]
fn no_copy_brings_a_type_of_blob_that_the_account_does_not_have() {
    let mut world = world(AccountKind::PremiumPageBlobs);
    world.put("other", "source", "text");
    let copied = world.copy("other", "source", "blob");
    assert_eq!(message(copied), "Block blobs are not supported.");
}

#[test]
fn a_general_purpose_v1_account_has_no_tiers() {
    let mut world = world(AccountKind::GeneralPurposeV1);
    world.put(DEV_ACCOUNT, "blob", "text");
    assert_eq!(world.property("blob", "x-ms-access-tier"), "");
    let archive = [("x-ms-access-tier", "Archive")];
    let set = world.send("PUT", "box/blob?comp=tier", &archive, "");
    refused(set, 400, E::BLOB_ACCESS_TIER_NOT_SUPPORTED_FOR_ACCOUNT_TYPE);
    let made = put(&mut world, "BlockBlob", &archive);
    refused(
        made,
        400,
        E::BLOB_ACCESS_TIER_NOT_SUPPORTED_FOR_ACCOUNT_TYPE,
    );
}

#[test]
fn static_websites_are_of_some_kinds() {
    use AccountKind as K;
    let enabled = "<StorageServiceProperties><StaticWebsite><Enabled>true</Enabled>\
                   </StaticWebsite></StorageServiceProperties>";
    let not_here = || Some(E::STATIC_WEBSITE_NOT_SUPPORTED_BY_ACCOUNT_TYPE);
    for (kind, code) in [
        (K::GeneralPurposeV2, None),
        (K::GeneralPurposeV1, not_here()),
        (K::BlobStorage, not_here()),
        (K::PremiumBlockBlobs, None),
        (K::PremiumPageBlobs, Some(E::INVALID_XML_DOCUMENT)),
    ] {
        let mut world = world(kind);
        let url = "?restype=service&comp=properties";
        match (world.send("PUT", url, &[], enabled), code) {
            (outcome, Some(code)) => refused(outcome, 400, code),
            (outcome, None) => assert_eq!(outcome.unwrap().status, 202, "{kind:?}"),
        }
        let disabled = enabled.replace("true", "false");
        let outcome = world.send("PUT", url, &[], disabled);
        assert_eq!(outcome.is_ok(), kind != K::PremiumPageBlobs, "{kind:?}");
    }
}

#[test]
fn a_blob_that_was_given_no_tier_is_in_the_accounts() {
    let mut world = World::new();
    let mut settings = world.state.settings(DEV_ACCOUNT).unwrap();
    settings.access_tier = AccessTier::Cool;
    world.state.set_settings(DEV_ACCOUNT, settings).unwrap();
    world.put(DEV_ACCOUNT, "blob", "text");
    assert_eq!(world.property("blob", "x-ms-access-tier"), "Cool");
    assert_eq!(world.property("blob", "x-ms-access-tier-inferred"), "true");
    let listed = world.send("GET", "box?restype=container&comp=list", &[], "");
    let listed = String::from_utf8(listed.unwrap().body.whole().to_vec()).unwrap();
    assert!(
        listed
            .contains("<AccessTier>Cool</AccessTier><AccessTierInferred>true</AccessTierInferred>")
    );
}

#[test]
fn a_premium_page_blob_is_in_the_tier_of_its_length_until_it_is_given_another() {
    let mut world = world(AccountKind::PremiumPageBlobs);
    put(&mut world, "PageBlob", &[]).unwrap();
    assert_eq!(world.property("blob", "x-ms-access-tier"), "P10");
    assert_eq!(world.property("blob", "x-ms-access-tier-inferred"), "true");
    let p50 = [("x-ms-access-tier", "P50")];
    world.send("PUT", "box/blob?comp=tier", &p50, "").unwrap();
    assert_eq!(world.property("blob", "x-ms-access-tier"), "P50");
    assert_eq!(world.property("blob", "x-ms-access-tier-inferred"), "");
    let cool = [("x-ms-access-tier", "Cool")];
    let set = world.send("PUT", "box/blob?comp=tier", &cool, "");
    refused(set, 400, E::INVALID_BLOB_TIER);
    world.copy(DEV_ACCOUNT, "blob", "copy").unwrap();
    assert_eq!(world.property("copy", "x-ms-access-tier"), "P10");
    assert_eq!(world.property("copy", "x-ms-access-tier-inferred"), "true");
}

#[test]
fn a_premium_page_blob_has_few_snapshots_that_nobody_reads_directly() {
    let mut world = world(AccountKind::PremiumPageBlobs);
    put(&mut world, "PageBlob", &[]).unwrap();
    let taken = world
        .send("PUT", "box/blob?comp=snapshot", &[], "")
        .unwrap();
    let read = format!("box/blob?snapshot={}", header(&taken, "x-ms-snapshot"));
    refused(world.send("GET", &read, &[], ""), 400, E::INVALID_OPERATION);
    let soon = world.send("PUT", "box/blob?comp=snapshot", &[], "");
    refused(soon, 409, E::SNAPSHOT_OPERATION_RATE_EXCEEDED);
    for _ in 1..100 {
        world.pass(600);
        world
            .send("PUT", "box/blob?comp=snapshot", &[], "")
            .unwrap();
    }
    world.pass(600);
    let many = world.send("PUT", "box/blob?comp=snapshot", &[], "");
    refused(many, 409, E::SNAPSHOT_COUNT_EXCEEDED);
    let over = world.copy(DEV_ACCOUNT, "blob", "blob");
    refused(over, 409, E::SNAPSHOTS_PRESENT);
}

#[test]
fn a_premium_account_of_page_blobs_shows_nothing_to_everybody_and_knows_no_blocks() {
    let mut world = world(AccountKind::PremiumPageBlobs);
    let public = [("x-ms-blob-public-access", "blob")];
    let acl = world.send("PUT", "box?restype=container&comp=acl", &public, "");
    refused(acl, 400, E::UNSUPPORTED_HEADER);
    let made = world.send("PUT", "open?restype=container", &public, "");
    refused(made, 400, E::UNSUPPORTED_HEADER);
    let block = world.send("PUT", "box/blob?comp=block&blockid=MQ==", &[], "text");
    refused(block, 400, E::INVALID_QUERY_PARAMETER_VALUE);
}
