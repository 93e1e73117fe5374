//! Sans-IO core of blobferry: requests, answers and state machines for Azure Blob Storage.
//!
//! Nothing here opens a socket, reads a clock, starts a thread, or asks for chance: time, seeds and
//! answers are told, and requests are handed out, so the same decisions run on every platform.

mod address;
mod backoff;
mod call;
pub mod credential;
mod engine;
pub mod error;
mod machine;
mod message;
mod name;
mod nest;
pub mod operation;
pub mod sas;
mod seed;
pub mod sign;
mod source;
mod time;
mod version;
pub mod wire;
pub mod words;

pub use address::{Account, BlobAddress, ContainerAddress, Location, Place, Revision};
pub use call::{Call, CallOutcome, Patience};
pub use credential::{Credential, Identities};
pub use engine::{Action, Engine, EngineOptions};
pub use error::{Error, ErrorCode, InvalidInput, ServiceError, TransportError};
pub use machine::{Input, Machine, Pause, Step};
pub use message::{ExchangeId, Request, Response, SignedRequest, Urgency};
pub use name::{BlobName, ContainerName};
pub use operation::Operation;
pub use seed::Seed;
pub use source::{CopySource, SourceUrl};
pub use time::Timestamp;
pub use version::ServiceVersion;
