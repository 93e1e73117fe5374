//! Set Blob Properties: `PUT /{container}/{blob}?comp=properties`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::etag::ETag;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::properties::ContentHeaders;
use crate::range::PageBlobSize;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::wire::{header, query};
use crate::words::SequenceNumberAction;

/// Changes a blob's standard properties, a page blob's length, or its sequence number.
///
/// If any of [`headers`](Self::headers) is given, all others of them are cleared; with none given they
/// stay. Not to be asked twice for an answer that was lost, because of
/// [`SequenceNumberChange::Increment`]. Source: "Set Blob Properties".
///
/// ```
/// use blobferry_core::operation::{Operation, SetBlobProperties};
/// use blobferry_core::{ContentHeaders, Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let set = SetBlobProperties {
///     headers: ContentHeaders {
///         content_type: Some("text/plain".parse()?),
///         ..ContentHeaders::default()
///     },
///     ..SetBlobProperties::new(blob)
/// };
/// assert_eq!(set.request().operation(), "Set Blob Properties");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetBlobProperties {
    /// Which blob.
    pub blob: BlobAddress,
    /// The standard properties.
    pub headers: ContentHeaders,
    /// A page blob's new length; pages beyond it are gone.
    pub size: Option<PageBlobSize>,
    /// What becomes of a page blob's sequence number.
    pub sequence_number: Option<SequenceNumberChange>,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key a page blob is encrypted with, when its length changes.
    pub encryption: Encryption,
}

/// What becomes of a page blob's sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SequenceNumberChange {
    /// The greater of the old and this one.
    Max(u64),
    /// This one.
    Update(u64),
    /// One more than the old one.
    Increment,
}

/// What Set Blob Properties answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertiesSet {
    /// The blob's new ETag.
    pub etag: ETag,
    /// When the blob was changed.
    pub last_modified: Timestamp,
    /// The page blob's sequence number; absent for other blobs.
    pub sequence_number: Option<u64>,
    /// The answer's request id, version and date.
    pub receipt: Receipt,
}

impl SetBlobProperties {
    /// Changes nothing yet: say what in the fields.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            headers: ContentHeaders::default(),
            size: None,
            sequence_number: None,
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl Operation for SetBlobProperties {
    type Output = PropertiesSet;
    const NAME: &'static str = "Set Blob Properties";
    const IDEMPOTENT: bool = false;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        let request = Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "properties")
            .with(&self.headers)
            .text_if(
                header::X_MS_BLOB_CONTENT_LENGTH,
                self.size.map(|size| size.bytes().to_string()),
            )
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption);
        let (action, number) = match self.sequence_number {
            None => return request,
            Some(SequenceNumberChange::Max(number)) => (SequenceNumberAction::Max, Some(number)),
            Some(SequenceNumberChange::Update(number)) => {
                (SequenceNumberAction::Update, Some(number))
            }
            Some(SequenceNumberChange::Increment) => (SequenceNumberAction::Increment, None),
        };
        request
            .text(header::X_MS_SEQUENCE_NUMBER_ACTION, action.as_str())
            .text_if(
                header::X_MS_BLOB_SEQUENCE_NUMBER,
                number.map(|number| number.to_string()),
            )
    }

    fn parse(&self, response: &Response) -> Result<PropertiesSet, Error> {
        accept(response, &[200])?;
        Ok(PropertiesSet {
            etag: response.need(&header::ETAG)?,
            last_modified: response.need(&header::LAST_MODIFIED)?,
            sequence_number: response.get(&header::X_MS_BLOB_SEQUENCE_NUMBER)?,
            receipt: Receipt::of(response),
        })
    }
}
