//! An answer as the operations write it; common headers come later, in one place.

mod body;

pub(crate) use body::Body;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use blobferry_core::Timestamp;
use blobferry_core::wire::header;

use crate::http_date;
use crate::spare;
use crate::spelling::Spelling;

/// Status, headers and body of a success.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// How the names of metadata are spelled.
    pub(crate) spelling: Spelling,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: spare::take(),
            body: Body::default(),
            spelling: Spelling::default(),
        }
    }

    /// 200.
    pub(crate) fn ok() -> Self {
        Self::new(StatusCode::OK)
    }

    /// 201.
    pub(crate) fn created() -> Self {
        Self::new(StatusCode::CREATED)
    }

    /// 202.
    pub(crate) fn accepted() -> Self {
        Self::new(StatusCode::ACCEPTED)
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT)
    }

    /// 206.
    pub(crate) fn partial() -> Self {
        Self::new(StatusCode::PARTIAL_CONTENT)
    }

    /// Sets a header; a value that no header can hold, such as one with a line break, is left out.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a header to a text known beforehand.
    pub(crate) fn constant(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    /// Sets a header where there is a value.
    pub(crate) fn header_if(self, name: HeaderName, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// Sets a header to a number.
    pub(crate) fn number(mut self, name: HeaderName, value: u64) -> Self {
        self.headers.insert(name, HeaderValue::from(value));
        self
    }

    /// Sets `ETag`, quoted as the answers are from 2011-08-18, and `Last-Modified`.
    pub(crate) fn modified(self, etag: &str, last_modified: Timestamp) -> Self {
        self.header(header::ETAG, etag)
            .date(header::LAST_MODIFIED, last_modified)
    }

    /// Sets a header to a date.
    pub(crate) fn date(mut self, name: HeaderName, moment: Timestamp) -> Self {
        self.headers.insert(name, http_date::header(moment));
        self
    }

    /// Sets the body, and `Content-Type` to XML.
    pub(crate) fn xml(self, body: impl Into<Body>) -> Self {
        self.constant(header::CONTENT_TYPE, "application/xml")
            .body(body)
    }

    /// Sets the body.
    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a header in place to a text known beforehand.
    pub(crate) fn set_constant(&mut self, name: HeaderName, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    /// Sets a header in place to a word of the protocol.
    pub(crate) fn set_word(&mut self, name: HeaderName, word: Option<HeaderValue>) {
        if let Some(word) = word {
            self.headers.insert(name, word);
        }
    }

    /// Sets a header in place.
    pub(crate) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) =
            HeaderValue::from_str(value).or_else(|_| HeaderValue::from_bytes(value.as_bytes()))
        {
            self.headers.insert(name, value);
        }
    }
}
