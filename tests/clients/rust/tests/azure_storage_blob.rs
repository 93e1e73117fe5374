//! azure_storage_blob, Azure's own client for Rust. It knows no Shared Key: it comes with a SAS.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod emulator;

use std::collections::HashMap;
use std::time::Duration;

use azure_core::http::{RequestContent, StatusCode};
use azure_storage_blob::models::{
    AccessTier, BlobClientAbortCopyOptions, BlobClientAcquireLeaseResultHeaders,
    BlobClientChangeLeaseResultHeaders, BlobClientCreateSnapshotResultHeaders,
    BlobClientDeleteOptions, BlobClientGetPropertiesResultHeaders, BlobClientSetMetadataOptions,
    BlobClientStartCopyFromUrlOptions, BlobClientStartCopyFromUrlResultHeaders,
    BlobContainerClientListBlobsOptions, BlobTags, BlockLookupList, CopyStatus,
    DeleteSnapshotsOptionType, LeaseState,
};
use azure_storage_blob::{BlobClient, BlobContainerClient, StorageError};
use emulator::Account;
use futures::TryStreamExt;

fn body(bytes: &[u8]) -> RequestContent<bytes::Bytes, azure_core::http::NoFormat> {
    RequestContent::from(bytes.to_vec())
}

async fn put(container: &BlobContainerClient, name: &str, bytes: &[u8]) -> BlobClient {
    let blob = container.blob_client(name);
    blob.upload(body(bytes), None).await.unwrap();
    blob
}

async fn read(blob: &BlobClient) -> Vec<u8> {
    let answer = blob.download(None).await.unwrap();
    answer.body.collect().await.unwrap().to_vec()
}

async fn names(
    container: &BlobContainerClient,
    options: BlobContainerClientListBlobsOptions<'_>,
) -> Vec<String> {
    let mut pages = container.list_blobs(Some(options)).unwrap().into_pages();
    let mut names = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        let segment = page.into_model().unwrap();
        names.extend(segment.blob_items.into_iter().filter_map(|item| item.name));
    }
    names
}

#[track_caller]
fn refused<T>(outcome: azure_core::Result<T>, status: StatusCode, code: &str) {
    let error: StorageError = outcome.err().unwrap().try_into().unwrap();
    assert_eq!(error.status_code, status);
    assert_eq!(error.error_code.unwrap().to_string(), code);
}

#[tokio::test]
async fn block_blobs_are_uploaded_whole_and_in_blocks() {
    let container = Account::named("northquay").container("rs-block").await;
    let blob = put(&container, "a dir/ä #?%.txt", b"light").await;
    assert_eq!(read(&blob).await, b"light");

    let blocks = blob.block_blob_client();
    for (id, text) in [("one", "har"), ("two", "bour")] {
        let content = body(text.as_bytes());
        blocks
            .stage_block(id.as_bytes(), text.len() as u64, content, None)
            .await
            .unwrap();
    }
    let list = BlockLookupList {
        latest: Some(vec![b"one".to_vec(), b"two".to_vec()]),
        ..Default::default()
    };
    blocks
        .commit_block_list(list.try_into().unwrap(), None)
        .await
        .unwrap();
    assert_eq!(read(&blob).await, b"harbour");
    assert!(blob.exists().await.unwrap());
    blob.delete(None).await.unwrap();
    assert!(!blob.exists().await.unwrap());
}

#[tokio::test]
async fn append_blobs_grow_until_they_are_sealed() {
    let container = Account::named("northquay").container("rs-append").await;
    let blob = container.blob_client("log");
    let log = blob.append_blob_client();
    log.create(None).await.unwrap();
    for text in ["one ", "two"] {
        log.append_block(body(text.as_bytes()), text.len() as u64, None)
            .await
            .unwrap();
    }
    assert_eq!(read(&blob).await, b"one two");
    log.seal(None).await.unwrap();
    refused(
        log.append_block(body(b"x"), 1, None).await,
        StatusCode::Conflict,
        "BlobIsSealed",
    );
}

#[tokio::test]
async fn listings_are_paged_and_filtered() {
    let container = Account::named("northquay").container("rs-list").await;
    for name in ["a/1", "a/2", "b/1", "c"] {
        put(&container, name, b"x").await;
    }
    let options = BlobContainerClientListBlobsOptions {
        maxresults: Some(1),
        ..Default::default()
    };
    assert_eq!(names(&container, options).await, ["a/1", "a/2", "b/1", "c"]);
    let options = BlobContainerClientListBlobsOptions {
        prefix: Some("a/".into()),
        ..Default::default()
    };
    assert_eq!(names(&container, options).await, ["a/1", "a/2"]);
}

#[tokio::test]
async fn a_copy_within_an_account_is_done_at_once() {
    let container = Account::named("northquay").container("rs-copy").await;
    let source = put(&container, "from #?%", b"light").await;
    let target = container.blob_client("to");
    let started = target
        .start_copy_from_url(source.url().as_str().into(), None)
        .await
        .unwrap();
    assert_eq!(started.copy_status().unwrap(), Some(CopyStatus::Success));
    assert_eq!(read(&target).await, b"light");
}

#[tokio::test]
async fn a_copy_from_another_account_is_pending_and_polled_to_its_end() {
    let from = Account::named("southquay").container("rs-copy-from").await;
    let to = Account::named("northquay").container("rs-copy-to").await;
    let source = put(&from, "lamp", b"light").await;
    let target = to.blob_client("lamp");
    let options = BlobClientStartCopyFromUrlOptions {
        metadata: Some(HashMap::from([("ferried".to_owned(), "yes".to_owned())])),
        ..Default::default()
    };
    let started = target
        .start_copy_from_url(source.url().as_str().into(), Some(options))
        .await
        .unwrap();
    assert_eq!(started.copy_status().unwrap(), Some(CopyStatus::Pending));
    refused(
        target
            .set_metadata(&HashMap::new(), None::<BlobClientSetMetadataOptions<'_>>)
            .await,
        StatusCode::Conflict,
        "PendingCopyOperation",
    );
    let mut polls = 0;
    let seen = loop {
        let seen = target.get_properties(None).await.unwrap();
        if seen.copy_status().unwrap() != Some(CopyStatus::Pending) || polls == 100 {
            break seen;
        }
        polls += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert!(polls > 0);
    assert_eq!(seen.copy_status().unwrap(), Some(CopyStatus::Success));
    assert_eq!(seen.metadata().unwrap()["ferried"], "yes");
    assert_eq!(read(&target).await, b"light");
}

#[tokio::test]
async fn a_pending_copy_is_aborted_and_leaves_an_empty_blob() {
    let from = Account::named("southquay").container("rs-abort-from").await;
    let to = Account::named("northquay").container("rs-abort-to").await;
    let source = put(&from, "lamp", b"light").await;
    let target = to.blob_client("lamp");
    let started = target
        .start_copy_from_url(source.url().as_str().into(), None)
        .await
        .unwrap();
    let id = started.copy_id().unwrap().unwrap();
    target
        .abort_copy(&id, None::<BlobClientAbortCopyOptions<'_>>)
        .await
        .unwrap();
    let seen = target.get_properties(None).await.unwrap();
    assert_eq!(seen.copy_status().unwrap(), Some(CopyStatus::Aborted));
    assert_eq!(seen.content_length().unwrap(), Some(0));
    refused(
        target.abort_copy(&id, None).await,
        StatusCode::Conflict,
        "NoPendingCopyOperation",
    );
}

#[tokio::test]
async fn a_lease_is_acquired_changed_renewed_broken_and_released() {
    let container = Account::named("northquay").container("rs-lease").await;
    let blob = put(&container, "lamp", b"light").await;
    let id = blob
        .acquire_lease(15, None)
        .await
        .unwrap()
        .lease_id()
        .unwrap()
        .unwrap();
    refused(
        blob.acquire_lease(15, None).await,
        StatusCode::Conflict,
        "LeaseAlreadyPresent",
    );
    refused(
        blob.upload(body(b"dark"), None).await.map(|_| ()),
        StatusCode::PreconditionFailed,
        "LeaseIdMissing",
    );
    let proposed = "00000000-1111-2222-3333-444444444444".to_owned();
    let changed = blob.change_lease(id, proposed.clone(), None).await.unwrap();
    assert_eq!(changed.lease_id().unwrap().unwrap(), proposed);
    blob.renew_lease(proposed.clone(), None).await.unwrap();
    blob.break_lease(None).await.unwrap();
    let seen = blob.get_properties(None).await.unwrap();
    assert!(matches!(
        seen.lease_state().unwrap(),
        Some(LeaseState::Breaking | LeaseState::Broken)
    ));
    blob.release_lease(proposed, None).await.unwrap();
    blob.acquire_lease(-1, None).await.unwrap();
    blob.break_lease(None).await.unwrap();

    let of_container = container.acquire_lease(-1, None).await.unwrap();
    drop(of_container);
    refused(
        container.delete(None).await,
        StatusCode::PreconditionFailed,
        "LeaseIdMissing",
    );
    container.break_lease(None).await.unwrap();
    container.delete(None).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_keeps_what_was() {
    let container = Account::named("northquay").container("rs-snapshot").await;
    let blob = put(&container, "lamp", b"light").await;
    let taken = blob
        .create_snapshot(None)
        .await
        .unwrap()
        .snapshot()
        .unwrap()
        .unwrap();
    blob.upload(body(b"dark"), None).await.unwrap();
    let snapshot = blob.with_snapshot(&taken).unwrap();
    assert_eq!(read(&snapshot).await, b"light");
    refused(
        blob.delete(None).await,
        StatusCode::Conflict,
        "SnapshotsPresent",
    );
    let options = BlobClientDeleteOptions {
        delete_snapshots: Some(DeleteSnapshotsOptionType::Include),
        ..Default::default()
    };
    blob.delete(Some(options)).await.unwrap();
    assert!(!snapshot.exists().await.unwrap());
}

#[tokio::test]
async fn tags_are_set_and_found_and_tiers_change() {
    let container = Account::named("northquay").container("rs-tags").await;
    let blob = put(&container, "lamp", b"light").await;
    let tags = HashMap::from([("colour".to_owned(), "green".to_owned())]);
    blob.set_tags(BlobTags::from(tags.clone()).try_into().unwrap(), None)
        .await
        .unwrap();
    let told: HashMap<String, String> = blob
        .get_tags(None)
        .await
        .unwrap()
        .into_model()
        .unwrap()
        .into();
    assert_eq!(told, tags);
    let found = container
        .find_blobs_by_tags("colour='green'", None)
        .unwrap();
    let mut pages = found.into_pages();
    let page = pages
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(page.blob_items.len(), 1);

    blob.set_tier(AccessTier::Cool, None).await.unwrap();
    let seen = blob.get_properties(None).await.unwrap();
    assert_eq!(seen.access_tier().unwrap().unwrap().to_string(), "Cool");
}
