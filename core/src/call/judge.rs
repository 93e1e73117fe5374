//! What an answer, or the lack of one, means for asking again.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::error::{Error, ErrorCode, ServiceError, TransportError};

/// What can be done about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing: asking again would bring the same.
    None,
    /// The service asks to be left alone for a while; nothing has happened.
    Throttled,
    /// Ask again; the service certainly has not acted.
    Again,
    /// Ask again only where asking twice is the same as asking once.
    AgainIfSame,
    /// Ask again with the date the service has told us.
    AgainWithItsClock,
    /// Ask again with the token that the engine fetches in place of the refused one.
    AgainWithNewToken,
}

/// Reads a failure. Source: "Put Page" (what 100–499 and 503 promise), "Common REST API error
/// codes".
pub(super) fn remedy(error: &Error) -> Remedy {
    match error {
        Error::Invalid(_) => Remedy::None,
        Error::Reply(_) => Remedy::AgainIfSame,
        Error::Service(error) => service(error),
        Error::Transport(error) => match error {
            TransportError::NotSent
            | TransportError::NoCredential { .. }
            | TransportError::Invalid(_) => Remedy::None,
            TransportError::Unreachable { .. } => Remedy::Again,
            TransportError::Timeout | TransportError::Disconnected { .. } => Remedy::AgainIfSame,
        },
    }
}

fn service(error: &ServiceError) -> Remedy {
    match error.status {
        429 | 503 => Remedy::Throttled,
        // The source's own failure: the copy was not begun.
        500.. if error.is(&ErrorCode::CANNOT_VERIFY_COPY_SOURCE) => Remedy::Again,
        501 | 505 => Remedy::None,
        408 | 500.. => Remedy::AgainIfSame,
        401 if error.is(&ErrorCode::INVALID_AUTHENTICATION_INFO) => Remedy::AgainWithNewToken,
        403 if error.is(&ErrorCode::AUTHENTICATION_FAILED) => Remedy::AgainWithItsClock,
        _ => Remedy::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_remedy() {
        let busy = ErrorCode::SERVER_BUSY;
        for (status, code, expected) in [
            (503, Some(busy), Remedy::Throttled),
            (503, None, Remedy::Throttled),
            (429, None, Remedy::Throttled),
            (500, Some(ErrorCode::INTERNAL_ERROR), Remedy::AgainIfSame),
            (
                500,
                Some(ErrorCode::OPERATION_TIMED_OUT),
                Remedy::AgainIfSame,
            ),
            (
                500,
                Some(ErrorCode::CANNOT_VERIFY_COPY_SOURCE),
                Remedy::Again,
            ),
            (502, None, Remedy::AgainIfSame),
            (408, None, Remedy::AgainIfSame),
            (501, None, Remedy::None),
            (
                403,
                Some(ErrorCode::AUTHENTICATION_FAILED),
                Remedy::AgainWithItsClock,
            ),
            (403, Some(ErrorCode::AUTHORIZATION_FAILURE), Remedy::None),
            (
                401,
                Some(ErrorCode::INVALID_AUTHENTICATION_INFO),
                Remedy::AgainWithNewToken,
            ),
            (
                400,
                Some(ErrorCode::INVALID_AUTHENTICATION_INFO),
                Remedy::None,
            ),
            (
                401,
                Some(ErrorCode::NO_AUTHENTICATION_INFORMATION),
                Remedy::None,
            ),
            (
                401,
                Some(ErrorCode::CANNOT_VERIFY_COPY_SOURCE),
                Remedy::None,
            ),
            (404, Some(ErrorCode::BLOB_NOT_FOUND), Remedy::None),
            (409, Some(ErrorCode::PENDING_COPY_OPERATION), Remedy::None),
            (412, Some(ErrorCode::CONDITION_NOT_MET), Remedy::None),
        ] {
            let error = Error::from(ServiceError {
                status,
                code,
                ..ServiceError::default()
            });
            assert_eq!(remedy(&error), expected, "{error}");
        }
    }
}
