//! Sans-IO core of blobferry: requests, answers and state machines for Azure Blob Storage.
//!
//! Nothing here opens a socket, reads a clock, starts a thread, or asks for chance: time, seeds and
//! answers are told, and requests are handed out, so the same decisions run on every platform.

mod access_policy;
mod address;
pub mod advice;
mod backoff;
mod block_id;
mod call;
mod checksum;
mod conditions;
pub mod connection_string;
mod copy;
pub mod credential;
mod encryption;
mod engine;
pub mod error;
mod etag;
mod fleet;
mod header_text;
mod heard;
mod immutability;
mod lease;
mod lease_id;
mod lister;
mod machine;
mod message;
mod metadata;
mod name;
mod nest;
pub mod operation;
mod part;
pub mod properties;
mod range;
mod receipt;
pub mod sas;
mod seed;
pub mod sign;
mod source;
mod structured;
mod sweep;
mod tags;
mod time;
mod verify;
mod version;
pub mod wire;
pub mod words;
#[cfg(test)]
mod world;
mod xml;

pub use access_policy::{AccessPolicies, AccessPolicy};
pub use address::{Account, BlobAddress, ContainerAddress, Location, Place, Revision};
pub use block_id::BlockId;
pub use call::{Call, CallOutcome, Patience};
pub use checksum::{Checksum, Crc64, Md5, Sha256, SourceChecksum, StoredMd5};
pub use conditions::{
    AppendConditions, BlobConditions, Conditions, ContainerConditions, SequenceNumberConditions,
    SourceConditions,
};

pub use copy::{Copied, CopyEvent, CopyJob, CopyOptions, CopyOutcome, Floor, ForeignCopy, Pace};
pub use credential::{Bearer, Credential, Identities};
pub use encryption::{Encryption, EncryptionKey};
pub use engine::{Action, Engine, EngineOptions};
pub use error::{Error, ErrorCode, InvalidInput, ServiceError, TransportError};
pub use etag::ETag;
pub use fleet::{
    CopyReason, Failure, Filter, Fleet, FleetEvent, FleetOptions, FleetPlan, FleetReport, Glob,
    KeptLease, Overwrite, RefuseReason, Selection, Settled, SkipReason, Totals, Verdict,
    WindowOptions,
};
pub use header_text::HeaderText;
pub use immutability::Immutability;
pub use lease::{LeaseEnd, LeaseEvent, LeaseKeeper, LeaseOptions, LeaseOutcome};
pub use lease_id::{LeaseId, LeaseSeconds, LeaseTerm};
pub use lister::{Lister, Page, Paged};
pub use machine::{Input, Machine, Pause, Step};
pub use message::{ExchangeId, Request, Response, SignedRequest, SourceProof, Urgency};
pub use metadata::Metadata;
pub use name::{BlobName, ContainerName};
pub use operation::Operation;
pub use properties::{
    BlobProperties, ContentHeaders, CopyFailure, CopyId, CopyProgress, CopyProperties,
};
pub use range::{ByteRange, PageBlobSize, PageRange};
pub use receipt::Receipt;
pub use seed::Seed;
pub use source::{CopySource, SourceUrl};
pub use structured::StructuredBody;
pub use sweep::{AbortOnly, Sweep, SweepEvent, SweepReport, SweepTask};
pub use tags::{TagPredicate, Tags};
pub use time::Timestamp;
pub use verify::{Difference, VERIFY_RANGE, Verified, Verifier, Verify};
pub use version::ServiceVersion;
