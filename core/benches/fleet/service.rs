//! The least Blob service that can answer a fleet: numbered blobs of one length, copies that take
//! their time, listings by number, from texts made before the clock runs.

use std::fmt::Write;
use std::ops::Range;
use std::time::Duration;

use blobferry_core::{Response, Timestamp};
use bytes::Bytes;
use http::HeaderValue;

const LENGTH: u64 = 1 << 20;
const PAGE: usize = 5_000;
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>";
const ID: HeaderValue = HeaderValue::from_static("11111111-1111-4111-8111-111111111111");

pub(crate) struct Service {
    takes: Duration,
    /// When each blob's copy ends, by number; absent where none was started.
    copies: Vec<Option<Timestamp>>,
    source_pages: Vec<Bytes>,
    pending: Entries,
    done: Entries,
}

/// The entries of all blobs, one after the other.
struct Entries {
    text: String,
    width: usize,
}

impl Entries {
    fn new(blobs: usize, date: &str, copy: Option<&str>) -> Self {
        let length = if copy == Some("pending") { 0 } else { LENGTH };
        let mut text = String::new();
        for blob in 0..blobs {
            let _ = write!(
                text,
                "<Blob><Name>2026/{blob:08}</Name><Properties><Last-Modified>{date}</Last-Modified>\
                 <Etag>0x8D{blob:08}</Etag><Content-Length>{length}</Content-Length>\
                 <Content-Type>application/octet-stream</Content-Type><BlobType>BlockBlob</BlobType>"
            );
            if let Some(status) = copy {
                let _ = write!(
                    text,
                    "<CopyId>{}</CopyId><CopySource>https://lighthouse.blob.core.windows.net/logs/2026/{blob:08}</CopySource>\
                     <CopyStatus>{status}</CopyStatus><CopyProgress>{length}/{LENGTH}</CopyProgress>",
                    id(blob)
                );
            }
            text += "</Properties></Blob>";
        }
        let width = text.len() / blobs.max(1);
        Self { text, width }
    }

    fn of(&self, blobs: Range<usize>) -> &str {
        &self.text[blobs.start * self.width..blobs.end * self.width]
    }
}

fn number(path: &str) -> Option<usize> {
    path.rsplit('/').next()?.parse().ok()
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then_some(value)
    })
}

impl Service {
    pub(crate) fn new(blobs: usize, takes: Duration, noon: Timestamp) -> Self {
        let date = noon.to_http();
        let source = Entries::new(blobs, &date, None);
        let pages = (0..blobs).step_by(PAGE).map(|from| {
            let end = blobs.min(from + PAGE);
            let mut page = format!("{HEAD}{}", source.of(from..end));
            close(&mut page, (end < blobs).then_some(end));
            Bytes::from(page)
        });
        Self {
            takes,
            copies: vec![None; blobs],
            source_pages: pages.collect(),
            pending: Entries::new(blobs, &date, Some("pending")),
            done: Entries::new(blobs, &date, Some("success")),
        }
    }

    pub(crate) fn respond(&mut self, now: Timestamp, request: &http::Request<Bytes>) -> Response {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let mut response = http::Response::new(Bytes::new());
        let headers = response.headers_mut();
        headers.insert("x-ms-request-id", HeaderValue::from_static("r"));
        if query.contains("comp=list") {
            let from = parameter(query, "marker").and_then(number).unwrap_or(0);
            let is_source = uri.host().is_some_and(|host| host.starts_with("light"));
            *response.body_mut() = if is_source {
                self.source_pages[from / PAGE].clone()
            } else {
                let most = parameter(query, "maxresults").and_then(number);
                self.list(now, from, most.unwrap_or(PAGE)).into()
            };
        } else {
            let blob = number(uri.path()).expect("a blob");
            self.copies[blob] = Some(now + self.takes);
            headers.insert("x-ms-copy-status", HeaderValue::from_static("pending"));
            headers.insert("etag", HeaderValue::from_static("\"0x1\""));
            headers.insert("x-ms-copy-id", id(blob).parse().unwrap_or(ID));
            *response.status_mut() = http::StatusCode::ACCEPTED;
        }
        Response::new(response)
    }

    fn list(&self, now: Timestamp, from: usize, most: usize) -> String {
        let mut page = String::with_capacity(HEAD.len() + most * self.done.width + 100);
        page += HEAD;
        let copies = self.copies.iter().enumerate().skip(from);
        let mut copies = copies.filter_map(|(blob, ends)| Some((blob, (*ends)?)));
        for (blob, ends) in copies.by_ref().take(most) {
            let entries = if ends <= now {
                &self.done
            } else {
                &self.pending
            };
            page += entries.of(blob..blob + 1);
        }
        close(&mut page, copies.next().map(|(blob, _)| blob));
        page
    }
}

fn close(page: &mut String, next: Option<usize>) {
    *page += "</Blobs><NextMarker>";
    if let Some(next) = next {
        let _ = write!(page, "{next:08}");
    }
    *page += "</NextMarker></EnumerationResults>";
}

fn id(blob: usize) -> String {
    format!("11111111-1111-4111-8111-{blob:012}")
}
