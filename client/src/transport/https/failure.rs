//! What went wrong, told apart by whether the service can have seen the request.

use std::error::Error;

use blobferry_core::TransportError;
use hyper_util::client::legacy;

/// What ended a request before the head of its answer came.
pub(super) fn of_request(host: &str, error: &legacy::Error) -> TransportError {
    if error.is_connect() {
        TransportError::Unreachable {
            host: host.to_owned(),
            reason: innermost(error).to_string(),
        }
    } else {
        TransportError::Disconnected {
            reason: innermost(error).to_string(),
        }
    }
}

/// What ended the body of an answer before its end.
pub(super) fn of_body(error: &hyper::Error) -> TransportError {
    TransportError::Disconnected {
        reason: innermost(error).to_string(),
    }
}

/// The innermost cause: the layers above it only name themselves.
pub(super) fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}
