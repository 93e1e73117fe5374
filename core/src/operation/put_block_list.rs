//! Put Block List: `PUT /{container}/{blob}?comp=blocklist`.

use http::Method;

use super::{Operation, Written};
use crate::address::BlobAddress;
use crate::block_id::BlockId;
use crate::checksum::Checksum;
use crate::conditions::Conditions;
use crate::encryption::Encryption;
use crate::error::Error;
use crate::immutability::Immutability;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::properties::ContentHeaders;
use crate::tags::Tags;
use crate::wire::query;
use crate::words::AccessTier;

/// Makes a blob out of blocks, in the order given.
///
/// At most 50,000 blocks. Uncommitted blocks that are not named are dropped; properties and metadata
/// are replaced; lease and snapshots stay. The service computes no MD5 of the blob. Source: "Put
/// Block List".
///
/// ```
/// use blobferry_core::operation::{BlockRef, Operation, PutBlockList};
/// use blobferry_core::{BlockId, Location, Place};
/// let location: Location = "https://lighthouse.blob.core.windows.net/logs/today.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// let blocks = (0..3).map(|number| BlockRef::Latest(BlockId::numbered(number)));
/// let put = PutBlockList::new(blob, blocks);
/// assert_eq!(put.request().operation(), "Put Block List");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBlockList {
    /// Which blob.
    pub blob: BlobAddress,
    /// The blocks the blob is to consist of; none makes it empty.
    pub blocks: Vec<BlockRef>,
    /// Properties to be stored with the blob.
    pub headers: ContentHeaders,
    /// What the list itself, not the blob, must hash to on arrival.
    pub checksum: Option<Checksum>,
    /// Where it is kept. Version 2019-02-02 and later.
    pub tier: Option<AccessTier>,
    /// The blob's metadata, all of it.
    pub metadata: Metadata,
    /// The blob's index tags, all of them. Version 2019-12-12 and later.
    pub tags: Tags,
    /// The lease on the blob, where there is one.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob that is overwritten.
    pub conditions: Conditions,
    /// Whose key the blocks were encrypted with.
    pub encryption: Encryption,
    /// Until when the blob must stay as it is. Version 2020-06-12 and later.
    pub immutability: Immutability,
}

/// A block of the list, and where the service looks for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BlockRef {
    /// Among the blocks that make up the blob now.
    Committed(BlockId),
    /// Among the blocks uploaded since.
    Uncommitted(BlockId),
    /// Among the uploaded ones first, then among those of the blob.
    Latest(BlockId),
}

impl PutBlockList {
    /// A list with no options.
    #[must_use]
    pub fn new(blob: BlobAddress, blocks: impl IntoIterator<Item = BlockRef>) -> Self {
        Self {
            blob,
            blocks: blocks.into_iter().collect(),
            headers: ContentHeaders::default(),
            checksum: None,
            tier: None,
            metadata: Metadata::default(),
            tags: Tags::default(),
            lease_id: None,
            conditions: Conditions::default(),
            encryption: Encryption::default(),
            immutability: Immutability::default(),
        }
    }

    /// The body, as it will be sent: a checksum must be of these bytes.
    #[must_use]
    pub fn body(&self) -> String {
        let mut xml = String::with_capacity(64 + 64 * self.blocks.len());
        xml.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for block in &self.blocks {
            let (place, id) = match block {
                BlockRef::Committed(id) => ("Committed", id),
                BlockRef::Uncommitted(id) => ("Uncommitted", id),
                BlockRef::Latest(id) => ("Latest", id),
            };
            for part in ["<", place, ">", id.as_base64(), "</", place, ">"] {
                xml.push_str(part);
            }
        }
        xml.push_str("</BlockList>");
        xml
    }
}

impl Operation for PutBlockList {
    type Output = Written;
    const NAME: &'static str = "Put Block List";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::PUT, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "blocklist")
            .xml(self.body())
            .with(&self.headers)
            .with(&self.tier)
            .with(&self.checksum)
            .with(&self.metadata)
            .with(&self.tags)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.encryption)
            .with(&self.immutability)
    }

    fn parse(&self, response: &Response) -> Result<Written, Error> {
        Written::read(response, 201)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::address::{Location, Place};
    use crate::xml::walk;

    fn list(blocks: Vec<BlockRef>) -> PutBlockList {
        let location: Location = "https://a.blob.core.windows.net/logs/b".parse().unwrap();
        let Place::Blob(blob) = location.place else {
            panic!("no blob")
        };
        PutBlockList::new(blob, blocks)
    }

    fn blocks() -> impl Strategy<Value = Vec<BlockRef>> {
        let id = proptest::collection::vec(any::<u8>(), 1..=64)
            .prop_map(|name| BlockId::new(&name).unwrap());
        let block = prop_oneof![
            id.clone().prop_map(BlockRef::Committed),
            id.clone().prop_map(BlockRef::Uncommitted),
            id.prop_map(BlockRef::Latest),
        ];
        proptest::collection::vec(block, 0..20)
    }

    proptest! {
        #[test]
        fn a_block_list_reads_back_from_its_body_in_order(blocks in blocks()) {
            let mut read = Vec::new();
            walk(list(blocks.clone()).body().as_bytes(), |path, text| {
                let id = || BlockId::from_base64(text).unwrap();
                match path {
                    ["BlockList", "Committed"] => read.push(BlockRef::Committed(id())),
                    ["BlockList", "Uncommitted"] => read.push(BlockRef::Uncommitted(id())),
                    ["BlockList", "Latest"] => read.push(BlockRef::Latest(id())),
                    _ => {}
                }
            })
            .unwrap();
            prop_assert_eq!(read, blocks);
        }
    }
}
