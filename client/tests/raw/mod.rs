//! A server that says exactly what it is told to say, and keeps what it was asked.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose server cannot be set up has failed"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use blobferry::{
    Account, BlobName, ContainerName, Credential, Identities, Request, ServiceVersion,
    SignedRequest, Timestamp, sign,
};
use bytes::Bytes;
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What the server does with one request, in order.
#[derive(Clone)]
pub(crate) enum Do {
    Say(&'static str),
    Close,
    /// Keeps the connection and says nothing more.
    Hold,
}

pub(crate) const OK: &[Do] = &[Do::Say("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")];

pub(crate) struct RawServer {
    pub(crate) address: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
    asked: mpsc::UnboundedReceiver<String>,
}

impl RawServer {
    /// Answers every request the same way.
    pub(crate) async fn start(answer: &'static [Do]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (tell, asked) = mpsc::unbounded_channel();
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(converse(stream, answer, tell.clone()));
            }
        });
        Self {
            address,
            connections,
            asked,
        }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The next request as it came: head and body.
    pub(crate) async fn asked(&mut self) -> String {
        self.asked.recv().await.unwrap()
    }
}

async fn converse(mut stream: TcpStream, answer: &[Do], tell: mpsc::UnboundedSender<String>) {
    while let Some(request) = read_request(&mut stream).await {
        let _ = tell.send(request);
        for step in answer {
            match step {
                Do::Say(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                Do::Close => return,
                Do::Hold => std::future::pending().await,
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&got).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return Some(text);
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => got.extend_from_slice(buffer.get(..read).unwrap()),
        }
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.parse().unwrap())
}

/// A signed request for blob `b` of container `box` at an account's URL.
pub(crate) fn request_to(method: Method, url: &str, body: &'static str) -> SignedRequest {
    let account = Account::at(url, "someone").unwrap();
    let container = account.container("box".parse::<ContainerName>().unwrap());
    let blob = container.blob("b".parse::<BlobName>().unwrap());
    let request = Request::to_blob(method, &blob).body(Bytes::from_static(body.as_bytes()));
    let identities = Identities::new().with(account, Credential::Anonymous);
    let now = Timestamp::from_millis(0);
    sign::sign(&request, &identities, ServiceVersion::DEFAULT, now).unwrap()
}

pub(crate) const LONG: Duration = Duration::from_secs(20);
pub(crate) const SHORT: Duration = Duration::from_millis(80);
