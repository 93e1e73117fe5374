//! One connection: requests in, answers out, until either side has enough.

use std::net::IpAddr;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::body::{self, Refused};
use super::delivery::deliver;
use super::room::Room;
use super::sending::Sending;
use super::wire::{Turns, Wire};
use super::{Limits, Respond, early, told_to_stop};
use crate::answer::Body;
use crate::request::Peer;
use crate::service::Reason;

/// The least that hyper lets a head be long.
const LEAST_HEAD: usize = 8 << 10;

/// As many headers as fit into 8 KiB of metadata, nearly; hyper turns requests with more away.
const MOST_HEADERS: usize = 512;

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Shared<S> {
    pub(super) service: Arc<S>,
    pub(super) limits: Limits,
    pub(super) room: Room,
}

/// Serves a connection to its end.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: IpAddr,
    shared: Arc<Shared<impl Respond>>,
    mut stopping: watch::Receiver<bool>,
) {
    let limits = shared.limits;
    let turns = Turns::default();
    let wire = Wire::new(stream, turns.clone(), limits);
    let told = stopping.clone();
    let answering = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        let turns = turns.clone();
        let told = told.clone();
        async move {
            turns.next();
            let answer = answer(&shared, peer, request).await?;
            let answer = deliver(answer, &told).await?;
            Ok::<_, Broken>(answer.map(|stream| Sending::new(stream, turns)))
        }
    });
    let head = limits.header_bytes.max(LEAST_HEAD);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(head)
        .max_header_size(head)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(wire), answering);
    let mut connection = std::pin::pin!(connection);
    // How a connection ended is between the client and the network.
    let stopped = tokio::select! {
        _ = connection.as_mut() => false,
        () = told_to_stop(&mut stopping) => true,
    };
    if stopped {
        connection.as_mut().graceful_shutdown();
        drop(connection.await);
    }
}

/// Reads the body, has the request answered, and writes the reason phrase. An error ends the
/// connection.
async fn answer(
    shared: &Shared<impl Respond>,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Broken> {
    let (mut parts, mut incoming) = request.into_parts();
    parts.extensions.insert(Peer(peer));
    let service = &*shared.service;
    if let Err(refusal) = early::verdict(service, &parts, shared.limits) {
        return Ok(in_words(early::leave(*refusal, &parts, incoming)));
    }
    let mut place = shared.room.place();
    let came = body::collect(&mut incoming, &parts.headers, shared.limits, &mut place).await;
    let answer = match came {
        Ok(body) => service.respond_now(Request::from_parts(parts, body)),
        Err(Refused::Stalled) => return Err(Broken::Stalled),
        Err(Refused::Unwelcome(code)) => {
            early::leave(service.refuse_now(&parts, code), &parts, incoming)
        }
    };
    Ok(in_words(answer))
}

/// Has the reason of a refusal written behind its status.
fn in_words(mut answer: Response<Body>) -> Response<Body> {
    if let Some(Reason(text)) = answer.extensions_mut().remove()
        && let Ok(reason) = ReasonPhrase::try_from(text.as_bytes())
    {
        answer.extensions_mut().insert(reason);
    }
    answer
}

/// Why a connection ends without an answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// The client broke off, or was too slow.
    Stalled,
    /// A fault keeps the answer from arriving.
    Lost,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stalled => "the request's body did not come",
            Self::Lost => "a fault keeps the answer back",
        })
    }
}

impl std::error::Error for Broken {}
