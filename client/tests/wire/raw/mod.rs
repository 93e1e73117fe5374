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
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

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
        Self::serve(move |stream, tell| converse(stream, answer, tell)).await
    }

    async fn serve<Served>(
        serve: impl Fn(TcpStream, mpsc::UnboundedSender<String>) -> Served + Send + 'static,
    ) -> Self
    where
        Served: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (tell, asked) = mpsc::unbounded_channel();
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, tell.clone()));
            }
        });
        Self {
            address,
            connections,
            asked,
        }
    }

    /// The same under TLS, with [`CERTIFICATE`].
    pub(crate) async fn start_under_tls(answer: &'static [Do]) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(server_config()));
        Self::serve(move |stream, tell| {
            let acceptor = acceptor.clone();
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    converse(stream, answer, tell).await;
                }
            }
        })
        .await
    }

    /// A proxy that takes whatever it is asked to reach to be at `target`.
    pub(crate) async fn proxy_to(target: SocketAddr) -> Self {
        Self::serve(move |mut stream, tell| async move {
            let request = read_request(&mut stream).await.unwrap();
            let _ = tell.send(request);
            let mut onward = TcpStream::connect(target).await.unwrap();
            let established = b"HTTP/1.1 200 Connection established\r\n\r\n";
            stream.write_all(established).await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut onward).await;
        })
        .await
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The next request as it came: head and body.
    pub(crate) async fn asked(&mut self) -> String {
        self.asked.recv().await.unwrap()
    }
}

/// For `localhost`, `lighthouse.blob.example` and 127.0.0.1; signed by itself, made for these tests.
pub(crate) const CERTIFICATE: &[u8] = include_bytes!("certificate.pem");
const KEY: &[u8] = include_bytes!("key.pem");

fn server_config() -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY).unwrap(),
        )
        .unwrap()
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: &[Do],
    tell: mpsc::UnboundedSender<String>,
) {
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

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
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
