//! What can go wrong between here and the service.

use std::fmt;
use std::io;

use blobferry_core::{Error, InvalidInput};

/// Why a blob did not come over.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransferError {
    /// The local side could not be read or written.
    Local(io::Error),
    /// The service or the wire.
    Blob(Error),
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(error) => error.fmt(f),
            Self::Blob(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TransferError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Local(error) => Some(error),
            Self::Blob(error) => Some(error),
        }
    }
}

impl From<io::Error> for TransferError {
    fn from(error: io::Error) -> Self {
        Self::Local(error)
    }
}

impl From<Error> for TransferError {
    fn from(error: Error) -> Self {
        Self::Blob(error)
    }
}

impl From<InvalidInput> for TransferError {
    fn from(error: InvalidInput) -> Self {
        Self::Blob(error.into())
    }
}
