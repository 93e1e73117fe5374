//! The health probe: whether a server serves, on an address of its own.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tokio::sync::watch;

use blobferry_core::ErrorCode;

use super::{Limits, Respond};
use crate::answer::Body;
use crate::hash::Wanted;
use crate::service::Pending;

/// Where it is asked; the names that Kubernetes and Docker files like to use.
const PATHS: [&str; 5] = ["/health", "/healthz", "/livez", "/readyz", "/"];

/// What a probe takes: it is asked little, and not often.
pub(super) const LIMITS: Limits = Limits {
    body: 0,
    header_bytes: 8 << 10,
    headers: Duration::from_secs(5),
    idle: Duration::from_secs(60),
    pause: Duration::from_secs(5),
    slowest: 1_024,
    buffered: 0,
    patience: Duration::ZERO,
    connections: 64,
    stopping: Duration::from_secs(1),
};

/// Answers for a server.
pub(super) struct Probe<S> {
    /// The service, which is asked too: one that hangs makes the probe hang.
    pub(super) service: Arc<S>,
    /// Whether the server was told to stop.
    pub(super) stopping: watch::Receiver<bool>,
}

impl<S: Respond> Respond for Probe<S> {
    fn respond_now(&self, request: Request<Bytes>) -> Pending {
        let is_stopping = *self.stopping.borrow();
        let (status, text) = match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::HEAD, path) if PATHS.contains(&path) => {
                if is_stopping {
                    (
                        StatusCode::SERVICE_UNAVAILABLE,
                        "{\"status\":\"stopping\"}\n",
                    )
                } else {
                    self.service.touch();
                    (StatusCode::OK, "{\"status\":\"ok\"}\n")
                }
            }
            (&Method::GET | &Method::HEAD, _) => {
                (StatusCode::NOT_FOUND, "{\"status\":\"ask for /health\"}\n")
            }
            _ => (
                StatusCode::METHOD_NOT_ALLOWED,
                "{\"status\":\"only GET\"}\n",
            ),
        };
        let mut answer = Response::new(if request.method() == Method::HEAD {
            Body::default()
        } else {
            Body::from(text)
        });
        *answer.status_mut() = status;
        for (name, value) in [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ] {
            answer
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        answer.into()
    }

    fn admit_now(&self, _: &Parts) -> Result<Wanted, Box<Response<Body>>> {
        Ok(Wanted::default())
    }

    fn refuse_now(&self, _: &Parts, _: ErrorCode) -> Response<Body> {
        let mut answer = Response::new(Body::default());
        *answer.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        answer
    }

    fn touch(&self) {
        self.service.touch();
    }
}
