//! One connection: requests in, answers out, until either side has enough.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::uri::Scheme;
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
use super::heads::Heads;
use super::log::{Entry, Log, Record};
use super::room::Room;
use super::sending::Sending;
use super::wire::{Turns, Wire};
use super::{Limits, Respond, early, told_to_stop};
use crate::answer::Body;
use crate::request::Peer;
use crate::service::{Logged, Pending, Reason};

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
    pub(super) log: Option<Log>,
}

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    pub(super) peer: IpAddr,
    /// Whether it came by HTTPS.
    pub(super) secure: bool,
}

/// Serves a connection to its end.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    client: Client,
    shared: Arc<Shared<impl Respond>>,
    mut stopping: watch::Receiver<bool>,
) {
    let limits = shared.limits;
    let turns = Turns::default();
    let heads = Heads::default();
    let wire = Wire::new(stream, turns.clone(), heads.clone(), limits);
    let told = stopping.clone();
    let answering = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        let turns = turns.clone();
        let told = told.clone();
        let heads = heads.clone();
        async move {
            turns.next();
            let (mut parts, incoming) = request.into_parts();
            parts.extensions.insert(heads.of_request(&parts.headers));
            let mut exchange = Exchange::begun(&shared, client, &parts);
            let answered = exchange.answer(parts, incoming).await;
            let sent = match answered {
                Ok(mut answer) => {
                    if let Some(spelling) = answer.extensions_mut().remove() {
                        heads.spell(spelling);
                    }
                    deliver(answer, &told).await
                }
                Err(broken) => Err(broken),
            };
            let record = exchange.record;
            sent.map(|answer| answer.map(|stream| Sending::new(stream, turns, record)))
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

/// One request and its answer.
struct Exchange<'a, S> {
    shared: &'a Shared<S>,
    client: Client,
    /// What is written down, if anything is.
    record: Option<Record>,
}

impl<'a, S: Respond> Exchange<'a, S> {
    fn begun(shared: &'a Shared<S>, client: Client, parts: &Parts) -> Self {
        let record = shared
            .log
            .as_ref()
            .map(|log| Record::begun(log, Entry::begun(client.peer, client.secure, parts)));
        Self {
            shared,
            client,
            record,
        }
    }

    /// Reads the body, has the request answered, and writes the reason phrase. An error ends the
    /// connection.
    async fn answer(
        &mut self,
        mut parts: Parts,
        mut incoming: Incoming,
    ) -> Result<Response<Body>, Broken> {
        let told = &mut parts.extensions;
        told.insert(Peer(self.client.peer));
        if self.client.secure {
            told.insert(Scheme::HTTPS);
        } else if parts.uri.scheme().is_some() {
            // An absolute URL may say what it likes.
            told.insert(Scheme::HTTP);
        }
        if self.record.is_some() {
            told.insert(Logged);
        }
        let service = &self.shared.service;
        let limits = self.shared.limits;
        let answer = match early::verdict(&**service, &parts, limits) {
            Err(refusal) => early::leave(*refusal, &parts, incoming),
            Ok(wanted) => {
                let mut place = self.shared.room.place();
                let came =
                    body::collect(&mut incoming, &parts.headers, limits, &mut place, wanted).await;
                match came {
                    Ok((body, sums)) => {
                        if let Some(sums) = sums {
                            parts.extensions.insert(sums);
                        }
                        if let Some(record) = &mut self.record {
                            record.entry.received(body.len() as u64);
                        }
                        let mut request = Request::from_parts(parts, body);
                        let is_outside = service.prepare(&mut request).await;
                        let pending = respond(&self.shared.service, request).await?;
                        if is_outside {
                            service.follow();
                        }
                        pending.settled().await
                    }
                    Err(Refused::Stalled) => return Err(Broken::Stalled),
                    Err(Refused::Unwelcome(code)) => {
                        early::leave(service.refuse_now(&parts, code), &parts, incoming)
                    }
                }
            }
        };
        if let Some(record) = &mut self.record {
            record.entry.answered(&answer);
        }
        Ok(in_words(answer))
    }
}

/// Has a request answered, on a thread of its own where that would keep this one.
async fn respond<S: Respond>(service: &Arc<S>, request: Request<Bytes>) -> Result<Pending, Broken> {
    if !service.is_slow(request.body().len()) {
        return Ok(service.respond_now(request));
    }
    let service = Arc::clone(service);
    tokio::task::spawn_blocking(move || service.respond_now(request))
        .await
        .map_err(|_| Broken::Lost)
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
