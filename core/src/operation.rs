//! The service's operations: one file each, request and answer side by side.

mod abort_copy_blob;
mod copy_blob;
mod copy_started;
mod get_blob;
mod get_blob_properties;
mod lease;
mod list_blobs;

pub use abort_copy_blob::AbortCopyBlob;
pub use copy_blob::CopyBlob;
pub use copy_started::CopyStarted;
pub use get_blob::{BlobContent, GetBlob};
pub use get_blob_properties::GetBlobProperties;
pub use lease::{
    AcquireLease, BreakLease, BreakPeriod, ChangeLease, LeaseBroken, LeaseHeld, LeaseReleased,
    LeaseTarget, ReleaseLease, RenewLease,
};
pub use list_blobs::{
    BlobEntries, BlobEntry, BlobItem, BlobPage, Deletion, ListBlobs, MaxResults, PageHead,
};

pub(crate) use crate::error::accept;

use crate::error::Error;
use crate::message::{Request, Response, Urgency};

/// One thing the service can be asked, and how to read its answer.
pub trait Operation {
    /// What a success says.
    type Output;
    /// The operation's name in the service's reference, for traces.
    const NAME: &'static str;
    /// Whether asking twice is the same as asking once.
    const IDEMPOTENT: bool;
    /// Which of two waiting requests leaves first.
    const URGENCY: Urgency;

    /// The request, complete but for credentials, date and version.
    fn request(&self) -> Request;

    /// Reads the answer.
    ///
    /// # Errors
    /// A refusal is [`Error::Service`]; an answer that breaks the service's own rules is
    /// [`Error::Reply`].
    fn parse(&self, response: &Response) -> Result<Self::Output, Error>;
}
