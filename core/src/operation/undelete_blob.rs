//! Undelete Blob: `PUT /{container}/{blob}?comp=undelete`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::error::Error;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::version::ServiceVersion;
use crate::wire::query;

/// Brings back a soft-deleted blob and all of its soft-deleted snapshots.
///
/// A blob that is not deleted stays as it is. Version 2017-07-29 and later. Source: "Undelete Blob".
///
/// ```
/// use blobferry_core::operation::{Operation, UndeleteBlob};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let undelete = UndeleteBlob::new(blob);
/// assert_eq!(undelete.request().operation(), "Undelete Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndeleteBlob {
    /// Which blob.
    pub blob: BlobAddress,
}

impl UndeleteBlob {
    /// Undeletes this blob.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self { blob }
    }
}

impl Operation for UndeleteBlob {
    type Output = Receipt;
    const NAME: &'static str = "Undelete Blob";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2017_07_29)
            .query(query::COMP, "undelete")
    }

    fn parse(&self, response: &Response) -> Result<Receipt, Error> {
        accept(response, &[200])?;
        Ok(Receipt::of(response))
    }
}
