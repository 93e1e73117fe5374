//! object_store's own suite for stores, and what it says about Azure, against the emulator.

use std::sync::Arc;
use std::time::Duration;

use blobferry_tests_clients::{Account, Tested};
use futures::{StreamExt, TryStreamExt};
use object_store::azure::{AzureConfigKey, MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::integration as suite;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{
    Attribute, Attributes, Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    TagSet, UpdateVersion,
};

fn builder(account: &Account, container: &str) -> MicrosoftAzureBuilder {
    MicrosoftAzureBuilder::new()
        .with_account(&account.name)
        .with_access_key(&account.key)
        .with_endpoint(account.url.clone())
        .with_allow_http(true)
        .with_container_name(container)
}

async fn store() -> MicrosoftAzure {
    let account = Account::north();
    let (name, _) = account.container().await;
    builder(&account, &name).build().expect("a store")
}

macro_rules! suite {
    ($($name:ident: |$store:ident| $run:expr;)*) => {
        $(#[tokio::test]
        async fn $name() {
            let $store = store().await;
            $run.await;
        })*
    };
}

suite! {
    objects_are_put_got_deleted_and_listed: |store| suite::put_get_delete_list(&store);
    attributes_come_back: |store| suite::put_get_attributes(&store);
    objects_are_got_under_conditions: |store| suite::get_opts(&store);
    objects_are_put_under_conditions: |store| suite::put_opts(&store, true);
    objects_are_streamed: |store| suite::stream_get(&store);
    listings_know_directories: |store| suite::list_uses_directories_correctly(&store);
    listings_stop_at_a_delimiter: |store| suite::list_with_delimiter(&store);
    listings_begin_after_an_offset: |store| suite::list_with_offset_exclusivity(&store);
    listings_come_in_pages: |store| suite::list_paginated(&store, &store);
    objects_are_renamed_and_copied: |store| suite::rename_and_copy(&store);
    objects_are_copied_if_nothing_is_there: |store| suite::copy_if_not_exists(&store);
    what_is_not_there_is_not_copied: |store| suite::copy_rename_nonexistent_object(&store);
    parts_make_an_object: |store| suite::multipart(&store, &store);
    parts_come_in_any_order: |store| suite::multipart_put_part_out_of_order(&store, &store);
    parts_race: |store| suite::multipart_race_condition(&store, false);
    parts_are_taken_in_their_order: |store| suite::multipart_out_of_order(&store);
}

#[tokio::test]
async fn a_signed_url_is_enough_to_read() -> Tested {
    let store = store().await;
    let path = Path::from("folder/b.txt");
    store.put(&path, "hello".into()).await?;
    let url = store
        .signed_url("GET".parse()?, &path, Duration::from_secs(60))
        .await?;
    assert_eq!(reqwest::get(url.as_str()).await?.text().await?, "hello");
    Ok(())
}

#[tokio::test]
async fn a_sas_is_enough_for_everything_it_allows() -> Tested {
    let account = Account::north();
    let (name, _) = account.container().await;
    let store = MicrosoftAzureBuilder::new()
        .with_account(&account.name)
        .with_endpoint(account.url.clone())
        .with_allow_http(true)
        .with_container_name(&name)
        .with_config(AzureConfigKey::SasKey, &account.sas)
        .build()?;
    store.put(&Path::from("a"), "x".into()).await?;
    assert_eq!(store.list(None).try_collect::<Vec<_>>().await?.len(), 1);
    assert_eq!(store.get(&Path::from("a")).await?.bytes().await?, "x");
    Ok(())
}

#[tokio::test]
async fn many_objects_are_deleted_in_batches() -> Tested {
    let store = Arc::new(store().await);
    for number in 0..20 {
        store
            .put(&Path::from(format!("b{number}")), "x".into())
            .await?;
    }
    let paths = store.list(None).map_ok(|found| found.location).boxed();
    let deleted = store.delete_stream(paths).try_collect::<Vec<_>>().await?;
    assert_eq!(deleted.len(), 20);
    assert_eq!(store.list(None).try_collect::<Vec<_>>().await?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn tags_and_attributes_are_given_with_an_object() -> Tested {
    let account = Account::north();
    let (name, container) = account.container().await;
    let store = builder(&account, &name).build()?;
    let mut tags = TagSet::default();
    tags.push("stage", "raw");
    tags.push("foo.com=bar/s", "with a space");
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, "text/x-own".into());
    attributes.insert(Attribute::Metadata("key".into()), "value".into());
    let options = PutOptions {
        tags,
        attributes,
        ..Default::default()
    };
    store
        .put_opts(&Path::from("a"), "x".into(), options)
        .await?;
    let told = container
        .blob_client("a")
        .get_tags(None)
        .await?
        .into_model()?;
    assert_eq!(told.blob_tag_set.map_or(0, |tags| tags.len()), 2);
    let got = store.get(&Path::from("a")).await?;
    assert_eq!(
        got.attributes
            .get(&Attribute::ContentType)
            .map(AsRef::as_ref),
        Some("text/x-own")
    );
    assert_eq!(
        got.attributes
            .get(&Attribute::Metadata("key".into()))
            .map(AsRef::as_ref),
        Some("value")
    );
    Ok(())
}

#[tokio::test]
async fn of_many_that_update_one_version_one_wins() -> Tested {
    let store = Arc::new(store().await);
    let path = Path::from("counter");
    let first = store.put(&path, "0".into()).await?;
    let at = UpdateVersion {
        e_tag: first.e_tag,
        version: None,
    };
    let writes = (0..16).map(|number: u32| {
        let (store, path, mode) = (store.clone(), path.clone(), PutMode::Update(at.clone()));
        async move {
            store
                .put_opts(&path, number.to_string().into(), mode.into())
                .await
        }
    });
    let ended = futures::future::join_all(writes).await;
    let (won, lost): (Vec<_>, Vec<_>) = ended.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 15));
    assert!(
        lost.iter()
            .all(|one| matches!(one, Err(Error::Precondition { .. })))
    );
    Ok(())
}

#[tokio::test]
async fn a_large_object_is_written_in_parts_and_read_in_ranges() -> Tested {
    let store = store().await;
    let path = Path::from("large");
    let content: Vec<u8> = (0..3_000_000u32)
        .map(|at| at.to_le_bytes()[at as usize % 3])
        .collect();
    let mut upload = store.put_multipart(&path).await?;
    for part in content.chunks(700_000) {
        upload.put_part(part.to_vec().into()).await?;
    }
    upload.complete().await?;
    assert_eq!(store.get(&path).await?.bytes().await?, content);
    let ranges = store
        .get_ranges(&path, &[5..10, 2_000_000..2_900_000])
        .await?;
    assert_eq!(ranges[1], content[2_000_000..2_900_000]);
    let head = store
        .get_opts(
            &path,
            GetOptions {
                head: true,
                ..Default::default()
            },
        )
        .await?;
    assert_eq!(head.meta.size, 3_000_000);
    Ok(())
}
