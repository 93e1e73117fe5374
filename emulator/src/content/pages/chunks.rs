//! The chunks of a page blob, and which of them changed since they were written down.

#[cfg(feature = "durable")]
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chunk::Chunk;

/// Chunks by their number.
#[derive(Debug, Clone, Default)]
#[cfg_attr(
    not(feature = "durable"),
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub(super) struct Chunks {
    all: BTreeMap<u64, Arc<Chunk>>,
    #[cfg(feature = "durable")]
    apart: written::Apart,
}

impl Chunks {
    /// A chunk to be changed; an empty one where there is none.
    pub(super) fn entry(&mut self, number: u64) -> &mut Arc<Chunk> {
        self.note(number);
        self.all.entry(number).or_default()
    }

    /// A chunk to be changed.
    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut Arc<Chunk>> {
        self.note(number);
        self.all.get_mut(&number)
    }

    pub(super) fn remove(&mut self, number: u64) {
        self.note(number);
        self.all.remove(&number);
    }

    /// Removes a chunk and all behind it.
    pub(super) fn cut(&mut self, number: u64) {
        for gone in self.all.split_off(&number).into_keys() {
            self.note(gone);
        }
    }

    /// Chunks of a range of numbers.
    pub(super) fn range(
        &self,
        numbers: std::ops::Range<u64>,
    ) -> impl Iterator<Item = (u64, &Arc<Chunk>)> {
        self.all
            .range(numbers)
            .map(|(number, chunk)| (*number, chunk))
    }

    #[cfg_attr(
        not(feature = "durable"),
        expect(clippy::unused_self, reason = "without a store nobody asks")
    )]
    fn note(&mut self, number: u64) {
        #[cfg(feature = "durable")]
        self.apart.note(number);
        #[cfg(not(feature = "durable"))]
        let _ = number;
    }
}
