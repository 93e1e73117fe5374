//! The emulator that the tests run against: what it said of itself when it started.

use std::sync::Arc;

use azure_core::http::Url;
use azure_storage_blob::{BlobContainerClient, BlobServiceClient};
use serde_json::Value;

/// One account of it.
pub struct Account {
    pub name: String,
    pub key: String,
    pub url: String,
    /// Allows everything.
    pub sas: String,
}

impl Account {
    /// An account by its name, as `blobferry emulator --output json` told it in
    /// `BLOBFERRY_EMULATOR`.
    pub fn named(name: &str) -> Self {
        let said =
            std::env::var("BLOBFERRY_EMULATOR").expect("tests/clients.sh starts an emulator");
        let said: Value = serde_json::from_str(&said).unwrap();
        let accounts = said["accounts"].as_array().unwrap();
        let account = accounts.iter().find(|a| a["name"] == name).unwrap();
        let text = |field: &str| account[field].as_str().unwrap().to_owned();
        let key = text("connection_string")
            .split(';')
            .find_map(|part| part.strip_prefix("AccountKey="))
            .unwrap()
            .to_owned();
        Self {
            name: name.to_owned(),
            key,
            url: text("url"),
            sas: text("sas"),
        }
    }

    /// Azure's own client of it: it knows no Shared Key, so it comes with a SAS.
    pub fn client(&self) -> Arc<BlobServiceClient> {
        let url = Url::parse(&format!("{}?{}", self.url, self.sas)).unwrap();
        Arc::new(BlobServiceClient::new(url, None, None).unwrap())
    }

    /// A new container, whatever an earlier run left.
    pub async fn container(&self, name: &str) -> BlobContainerClient {
        let container = self.client().blob_container_client(name);
        if container.exists().await.unwrap() {
            container.delete(None).await.unwrap();
        }
        container.create(None).await.unwrap();
        container
    }
}
