//! The Azure SDK for Rust against the emulator.

use std::collections::HashMap;
use std::time::Duration;

use azure_core::http::{RequestContent, StatusCode};
use azure_storage_blob::BlobClient;
use azure_storage_blob::models::*;
use blobferry_tests_clients::{Account, Tested};
use futures::TryStreamExt;

async fn content(blob: &BlobClient) -> Result<Vec<u8>, azure_core::Error> {
    Ok(blob.download(None).await?.body.collect().await?.to_vec())
}

fn bytes(content: &[u8]) -> RequestContent<azure_core::Bytes, azure_core::http::NoFormat> {
    RequestContent::from(content.to_vec())
}

fn status<T>(answer: Result<T, azure_core::Error>) -> Option<StatusCode> {
    answer.err().and_then(|error| error.http_status())
}

/// How a copy ended, polled.
async fn settled(blob: &BlobClient) -> Result<Option<CopyStatus>, azure_core::Error> {
    for _ in 0..200 {
        let status = blob.get_properties(None).await?.copy_status()?;
        if status != Some(CopyStatus::Pending) {
            return Ok(status);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(Some(CopyStatus::Pending))
}

#[tokio::test]
async fn an_upload_comes_back() -> Tested {
    let (_, container) = Account::north().container().await;
    let blob = container.blob_client("a folder/ümlaut & 100 %#?.txt");
    blob.upload(bytes(b"hello"), None).await?;
    assert_eq!(content(&blob).await?, b"hello");
    assert!(blob.exists().await?);
    blob.delete(None).await?;
    assert!(!blob.exists().await?);
    Ok(())
}

#[tokio::test]
async fn a_large_upload_goes_up_in_blocks() -> Tested {
    let (_, container) = Account::north().container().await;
    let blob = container.blob_client("large");
    let data: Vec<u8> = (0..5_000_000u32).map(|at| (at * 7 % 251) as u8).collect();
    blob.upload(bytes(&data), None).await?;
    assert_eq!(content(&blob).await?, data);
    Ok(())
}

#[tokio::test]
async fn staged_blocks_become_a_blob_by_their_list() -> Tested {
    let (_, container) = Account::north().container().await;
    let blob = container.blob_client("staged");
    let blocks = blob.block_blob_client();
    for id in [b"1", b"2", b"3"] {
        blocks.stage_block(id, 1, bytes(id), None).await?;
    }
    let list = blocks
        .get_block_list(BlockListType::All, None)
        .await?
        .into_model()?;
    assert_eq!(list.uncommitted_blocks.map_or(0, |blocks| blocks.len()), 3);
    let list = BlockLookupList {
        latest: Some(vec![b"3".to_vec(), b"1".to_vec()]),
        ..Default::default()
    };
    blocks.commit_block_list(list.try_into()?, None).await?;
    assert_eq!(content(&blob).await?, b"31");
    Ok(())
}

#[tokio::test]
async fn pages_and_appended_blocks_are_written() -> Tested {
    let (_, container) = Account::north().container().await;
    let disk = container.blob_client("disk");
    let pages = disk.page_blob_client();
    pages.create(2048, None).await?;
    pages
        .upload_pages(bytes(&[7; 512]), 512, (512_u64..1024).into(), None)
        .await?;
    let told = pages
        .list_page_ranges(None)?
        .try_next()
        .await?
        .ok_or("a page")?
        .into_model()?;
    assert_eq!(
        (told.page_ranges[0].start, told.page_ranges[0].end),
        (Some(512), Some(1023))
    );
    pages.resize(1024, None).await?;
    assert_eq!(content(&disk).await?.len(), 1024);

    let log = container.blob_client("log");
    let appended = log.append_blob_client();
    appended.create(None).await?;
    appended.append_block(bytes(b"one,"), 4, None).await?;
    appended.append_block(bytes(b"two"), 3, None).await?;
    assert_eq!(content(&log).await?, b"one,two");
    appended.seal(None).await?;
    assert_eq!(
        status(appended.append_block(bytes(b"x"), 1, None).await),
        Some(StatusCode::Conflict)
    );
    Ok(())
}

#[tokio::test]
async fn a_listing_is_in_order_and_in_pages() -> Tested {
    let (_, container) = Account::north().container().await;
    for name in ["a/1", "a/2", "b"] {
        container
            .blob_client(name)
            .upload(bytes(b"x"), None)
            .await?;
    }
    let options = BlobContainerClientListBlobsOptions {
        maxresults: Some(2),
        ..Default::default()
    };
    let pages: Vec<_> = container
        .list_blobs(Some(options))?
        .into_pages()
        .try_collect()
        .await?;
    let mut names = Vec::new();
    for page in pages {
        names.push(
            page.into_model()?
                .blob_items
                .into_iter()
                .filter_map(|blob| blob.name)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(names, [vec!["a/1", "a/2"], vec!["b"]]);
    Ok(())
}

#[tokio::test]
async fn metadata_tags_tier_and_snapshots() -> Tested {
    let (_, container) = Account::north().container().await;
    let blob = container.blob_client("b");
    blob.upload(bytes(b"before"), None).await?;
    blob.set_metadata(&HashMap::from([("k".to_owned(), "v".to_owned())]), None)
        .await?;
    assert_eq!(
        blob.get_properties(None)
            .await?
            .metadata()?
            .get("k")
            .map(String::as_str),
        Some("v")
    );

    let tags = HashMap::from([("stage".to_owned(), "raw".to_owned())]);
    blob.set_tags(
        RequestContent::try_from(BlobTags::from(tags.clone()))?,
        None,
    )
    .await?;
    assert_eq!(
        HashMap::<String, String>::from(blob.get_tags(None).await?.into_model()?),
        tags
    );
    let found: Vec<_> = container
        .find_blobs_by_tags("\"stage\"='raw'", None)?
        .try_collect()
        .await?;
    assert_eq!(found.len(), 1);

    blob.set_tier(AccessTier::Cool, None).await?;
    assert_eq!(
        blob.get_properties(None).await?.access_tier()?,
        Some(AccessTier::Cool.to_string())
    );

    let taken = blob
        .create_snapshot(None)
        .await?
        .snapshot()?
        .ok_or("a snapshot")?;
    blob.upload(bytes(b"after"), None).await?;
    assert_eq!(content(&blob.with_snapshot(&taken)?).await?, b"before");
    assert_eq!(status(blob.delete(None).await), Some(StatusCode::Conflict));
    Ok(())
}

#[tokio::test]
async fn a_copy_inside_an_account_is_done_at_once() -> Tested {
    let (_, container) = Account::north().container().await;
    let (source, target) = (
        container.blob_client("source"),
        container.blob_client("target"),
    );
    source.upload(bytes(b"hello"), None).await?;
    let started = target
        .start_copy_from_url(source.url().to_string(), None)
        .await?;
    assert_eq!(started.copy_status()?, Some(CopyStatus::Success));
    assert_eq!(content(&target).await?, b"hello");
    Ok(())
}

#[tokio::test]
async fn a_copy_from_another_account_is_pending_and_polled() -> Tested {
    let (_, container) = Account::north().container().await;
    let (_, far) = Account::south().container().await;
    let (source, target) = (far.blob_client("source"), container.blob_client("target"));
    source.upload(bytes(&[7; 100_000]), None).await?;
    let started = target
        .start_copy_from_url(source.url().to_string(), None)
        .await?;
    assert_eq!(started.copy_status()?, Some(CopyStatus::Pending));
    assert_eq!(settled(&target).await?, Some(CopyStatus::Success));
    assert_eq!(content(&target).await?.len(), 100_000);
    Ok(())
}

#[tokio::test]
async fn a_pending_copy_is_aborted_once() -> Tested {
    let (_, container) = Account::north().container().await;
    let (_, far) = Account::south().container().await;
    let (source, target) = (far.blob_client("source"), container.blob_client("target"));
    source.upload(bytes(b"x"), None).await?;
    let started = target
        .start_copy_from_url(source.url().to_string(), None)
        .await?;
    let id = started.copy_id()?.ok_or("a copy id")?;
    target.abort_copy(&id, None).await?;
    assert_eq!(settled(&target).await?, Some(CopyStatus::Aborted));
    assert_eq!(
        status(target.abort_copy(&id, None).await),
        Some(StatusCode::Conflict)
    );
    Ok(())
}

#[tokio::test]
async fn blobs_are_written_from_a_url() -> Tested {
    let (_, container) = Account::north().container().await;
    let source = container.blob_client("source");
    source.upload(bytes(b"0123456789"), None).await?;
    let url = source.url().to_string();
    let whole = container.blob_client("whole");
    whole
        .block_blob_client()
        .upload_blob_from_url(url.clone(), None)
        .await?;
    assert_eq!(content(&whole).await?, b"0123456789");
    let log = container.blob_client("log");
    log.append_blob_client().create(None).await?;
    log.append_blob_client()
        .append_block_from_url(url, 0, None)
        .await?;
    assert_eq!(content(&log).await?, b"0123456789");
    Ok(())
}

#[tokio::test]
async fn a_lease_is_acquired_renewed_changed_broken_and_released() -> Tested {
    let (_, container) = Account::north().container().await;
    let blob = container.blob_client("b");
    blob.upload(bytes(b"x"), None).await?;
    let id = blob
        .acquire_lease(15, None)
        .await?
        .lease_id()?
        .ok_or("a lease")?;
    assert_eq!(
        status(blob.acquire_lease(15, None).await),
        Some(StatusCode::Conflict)
    );
    assert_eq!(
        status(blob.delete(None).await),
        Some(StatusCode::PreconditionFailed)
    );
    blob.renew_lease(id.clone(), None).await?;
    let next = "00000000-1111-2222-3333-444444444444".to_owned();
    blob.change_lease(id, next.clone(), None).await?;
    blob.break_lease(None).await?;
    assert_eq!(
        blob.get_properties(None).await?.lease_state()?,
        Some(LeaseState::Breaking)
    );
    blob.release_lease(next, None).await?;
    assert_eq!(
        blob.get_properties(None).await?.lease_state()?,
        Some(LeaseState::Available)
    );

    let id = container
        .acquire_lease(-1, None)
        .await?
        .lease_id()?
        .ok_or("a lease")?;
    assert_eq!(
        status(container.delete(None).await),
        Some(StatusCode::PreconditionFailed)
    );
    container.release_lease(id, None).await?;
    container.delete(None).await?;
    Ok(())
}
