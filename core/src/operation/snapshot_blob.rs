//! Snapshot Blob: `PUT /{container}/{blob}?comp=snapshot`.

use http::Method;

use super::{Operation, Written};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::wire::{header, query};

/// Keeps the blob as it is now, readable under the time the service answers.
///
/// Properties, committed blocks and copy properties are kept, the lease is not. Asking twice makes two
/// snapshots. Source: "Snapshot Blob".
///
/// ```
/// use blobferry_core::operation::{Operation, SnapshotBlob};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let snapshot = SnapshotBlob::new(blob);
/// assert_eq!(snapshot.request().operation(), "Snapshot Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotBlob {
    /// Which blob.
    pub blob: BlobAddress,
    /// The snapshot's metadata; none takes that of the blob.
    pub metadata: Metadata,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key the blob is encrypted with.
    pub encryption: Encryption,
}

/// What Snapshot Blob answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshotted {
    /// The snapshot's time, as the service wrote it: its name from now on.
    pub snapshot: Box<str>,
    /// The snapshot's ETag: that of the blob, unless the snapshot got metadata of its own.
    pub written: Written,
}

impl SnapshotBlob {
    /// With the blob's metadata and no options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            metadata: Metadata::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl Operation for SnapshotBlob {
    type Output = Snapshotted;
    const NAME: &'static str = "Snapshot Blob";
    const IDEMPOTENT: bool = false;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "snapshot")
            .with(&self.metadata)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<Snapshotted, Error> {
        let written = Written::read(response, 201)?;
        Ok(Snapshotted {
            snapshot: response.need(&header::X_MS_SNAPSHOT)?,
            written,
        })
    }
}
