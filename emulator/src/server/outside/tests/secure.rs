//! Sources of another emulator over HTTPS.

use std::net::SocketAddr;

use super::*;
use crate::{Server, ServerOptions, Tls};

/// A service that is served over HTTP and over HTTPS, and whom to trust for the latter.
struct Secure {
    world: World,
    server: Server,
    pem: String,
}

impl Secure {
    async fn new() -> Self {
        let world = World::new().await;
        let (server, pem) = served(&world, 0).await;
        Self { world, server, pem }
    }

    /// The URL of a blob over HTTPS, with a SAS to read it.
    fn url(&self, blob: &str) -> String {
        let plain = self.world.sas_url(blob, "r");
        let there = self.world.server.addr().to_string();
        plain
            .replacen("http:", "https:", 1)
            .replacen(&there, &self.server.addr().to_string(), 1)
    }
}

/// The service once more, over HTTPS, under a certificate of this very moment.
async fn served(world: &World, port: u16) -> (Server, String) {
    let tls = Tls::self_made([]).unwrap();
    let pem = tls.to_trust().unwrap().to_owned();
    let anywhere = SocketAddr::from(([127, 0, 0, 1], port));
    let options = ServerOptions::default().tls(tls);
    let server = Server::bind_with(world.service.clone(), anywhere, options)
        .await
        .unwrap();
    (server, pem)
}

async fn trusting(pem: &str) -> World {
    World::with(Config::new().outside_trust(pem.as_bytes()).unwrap()).await
}

/// A blob with its query, headers, and the status of success.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Every operation that reads a source, with what it needs beside that.
const OPERATIONS: [Row; 6] = [
    ("copy", &[], "202"),
    ("sync", &[("x-ms-requires-sync", "true")], "202"),
    ("put", &[("x-ms-blob-type", "BlockBlob")], "201"),
    ("block?comp=block&blockid=YQ==", &[], "201"),
    ("append?comp=appendblock", &[], "201"),
    (
        "page?comp=page",
        &[
            ("x-ms-page-write", "update"),
            ("x-ms-range", "bytes=0-511"),
            ("x-ms-source-range", "bytes=0-511"),
        ],
        "201",
    ),
];

async fn ask_each(to: &World, url: &str) -> Vec<String> {
    let append = [("x-ms-blob-type", "AppendBlob")];
    to.ask(Method::PUT, "append", &append, "").await;
    let page = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "512"),
    ];
    to.ask(Method::PUT, "page", &page, "").await;
    let mut answers = Vec::new();
    for (blob, needs, _) in OPERATIONS {
        let mut headers = vec![("x-ms-copy-source", url)];
        headers.extend_from_slice(needs);
        answers.push(to.ask(Method::PUT, blob, &headers, "").await);
    }
    answers
}

#[tokio::test]
async fn every_operation_reads_a_source_whose_certificate_is_trusted() {
    let from = Secure::new().await;
    let text = "s".repeat(512);
    from.world.send(Method::PUT, Some("source"), &text).await;
    let to = trusting(&from.pem).await;
    let answers = ask_each(&to, &from.url("source")).await;
    for ((blob, _, status), answer) in OPERATIONS.iter().zip(answers) {
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{blob}: {answer}"
        );
    }
    let list = "<BlockList><Latest>YQ==</Latest></BlockList>";
    to.ask(Method::PUT, "block?comp=blocklist", &[], list).await;
    assert_eq!(
        header(&ended(&to, "copy").await, "x-ms-copy-status"),
        "success"
    );
    for blob in ["copy", "sync", "put", "block", "append", "page"] {
        let read = to.ask(Method::GET, blob, &[], "").await;
        assert!(read.ends_with(&text), "{blob}: {read}");
    }
}

#[tokio::test]
async fn no_operation_reads_a_source_whose_certificate_nobody_trusts_and_says_why() {
    let from = Secure::new().await;
    from.world.send(Method::PUT, Some("source"), "text").await;
    let to = World::new().await;
    for ((blob, ..), answer) in OPERATIONS
        .iter()
        .zip(ask_each(&to, &from.url("source")).await)
    {
        assert!(answer.starts_with("HTTP/1.1 400 "), "{blob}: {answer}");
        assert_eq!(header(&answer, "x-ms-error-code"), "CannotVerifyCopySource");
        assert!(
            answer.contains("the source's certificate is by an issuer that is not trusted here"),
            "{blob}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let from = Secure::new().await;
    let url = from.url("source").replacen("127.0.0.1", "127.0.0.2", 1);
    let tls = Tls::self_made([]).unwrap();
    let pem = tls.to_trust().unwrap().to_owned();
    let port = from.server.addr().port();
    let there = SocketAddr::from(([127, 0, 0, 2], port));
    let service = from.world.service.clone();
    let _other = Server::bind_with(service, there, ServerOptions::default().tls(tls))
        .await
        .unwrap();
    let answer = trusting(&pem).await.copy("copy", &url).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("is for another name"), "{answer}");
}

#[tokio::test]
async fn a_certificate_that_changes_fails_the_pending_copy_which_says_why() {
    let from = Secure::new().await;
    let url = from.url("source");
    let Secure { world, server, pem } = from;
    world
        .send(Method::PUT, Some("source"), &"x".repeat(9 << 20))
        .await;
    let addr = server.addr();
    let clock = Clock::frozen_at(Clock::system().now());
    let config = Config::new()
        .outside_trust(pem.as_bytes())
        .unwrap()
        .clock(clock)
        .copy_pace(CopyPace {
            same_account: Pace::AT_ONCE,
            other_account: Pace {
                latency: Duration::ZERO,
                bytes_per_second: Some(4 << 20),
            },
        });
    let to = World::with(config).await;
    let started = to.copy("copy", &url).await;
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    server.stop().await;
    let (_again, _) = served(&world, addr.port()).await;
    to.service.clock().advance(Duration::from_secs(1));
    let head = when(&to, "copy", "x-ms-copy-status", "failed").await;
    assert_eq!(
        header(&head, "x-ms-copy-status-description"),
        "400 CannotVerifyCopySource \"Copy failed when reading the source: the source's \
         certificate is by an issuer that is not trusted here.\""
    );
}
