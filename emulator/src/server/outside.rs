//! Asking sources outside, at addresses that have been judged and at no others.

mod connect;
#[cfg(feature = "tls")]
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use super::room::Place;
use crate::outside::{Fetched, Outside, SourceTags, Trust, Unreadable, Want};

/// How many redirects are followed.
const REDIRECTS: usize = 5;
/// How long a source may take to be reached and to begin its answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may pause after that.
const PAUSE: Duration = Duration::from_secs(20);
/// The most that is read of a refusal.
const REFUSAL: u64 = 64 << 10;

/// Asks a source, and those it refers to.
///
/// What comes has its place among the bodies on their way in, if it is given one.
pub(super) async fn fetch(
    policy: &Outside,
    trust: &Trust,
    mut want: Want,
    place: Option<&mut Place<'_>>,
) -> Fetched {
    let tags = want.tags.take();
    let mut response = match attempt(policy, trust, want, place).await {
        Ok(response) => response,
        Err(why) => return Fetched::Unreadable(why),
    };
    if let Some(tags) = tags.filter(|_| response.status().is_success())
        && let Ok(answer) = attempt(policy, trust, *tags, None).await
        && answer.status().is_success()
    {
        response
            .extensions_mut()
            .insert(SourceTags(answer.into_body()));
    }
    Fetched::Answer(Arc::new(response))
}

async fn attempt(
    policy: &Outside,
    trust: &Trust,
    mut want: Want,
    place: Option<&mut Place<'_>>,
) -> Result<Response<Bytes>, Unreadable> {
    for _ in 0..=REDIRECTS {
        let answer = tokio::time::timeout(PATIENCE, ask(policy, trust, &want))
            .await
            .map_err(|_| Unreadable::Unreachable)??;
        match want.next(answer.status(), answer.headers()) {
            Some(next) => want = next,
            None if answer.status().is_redirection() && answer.status().as_u16() != 304 => {
                return Err(Unreadable::Refused);
            }
            None => return read(&want, answer, place).await,
        }
    }
    Err(Unreadable::Refused)
}

/// Sends one request on a connection of its own.
async fn ask(
    policy: &Outside,
    trust: &Trust,
    want: &Want,
) -> Result<Response<Incoming>, Unreadable> {
    let stream = connect::connect(policy, trust, &want.uri).await?;
    let lost = |_| Unreadable::Unreachable;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
    // Ends when the answer's body has been read, or nobody wants it any more.
    tokio::spawn(connection);
    let path = want
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let mut request = Request::get(path)
        .body(Empty::<Bytes>::new())
        .map_err(|_| Unreadable::Refused)?;
    *request.headers_mut() = want.headers.clone();
    sender.send_request(request).await.map_err(lost)
}

/// Reads the body, unless only the head is wanted or it is too long.
async fn read(
    want: &Want,
    answer: Response<Incoming>,
    mut place: Option<&mut Place<'_>>,
) -> Result<Response<Bytes>, Unreadable> {
    let (parts, mut incoming) = answer.into_parts();
    if parts.status.is_success() && want.head_only {
        return Ok(Response::from_parts(parts, Bytes::new()));
    }
    let most = if parts.status.is_success() {
        want.most
    } else {
        REFUSAL
    };
    let told: Option<u64> = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if parts.status.is_success() && told.is_some_and(|length| length > most) {
        return Err(Unreadable::TooLong);
    }
    let mut body = BytesMut::new();
    while let Some(frame) = tokio::time::timeout(PAUSE, incoming.frame())
        .await
        .map_err(|_| Unreadable::Unreachable)?
    {
        let Ok(data) = frame.map_err(|_| Unreadable::Unreachable)?.into_data() else {
            continue;
        };
        let length = (body.len() + data.len()) as u64;
        if let Some(place) = &mut place
            && !place.hold(length).await
        {
            return Err(Unreadable::NoRoom);
        }
        body.extend_from_slice(&data);
        if body.len() as u64 > most {
            if parts.status.is_success() {
                return Err(Unreadable::TooLong);
            }
            break;
        }
    }
    Ok(Response::from_parts(parts, body.freeze()))
}

#[cfg(test)]
mod tests;
