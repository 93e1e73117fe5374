//! What all answers have in common. Source: "Status and Error Codes" and recorded answers.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, Response, StatusCode};

use blobferry_core::wire::header;
use blobferry_core::{ServiceVersion, Timestamp};

use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::http_date;

/// The longest `x-ms-client-request-id` that is echoed.
const LONGEST_ID: usize = 1024;

/// The reason phrase of a refusal: the first line of its message. A server writes it behind the
/// status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(pub Cow<'static, str>);

/// What the answer has to know of its request.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) now: Timestamp,
    pub(super) is_head: bool,
    pub(super) client_request_id: Option<HeaderValue>,
    pub(super) request_id: String,
}

/// The client's own id, where it is fit to be echoed.
pub(super) fn echoed_id(headers: &HeaderMap) -> Option<HeaderValue> {
    headers
        .get(header::X_MS_CLIENT_REQUEST_ID)
        .filter(|value| value.len() <= LONGEST_ID && value.to_str().is_ok())
        .cloned()
}

/// Writes the answer.
pub(super) fn write(
    asked: Asked,
    version: ServiceVersion,
    outcome: Result<Answer, Failure>,
) -> Response<Body> {
    let is_early = outcome
        .as_ref()
        .is_err_and(|failure| failure.parts().is_early);
    let mut response = match outcome {
        Ok(answer) => success(&asked, answer),
        Err(failure) => refusal(&asked, version, &failure),
    };
    common(asked, version, response.headers_mut());
    if is_early {
        response.headers_mut().remove(header::X_MS_VERSION);
    }
    response
}

fn success(asked: &Asked, answer: Answer) -> Response<Body> {
    let mut response = Response::new(answer.body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if !answer.spelling.is_plain() {
        response.extensions_mut().insert(answer.spelling);
    }
    let length = response.body().len();
    let has_length = response.headers().contains_key(header::CONTENT_LENGTH);
    let may_have_length = !matches!(
        answer.status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
    );
    if may_have_length && !(asked.is_head && has_length) {
        let length = match length {
            0 => HeaderValue::from_static("0"),
            length => HeaderValue::from(length),
        };
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length);
    }
    if asked.is_head {
        *response.body_mut() = Body::default();
    }
    response
}

/// A refusal; to HEAD its code is all that can be told.
fn refusal(asked: &Asked, version: ServiceVersion, failure: &Failure) -> Response<Body> {
    let body = if asked.is_head {
        Body::default()
    } else {
        failure.body(&asked.request_id, asked.now).into()
    };
    let mut headers = failure.headers(version);
    if asked.is_head {
        headers.remove(header::CONTENT_TYPE);
    } else if failure.has_body() {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let parts = failure.parts();
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers;
    let told = response.extensions_mut();
    told.insert(Reason(first_line(parts.message.clone())));
    told.insert(parts.code.clone());
    response
}

fn first_line(message: Cow<'static, str>) -> Cow<'static, str> {
    match message {
        Cow::Borrowed(text) => Cow::Borrowed(text.lines().next().unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.lines().next().unwrap_or_default().to_owned()),
    }
}

fn common(asked: Asked, version: ServiceVersion, headers: &mut HeaderMap) {
    headers.insert(
        header::SERVER,
        HeaderValue::from_static("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
    );
    let mut set = |name, value| headers.insert(name, value);
    // Both are plain letters.
    if let Ok(id) = HeaderValue::try_from(asked.request_id) {
        set(header::X_MS_REQUEST_ID, id);
    }
    if let Ok(version) = HeaderValue::from_str(version.as_str()) {
        set(header::X_MS_VERSION, version);
    }
    if version < ServiceVersion::V2011_08_18 {
        unquote_etag(headers);
    }
    headers.insert(header::DATE, http_date::header(asked.now));
    if version >= ServiceVersion::V2019_02_02
        && let Some(id) = asked.client_request_id
    {
        headers.insert(header::X_MS_CLIENT_REQUEST_ID, id);
    }
}

/// Quotes came with 2011-08-18.
fn unquote_etag(headers: &mut HeaderMap) {
    let bare = headers
        .get(header::ETAG)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| HeaderValue::from_str(text.trim_matches('"')).ok());
    if let Some(bare) = bare {
        headers.insert(header::ETAG, bare);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use blobferry_core::ErrorCode;

    fn asked(is_head: bool) -> Asked {
        Asked {
            now: Timestamp::from_millis(784_111_777_000),
            is_head,
            client_request_id: Some(HeaderValue::from_static("mine")),
            request_id: "theirs".into(),
        }
    }

    #[test]
    fn every_answer_has_the_common_headers() {
        for outcome in [
            Ok(Answer::created()),
            Err(Failure::new(ErrorCode::BLOB_NOT_FOUND)),
        ] {
            let response = write(asked(false), ServiceVersion::V2019_02_02, outcome);
            let headers = response.headers();
            assert_eq!(headers["x-ms-request-id"], "theirs");
            assert_eq!(headers["x-ms-client-request-id"], "mine");
            assert_eq!(headers["x-ms-version"], "2019-02-02");
            assert_eq!(headers["date"], "Sun, 06 Nov 1994 08:49:37 GMT");
            assert_eq!(
                headers["server"],
                "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"
            );
            assert_eq!(
                headers["content-length"].to_str().unwrap(),
                response.body().len().to_string()
            );
        }
    }

    #[test]
    fn the_clients_id_is_echoed_from_2019_02_02() {
        let response = write(asked(false), ServiceVersion::V2018_11_09, Ok(Answer::ok()));
        assert!(!response.headers().contains_key("x-ms-client-request-id"));
    }

    #[test]
    fn an_etag_is_quoted_from_2011_08_18() {
        for (version, etag) in [("2009-09-19", "0x1"), ("2011-08-18", "\"0x1\"")] {
            let answer = Answer::ok().header(header::ETAG, "\"0x1\"");
            let response = write(asked(false), version.parse().unwrap(), Ok(answer));
            assert_eq!(response.headers()["etag"], etag);
        }
    }

    #[test]
    fn only_fit_ids_are_echoed() {
        for (id, fit) in [
            (&b"a"[..], true),
            (&[b'a'; 1024], true),
            (&[b'a'; 1025], false),
            (b"\xC3\xA4", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::X_MS_CLIENT_REQUEST_ID,
                HeaderValue::from_bytes(id).unwrap(),
            );
            assert_eq!(echoed_id(&headers).is_some(), fit);
        }
    }

    #[test]
    fn a_head_answer_tells_the_length_and_sends_nothing() {
        let get = Answer::ok().body("12345");
        let response = write(asked(true), ServiceVersion::DEFAULT, Ok(get));
        assert_eq!(response.headers()["content-length"], "5");
        assert!(response.body().is_empty());

        let head = Answer::ok().number(header::CONTENT_LENGTH, 7);
        let response = write(asked(true), ServiceVersion::DEFAULT, Ok(head));
        assert_eq!(response.headers()["content-length"], "7");

        let missing = Failure::new(ErrorCode::BLOB_NOT_FOUND);
        let response = write(asked(true), ServiceVersion::DEFAULT, Err(missing));
        assert_eq!(response.headers()["x-ms-error-code"], "BlobNotFound");
        assert!(!response.headers().contains_key("content-type"));
        assert!(response.body().is_empty());
    }

    #[test]
    fn not_modified_and_no_content_have_no_length() {
        let unmet = Failure::new(ErrorCode::CONDITION_NOT_MET).status(StatusCode::NOT_MODIFIED);
        for outcome in [Err(unmet), Ok(Answer::no_content())] {
            let response = write(asked(false), ServiceVersion::DEFAULT, outcome);
            assert!(!response.headers().contains_key("content-length"));
            assert!(response.body().is_empty());
        }
    }

    #[test]
    fn the_reason_is_the_first_line_of_the_message() {
        let failure = Failure::new(ErrorCode::BLOB_NOT_FOUND).message("one\ntwo");
        let response = write(asked(false), ServiceVersion::DEFAULT, Err(failure));
        assert_eq!(
            response.extensions().get::<Reason>(),
            Some(&Reason("one".into()))
        );
    }
}
