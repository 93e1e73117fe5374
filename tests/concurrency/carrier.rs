//! Two ways to ask: a call, and a connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use blobferry_core::Timestamp;
use blobferry_core::sas::{AccountSas, Permissions, Terms};
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_emulator::{Config, CopyPace, DEV_ACCOUNT, DEV_KEY, Limits, Pace, Server, Service};
use bytes::Bytes;

/// A service with a container `box`, and how it is reached.
pub(crate) struct Carrier {
    service: Arc<Service>,
    server: Option<Server>,
    sas: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// A header's value, empty where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// Runs a test by calls, and over a server.
pub(crate) fn everywhere(test: impl Fn(&Carrier)) {
    for serves in [false, true] {
        let carrier = Carrier::new(serves);
        test(&carrier);
        if let Some(server) = carrier.server {
            server.stop_blocking();
        }
    }
}

impl Carrier {
    fn new(serves: bool) -> Self {
        let service = Arc::new(Service::new(Config::new()));
        let expiry = Timestamp::from_millis(4_000_000_000_000);
        let letters: Permissions = "rwdlact".parse().unwrap();
        let key = SharedKey::new(DEV_KEY).unwrap();
        let sas = AccountSas::new(DEV_ACCOUNT, Terms::until(expiry, letters));
        let anywhere = ([127, 0, 0, 1], 0).into();
        let carrier = Self {
            server: serves
                .then(|| Server::spawn(Arc::clone(&service), anywhere, Limits::default()).unwrap()),
            service,
            sas: sas.sign(&key).unwrap().expose().to_owned(),
        };
        let made = carrier
            .client()
            .ask("PUT", "box?restype=container", &[], b"");
        assert_eq!(made.status, 201);
        carrier
    }

    /// Somebody who asks.
    pub(crate) fn client(&self) -> Client {
        let stream = self.server.as_ref().map(|server| {
            let stream = TcpStream::connect(server.addr()).unwrap();
            stream.set_nodelay(true).unwrap();
            BufReader::new(stream)
        });
        Client {
            service: Arc::clone(&self.service),
            stream,
            sas: self.sas.clone(),
        }
    }

    /// Copies that begin from now on do not get anywhere.
    pub(crate) fn hold_copies(&self) {
        let still = Pace {
            bytes_per_second: Some(0),
            ..Pace::AT_ONCE
        };
        let pace = CopyPace {
            same_account: still,
            other_account: still,
        };
        let now = self.service.clock().now();
        self.service.set_copy_pace(DEV_ACCOUNT, pace, now);
    }

    /// Makes a block blob.
    pub(crate) fn put(&self, name: &str, body: &[u8]) {
        let kind = [("x-ms-blob-type", "BlockBlob")];
        let reply = self
            .client()
            .ask("PUT", &format!("box/{name}"), &kind, body);
        assert_eq!(reply.status, 201);
    }
}

/// One client: a thread's calls, or a connection.
pub(crate) struct Client {
    service: Arc<Service>,
    stream: Option<BufReader<TcpStream>>,
    sas: String,
}

impl Client {
    /// The whole URL of something, with the right to read it.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://127.0.0.1:10000{}", self.path(target))
    }

    fn path(&self, target: &str) -> String {
        let sign = if target.contains('?') { '&' } else { '?' };
        format!("/{DEV_ACCOUNT}/{target}{sign}{}", self.sas)
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let path = self.path(target);
        match &mut self.stream {
            None => call(&self.service, method, &path, headers, body),
            Some(stream) => send(stream, method, &path, headers, body),
        }
    }
}

const VERSION: &str = "2021-12-02";

fn call(
    service: &Service,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1:10000{path}"))
        .header("x-ms-version", VERSION);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    let answer = service.respond(service.clock().now(), request);
    Reply {
        status: answer.status().as_u16(),
        headers: answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: answer.into_body().to_vec(),
    }
}

fn send(
    stream: &mut BufReader<TcpStream>,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:10000\r\nx-ms-version: {VERSION}\r\n\
         content-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += "\r\n";
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    stream.get_mut().write_all(&bytes).unwrap();
    let mut line = || {
        let mut line = String::new();
        assert_ne!(
            stream.read_line(&mut line).unwrap(),
            0,
            "the connection ended"
        );
        line.trim_end().to_owned()
    };
    let status = line();
    let status = status.split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = Vec::new();
    loop {
        let line = line();
        match line.split_once(": ") {
            Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
            None if line.is_empty() => break,
            None => headers.push((line.trim_end_matches(':').to_owned(), String::new())),
        }
    }
    let mut reply = Reply {
        status,
        headers,
        body: Vec::new(),
    };
    if method != "HEAD" {
        let length = reply.header("content-length").parse().unwrap_or(0);
        reply.body = vec![0; length];
        stream.read_exact(&mut reply.body).unwrap();
    }
    reply
}
