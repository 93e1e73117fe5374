//! Asking sources outside, at addresses that have been judged and at no others.

mod connect;
#[cfg(feature = "tls")]
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::response::Parts;
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
    want: Want,
    place: Option<&mut Place<'_>>,
) -> Result<Response<Bytes>, Unreadable> {
    begin(policy, trust, want).await?.whole(place).await
}

/// Asks a source, and those it refers to, for an answer that is read in parts.
pub(super) async fn begin(
    policy: &Outside,
    trust: &Trust,
    mut want: Want,
) -> Result<Coming, Unreadable> {
    for _ in 0..=REDIRECTS {
        let answer = tokio::time::timeout(PATIENCE, ask(policy, trust, &want))
            .await
            .map_err(|_| Unreadable::Unreachable)??;
        match want.next(answer.status(), answer.headers()) {
            Some(next) => want = next,
            None if answer.status().is_redirection() && answer.status().as_u16() != 304 => {
                return Err(Unreadable::Refused);
            }
            None => return Coming::of(&want, answer),
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

/// An answer whose body is on its way.
pub(super) struct Coming {
    head: Parts,
    body: Incoming,
    /// The most that may still come.
    left: u64,
    head_only: bool,
    /// Read, and not handed on.
    ahead: Bytes,
}

impl Coming {
    fn of(want: &Want, answer: Response<Incoming>) -> Result<Self, Unreadable> {
        let (head, body) = answer.into_parts();
        let is_good = head.status.is_success();
        let told: Option<u64> = head
            .headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let head_only = is_good && want.head_only;
        if is_good && !head_only && told.is_some_and(|length| length > want.most) {
            return Err(Unreadable::TooLong);
        }
        Ok(Self {
            head,
            body,
            left: if is_good { want.most } else { REFUSAL },
            head_only,
            ahead: Bytes::new(),
        })
    }

    /// The head with a body, or a part of it.
    pub(super) fn with(&self, body: Bytes) -> Response<Bytes> {
        Response::from_parts(self.head.clone(), body)
    }

    /// All of the body, unless only the head is wanted or it is too long.
    async fn whole(mut self, place: Option<&mut Place<'_>>) -> Result<Response<Bytes>, Unreadable> {
        let body = self.part(u64::MAX, place).await?;
        Ok(Response::from_parts(self.head, body))
    }

    /// The next bytes, as many as are asked for or all there are; nothing at the end.
    pub(super) async fn part(
        &mut self,
        most: u64,
        mut place: Option<&mut Place<'_>>,
    ) -> Result<Bytes, Unreadable> {
        let mut part = BytesMut::from(std::mem::take(&mut self.ahead));
        while !self.head_only && (part.len() as u64) < most {
            let Some(frame) = tokio::time::timeout(PAUSE, self.body.frame())
                .await
                .map_err(|_| Unreadable::Unreachable)?
            else {
                break;
            };
            let Ok(data) = frame.map_err(|_| Unreadable::Unreachable)?.into_data() else {
                continue;
            };
            if let Some(place) = &mut place
                && !place.hold((part.len() + data.len()) as u64).await
            {
                return Err(Unreadable::NoRoom);
            }
            part.extend_from_slice(&data);
            match self.left.checked_sub(data.len() as u64) {
                Some(left) => self.left = left,
                None if self.head.status.is_success() => return Err(Unreadable::TooLong),
                None => break,
            }
        }
        if part.len() as u64 > most {
            self.ahead = part.split_off(crate::content::size(most)).freeze();
        }
        Ok(part.freeze())
    }
}

#[cfg(test)]
mod tests;
