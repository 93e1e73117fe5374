//! Reading refusals.

use std::time::Duration;

use super::{CopySourceError, Error, ErrorCode, ServiceError, UnreadableReply};
use http::HeaderName;

use crate::message::Response;
use crate::wire::header;
use crate::xml::walk;

/// Lets an answer with one of these statuses pass.
///
/// # Errors
/// Every status from 300 on is a refusal, 304 included: it says that a condition was not met. Any other
/// status is no answer to the question.
pub(crate) fn accept(response: &Response, statuses: &[u16]) -> Result<(), Error> {
    let status = response.status().as_u16();
    if statuses.contains(&status) {
        Ok(())
    } else if status >= 300 {
        Err(ServiceError::read(response).into())
    } else {
        Err(UnreadableReply::UnexpectedStatus(status).into())
    }
}

impl ServiceError {
    /// Reads a refusal as far as it can be read: its header, then its body if there is one.
    ///
    /// Signatures that the service repeats in its texts are left out.
    #[must_use]
    pub fn read(response: &Response) -> Self {
        let text = |name: HeaderName| response.header(&name).filter(|text| !text.is_empty());
        let mut error = Self {
            status: response.status().as_u16(),
            code: text(header::X_MS_ERROR_CODE).map(ErrorCode::from),
            request_id: text(header::X_MS_REQUEST_ID).map(str::to_owned),
            retry_after: text(header::RETRY_AFTER)
                .and_then(|seconds| seconds.trim().parse().ok())
                .map(Duration::from_secs),
            ..Self::default()
        };
        let mut source = CopySourceError {
            status: text(header::X_MS_COPY_SOURCE_STATUS_CODE).and_then(|text| text.parse().ok()),
            code: text(header::X_MS_COPY_SOURCE_ERROR_CODE).map(ErrorCode::from),
            message: None,
        };
        let mut message = String::new();
        // A body that is cut off or comes from a proxy still says what stands before the fault.
        let _ = walk(response.body(), |path, text| {
            if let ["Error", name] = path {
                let text = redact(text);
                match *name {
                    "Code" if error.code.is_none() && !text.is_empty() => {
                        error.code = Some(ErrorCode::from(&*text));
                    }
                    "Code" => {}
                    "Message" => message = text,
                    "CopySourceStatusCode" => {
                        source.status = source.status.or_else(|| text.parse().ok());
                    }
                    "CopySourceErrorCode" if source.code.is_none() => {
                        source.code = Some(ErrorCode::from(&*text));
                    }
                    "CopySourceErrorCode" => {}
                    "CopySourceErrorMessage" => source.message = Some(text),
                    _ => error.details.push(((*name).to_owned(), text)),
                }
            }
        });
        if source != CopySourceError::default() {
            error.copy_source = Some(source);
        }
        error.message = first_line(&message).to_owned();
        if error.request_id.is_none() {
            error.request_id = message
                .lines()
                .find_map(|line| line.strip_prefix("RequestId:"))
                .map(str::to_owned);
        }
        error
    }
}

/// The message without the request id and time that the service appends to it.
fn first_line(message: &str) -> &str {
    message.trim().lines().next().unwrap_or_default().trim_end()
}

/// The text with the value of every `sig=` parameter left out.
fn redact(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find_signature(rest) {
        let (before, after) = rest.split_at(at);
        shown.push_str(before);
        shown.push_str("REDACTED");
        let end = after.find(|c: char| c == '&' || c == '"' || c == '\'' || c.is_whitespace());
        rest = end.and_then(|end| after.get(end..)).unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

/// Where the value of the first non-empty `sig=` begins, unless it is left out already.
fn find_signature(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    lower
        .match_indices("sig=")
        .map(|(at, found)| at + found.len())
        .next()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn refusal(status: u16, headers: &[(&str, &str)], body: &str) -> ServiceError {
        let mut answer = http::Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        let body = Bytes::from(body.to_owned());
        let response = Response::new(answer.body(body).unwrap());
        match accept(&response, &[200]) {
            Err(Error::Service(error)) => *error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_body_with_byte_order_mark_and_details_is_read() {
        let error = refusal(
            400,
            &[("x-ms-request-id", "7"), ("retry-after", "3")],
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>InvalidHeaderValue</Code>\
             <Message>The value is &lt;bad&gt;.\nRequestId:7\nTime:2021-01-01T00:00:00.0000000Z</Message>\
             <HeaderName>x-ms-lease-id</HeaderName><HeaderValue>foo</HeaderValue></Error>",
        );
        assert!(error.is(&ErrorCode::INVALID_HEADER_VALUE));
        assert_eq!(error.message, "The value is <bad>.");
        assert_eq!(error.detail("HeaderName"), Some("x-ms-lease-id"));
        assert_eq!(error.detail("HeaderValue"), Some("foo"));
        assert_eq!(error.retry_after, Some(Duration::from_secs(3)));
        assert_eq!(error.request_id.as_deref(), Some("7"));
    }

    #[test]
    fn the_header_speaks_where_there_is_no_body() {
        for status in [304, 404, 412] {
            let error = refusal(status, &[("x-ms-error-code", "ConditionNotMet")], "");
            assert_eq!(error.status, status);
            assert!(error.is(&ErrorCode::CONDITION_NOT_MET));
        }
    }

    #[test]
    fn the_request_id_is_found_in_the_message_too() {
        let error = refusal(
            500,
            &[],
            "<Error><Message>No.\nRequestId:9\nTime:x</Message></Error>",
        );
        assert_eq!(error.request_id.as_deref(), Some("9"));
        assert_eq!(error.code, None);
    }

    #[test]
    fn the_source_of_a_copy_speaks_by_header_and_body() {
        let expected = Some(CopySourceError {
            status: Some(404),
            code: Some(ErrorCode::BLOB_NOT_FOUND),
            message: Some("gone".to_owned()),
        });
        let body = "<Error><Code>CannotVerifyCopySource</Code><Message>m</Message>\
             <CopySourceStatusCode>404</CopySourceStatusCode>\
             <CopySourceErrorCode>BlobNotFound</CopySourceErrorCode>\
             <CopySourceErrorMessage>gone</CopySourceErrorMessage></Error>";
        assert_eq!(refusal(404, &[], body).copy_source, expected);
        let headers = [
            ("x-ms-copy-source-status-code", "404"),
            ("x-ms-copy-source-error-code", "BlobNotFound"),
        ];
        let source = refusal(404, &headers, "").copy_source.unwrap();
        assert_eq!(source.status, Some(404));
        assert_eq!(source.code, Some(ErrorCode::BLOB_NOT_FOUND));
    }

    #[test]
    fn damaged_bodies_say_what_they_can() {
        let error = refusal(503, &[], "<Error><Code>ServerBusy</Code><Mess");
        assert!(error.is(&ErrorCode::SERVER_BUSY));
        let error = refusal(502, &[], "<html><body>Bad Gateway<br></body></html>");
        assert_eq!((error.code, error.message), (None, String::new()));
    }

    #[test]
    fn signatures_are_left_out() {
        let error = refusal(
            403,
            &[],
            "<Error><Code>AuthenticationFailed</Code><Message>https://a/b?sig=SECRET1&amp;x=1 and SIG=SECRET2</Message>\
             <AuthenticationErrorDetail>sr=c&amp;sig=SECRET3</AuthenticationErrorDetail></Error>",
        );
        let shown = format!("{error} {error:?} {:?}", error.details);
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(error.message.contains("&x=1 and"));
    }

    #[test]
    fn a_signature_where_a_code_or_an_id_belongs_is_left_out() {
        let headers = [
            ("x-ms-error-code", "https://a/b?sig=SECRET1"),
            ("x-ms-request-id", "https://a/b?sig=SECRET2"),
            ("x-ms-copy-source-error-code", "sp=r&amp;sig=SECRET3"),
        ];
        let error = refusal(403, &headers, "");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }

    #[test]
    fn what_the_xml_parser_repeats_is_told_without_signatures() {
        let error = crate::xml::bad("expected `</a>`, but `</b?sp=r&sig=SECRET` was met");
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("sig=REDACTED") && !shown.contains("SECRET"),
            "{shown}"
        );
    }

    #[test]
    fn a_status_that_means_nothing_here_is_unreadable() {
        let response = Response::new(http::Response::new(Bytes::new()));
        assert_eq!(
            accept(&response, &[201]),
            Err(UnreadableReply::UnexpectedStatus(200).into())
        );
    }
}
