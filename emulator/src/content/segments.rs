//! Blocks one after the other, found by offset.

mod written;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Piece;

/// One block: its id as sent (Base64) and its bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) id: Arc<str>,
    pub(crate) data: Piece,
}

/// Content made of whole pieces.
#[derive(Debug, Clone)]
pub(crate) enum Segments {
    /// Put as a whole, without a block list.
    Whole(Piece),
    /// Blocks in their order.
    Listed(Arc<Listed>),
}

/// Blocks with the offset at which each ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listed {
    blocks: Vec<(u64, Block)>,
    #[cfg(feature = "durable")]
    apart: written::Apart,
}

impl Default for Segments {
    fn default() -> Self {
        Self::Whole(Piece::default())
    }
}

impl Segments {
    /// Content made of these blocks.
    pub(crate) fn listed(blocks: impl IntoIterator<Item = Block>) -> Self {
        let mut end = 0;
        let blocks = blocks
            .into_iter()
            .map(|block| {
                end += block.data.len();
                (end, block)
            })
            .collect();
        Self::Listed(Arc::new(Listed {
            blocks,
            ..Listed::default()
        }))
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Whole(data) => data.len(),
            Self::Listed(listed) => listed.blocks.last().map_or(0, |(end, _)| *end),
        }
    }

    /// The committed blocks; none where the blob was put as a whole.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        match self {
            Self::Whole(_) => [].as_slice(),
            Self::Listed(listed) => listed.blocks.as_slice(),
        }
        .iter()
        .map(|(_, block)| block)
    }

    /// How many blocks there are.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Whole(_) => 0,
            Self::Listed(listed) => listed.blocks.len(),
        }
    }

    /// Adds a block at the end. Copies the list, not the bytes, where a snapshot shares it.
    pub(crate) fn append(&mut self, data: Piece) {
        let end = self.len() + data.len();
        let block = Block {
            id: Arc::from(""),
            data,
        };
        match self {
            Self::Listed(listed) => Arc::make_mut(listed).blocks.push((end, block)),
            Self::Whole(_) => *self = Self::listed([block]),
        }
    }

    pub(crate) fn pieces(&self, start: u64, end: u64) -> Vec<Piece> {
        match self {
            Self::Whole(data) => {
                let part = data.slice(start, end);
                if part.is_empty() {
                    Vec::new()
                } else {
                    vec![part]
                }
            }
            Self::Listed(listed) => {
                let blocks = &listed.blocks;
                let first = blocks.partition_point(|(ends, _)| *ends <= start);
                blocks
                    .iter()
                    .skip(first)
                    .map_while(|(ends, block)| {
                        let begins = ends - block.data.len();
                        (begins < end).then(|| {
                            let from = start.saturating_sub(begins);
                            let to = end.min(*ends) - begins;
                            block.data.slice(from, to)
                        })
                    })
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::joined;
    use bytes::Bytes;

    fn block(data: &'static str) -> Block {
        Block {
            id: "".into(),
            data: Bytes::from_static(data.as_bytes()).into(),
        }
    }

    #[test]
    fn every_range_reads_as_it_would_from_one_piece() {
        let whole = "abcdefghij";
        let parts = Segments::listed([block("abc"), block(""), block("d"), block("efghij")]);
        for start in 0..=whole.len() {
            for end in start..=whole.len() {
                let read = joined(parts.pieces(start as u64, end as u64)).unwrap();
                assert_eq!(read, &whole.as_bytes()[start..end], "{start}..{end}");
            }
        }
    }

    #[test]
    fn a_clone_does_not_see_what_is_appended_later() {
        let mut blob = Segments::default();
        blob.append(Bytes::from_static(b"one").into());
        let snapshot = blob.clone();
        blob.append(Bytes::from_static(b"two").into());
        assert_eq!((snapshot.len(), snapshot.count()), (3, 1));
        assert_eq!(joined(blob.pieces(0, 6)).unwrap(), "onetwo");
    }
}
