//! Incremental Copy Blob: `PUT /{container}/{blob}?comp=incrementalcopy`.

use http::Method;

use super::{CopyStarted, Operation};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::error::Error;
use crate::message::{Request, Response, SourceProof, Urgency};
use crate::metadata::Metadata;
use crate::source::CopySource;
use crate::version::ServiceVersion;
use crate::wire::query;

/// Starts a copy of what changed between two snapshots of a page blob.
///
/// The destination must not exist, or be the incremental copy of an earlier snapshot of the same blob;
/// it can only be looked at, copied on and deleted. Every finished copy makes a snapshot of it. Always
/// pending at first. Version 2016-05-31 and later. Source: "Incremental Copy Blob".
///
/// ```
/// use blobferry_core::operation::{IncrementalCopyBlob, Operation};
/// use blobferry_core::{Location, Place, SourceUrl};
/// let location: Location = "https://south.blob.core.windows.net/disks/d".parse()?;
/// let Place::Blob(destination) = location.place else { unreachable!() };
/// let snapshot = "https://north.blob.core.windows.net/disks/d?snapshot=2026-01-02T03:04:05.1234567Z";
/// let copy = IncrementalCopyBlob::new(destination, SourceUrl::new(snapshot)?);
/// assert_eq!(copy.request().operation(), "Incremental Copy Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncrementalCopyBlob {
    /// The page blob to be made or brought up to date.
    pub destination: BlobAddress,
    /// A snapshot of a page blob.
    pub source: CopySource,
    /// The destination's metadata.
    pub metadata: Metadata,
    /// What must hold of the destination.
    pub conditions: Conditions,
}

impl IncrementalCopyBlob {
    /// A copy with no options.
    #[must_use]
    pub fn new(destination: BlobAddress, source: impl Into<CopySource>) -> Self {
        Self {
            destination,
            source: source.into(),
            metadata: Metadata::default(),
            conditions: Conditions::default(),
        }
    }
}

impl Operation for IncrementalCopyBlob {
    type Output = CopyStarted;
    const NAME: &'static str = "Incremental Copy Blob";
    const IDEMPOTENT: bool = false;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.destination)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2016_05_31)
            .query(query::COMP, "incrementalcopy")
            .source(self.source.clone())
            .source_proof(SourceProof::Own)
            .with(&self.metadata)
            .with(&self.conditions)
    }

    fn parse(&self, response: &Response) -> Result<CopyStarted, Error> {
        CopyStarted::read(response, &[202])
    }
}
