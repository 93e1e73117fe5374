//! Put Blob: `PUT /{container}/{blob}`.

use bytes::Bytes;
use http::Method;
use std::fmt;

use super::{Operation, Written};
use crate::address::BlobAddress;
use crate::checksum::Checksum;
use crate::conditions::Conditions;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::header_text::HeaderText;
use crate::immutability::Immutability;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::part::Part;
use crate::properties::ContentHeaders;
use crate::range::PageBlobSize;
use crate::structured::StructuredBody;
use crate::tags::Tags;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::{AccessTier, BlobType};

/// Creates a blob, or puts a new one in the place of what stands there.
///
/// Overwriting drops uncommitted blocks and replaces metadata and tags; lease and snapshots stay.
/// The type of an existing blob cannot change. A block blob's body may have up to 5,000 MiB (256 MiB
/// before version 2019-12-12, 64 MiB before 2016-05-31). Source: "Put Blob".
///
/// ```
/// use blobferry_core::operation::{Operation, PutBlob};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let put = PutBlob::block(blob, "all quiet\n");
/// assert_eq!(put.request().operation(), "Put Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBlob {
    /// Which blob.
    pub blob: BlobAddress,
    /// What it is to be.
    pub content: NewBlob,
    /// Properties to be stored with the blob.
    pub headers: ContentHeaders,
    /// Properties in plain HTTP headers: stored where [`headers`](Self::headers) leaves them open.
    pub plain: PlainHeaders,
    /// What the body must hash to on arrival.
    pub checksum: Option<Checksum>,
    /// How the body is framed, where it is a structured message. Version 2026-04-06 and later.
    pub structured: Option<StructuredBody>,
    /// Where it is kept. Block blobs: version 2019-02-02 and later; premium page blobs: 2017-04-17.
    pub tier: Option<AccessTier>,
    /// The blob's metadata, all of it.
    pub metadata: Metadata,
    /// The blob's index tags, all of them. Version 2019-12-12 and later.
    pub tags: Tags,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob that is overwritten.
    pub conditions: Conditions,
    /// Whose key the content is encrypted with.
    pub encryption: Encryption,
    /// Until when the blob must stay as it is. Version 2020-06-12 and later.
    pub immutability: Immutability,
}

/// What [`PutBlob`] makes.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NewBlob {
    /// A block blob with this content.
    Block(Bytes),
    /// A page blob full of zeros.
    Page {
        /// Its length.
        size: PageBlobSize,
        /// Its sequence number; 0 if none is given.
        sequence_number: Option<u64>,
    },
    /// An empty append blob. Version 2015-02-21 and later.
    Append,
}

/// Properties in plain HTTP headers, as clients write them that know no `x-ms-blob-*`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainHeaders {
    /// `Content-Type`.
    pub content_type: Option<HeaderText>,
    /// `Content-Encoding`.
    pub encoding: Option<HeaderText>,
    /// `Content-Language`.
    pub language: Option<HeaderText>,
    /// `Cache-Control`.
    pub cache_control: Option<HeaderText>,
}

impl PutBlob {
    /// A block blob with this content.
    #[must_use]
    pub fn block(blob: BlobAddress, content: impl Into<Bytes>) -> Self {
        Self::new(blob, NewBlob::Block(content.into()))
    }

    /// A page blob full of zeros.
    #[must_use]
    pub fn page(blob: BlobAddress, size: PageBlobSize) -> Self {
        Self::new(
            blob,
            NewBlob::Page {
                size,
                sequence_number: None,
            },
        )
    }

    /// An empty append blob.
    #[must_use]
    pub fn append(blob: BlobAddress) -> Self {
        Self::new(blob, NewBlob::Append)
    }

    /// Whatever `content` says, with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, content: NewBlob) -> Self {
        Self {
            blob,
            content,
            headers: ContentHeaders::default(),
            plain: PlainHeaders::default(),
            checksum: None,
            structured: None,
            tier: None,
            metadata: Metadata::default(),
            tags: Tags::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
            immutability: Immutability::default(),
        }
    }
}

impl Part for NewBlob {
    fn add_to(&self, request: Request) -> Request {
        let kind = |kind: BlobType| request.text(header::X_MS_BLOB_TYPE, kind.as_str());
        match self {
            Self::Block(body) => kind(BlobType::Block).body(body.clone()),
            Self::Page {
                size,
                sequence_number,
            } => kind(BlobType::Page)
                .text(header::X_MS_BLOB_CONTENT_LENGTH, &size.bytes().to_string())
                .text_if(
                    header::X_MS_BLOB_SEQUENCE_NUMBER,
                    sequence_number.map(|number| number.to_string()),
                ),
            Self::Append => kind(BlobType::Append).needs(ServiceVersion::V2015_02_21),
        }
    }
}

impl Part for PlainHeaders {
    fn add_to(&self, request: Request) -> Request {
        request
            .text_if(header::CONTENT_TYPE, self.content_type.as_ref())
            .text_if(header::CONTENT_ENCODING, self.encoding.as_ref())
            .text_if(header::CONTENT_LANGUAGE, self.language.as_ref())
            .text_if(header::CACHE_CONTROL, self.cache_control.as_ref())
    }
}

impl fmt::Debug for NewBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(body) => write!(f, "Block({} bytes)", body.len()),
            Self::Page {
                size,
                sequence_number,
            } => write!(f, "Page({size:?}, {sequence_number:?})"),
            Self::Append => f.write_str("Append"),
        }
    }
}

impl Operation for PutBlob {
    type Output = Written;
    const NAME: &'static str = "Put Blob";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.content)
            .with(&self.headers)
            .with(&self.plain)
            .with(&self.checksum)
            .with(&self.structured)
            .with(&self.metadata)
            .with(&self.tags)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
            .with(&self.immutability)
            .with(&self.tier)
    }

    fn parse(&self, response: &Response) -> Result<Written, Error> {
        Written::read(response, 201)
    }
}
