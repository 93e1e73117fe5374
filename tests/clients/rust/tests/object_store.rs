//! object_store: the integration suite that it publishes, and what it does on Azure beside it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod emulator;

use std::time::Duration;

use emulator::Account;
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{ObjectStoreExt, integration};

async fn store(container: &str) -> MicrosoftAzure {
    let account = Account::named("northquay");
    account.container(container).await;
    MicrosoftAzureBuilder::new()
        .with_account(&account.name)
        .with_access_key(&account.key)
        .with_endpoint(account.url)
        .with_allow_http(true)
        .with_container_name(container)
        .build()
        .unwrap()
}

macro_rules! suite {
    ($($test:ident: $container:literal |$store:ident| $run:expr;)*) => {
        $(#[tokio::test]
        async fn $test() {
            let $store = store($container).await;
            $run.await;
        })*
    };
}

suite! {
    put_get_delete_list_passes: "os-list" |s| integration::put_get_delete_list(&s);
    put_get_attributes_passes: "os-attributes" |s| integration::put_get_attributes(&s);
    get_opts_passes: "os-get-opts" |s| integration::get_opts(&s);
    put_opts_passes: "os-put-opts" |s| integration::put_opts(&s, true);
    stream_get_passes: "os-stream-get" |s| integration::stream_get(&s);
    list_uses_directories_correctly_passes: "os-directories" |s| integration::list_uses_directories_correctly(&s);
    list_with_delimiter_passes: "os-delimiter" |s| integration::list_with_delimiter(&s);
    list_with_offset_exclusivity_passes: "os-offset" |s| integration::list_with_offset_exclusivity(&s);
    list_paginated_passes: "os-paginated" |s| integration::list_paginated(&s, &s);
    rename_and_copy_passes: "os-rename" |s| integration::rename_and_copy(&s);
    copy_if_not_exists_passes: "os-if-not-exists" |s| integration::copy_if_not_exists(&s);
    copy_rename_nonexistent_object_passes: "os-nonexistent" |s| integration::copy_rename_nonexistent_object(&s);
    multipart_passes: "os-multipart" |s| integration::multipart(&s, &s);
    multipart_put_part_out_of_order_passes: "os-part-order" |s| integration::multipart_put_part_out_of_order(&s, &s);
    multipart_out_of_order_passes: "os-parts-mixed" |s| integration::multipart_out_of_order(&s);
    multipart_race_condition_passes: "os-race" |s| integration::multipart_race_condition(&s, false);
}

#[tokio::test]
async fn a_signed_url_reads_the_blob_and_nobody_reads_it_unsigned() {
    let store = store("os-signed").await;
    let path = Path::from("lamp.txt");
    store.put(&path, "light".into()).await.unwrap();
    let url = store
        .signed_url(reqwest::Method::GET, &path, Duration::from_secs(60))
        .await
        .unwrap();
    let client = reqwest::Client::new();
    let signed = client.get(url.clone()).send().await.unwrap();
    assert_eq!(signed.text().await.unwrap(), "light");
    let mut bare = url;
    bare.set_query(None);
    assert_eq!(client.get(bare).send().await.unwrap().status(), 404);
}
