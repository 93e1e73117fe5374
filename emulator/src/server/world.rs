//! A server on a real socket, for tests: requests of the owner in one line each.

use std::net::SocketAddr;
use std::sync::Arc;

use blobferry_core::sas::{AccountSas, Terms};
use blobferry_core::sign::{self, shared_key::SharedKey};
use blobferry_core::{
    Account, BlobName, ContainerName, Identities, Request as Unsigned, ServiceVersion,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{Config, DEV_ACCOUNT, DEV_KEY, Server, ServerOptions, Service};

/// A server with a private container `box`, and its service.
pub(crate) struct World {
    pub(crate) service: Arc<Service>,
    pub(crate) server: Server,
    /// The service version of requests.
    pub(crate) version: ServiceVersion,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Config::new()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self::serving(config, ServerOptions::default()).await
    }

    /// As [`with`](Self::with), with a server that is told more.
    pub(crate) async fn serving(config: Config, options: ServerOptions) -> Self {
        let world = Self::of(Service::new(config), options).await;
        let created = world.send(Method::PUT, None, "").await;
        assert!(created.starts_with("HTTP/1.1 201"), "{created}");
        world
    }

    /// A service as it is.
    async fn of(service: Service, options: ServerOptions) -> Self {
        let service = Arc::new(service);
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind_with(Arc::clone(&service), anywhere, options)
            .await
            .unwrap();
        Self {
            service,
            server,
            version: ServiceVersion::V2024_08_04,
        }
    }

    /// Kept in a directory, with what is there.
    #[cfg(feature = "durable")]
    pub(crate) async fn open(config: Config, directory: &std::path::Path) -> Self {
        let service = Service::open(config, directory).unwrap();
        let world = Self::of(service, ServerOptions::default()).await;
        let created = world.send(Method::PUT, None, "").await;
        let may = ["HTTP/1.1 201", "HTTP/1.1 409"];
        assert!(may.iter().any(|start| created.starts_with(start)));
        world
    }

    /// Lets answers under way finish, and ends.
    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }

    /// Everything that comes back for these bytes, when nothing follows them.
    pub(crate) async fn raw(&self, text: &str) -> String {
        let mut stream = TcpStream::connect(self.server.addr()).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        rest(stream).await
    }

    pub(crate) fn fault(&self, text: &str) {
        self.service.faults().add(text.parse().unwrap());
    }

    /// A request about the container, or a blob in it, as it goes over the wire.
    fn wire(
        &self,
        method: Method,
        blob: Option<&str>,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> Vec<u8> {
        let account: Account = format!("http://{}/{DEV_ACCOUNT}", self.server.addr())
            .parse()
            .unwrap();
        let container = account.container("box".parse::<ContainerName>().unwrap());
        let mut unsigned = match blob {
            None => Unsigned::to_container(method, &container),
            Some(text) => {
                let (name, query) = text.split_once('?').unwrap_or((text, ""));
                let name = name.parse::<BlobName>().unwrap();
                let mut unsigned = Unsigned::to_blob(method, &container.blob(name));
                for pair in query.split('&').filter(|pair| !pair.is_empty()) {
                    let (name, value) = pair.split_once('=').unwrap();
                    unsigned = unsigned.query(String::from(name).leak(), value.to_owned());
                }
                unsigned.body(Bytes::copy_from_slice(body.as_bytes()))
            }
        };
        for (name, value) in headers {
            let name = HeaderName::from_static(name);
            unsigned = unsigned.header(name, HeaderValue::from_str(value).unwrap());
        }
        let key = SharedKey::new(DEV_KEY).unwrap();
        let identities = Identities::new().with(account, key);
        let now = self.service.clock().now();
        let signed = sign::sign(&unsigned, &identities, self.version, now).unwrap();
        let (parts, body) = signed.into_http().into_parts();
        let path = parts.uri.path_and_query().unwrap();
        let addr = self.server.addr();
        let mut text = format!("{} {path} HTTP/1.1\r\nhost: {addr}\r\n", parts.method);
        for (name, value) in &parts.headers {
            text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        if !parts.headers.contains_key("content-length") && parts.method == Method::PUT {
            text.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        text.push_str("connection: close\r\n\r\n");
        let mut wire = text.into_bytes();
        wire.extend_from_slice(&body);
        wire
    }

    /// Starts an asynchronous copy.
    pub(crate) async fn copy(&self, blob: &str, source: &str) -> String {
        self.ask(Method::PUT, blob, &[("x-ms-copy-source", source)], "")
            .await
    }

    /// The URL of a blob with a SAS for the account that allows this.
    pub(crate) fn sas_url(&self, blob: &str, permissions: &str) -> String {
        let end = self.service.clock().now() + std::time::Duration::from_secs(3600);
        let terms = Terms::until(end, permissions.parse().unwrap());
        let key = SharedKey::new(DEV_KEY).unwrap();
        let sas = AccountSas::new(DEV_ACCOUNT, terms).sign(&key).unwrap();
        let addr = self.server.addr();
        format!("http://{addr}/{DEV_ACCOUNT}/box/{blob}?{}", sas.expose())
    }

    /// A request whose answer nobody has read yet. PUT makes a block blob.
    pub(crate) async fn sent(&self, method: Method, blob: Option<&str>, body: &str) -> TcpStream {
        let headers: &[_] = match (&method, blob) {
            (&Method::PUT, Some(_)) => &[("x-ms-blob-type", "BlockBlob")],
            _ => &[],
        };
        self.asked(method, blob, headers, body).await
    }

    async fn asked(
        &self,
        method: Method,
        blob: Option<&str>,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> TcpStream {
        let mut stream = TcpStream::connect(self.server.addr()).await.unwrap();
        let wire = self.wire(method, blob, headers, body);
        stream.write_all(&wire).await.unwrap();
        stream
    }

    /// Everything that comes back until the connection ends. PUT makes a block blob.
    pub(crate) async fn send(&self, method: Method, blob: Option<&str>, body: &str) -> String {
        rest(self.sent(method, blob, body).await).await
    }

    /// As [`send`](Self::send), with these headers and a query behind the blob's name.
    pub(crate) async fn ask(
        &self,
        method: Method,
        blob: &str,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> String {
        rest(self.asked(method, Some(blob), headers, body).await).await
    }
}

pub(crate) async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

/// The value of a header in an answer; empty where it is not there.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    answer
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
        .unwrap_or_default()
}
