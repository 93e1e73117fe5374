//! What is told of requests: enough to find them in the service's own log, and no secret.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::io;
use std::sync::{Arc, Mutex};

use crate::raw::{Do, RawServer};
use blobferry::operation::{CopyBlob, GetBlobProperties};
use blobferry::transport::https::{HttpsOptions, Proxies};
use blobferry::{Bearer, Client, ClientBuilder, Credential, Patience};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

const KEY: &str = "a2V5c2VjcmV0a2V5c2VjcmV0";
const SIGNATURE: &str = "c2lnbmF0dXJlc2VjcmV0";
const TOKEN: &str = "tokensecret.tokensecret";
const PROXY: &str = "proxysecret";

const REFUSED: &[Do] = &[Do::Say(
    "HTTP/1.1 403 Forbidden\r\nx-ms-request-id: 7c2f-request\r\n\
     x-ms-error-code: AuthorizationFailure\r\ncontent-length: 0\r\n\r\n",
)];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that anybody tells while a test runs.
fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

fn direct() -> ClientBuilder {
    once().https(HttpsOptions {
        proxies: Proxies::none(),
        ..HttpsOptions::default()
    })
}

fn once() -> ClientBuilder {
    Client::builder().patience(Patience {
        attempts: 1,
        ..Patience::default()
    })
}

fn assert_no_secret(text: &str) {
    for secret in [KEY, SIGNATURE, TOKEN, PROXY, "cHJveHlzZWNyZXQ"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_request_is_told_with_what_finds_it_again() {
    let (log, _listening) = listen();
    let server = RawServer::start(REFUSED).await;
    let mut builder = direct();
    let url = format!("http://{}/lighthouse/lamp/wick%20end", server.address);
    let blob = builder.blob(&url).unwrap();
    let client = builder.build().unwrap();
    client.send(GetBlobProperties::new(blob)).await.unwrap_err();
    let told = log.text();
    for part in [
        "operation=\"Get Blob Properties\"",
        "attempt=1",
        "method=HEAD",
        "path=\"/lighthouse/lamp/wick%20end\"",
        "status=403",
        "request_id=\"7c2f-request\"",
        "code=\"AuthorizationFailure\"",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[tokio::test]
async fn no_key_signature_or_token_is_ever_told() {
    let (log, _listening) = listen();
    let mut server = RawServer::start(REFUSED).await;
    let at = |account: &str| format!("http://{}/{account}", server.address);
    let signed = |account: &str| {
        let sas = format!("sv=2021-12-02&sp=rw&se=2099-01-01T00%3A00%3A00Z&sr=b&sig={SIGNATURE}");
        format!("{}/lamp/wick?{sas}", at(account))
    };
    let mut builder = direct()
        .connection_string(&format!(
            "BlobEndpoint={};AccountName=keyed;AccountKey={KEY}",
            at("keyed")
        ))
        .unwrap()
        .credential(
            at("tokened").parse().unwrap(),
            Credential::Bearer(Bearer::new(TOKEN, None).unwrap()),
        );
    let blobs = [
        builder.blob(&format!("{}/lamp/wick", at("keyed"))).unwrap(),
        builder.blob(&signed("signed")).unwrap(),
        builder
            .blob(&format!("{}/lamp/wick", at("tokened")))
            .unwrap(),
    ];
    assert_no_secret(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    assert_no_secret(&format!("{client:?}"));
    for source in &blobs {
        for destination in &blobs {
            let copy = CopyBlob::new(destination.clone(), source.clone());
            let error = client.send(copy).await.unwrap_err();
            assert_no_secret(&format!("{error} {error:?}"));
        }
    }
    let sent = [server.asked().await, server.asked().await];
    assert!(sent[1].contains(SIGNATURE), "{sent:?}");
    let told = log.text();
    assert!(told.contains("Copy Blob"), "{told}");
    assert_no_secret(&told);
}

#[tokio::test]
async fn a_proxys_password_is_never_told() {
    let (log, _listening) = listen();
    let builder = once().https(HttpsOptions {
        proxies: Proxies::all(&format!("http://me:{PROXY}@127.0.0.1:1"), ""),
        ..HttpsOptions::default()
    });
    assert_no_secret(&format!("{builder:?}"));
    let mut builder = builder;
    let blob = builder.blob("http://lighthouse.blob.core.windows.net/lamp/wick");
    let client = builder.build().unwrap();
    let asked = client.send(GetBlobProperties::new(blob.unwrap())).await;
    let error = asked.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    assert_no_secret(&format!("{error} {error:?}"));
    assert_no_secret(&log.text());
}
