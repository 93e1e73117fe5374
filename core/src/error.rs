//! What can go wrong, sorted by whose fault it is.

mod body;
mod code;
mod reply;
mod service;
mod transport;

use std::fmt;

use crate::sign::redact_url;

pub(crate) use body::accept;
pub use code::ErrorCode;
pub use reply::UnreadableReply;
pub use service::{CopySourceError, ServiceError};
pub use transport::TransportError;

/// A failure, in one of four families.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller's fault: a name, address or option that cannot be meant.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// The service refused, and said why.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// The wire's fault: nothing is known of what the service did.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// An answer that cannot be read.
    #[error(transparent)]
    Reply(#[from] UnreadableReply),
}

impl Error {
    /// The service's refusal, where it is one.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            Self::Invalid(_) | Self::Transport(_) | Self::Reply(_) => None,
        }
    }

    /// Whether the service refused with this code.
    #[must_use]
    pub fn has_code(&self, code: &ErrorCode) -> bool {
        self.service()
            .is_some_and(|error| error.code() == Some(code))
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}

/// Input that cannot be meant: what it was for, what was given, and what would do.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidInput {
    what: &'static str,
    given: String,
    rule: &'static str,
}

impl InvalidInput {
    /// Says that `given` cannot be a `what` because of `rule`. Never pass a secret as `given`; a
    /// signature in a URL is not shown.
    #[must_use]
    pub fn new(what: &'static str, given: impl Into<String>, rule: &'static str) -> Self {
        let given: String = given.into();
        Self {
            what,
            given: given.chars().take(200).collect(),
            rule,
        }
    }

    /// What the input was meant to be.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The rule it breaks.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.given.is_empty() {
            write!(f, "invalid {}: {}", self.what, self.rule)
        } else {
            write!(
                f,
                "invalid {} `{}`: {}",
                self.what,
                redact_url(&self.given).escape_debug(),
                self.rule
            )
        }
    }
}

impl fmt::Debug for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InvalidInput({self})")
    }
}

impl std::error::Error for InvalidInput {}
