//! Blocks uploaded and not yet committed.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::Block;

/// The uncommitted blocks of a blob: the last upload of each id, in the order of the ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staged(BTreeMap<Arc<str>, Bytes>);

impl Staged {
    /// Takes a block; one of the same id goes.
    pub(crate) fn put(&mut self, block: Block) {
        self.0.insert(block.id, block.data);
    }

    /// A block by its id.
    pub(crate) fn get(&self, id: &str) -> Option<Block> {
        self.0.get_key_value(id).map(|(id, data)| Block {
            id: Arc::clone(id),
            data: data.clone(),
        })
    }

    /// Every block: id and length in bytes.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(id, data)| (&**id, data.len()))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}
