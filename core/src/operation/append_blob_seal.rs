//! Append Blob Seal: `PUT /{container}/{blob}?comp=seal`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::error::Error;
use crate::etag::ETag;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Makes an append blob read-only for good; sealing twice changes nothing.
///
/// Version 2019-12-12 and later. Source: "Append Blob Seal".
///
/// ```
/// use blobferry_core::operation::{AppendBlobSeal, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let seal = AppendBlobSeal::new(blob);
/// assert_eq!(seal.request().operation(), "Append Blob Seal");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendBlobSeal {
    /// Which blob.
    pub blob: BlobAddress,
    /// The length the blob must have, in bytes.
    pub position: Option<u64>,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
}

/// What Append Blob Seal answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The blob's ETag.
    pub etag: ETag,
    /// When the blob was last changed.
    pub last_modified: Timestamp,
    /// Whether the blob is sealed now; the service always says so.
    pub sealed: bool,
    /// The answer's request id, version and date.
    pub receipt: Receipt,
}

impl AppendBlobSeal {
    /// Seals the blob, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            position: None,
            lease_id: None,
            conditions: Conditions::default(),
        }
    }
}

impl Operation for AppendBlobSeal {
    type Output = Sealed;
    const NAME: &'static str = "Append Blob Seal";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2019_12_12)
            .query(query::COMP, "seal")
            .with(&self.lease_id)
            .with(&self.conditions)
            .text_if(
                header::X_MS_BLOB_CONDITION_APPENDPOS,
                self.position.map(|position| position.to_string()),
            )
    }

    fn parse(&self, response: &Response) -> Result<Sealed, Error> {
        accept(response, &[200])?;
        Ok(Sealed {
            etag: response.need(&header::ETAG)?,
            last_modified: response.need(&header::LAST_MODIFIED)?,
            sealed: response.need(&header::X_MS_BLOB_SEALED)?,
            receipt: Receipt::of(response),
        })
    }
}
