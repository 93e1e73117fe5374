//! What carries requests: a trait, so that the wire can be swapped or mocked.

pub mod https;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use blobferry_core::{Response, SignedRequest, TransportError};

/// A request under way; dropping it gives the answer up.
pub type Flight = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;

/// Carries one signed request and brings the whole answer back.
///
/// A transport adds nothing that is signed and takes nothing away: the URL goes out byte for byte.
/// It never asks again where the service may have seen the request; whether to try again is decided
/// in core. What it cannot bring it names precisely, because a request that certainly was not seen
/// ([`TransportError::is_unsent`]) may be repeated where another must first be looked up.
///
/// ```
/// use std::time::Duration;
/// use blobferry::transport::{Flight, Transport};
/// use blobferry::{SignedRequest, TransportError};
///
/// /// A wire that is cut.
/// struct Cut;
///
/// impl Transport for Cut {
///     fn carry(&self, request: SignedRequest, _limit: Duration) -> Flight {
///         let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
///         Box::pin(async { Err(TransportError::Unreachable { host, reason: "cut".into() }) })
///     }
/// }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Carries the request; [`TransportError::Timeout`] where `limit` passes without the whole
    /// answer.
    fn carry(&self, request: SignedRequest, limit: Duration) -> Flight;
}
