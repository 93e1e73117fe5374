//! A refusal: code, status and message from one table, and how it is written.

mod table;

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use blobferry_core::wire::{header, query};
use blobferry_core::{ContainerName, ErrorCode, ServiceVersion, Timestamp};

use crate::xml::Place;

/// What an operation answers instead of doing what was asked.
#[derive(Debug, Clone)]
pub(crate) struct Failure(Box<Parts>);

#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) code: ErrorCode,
    pub(crate) status: StatusCode,
    pub(crate) message: Cow<'static, str>,
    /// Elements after the message, in order.
    pub(crate) details: Vec<(&'static str, String)>,
    pub(crate) headers: HeaderMap,
    /// Whether it was refused before its version was looked at, which is then not told; nor is the
    /// code as a header.
    pub(crate) is_early: bool,
}

impl Failure {
    /// A refusal with the status and message that usually go with the code.
    pub(crate) fn new(code: ErrorCode) -> Self {
        let (status, message) = table::lookup(&code);
        Self(Box::new(Parts {
            code,
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            message: Cow::Borrowed(message),
            details: Vec::new(),
            headers: HeaderMap::new(),
            is_early: false,
        }))
    }

    /// 400 for a header that cannot be read.
    pub(crate) fn invalid_header(name: &HeaderName, value: &str) -> Self {
        Self::new(ErrorCode::INVALID_HEADER_VALUE)
            .detail("HeaderName", told(name))
            .detail("HeaderValue", value)
    }

    /// 400 for a header that must be there.
    pub(crate) fn missing_header(name: &HeaderName) -> Self {
        Self::new(ErrorCode::MISSING_REQUIRED_HEADER).detail("HeaderName", told(name))
    }

    /// 404 for a container that is not there, 400 where none can be. The latter is recorded of Create
    /// Container only, but a name that no container can have is one for nobody.
    pub(crate) fn no_container(name: &str) -> Self {
        Self::new(match name.parse::<ContainerName>() {
            Ok(_) => ErrorCode::CONTAINER_NOT_FOUND,
            Err(_) => ErrorCode::INVALID_RESOURCE_NAME,
        })
    }

    /// 400 for a body that is no XML, or not what it should be.
    pub(crate) fn invalid_xml(place: Place, reason: impl Into<String>) -> Self {
        Self::new(ErrorCode::INVALID_XML_DOCUMENT)
            .detail("LineNumber", place.line.to_string())
            .detail("LinePosition", place.position.to_string())
            .detail("Reason", reason)
    }

    /// 400 for a query parameter that cannot be read.
    pub(crate) fn invalid_query(name: &str, value: &str, reason: &str) -> Self {
        Self::new(ErrorCode::INVALID_QUERY_PARAMETER_VALUE)
            .detail("QueryParameterName", name)
            .detail("QueryParameterValue", value)
            .detail("Reason", reason)
    }

    /// 400 for a `snapshot` that is no time, as recorded from 2018-11-09 on: of all in a URL, it is
    /// read first.
    pub(crate) fn no_snapshot(value: &str) -> Self {
        let mut failure = Self::new(ErrorCode::INVALID_QUERY_PARAMETER_VALUE)
            .detail("QueryParameterName", query::SNAPSHOT)
            .detail("QueryParameterValue", value);
        failure.0.is_early = true;
        failure
    }

    /// 400 for a query parameter that must be there.
    pub(crate) fn missing_query(name: &str) -> Self {
        Self::new(ErrorCode::MISSING_REQUIRED_QUERY_PARAMETER).detail("QueryParameterName", name)
    }

    /// The same refusal, with the whole URL where it told of a path.
    pub(crate) fn about(mut self, url: &str) -> Self {
        let mut details = self.0.details.iter_mut();
        if let Some((_, value)) = details.find(|(name, _)| *name == "UriPath") {
            url.clone_into(value);
        }
        self
    }

    /// The same refusal under another status.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// The same refusal in other words.
    pub(crate) fn message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// The same refusal, about a container where it spoke of a blob.
    pub(crate) fn of_container(mut self) -> Self {
        let message = self.0.message.replace("the blob", "the container");
        self.0.message = message.into();
        self
    }

    /// Adds an element after the message.
    pub(crate) fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.details.push((name, value.into()));
        self
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
        self
    }

    /// What it is made of.
    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    /// The code.
    #[cfg(test)]
    pub(crate) fn code(&self) -> &ErrorCode {
        &self.0.code
    }

    /// The message as it stands in the body: with the request's id and the time.
    pub(crate) fn full_message(&self, request_id: &str, now: Timestamp) -> String {
        format!(
            "{}\nRequestId:{request_id}\nTime:{}",
            self.0.message,
            now.to_iso_ticks(0)
        )
    }

    /// The headers of the answer, common ones apart.
    pub(crate) fn headers(&self, version: ServiceVersion) -> HeaderMap {
        let mut headers = self.0.headers.clone();
        if version >= ServiceVersion::V2017_07_29
            && !self.0.is_early
            && let Ok(code) = HeaderValue::from_str(self.0.code.as_str())
        {
            headers.insert(header::X_MS_ERROR_CODE, code);
        }
        if self.has_body() {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/xml"),
            );
        }
        headers
    }

    /// 304 answers have none.
    pub(crate) fn has_body(&self) -> bool {
        self.0.status != StatusCode::NOT_MODIFIED
    }

    /// The XML body, with its byte order mark.
    pub(crate) fn body(&self, request_id: &str, now: Timestamp) -> Bytes {
        if !self.has_body() {
            return Bytes::new();
        }
        let mut text = String::with_capacity(384);
        text.push_str("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        if self.0.is_early {
            text.push('\n');
        }
        text.push_str("<Error>");
        element(&mut text, "Code", self.0.code.as_str());
        element(&mut text, "Message", &self.full_message(request_id, now));
        for (name, value) in &self.0.details {
            element(&mut text, name, value);
        }
        text.push_str("</Error>");
        Bytes::from(text)
    }
}

/// A header's name as the service tells it: those of HTTP with capitals.
fn told(name: &HeaderName) -> String {
    let name = name.as_str();
    if name.starts_with("x-ms-") {
        return name.to_owned();
    }
    let words = name.split('-').map(|word| match word {
        "md5" => "MD5".to_owned(),
        _ => {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            first.to_ascii_uppercase() + rest
        }
    });
    words.collect::<Vec<_>>().join("-")
}

fn element(text: &mut String, name: &str, value: &str) {
    text.push('<');
    text.push_str(name);
    if value.is_empty() {
        return text.push_str(" />");
    }
    text.push('>');
    for character in value.chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '\t' | '\n' | '\r' => text.push(character),
            control if control.is_control() => text.push('\u{FFFD}'),
            other => text.push(other),
        }
    }
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

/// What the service keeps could not be read or written: 500, which clients try again.
impl From<std::io::Error> for Failure {
    fn from(_: std::io::Error) -> Self {
        Self::new(ErrorCode::INTERNAL_ERROR)
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_has_its_row_and_no_code_has_two() {
        for code in ErrorCode::ALL {
            let rows = table::TABLE.iter().filter(|(known, _, _)| known == code);
            assert_eq!(rows.count(), 1, "{code}");
            assert!(!table::lookup(code).1.is_empty(), "{code}");
        }
    }

    #[test]
    fn a_body_is_written_as_the_service_writes_it() {
        let failure = Failure::invalid_header(&header::X_MS_VERSION, "1 < 2");
        let body = failure.body("id", Timestamp::from_millis(0));
        assert_eq!(
            std::str::from_utf8(&body).unwrap(),
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error>\
             <Code>InvalidHeaderValue</Code><Message>The value for one of the HTTP headers is not \
             in the correct format.\nRequestId:id\nTime:1970-01-01T00:00:00.0000000Z</Message>\
             <HeaderName>x-ms-version</HeaderName><HeaderValue>1 &lt; 2</HeaderValue></Error>"
        );
    }

    #[test]
    fn headers_of_http_are_told_with_capitals() {
        for (name, told) in [
            (&header::CONTENT_LENGTH, "Content-Length"),
            (&header::CONTENT_MD5, "Content-MD5"),
            (&header::RANGE, "Range"),
            (&header::X_MS_LEASE_ID, "x-ms-lease-id"),
        ] {
            let failure = Failure::missing_header(name);
            assert_eq!(failure.parts().details[0].1, told);
        }
    }

    #[test]
    fn the_code_travels_as_a_header_from_2017_07_29() {
        let failure = Failure::new(ErrorCode::BLOB_NOT_FOUND);
        assert_eq!(failure.parts().status, StatusCode::NOT_FOUND);
        let old = failure.headers(ServiceVersion::V2017_04_17);
        assert!(!old.contains_key(header::X_MS_ERROR_CODE));
        let new = failure.headers(ServiceVersion::V2017_07_29);
        assert_eq!(new[header::X_MS_ERROR_CODE], "BlobNotFound");
    }

    #[test]
    fn not_modified_has_no_body() {
        let failure = Failure::new(ErrorCode::CONDITION_NOT_MET).status(StatusCode::NOT_MODIFIED);
        assert!(failure.body("id", Timestamp::from_millis(0)).is_empty());
    }
}
