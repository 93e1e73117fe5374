//! Two accounts of a running emulator, and containers of one's own in them.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use azure_core::http::Url;
use azure_storage_blob::{BlobContainerClient, BlobServiceClient};
use serde_json::Value;

pub type Tested = Result<(), Box<dyn Error>>;

/// An account as `blobferry emulator` tells it.
pub struct Account {
    pub name: String,
    pub url: String,
    pub key: String,
    pub sas: String,
}

impl Account {
    fn nth(index: usize) -> Self {
        // Clients want a TLS even where they use none; a second one to install it finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let told = std::env::var("BLOBFERRY_EMULATOR").expect("tests/clients.sh runs this");
        let told: Value = serde_json::from_str(&told).expect("JSON");
        let word = |name: &str| {
            told["accounts"][index][name]
                .as_str()
                .expect("text")
                .to_owned()
        };
        let connection = word("connection_string");
        let key = connection
            .split(';')
            .find_map(|part| part.strip_prefix("AccountKey="));
        Self {
            name: word("name"),
            url: word("url"),
            key: key.expect("a key").to_owned(),
            sas: word("sas"),
        }
    }

    pub fn north() -> Self {
        Self::nth(0)
    }

    pub fn south() -> Self {
        Self::nth(1)
    }

    /// The account as the bearer of a SAS that allows everything meets it.
    pub fn service(&self) -> BlobServiceClient {
        let url = Url::parse(&format!("{}?{}", self.url, self.sas)).expect("a URL");
        BlobServiceClient::new(url, None, None).expect("a client")
    }

    /// A new container and its name.
    pub async fn container(&self) -> (String, BlobContainerClient) {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970");
        let name = format!(
            "c{}-{}",
            now.as_nanos(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let container = self.service().blob_container_client(&name);
        container.create(None).await.expect("created");
        (name, container)
    }
}
