//! Blocks uploaded and not yet committed.

#[cfg(feature = "durable")]
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

#[cfg(not(feature = "durable"))]
use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;

use super::{Block, Piece};
use crate::encryption::Specified;

/// The uncommitted blocks of a blob: the last upload of each id, in the order of the ids.
#[derive(Debug, Clone)]
#[cfg_attr(not(feature = "durable"), derive(Serialize, Deserialize))]
pub(crate) struct Staged {
    blocks: BTreeMap<Arc<str>, Piece>,
    #[cfg_attr(not(feature = "durable"), serde(with = "crate::record"))]
    last: Timestamp,
    encryption: Option<Specified>,
    #[cfg(feature = "durable")]
    apart: written::Apart,
}

/// How long blocks wait for their commit after the last upload. Source: "Put Block".
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

impl Staged {
    /// None yet, under the key or scope of the first to come.
    pub(crate) fn new(encryption: Option<Specified>, now: Timestamp) -> Self {
        Self {
            blocks: BTreeMap::new(),
            last: now,
            encryption,
            #[cfg(feature = "durable")]
            apart: written::Apart::default(),
        }
    }

    /// Takes a block; one of the same id goes.
    pub(crate) fn put(&mut self, block: Block, now: Timestamp) {
        #[cfg(feature = "durable")]
        self.apart.note(&block.id);
        self.blocks.insert(block.id, block.data);
        self.last = now;
    }

    /// What they are kept under, all of them.
    pub(crate) fn encryption(&self) -> Option<&Specified> {
        self.encryption.as_ref()
    }

    /// Whether they have waited too long for their commit.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        now > self.due()
    }

    /// Until when they wait for their commit.
    pub(crate) fn due(&self) -> Timestamp {
        self.last + KEPT
    }

    /// A block by its id.
    pub(crate) fn get(&self, id: &str) -> Option<Block> {
        self.blocks.get_key_value(id).map(|(id, data)| Block {
            id: Arc::clone(id),
            data: data.clone(),
        })
    }

    /// Every block: id and length in bytes.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&str, u64)> {
        self.blocks.iter().map(|(id, data)| (&**id, data.len()))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.blocks.len()
    }
}
