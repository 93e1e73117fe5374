//! The emulator in this process, on virtual time: no socket, no waiting.

use std::sync::Arc;
use std::time::Duration;

use blobferry::clock::{Clock, TokioClock};
use blobferry::connection_string::ConnectionString;
use blobferry::operation::{CreateContainer, PutBlob};
use blobferry::transport::{Flight, Transport};
use blobferry::{
    BlobAddress, Client, ClientBuilder, ContainerAddress, Response, Seed, SignedRequest, Timestamp,
};
use blobferry_emulator::{Config, CopyPace, Pace, Service};

pub(crate) const KEY: &str = "a2V5LW9mLXRoZS1saWdodGhvdXNl";

/// Two accounts of one service; copies between them are pending for a while.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) service: Arc<Service>,
    pub(crate) clock: TokioClock,
}

impl World {
    /// Copies between accounts go at `bytes_per_second`, after a second.
    pub(crate) fn new(bytes_per_second: u64) -> Self {
        let pace = Pace {
            latency: Duration::from_secs(1),
            bytes_per_second: Some(bytes_per_second),
        };
        let config = Config::new()
            .account("north", KEY)
            .and_then(|config| config.account("south", KEY))
            .unwrap()
            .copy_pace(CopyPace {
                same_account: pace,
                other_account: pace,
            });
        Self {
            service: Arc::new(Service::new(config)),
            clock: TokioClock::starting_at(Timestamp::from_millis(1_900_000_000_000)),
        }
    }

    pub(crate) fn account(account: &str) -> ConnectionString {
        let endpoint = format!("http://127.0.0.1:10000/{account}");
        format!("BlobEndpoint={endpoint};AccountName={account};AccountKey={KEY}")
            .parse()
            .unwrap()
    }

    /// Knows nobody yet.
    pub(crate) fn stranger(&self) -> ClientBuilder {
        Client::builder()
            .transport(self.clone())
            .clock(self.clock)
            .seed(Seed::new(7))
    }

    /// Owns both accounts.
    pub(crate) fn owner(&self) -> ClientBuilder {
        ["north", "south"]
            .map(Self::account)
            .into_iter()
            .fold(self.stranger(), |builder, account| {
                builder.credential(account.account, account.credential)
            })
    }

    pub(crate) async fn container(&self, account: &str, name: &str) -> ContainerAddress {
        let container = Self::account(account)
            .account
            .container(name.parse().unwrap());
        let client = self.owner().build().unwrap();
        client
            .send(CreateContainer::new(container.clone()))
            .await
            .unwrap();
        container
    }

    pub(crate) async fn blob(
        &self,
        container: &ContainerAddress,
        name: &str,
        content: impl Into<bytes::Bytes>,
    ) -> BlobAddress {
        let blob = container.blob(name.parse().unwrap());
        let put = PutBlob::block(blob.clone(), content);
        self.owner().build().unwrap().send(put).await.unwrap();
        blob
    }

    pub(crate) async fn content(&self, blob: &BlobAddress) -> Vec<u8> {
        let client = self.owner().build().unwrap();
        let mut content = Vec::new();
        client.download(blob, &mut content).await.unwrap();
        content
    }
}

impl Transport for World {
    fn carry(&self, request: SignedRequest, _: Duration) -> Flight {
        let world = self.clone();
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let answer = world
                .service
                .respond(world.clock.now(), request.into_http());
            Ok(Response::new(answer))
        })
    }
}
