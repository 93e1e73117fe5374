//! One connection: requests in, answers out, until either side has enough.

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::body::{self, Refused};
use super::delivery::deliver;
use super::stream::Stream;
use super::{Limits, Respond, told_to_stop};
use crate::answer::Body;
use crate::failure::Failure;
use crate::request::Peer;
use crate::service::Reason;

/// Serves a connection to its end.
pub(super) async fn serve(
    stream: TcpStream,
    peer: IpAddr,
    service: Arc<impl Respond>,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and complete: waiting to fill a packet only delays them.
    drop(stream.set_nodelay(true));
    let told = stopping.clone();
    let answering = service_fn(move |request| {
        let service = Arc::clone(&service);
        let told = told.clone();
        async move { answer(&*service, peer, limits, &told, request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), answering);
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
    service: &impl Respond,
    peer: IpAddr,
    limits: Limits,
    stopping: &watch::Receiver<bool>,
    request: Request<Incoming>,
) -> Result<Response<Stream>, Broken> {
    let (mut parts, incoming) = request.into_parts();
    let body = match body::collect(incoming, &parts.headers, limits).await {
        Ok(body) => body,
        Err(Refused::TooLarge) => return Ok(too_large()),
        Err(Refused::Stalled) => return Err(Broken::Stalled),
    };
    parts.extensions.insert(Peer(peer));
    let mut answer = service.respond_now(Request::from_parts(parts, body));
    if let Some(Reason(text)) = answer.extensions_mut().remove()
        && let Ok(reason) = ReasonPhrase::try_from(text.as_bytes())
    {
        answer.extensions_mut().insert(reason);
    }
    deliver(answer, stopping).await
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

/// 413; what is left of the body is not read, so the connection cannot go on.
fn too_large() -> Response<Stream> {
    let failure = Failure::new(blobferry_core::ErrorCode::REQUEST_BODY_TOO_LARGE);
    let mut response = Response::new(Stream::whole(Body::default()));
    *response.status_mut() = failure.parts().status;
    *response.headers_mut() = failure.headers(blobferry_core::ServiceVersion::DEFAULT);
    let headers = response.headers_mut();
    headers.remove(http::header::CONTENT_TYPE);
    headers.insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    response
}
