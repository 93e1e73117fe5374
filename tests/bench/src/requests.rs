//! Requests written and signed ahead, so that the generator only sends them.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use blobferry_core::sign::shared_key::{Parts, SharedKey, string_to_sign};
use blobferry_core::{ServiceVersion, Timestamp};
use blobferry_emulator::DEV_ACCOUNT;

use crate::Failure;

/// What requests name as their version.
const VERSION: ServiceVersion = ServiceVersion::V2021_12_02;

/// One request as it goes over the wire.
pub(crate) type Raw = Vec<u8>;

/// A request as [`Service::respond`](blobferry_emulator::Service::respond) takes it.
pub(crate) fn read(raw: &[u8]) -> Result<http::Request<Bytes>, Failure> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = raw.split_at(end.ok_or("no head")? + 4);
    let mut lines = std::str::from_utf8(head)?.lines();
    let mut words = lines.next().ok_or("no line")?.split(' ');
    let mut request = http::Request::builder()
        .method(words.next().ok_or("no method")?)
        .uri(words.next().ok_or("no path")?);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    Ok(request.body(Bytes::copy_from_slice(body))?)
}

/// Writes and signs requests of one moment.
pub(crate) struct Writer {
    key: SharedKey,
    date: String,
    host: String,
}

impl Writer {
    pub(crate) fn new(host: impl std::fmt::Display) -> Result<Self, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        Ok(Self {
            key: SharedKey::new(SharedKey::DEVELOPMENT)?,
            date: Timestamp::from_millis(i64::try_from(now)?).to_http(),
            host: host.to_string(),
        })
    }

    fn write(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Result<Raw, Failure> {
        let path = format!("/{DEV_ACCOUNT}{path}");
        let version = VERSION.as_str();
        let mut map = HeaderMap::new();
        let own = [("x-ms-date", self.date.as_str()), ("x-ms-version", version)];
        for (name, value) in headers.iter().chain(&own) {
            map.insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
        }
        let text = string_to_sign(&Parts {
            method,
            headers: &map,
            account: DEV_ACCOUNT,
            path: &path,
            query,
            version: VERSION,
            content_length: u64::try_from(body.len())?,
        });
        let mut raw = format!("{method} {path}");
        for (at, (name, value)) in query.iter().enumerate() {
            write!(raw, "{}{name}={value}", if at == 0 { '?' } else { '&' })?;
        }
        write!(raw, " HTTP/1.1\r\nhost: {}\r\n", self.host)?;
        for (name, value) in &map {
            write!(raw, "{name}: {}\r\n", value.to_str()?)?;
        }
        let signature = self.key.sign(&text);
        write!(
            raw,
            "authorization: SharedKey {DEV_ACCOUNT}:{signature}\r\n"
        )?;
        if *method == Method::PUT {
            write!(raw, "content-length: {}\r\n", body.len())?;
        }
        raw.push_str("\r\n");
        let mut raw = raw.into_bytes();
        raw.extend_from_slice(body);
        Ok(raw)
    }

    pub(crate) fn create_container(&self, name: &str) -> Result<Raw, Failure> {
        let path = format!("/{name}");
        self.write(&Method::PUT, &path, &[("restype", "container")], &[], b"")
    }

    pub(crate) fn put(&self, blob: &str, body: &[u8]) -> Result<Raw, Failure> {
        let headers = [
            ("content-type", "application/octet-stream"),
            ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-meta-origin", "lighthouse"),
        ];
        self.write(&Method::PUT, &format!("/{blob}"), &[], &headers, body)
    }

    pub(crate) fn put_block(&self, blob: &str, id: &str, body: &[u8]) -> Result<Raw, Failure> {
        let query = [("comp", "block"), ("blockid", id)];
        self.write(&Method::PUT, &format!("/{blob}"), &query, &[], body)
    }

    pub(crate) fn put_block_list(&self, blob: &str, ids: &[String]) -> Result<Raw, Failure> {
        let latest: String = ids
            .iter()
            .map(|id| format!("<Latest>{id}</Latest>"))
            .collect();
        let body = format!("<BlockList>{latest}</BlockList>");
        let query = [("comp", "blocklist")];
        self.write(
            &Method::PUT,
            &format!("/{blob}"),
            &query,
            &[],
            body.as_bytes(),
        )
    }

    pub(crate) fn put_append_blob(&self, blob: &str) -> Result<Raw, Failure> {
        let headers = [("x-ms-blob-type", "AppendBlob")];
        self.write(&Method::PUT, &format!("/{blob}"), &[], &headers, b"")
    }

    pub(crate) fn append_block(&self, blob: &str, body: &[u8]) -> Result<Raw, Failure> {
        let query = [("comp", "appendblock")];
        self.write(&Method::PUT, &format!("/{blob}"), &query, &[], body)
    }

    pub(crate) fn put_page_blob(&self, blob: &str, length: u64) -> Result<Raw, Failure> {
        let length = length.to_string();
        let headers = [
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", length.as_str()),
        ];
        self.write(&Method::PUT, &format!("/{blob}"), &[], &headers, b"")
    }

    pub(crate) fn put_page(&self, blob: &str, start: u64, body: &[u8]) -> Result<Raw, Failure> {
        let range = format!("bytes={start}-{}", start + body.len() as u64 - 1);
        let headers = [
            ("x-ms-page-write", "update"),
            ("x-ms-range", range.as_str()),
        ];
        let query = [("comp", "page")];
        self.write(&Method::PUT, &format!("/{blob}"), &query, &headers, body)
    }

    pub(crate) fn properties(&self, blob: &str) -> Result<Raw, Failure> {
        self.write(&Method::HEAD, &format!("/{blob}"), &[], &[], b"")
    }

    pub(crate) fn delete(&self, blob: &str) -> Result<Raw, Failure> {
        self.write(&Method::DELETE, &format!("/{blob}"), &[], &[], b"")
    }

    pub(crate) fn get(&self, blob: &str) -> Result<Raw, Failure> {
        self.write(&Method::GET, &format!("/{blob}"), &[], &[], b"")
    }

    pub(crate) fn copy(&self, blob: &str, source: &str) -> Result<Raw, Failure> {
        let url = format!("http://{}/{DEV_ACCOUNT}/{source}", self.host);
        let headers = [("x-ms-copy-source", url.as_str())];
        self.write(&Method::PUT, &format!("/{blob}"), &[], &headers, b"")
    }

    /// A page of a listing with metadata and copy properties.
    pub(crate) fn list(&self, container: &str, marker: Option<&str>) -> Result<Raw, Failure> {
        let mut query = vec![
            ("restype", "container"),
            ("comp", "list"),
            ("include", "metadata,copy"),
            ("maxresults", "5000"),
        ];
        query.extend(marker.map(|marker| ("marker", marker)));
        self.write(&Method::GET, &format!("/{container}"), &query, &[], b"")
    }
}

/// The body of the small blobs.
pub(crate) const KIBIBYTE: [u8; 1024] = [b'k'; 1024];
