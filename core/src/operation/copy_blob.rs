//! Copy Blob: `PUT /{container}/{blob}` with `x-ms-copy-source`, finished by the service in its own time.

use http::Method;

use super::{CopyStarted, Operation};
use crate::address::BlobAddress;
use crate::conditions::{Conditions, SourceConditions};
use crate::error::Error;
use crate::immutability::Immutability;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::part::Part;
use crate::source::CopySource;
use crate::tags::Tags;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::{AccessTier, RehydratePriority};

/// Starts an asynchronous copy of a blob, snapshot, version or any URL into a blob.
///
/// Started is not finished: look at [`CopyStarted::status`], and follow a pending copy by Get Blob
/// Properties. Asking again while a copy is pending is refused with `PendingCopyOperation`. Version
/// 2012-02-12 and later for sources that are URLs. Source: "Copy Blob".
///
/// ```
/// use blobferry_core::operation::{CopyBlob, Operation};
/// use blobferry_core::{Conditions, Location, Place};
/// let source: Location = "https://north.blob.core.windows.net/logs/a.txt".parse()?;
/// let destination: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let (Place::Blob(source), Place::Blob(destination)) = (source.place, destination.place) else {
///     unreachable!()
/// };
/// let copy = CopyBlob {
///     conditions: Conditions::absent(),
///     ..CopyBlob::new(destination, source)
/// };
/// assert_eq!(copy.request().operation(), "Copy Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyBlob {
    /// The blob to be made or overwritten.
    pub destination: BlobAddress,
    /// What is copied.
    pub source: CopySource,
    /// The destination's metadata; if there is none, the source's is copied.
    pub metadata: Metadata,
    /// The destination's tags; the source's are never copied. Version 2019-12-12 and later.
    pub tags: Tags,
    /// The destination's tier. Page blobs: version 2017-04-17; block blobs: 2019-02-02.
    pub tier: Option<AccessTier>,
    /// How soon an archived source is brought back. Version 2019-02-02 and later.
    pub rehydrate_priority: Option<RehydratePriority>,
    /// Whether an append blob is sealed when done. Version 2019-12-12 and later.
    pub seal: Option<bool>,
    /// The lease on the destination, which must be infinite.
    pub lease_id: Option<LeaseId>,
    /// The lease on the source. Only before version 2012-02-12.
    pub source_lease_id: Option<LeaseId>,
    /// What must hold of the destination.
    pub conditions: Conditions,
    /// What must hold of the source.
    pub source_conditions: SourceConditions,
    /// Until when the destination must stay as it is.
    pub immutability: Immutability,
}

impl CopyBlob {
    /// A copy with no options.
    #[must_use]
    pub fn new(destination: BlobAddress, source: impl Into<CopySource>) -> Self {
        Self {
            destination,
            source: source.into(),
            metadata: Metadata::default(),
            tags: Tags::default(),
            tier: None,
            rehydrate_priority: None,
            seal: None,
            lease_id: None,
            source_lease_id: None,
            conditions: Conditions::default(),
            source_conditions: SourceConditions::default(),
            immutability: Immutability::default(),
        }
    }
}

/// `x-ms-seal-blob`.
struct Seal(bool);

impl Part for Seal {
    fn add_to(&self, request: Request) -> Request {
        request
            .flag_if(header::X_MS_SEAL_BLOB, Some(self.0))
            .needs(ServiceVersion::V2019_12_12)
    }
}

impl Operation for CopyBlob {
    type Output = CopyStarted;
    const NAME: &'static str = "Copy Blob";
    const IDEMPOTENT: bool = false;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.destination)
            .of(Self::NAME, Self::URGENCY)
            .source(self.source.clone())
            .with(&self.metadata)
            .with(&self.tags)
            .with(&self.tier)
            .with(&self.rehydrate_priority)
            .with(&self.seal.map(Seal))
            .with(&self.lease_id)
            .text_if(header::X_MS_SOURCE_LEASE_ID, self.source_lease_id.as_ref())
            .with(&self.conditions)
            .with(&self.source_conditions)
            .with(&self.immutability)
    }

    fn parse(&self, response: &Response) -> Result<CopyStarted, Error> {
        // 201 before version 2012-02-12, when copies ended within the request.
        CopyStarted::read(response, &[202, 201])
    }
}
