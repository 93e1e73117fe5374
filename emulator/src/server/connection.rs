//! One connection: requests in, answers out, until either side has enough.

use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::request::Parts;
use http::uri::Scheme;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::body::{self, Refused};
use super::delivery::deliver;
use super::heads::Heads;
use super::log::{Entry, Log, Record};
use super::page::Page;
use super::room::Room;
use super::sending::Sending;
use super::stream::Stream;
use super::wire::{Turns, Wire};
use super::{Limits, Respond, early, told_to_stop};
use crate::answer::Body;
use crate::fault::Delivery;
use crate::request::Peer;
use crate::service::{Logged, Pending, Reason};

/// The least that hyper lets a head be long.
const LEAST_HEAD: usize = 8 << 10;

/// As many headers as fit into 8 KiB of metadata; hyper turns requests with more away.
const MOST_HEADERS: usize = 4_096;

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

/// What the requests of one connection share.
struct Line<S> {
    shared: Arc<Shared<S>>,
    client: Client,
    turns: Turns,
    heads: Heads,
    stopping: watch::Receiver<bool>,
}

/// Serves a connection to its end.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    client: Client,
    shared: Arc<Shared<impl Respond>>,
    mut stopping: watch::Receiver<bool>,
) {
    let limits = shared.limits;
    let line = Arc::new(Line {
        shared,
        client,
        turns: Turns::default(),
        heads: Heads::default(),
        stopping: stopping.clone(),
    });
    let mut told = std::pin::pin!(told_to_stop(&mut stopping));
    let mut stops = false;
    let mut wire = Wire::new(stream, line.turns.clone(), line.heads.clone(), limits);
    let mut builder = http1::Builder::new();
    let head = limits.header_bytes.max(LEAST_HEAD);
    // The wire keeps time.
    builder
        .header_read_timeout(None)
        .max_buf_size(head)
        .max_header_size(head);
    loop {
        let served = Arc::clone(&line);
        let answering = service_fn(move |request| answer(Arc::clone(&served), request));
        let mut connection = builder.serve_connection(TokioIo::new(wire), answering);
        if stops {
            Pin::new(&mut connection).graceful_shutdown();
        }
        // How a connection ended is between the client and the network.
        let wants_room = poll_fn(|cx| {
            loop {
                if Pin::new(&mut connection).poll(cx).is_ready() {
                    return Poll::Ready(false);
                }
                if line.heads.wants_room() {
                    return Poll::Ready(true);
                }
                if stops || told.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                stops = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        });
        if !wants_room.await {
            return;
        }
        let parts = connection.into_parts();
        wire = parts.io.into_inner().again(&parts.read_buf);
        builder.max_headers(MOST_HEADERS);
    }
}

/// Answers one request.
async fn answer<S: Respond>(
    line: Arc<Line<S>>,
    request: Request<Incoming>,
) -> Result<Response<Sending>, Broken> {
    line.turns.next();
    let (mut parts, incoming) = request.into_parts();
    let spelling = line.heads.of_request(&parts.headers);
    if !spelling.is_plain() {
        parts.extensions.insert(spelling);
    }
    let mut exchange = Exchange::begun(&line.shared, line.client, &parts);
    let mut answer = exchange.answer(parts, incoming).await?;
    if let Some(spelling) = answer.extensions_mut().remove() {
        line.heads.spell(spelling);
    }
    let answer = match answer.extensions().get::<Delivery>() {
        None => answer.map(Stream::whole),
        Some(_) => deliver(answer, &line.stopping).await?,
    };
    let record = exchange.record;
    Ok(answer.map(|stream| Sending::new(stream, line.turns.clone(), record)))
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
                        let is_outside = service.prepare(&mut request, &mut place).await;
                        let pending = respond(&self.shared.service, request).await?;
                        if is_outside {
                            service.follow();
                        }
                        match pending.ready() {
                            Ok(answer) => answer,
                            Err(pending) => pending.settled().await,
                        }
                    }
                    Err(Refused::Stalled) => return Err(Broken::Stalled),
                    Err(Refused::Malformed) => Page::Malformed.answer(),
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
