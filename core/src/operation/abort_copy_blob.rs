//! Abort Copy Blob: `PUT /{container}/{blob}?comp=copy&copyid=…`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::properties::CopyId;
use crate::receipt::Receipt;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Stops a pending copy; the destination stays behind, empty and with its new metadata.
///
/// A copy that has ended is refused with `NoPendingCopyOperation`, another pending one with
/// `CopyIdMismatch`. Version 2012-02-12 and later. Source: "Abort Copy Blob".
///
/// ```
/// use blobferry_core::operation::{AbortCopyBlob, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let abort = AbortCopyBlob::new(blob, "1f812371-a41d-49e6-b123-f4b542e85144".parse()?);
/// assert_eq!(abort.request().operation(), "Abort Copy Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbortCopyBlob {
    /// The destination of the copy.
    pub blob: BlobAddress,
    /// Which copy.
    pub copy_id: CopyId,
    /// The infinite lease on the destination, where there is one.
    pub lease_id: Option<LeaseId>,
}

impl AbortCopyBlob {
    /// An abort with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, copy_id: CopyId) -> Self {
        Self {
            blob,
            copy_id,
            lease_id: None,
        }
    }
}

impl Operation for AbortCopyBlob {
    type Output = Receipt;
    const NAME: &'static str = "Abort Copy Blob";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Abort;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2012_02_12)
            .query(query::COMP, "copy")
            .query(query::COPY_ID, self.copy_id.as_str().to_owned())
            .text(header::X_MS_COPY_ACTION, "abort")
            .with(&self.lease_id)
    }

    fn parse(&self, response: &Response) -> Result<Receipt, Error> {
        accept(response, &[204])?;
        Ok(Receipt::of(response))
    }
}
