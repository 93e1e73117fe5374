//! Answers before a body has come, and what becomes of the body then.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Response, Version, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::body::told_length;
use super::page::{Page, lets_through};
use super::room::FREE;
use super::{Limits, Respond};
use crate::answer::Body;
use crate::hash::Wanted;

/// The longest rest of a body that is read and thrown away, so that the connection can go on and the
/// client, who may still be writing, sees the answer.
const THROWN_AWAY: u64 = 16 << 20;

/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The answer to a request whose head says enough; else what is wanted of a long body.
pub(super) fn verdict<S: Respond>(
    service: &S,
    parts: &Parts,
    limits: Limits,
) -> Result<Wanted, Box<Response<Body>>> {
    let told = told_length(&parts.headers);
    let chunked = parts.headers.contains_key(header::TRANSFER_ENCODING);
    let lacks_length = told.is_none() && !chunked;
    if S::IS_FRONTED
        && let Some(page) = front(parts, lacks_length)
    {
        return Err(Box::new(page.answer()));
    }
    let is_long = told.map_or(chunked, |length| length > FREE);
    let mut wanted = Wanted::default();
    if (is_long || expects(parts)) && parts.method != Method::OPTIONS {
        wanted = service.admit_now(parts)?;
    }
    if told.is_some_and(|length| length > limits.body) {
        return Err(Box::new(service.refuse_now(
            parts,
            blobferry_core::ErrorCode::REQUEST_BODY_TOO_LARGE,
        )));
    }
    Ok(wanted)
}

/// What the web server in front of the service does not let through.
fn front(parts: &Parts, lacks_length: bool) -> Option<Page> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = hosts.next();
    let is_named = host.is_some() || parts.uri.authority().is_some();
    let may_be_nameless = parts.version < Version::HTTP_11;
    let is_no_name = host.is_some_and(|host| !is_host(host.as_bytes()));
    if (!is_named && !may_be_nameless) || is_no_name || hosts.next().is_some() {
        Some(Page::InvalidHostname)
    } else if !lets_through(parts.uri.path()) {
        Some(Page::InvalidUrl)
    } else if !is_known_coding(parts) {
        Some(Page::CodingUnknown)
    } else if lacks_length && matches!(parts.method, Method::PUT | Method::POST) {
        Some(Page::LengthRequired)
    } else {
        None
    }
}

/// Whether the body comes as it is, or in chunks.
fn is_known_coding(parts: &Parts) -> bool {
    let codings = parts.headers.get_all(header::TRANSFER_ENCODING);
    codings
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .all(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"chunked"))
}

/// Whether that can be a host, with its port.
fn is_host(text: &[u8]) -> bool {
    let may_be = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:[]%".contains(byte);
    !text.is_empty() && text.iter().all(may_be)
}

/// Answers without the body: one that is short and on its way is read to its end, a client that
/// waits to be told to send it is not told, and any other ends the connection.
pub(super) fn leave(
    mut answer: Response<Body>,
    parts: &Parts,
    incoming: Incoming,
) -> Response<Body> {
    let rest = told_length(&parts.headers).filter(|length| *length <= THROWN_AWAY);
    if expects(parts) || rest.is_none() {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(header::CONNECTION, close);
    }
    if !expects(parts) {
        tokio::spawn(tokio::time::timeout(PATIENCE, throw_away(incoming)));
    }
    answer
}

/// Whether the client sends its body only when it is told to.
fn expects(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

async fn throw_away(mut incoming: Incoming) {
    let mut left = THROWN_AWAY;
    while let Some(Ok(frame)) = incoming.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(u64::try_from(length).unwrap_or(u64::MAX)) {
            Some(rest) => left = rest,
            None => break,
        }
    }
}
