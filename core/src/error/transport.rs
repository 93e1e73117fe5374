//! Failures of the wire, as a driver reports them.

use super::InvalidInput;

/// What a driver says when it brings no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The request never left: cancelled at the gate. The service has not seen it.
    #[error("the request was not sent")]
    NotSent,
    /// No connection came about, so the service has not seen the request.
    #[error("could not connect to {host}: {reason}")]
    Unreachable {
        /// Host and port that were tried.
        host: String,
        /// The platform's words.
        reason: String,
    },
    /// No answer within the time limit. The service may have acted.
    #[error("no answer within the time limit")]
    Timeout,
    /// The connection broke before the whole answer was read. The service may have acted.
    #[error("the connection broke: {reason}")]
    Disconnected {
        /// The platform's words.
        reason: String,
    },
    /// No credential could be had for the account, so nothing was sent.
    #[error("no credential: {reason}")]
    NoCredential {
        /// What the credential's source said, without secrets.
        reason: String,
    },
    /// The request cannot be written or signed as it is meant, so nothing was sent.
    #[error(transparent)]
    Invalid(InvalidInput),
}

impl TransportError {
    /// Whether the service certainly has not seen the request.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::NotSent
            | Self::Unreachable { .. }
            | Self::NoCredential { .. }
            | Self::Invalid(_) => true,
            Self::Timeout | Self::Disconnected { .. } => false,
        }
    }
}
