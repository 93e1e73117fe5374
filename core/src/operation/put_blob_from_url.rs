//! Put Blob From URL: `PUT /{container}/{blob}` with `x-ms-copy-source`.

use http::Method;

use super::{FromUrl, Operation, Written};
use crate::address::BlobAddress;
use crate::conditions::Conditions;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::part::Part;
use crate::properties::ContentHeaders;
use crate::source::CopySource;
use crate::tags::Tags;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::{AccessTier, BlobType, SourceTagOption};

/// Makes a block blob of what a URL holds, within the request.
///
/// The source may be a blob of any type, or any file up to 5,000 MiB; its block list is not kept. Its
/// standard properties come along unless [`copy_properties`](Self::copy_properties) says no, its metadata
/// unless other is given. The blob gets no copy properties. Version 2020-04-08 and later. Source: "Put
/// Blob From URL".
///
/// ```
/// use blobferry_core::operation::{Operation, PutBlobFromUrl};
/// use blobferry_core::{CopySource, Location, Place, SourceUrl};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let source = SourceUrl::new("https://example.org/today.txt")?;
/// let put = PutBlobFromUrl::new(blob, CopySource::Url(source));
/// assert_eq!(put.request().operation(), "Put Blob From URL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBlobFromUrl {
    /// Which blob.
    pub blob: BlobAddress,
    /// Where its content comes from.
    pub source: FromUrl,
    /// Whether the source's standard properties come along; the service does so if not told.
    pub copy_properties: Option<bool>,
    /// Whose tags the blob gets. Version 2021-04-10 and later.
    pub tag_option: Option<SourceTagOption>,
    /// Properties to be stored with the blob.
    pub headers: ContentHeaders,
    /// Where it is kept.
    pub tier: Option<AccessTier>,
    /// The blob's metadata; none takes that of the source.
    pub metadata: Metadata,
    /// The blob's index tags; not together with [`SourceTagOption::Copy`].
    pub tags: Tags,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob that is overwritten.
    pub conditions: Conditions,
    /// Whose key the content is encrypted with.
    pub encryption: Encryption,
}

impl PutBlobFromUrl {
    /// The source's content and properties, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, source: impl Into<CopySource>) -> Self {
        Self {
            blob,
            source: FromUrl::new(source),
            copy_properties: None,
            tag_option: None,
            headers: ContentHeaders::default(),
            tier: None,
            metadata: Metadata::default(),
            tags: Tags::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

/// `x-ms-copy-source-tag-option`.
impl Part for SourceTagOption {
    fn add_to(&self, request: Request) -> Request {
        request
            .text(header::X_MS_COPY_SOURCE_TAG_OPTION, self.as_str())
            .needs(ServiceVersion::V2021_04_10)
    }
}

impl Operation for PutBlobFromUrl {
    type Output = Written;
    const NAME: &'static str = "Put Blob From URL";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2020_04_08)
            .text(header::X_MS_BLOB_TYPE, BlobType::Block.as_str())
            .with(&self.source)
            .with(&self.tag_option)
            .with(&self.headers)
            .with(&self.tier)
            .with(&self.metadata)
            .with(&self.tags)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
            .flag_if(
                header::X_MS_COPY_SOURCE_BLOB_PROPERTIES,
                self.copy_properties,
            )
    }

    fn parse(&self, response: &Response) -> Result<Written, Error> {
        Written::read(response, 201)
    }
}
