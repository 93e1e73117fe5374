//! What answers the requests of a connection: the service, or its control endpoint.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};

use blobferry_core::ErrorCode;

use super::room::Place;
use super::{feeding, outside};
use crate::answer::Body;
use crate::hash::Wanted;
use crate::later;
use crate::service::{Need, Pending, Service};

/// What a connection hands its requests to.
pub(super) trait Respond: Send + Sync + 'static {
    /// Whether it is as if a web server stood in front of it, which turns some requests away.
    const IS_FRONTED: bool = true;

    /// Notes where it is served.
    fn listening(&self, _: SocketAddr) {}

    /// Asks outside for what a request needs before it can be answered, and says whether it did.
    /// What comes from there takes the place of the request's body.
    fn prepare(
        &self,
        _: &mut Request<Bytes>,
        _: &mut Place<'_>,
    ) -> impl Future<Output = bool> + Send {
        std::future::ready(false)
    }

    /// Goes on with what requests have begun outside.
    fn follow(self: &Arc<Self>) {}

    /// Answers a request that came just now.
    fn respond_now(&self, request: Request<Bytes>) -> Pending;

    /// Whether taking in a body of so many bytes keeps the thread long: it waits for a disk then.
    fn is_slow(&self, _: usize) -> bool {
        false
    }

    /// Refuses a request whose head alone says that it cannot be granted; else says which checksums
    /// of its body will be asked for.
    fn admit_now(&self, parts: &Parts) -> Result<Wanted, Box<Response<Body>>>;

    /// Refuses a request whose body could not be taken.
    fn refuse_now(&self, parts: &Parts, code: ErrorCode) -> Response<Body>;

    /// Waits for whatever may hang.
    fn touch(&self) {}
}

impl Respond for Service {
    fn listening(&self, addr: SocketAddr) {
        self.note_port(addr.port());
    }

    async fn prepare(&self, request: &mut Request<Bytes>, place: &mut Place<'_>) -> bool {
        let fetched = match self.need(self.clock().now(), request) {
            Need::Nothing => return false,
            Need::Known(fetched) => fetched,
            Need::Answer(want) => {
                let config = self.config();
                outside::fetch(&config.outside, &config.trust, *want, Some(place)).await
            }
        };
        request.extensions_mut().insert(fetched);
        true
    }

    fn follow(self: &Arc<Self>) {
        feeding::begin(self);
    }

    fn respond_now(&self, request: Request<Bytes>) -> Pending {
        let now = self.clock().now();
        let (pending, left) = later::collect(|| self.answer(now, request));
        if !left.is_empty() {
            drop(tokio::task::spawn_blocking(move || drop(left)));
        }
        pending
    }

    #[cfg(feature = "durable")]
    fn is_slow(&self, length: usize) -> bool {
        self.files_bodies_of(length)
    }

    fn admit_now(&self, parts: &Parts) -> Result<Wanted, Box<Response<Body>>> {
        self.admit(self.clock().now(), parts)
    }

    fn refuse_now(&self, parts: &Parts, code: ErrorCode) -> Response<Body> {
        self.refuse(self.clock().now(), parts, code)
    }

    fn touch(&self) {
        self.wait_for_state();
    }
}

/// The control endpoint of a service.
pub(super) struct Control(pub(super) Arc<Service>);

impl Respond for Control {
    const IS_FRONTED: bool = false;

    fn respond_now(&self, request: Request<Bytes>) -> Pending {
        crate::control::respond(&self.0, &request).into()
    }

    fn admit_now(&self, _: &Parts) -> Result<Wanted, Box<Response<Body>>> {
        Ok(Wanted::default())
    }

    fn refuse_now(&self, _: &Parts, code: ErrorCode) -> Response<Body> {
        crate::control::refuse(code.as_str())
    }
}
