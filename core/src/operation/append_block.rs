//! Append Block: `PUT /{container}/{blob}?comp=appendblock`.

use bytes::Bytes;
use http::Method;
use std::fmt;

use super::{Appended, Operation};
use crate::address::BlobAddress;
use crate::checksum::Checksum;
use crate::conditions::{AppendConditions, Conditions};
use crate::encryption::Encryption;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::structured::StructuredBody;
use crate::version::ServiceVersion;
use crate::wire::query;

/// Puts a block at the end of an append blob.
///
/// Up to 100 MiB (4 MiB before version 2022-11-02), not empty; a blob takes 50,000 of them. Asking
/// twice appends twice, unless [`AppendConditions::position`] says where the block must begin.
/// Version 2015-02-21 and later. Source: "Append Block".
///
/// ```
/// use blobferry_core::operation::{AppendBlock, Operation};
/// use blobferry_core::{AppendConditions, Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let append = AppendBlock {
///     append: AppendConditions { position: Some(0), ..AppendConditions::default() },
///     ..AppendBlock::new(blob, "first line\n")
/// };
/// assert_eq!(append.request().operation(), "Append Block");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AppendBlock {
    /// Which blob.
    pub blob: BlobAddress,
    /// The block.
    pub body: Bytes,
    /// What the body must hash to on arrival.
    pub checksum: Option<Checksum>,
    /// How the body is framed, where it is a structured message. Version 2026-04-06 and later.
    pub structured: Option<StructuredBody>,
    /// What must hold of the blob's length.
    pub append: AppendConditions,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// Whose key the block is encrypted with.
    pub encryption: Encryption,
}

impl AppendBlock {
    /// A block with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, body: impl Into<Bytes>) -> Self {
        Self {
            blob,
            body: body.into(),
            checksum: None,
            structured: None,
            append: AppendConditions::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
        }
    }
}

impl fmt::Debug for AppendBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppendBlock")
            .field("blob", &self.blob)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Operation for AppendBlock {
    type Output = Appended;
    const NAME: &'static str = "Append Block";
    const IDEMPOTENT: bool = false;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2015_02_21)
            .query(query::COMP, "appendblock")
            .body(self.body.clone())
            .with(&self.checksum)
            .with(&self.structured)
            .with(&self.append)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
    }

    fn parse(&self, response: &Response) -> Result<Appended, Error> {
        Appended::read(response)
    }
}
