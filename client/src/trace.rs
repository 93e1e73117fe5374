//! What is told of every request: what it was, where it went, what came of it, and no secret.
//!
//! The query of a URL may hold a signature and headers hold keys, so neither is ever written.

use blobferry_core::wire::header;
use blobferry_core::{Response, SignedRequest, TransportError};
use tracing::{Span, debug, field};

/// A span for one attempt.
pub(crate) fn request(request: &SignedRequest) -> Span {
    let text = |name| request.headers().get(name).and_then(|it| it.to_str().ok());
    tracing::debug_span!(
        "request",
        operation = request.operation(),
        attempt = request.attempt(),
        method = %request.method(),
        host = request.uri().authority().map(|host| host.as_str()),
        path = request.uri().path(),
        client_request_id = text(&header::X_MS_CLIENT_REQUEST_ID),
        status = field::Empty,
        request_id = field::Empty,
        error = field::Empty,
    )
}

/// Writes into the current span what came of it.
pub(crate) fn answer(answer: &Result<Response, TransportError>) {
    let span = Span::current();
    match answer {
        Ok(response) => {
            span.record("status", response.status().as_u16());
            span.record("request_id", response.header(&header::X_MS_REQUEST_ID));
            let code = response.header(&header::X_MS_ERROR_CODE);
            debug!(bytes = response.body().len(), code, "answered");
        }
        Err(error) => {
            span.record("error", field::display(error));
            debug!("not answered");
        }
    }
}
