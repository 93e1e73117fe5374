//! Get Block List: `GET /{container}/{blob}?comp=blocklist`.

use http::Method;

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::error::Error;
use crate::etag::ETag;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::properties::EncryptionProperties;
use crate::receipt::Receipt;
use crate::tags::TagPredicate;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::{header, query};
use crate::words::BlockListType;
use crate::xml::{bad, walk};

/// Asks which blocks a block blob consists of, and which have been uploaded since.
///
/// Source: "Get Block List".
///
/// ```
/// use blobferry_core::operation::{GetBlockList, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// assert_eq!(GetBlockList::new(blob).request().operation(), "Get Block List");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBlockList {
    /// Which blob or snapshot.
    pub blob: BlobAddress,
    /// Which blocks; the committed ones if not given.
    pub list: Option<BlockListType>,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// How the blob must be tagged. Version 2019-12-12 and later.
    pub if_tags: Option<TagPredicate>,
}

/// The blocks of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockList {
    /// The blocks the blob consists of, in its order.
    pub committed: Vec<Block>,
    /// The blocks uploaded since, in the order of their names.
    pub uncommitted: Vec<Block>,
    /// The blob's ETag; absent where nothing is committed.
    pub etag: Option<ETag>,
    /// When it last changed; absent where nothing is committed.
    pub last_modified: Option<Timestamp>,
    /// The blob's length in bytes; zero where nothing is committed.
    pub content_length: Option<u64>,
    /// How the blob is encrypted.
    pub encryption: EncryptionProperties,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

/// A block of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its name, in Base64.
    pub name: Box<str>,
    /// Its length in bytes.
    pub size: u64,
}

impl GetBlockList {
    /// A question for the committed blocks.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            list: None,
            lease_id: None,
            if_tags: None,
        }
    }
}

impl Operation for GetBlockList {
    type Output = BlockList;
    const NAME: &'static str = "Get Block List";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        let list = self.list.as_ref().map(|list| list.as_str().to_owned());
        let request = Request::to_blob(Method::GET, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "blocklist")
            .query_if(query::BLOCK_LIST_TYPE, list)
            .with(&self.lease_id);
        match &self.if_tags {
            Some(predicate) => request
                .text(header::X_MS_IF_TAGS, predicate.as_str())
                .needs(ServiceVersion::V2019_12_12),
            None => request,
        }
    }

    fn parse(&self, response: &Response) -> Result<BlockList, Error> {
        accept(response, &[200])?;
        let (mut committed, mut uncommitted) = (Vec::new(), Vec::new());
        let mut name: Box<str> = Box::default();
        let mut fault = None;
        walk(response.body(), |path, text| match path {
            ["BlockList", _, "Block", "Name"] => name = text.into(),
            ["BlockList", place, "Block", "Size"] => {
                let blocks = match *place {
                    "CommittedBlocks" => &mut committed,
                    _ => &mut uncommitted,
                };
                match text.parse() {
                    Ok(size) => blocks.push(Block {
                        name: std::mem::take(&mut name),
                        size,
                    }),
                    Err(_) => fault = Some(bad("the size of a block is no number")),
                }
            }
            _ => {}
        })?;
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        Ok(BlockList {
            committed,
            uncommitted,
            etag: response.get(&header::ETAG)?,
            last_modified: response.get(&header::LAST_MODIFIED)?,
            content_length: response.get(&header::X_MS_BLOB_CONTENT_LENGTH)?,
            encryption: EncryptionProperties::heard(response)?,
            receipt: Receipt::of(response),
        })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn parse(body: &'static str) -> Result<BlockList, Error> {
        let location: crate::Location = "https://a.blob.core.windows.net/logs/b".parse().unwrap();
        let crate::Place::Blob(blob) = location.place else {
            panic!("no blob")
        };
        let body = Bytes::from_static(body.as_bytes());
        GetBlockList::new(blob).parse(&Response::new(http::Response::new(body)))
    }

    #[test]
    fn both_lists_keep_their_order() {
        let list = parse(
            "<BlockList><CommittedBlocks><Block><Name>Yg==</Name><Size>2</Size></Block>\
             <Block><Name>YQ==</Name><Size>1</Size></Block></CommittedBlocks>\
             <UncommittedBlocks><Block><Name>Yw==</Name><Size>3</Size></Block></UncommittedBlocks></BlockList>",
        )
        .unwrap();
        let sizes = |blocks: &[Block]| blocks.iter().map(|block| block.size).collect::<Vec<_>>();
        assert_eq!(sizes(&list.committed), [2, 1]);
        assert_eq!(sizes(&list.uncommitted), [3]);
        assert_eq!(
            list.committed.first().map(|block| &*block.name),
            Some("Yg==")
        );
        assert!(parse("<BlockList><CommittedBlocks /><UncommittedBlocks /></BlockList>").is_ok());
    }

    #[test]
    fn a_size_that_is_no_number_is_refused() {
        let body = "<BlockList><CommittedBlocks><Block><Name>Yg==</Name><Size>x</Size></Block></CommittedBlocks></BlockList>";
        assert!(parse(body).is_err());
    }
}
