//! Writing the answers of a batch as the service writes them.

use std::fmt::Write as _;

use blobferry_core::wire::header;
use http::{HeaderName, HeaderValue, Response};

/// The body of a batch's answer, being written.
pub(crate) struct Writer {
    boundary: String,
    body: Vec<u8>,
}

impl Writer {
    /// A body under a boundary with an id of its own.
    pub(crate) fn new(id: &str) -> Self {
        Self {
            boundary: format!("batchresponse_{id}"),
            body: Vec::with_capacity(1024),
        }
    }

    /// Adds the answer to one request.
    pub(crate) fn push(
        &mut self,
        content_id: Option<&str>,
        reason: &str,
        answer: &Response<String>,
    ) {
        let mut text = format!("--{}\r\nContent-Type: application/http\r\n", self.boundary);
        if let Some(id) = content_id {
            line(&mut text, "Content-ID", id);
        }
        let status = answer.status();
        let _ = write!(text, "\r\nHTTP/1.1 {} {reason}\r\n", status.as_u16());
        self.body.extend_from_slice(text.as_bytes());
        for (name, value) in answer.headers() {
            if !common(name) {
                self.header(name.as_str(), value);
            }
        }
        for name in [
            header::X_MS_REQUEST_ID,
            header::X_MS_VERSION,
            header::X_MS_CLIENT_REQUEST_ID,
        ] {
            if let Some(value) = answer.headers().get(&name) {
                self.header(name.as_str(), value);
            }
        }
        let mut text = String::new();
        if !answer.body().is_empty() {
            // In answers inside a batch a line break follows the declaration, and it is counted.
            let body = answer.body().replacen("?><", "?>\n<", 1);
            line(&mut text, "Content-Length", &body.len().to_string());
            line(&mut text, "Content-Type", "application/xml");
            let _ = write!(text, "Server: Windows-Azure-Blob/1.0\r\n\r\n{body}\r\n");
        } else {
            text.push_str("Server: Windows-Azure-Blob/1.0\r\n\r\n");
        }
        self.body.extend_from_slice(text.as_bytes());
    }

    fn header(&mut self, name: &str, value: &HeaderValue) {
        self.body.extend_from_slice(name.as_bytes());
        self.body.extend_from_slice(b": ");
        self.body.extend_from_slice(value.as_bytes());
        self.body.extend_from_slice(b"\r\n");
    }

    /// The `Content-Type` and the body.
    pub(crate) fn finish(mut self) -> (String, Vec<u8>) {
        let end = format!("--{}--", self.boundary);
        self.body.extend_from_slice(end.as_bytes());
        (
            format!("multipart/mixed; boundary={}", self.boundary),
            self.body,
        )
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, "{name}: {value}\r\n");
}

/// Headers with a place of their own, or that answers in a batch do not have.
fn common(name: &HeaderName) -> bool {
    [
        header::X_MS_REQUEST_ID,
        header::X_MS_VERSION,
        header::X_MS_CLIENT_REQUEST_ID,
        header::SERVER,
        header::DATE,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
    ]
    .contains(name)
}
