//! Once over real sockets: the native transport and the emulator's server.

use std::sync::Arc;

use blobferry::operation::{CopyBlob, CopyBlobFromUrl, CreateContainer};
use blobferry::transport::https::{HttpsOptions, Proxies};
use blobferry::{Client, CopyOptions};
use blobferry_emulator::{Config, CopyPace, Pace, Server, Service};

use crate::world::KEY;

#[tokio::test]
async fn a_blob_goes_over_sockets_between_two_accounts() {
    let config = Config::new()
        .account("north", KEY)
        .and_then(|config| config.account("south", KEY))
        .unwrap()
        .copy_pace(CopyPace {
            same_account: Pace::AT_ONCE,
            other_account: Pace::AT_ONCE,
        });
    let service = Arc::new(Service::new(config));
    let server = Server::bind(service.clone(), ([127, 0, 0, 1], 0).into())
        .await
        .unwrap();
    let connection = |account| service.connection_string(account, server.addr()).unwrap();
    let mut builder = Client::builder()
        .https(HttpsOptions {
            proxies: Proxies::none(),
            ..HttpsOptions::default()
        })
        .connection_string(&connection("north"))
        .and_then(|builder| builder.connection_string(&connection("south")))
        .unwrap();
    let url = |path: &str| format!("http://{}/{path}", server.addr());
    let source = builder.blob(&url("north/from/a%2520b/c%5Cd")).unwrap();
    let one = builder.blob(&url("south/onto/one")).unwrap();
    let two = builder.blob(&url("south/onto/two")).unwrap();
    let client = builder.build().unwrap();
    for container in [source.in_container(), one.in_container()] {
        client.send(CreateContainer::new(container)).await.unwrap();
    }
    let content: Vec<u8> = (0..9_u32 << 20).map(|at| (at / 3) as u8).collect();
    client
        .upload(source.clone(), content.as_slice())
        .await
        .unwrap();
    let copy = CopyBlob::new(one.clone(), source.clone());
    let outcome = client
        .copy_blob(copy, CopyOptions::default())
        .await
        .unwrap();
    assert!(outcome.is_success(), "{outcome:?}");
    client
        .copy_from_url(CopyBlobFromUrl::new(two.clone(), source))
        .await
        .unwrap();
    for blob in [one, two] {
        let mut arrived = Vec::new();
        client.download(&blob, &mut arrived).await.unwrap();
        assert!(arrived == content, "{blob}");
    }
    server.stop().await;
}
