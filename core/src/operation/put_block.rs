//! Put Block: `PUT /{container}/{blob}?comp=block&blockid=…`.

use bytes::Bytes;
use http::Method;
use std::fmt;

use super::{Operation, Stored};
use crate::address::BlobAddress;
use crate::block_id::BlockId;
use crate::checksum::Checksum;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::structured::StructuredBody;
use crate::wire::query;

/// Uploads one block; it becomes part of the blob when [`PutBlockList`](super::PutBlockList) names it.
///
/// A block of up to 4,000 MiB (100 MiB before version 2019-12-12, 4 MiB before 2016-05-31), not empty.
/// Where there is no blob yet, an uncommitted one comes to be; uncommitted blocks are dropped a week
/// after the last one came. Takes no conditions and leaves ETag and Last-Modified of the blob alone.
/// Source: "Put Block".
///
/// ```
/// use blobferry_core::operation::{Operation, PutBlock};
/// use blobferry_core::{BlockId, Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let put = PutBlock::new(blob, BlockId::numbered(0), "a block");
/// assert_eq!(put.request().operation(), "Put Block");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PutBlock {
    /// Which blob.
    pub blob: BlobAddress,
    /// Names the block; all of a blob's are equally long.
    pub block_id: BlockId,
    /// The block.
    pub body: Bytes,
    /// What the body must hash to on arrival.
    pub checksum: Option<Checksum>,
    /// How the body is framed, where it is a structured message. Version 2026-04-06 and later.
    pub structured: Option<StructuredBody>,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// Whose key the block is encrypted with; the same for all of a blob.
    pub encryption: Encryption,
}

impl PutBlock {
    /// A block with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, block_id: BlockId, body: impl Into<Bytes>) -> Self {
        Self {
            blob,
            block_id,
            body: body.into(),
            checksum: None,
            structured: None,
            lease_id: None,
            encryption: Encryption::default(),
        }
    }
}

impl fmt::Debug for PutBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PutBlock")
            .field("blob", &self.blob)
            .field("block_id", &self.block_id)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Operation for PutBlock {
    type Output = Stored;
    const NAME: &'static str = "Put Block";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "block")
            .query(query::BLOCK_ID, self.block_id.as_base64().to_owned())
            .body(self.body.clone())
            .with(&self.checksum)
            .with(&self.structured)
            .with(&self.lease_id)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<Stored, Error> {
        Stored::read(response, 201)
    }
}
