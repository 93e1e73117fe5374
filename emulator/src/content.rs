//! What a blob holds. Cheap to clone: snapshots and copies share what was not changed since.

mod pages;
mod piece;
mod segments;
mod staged;

pub(crate) use pages::{PageChange, Pages};
#[cfg(feature = "durable")]
pub(crate) use piece::Away;
pub(crate) use piece::{Piece, joined};
pub(crate) use segments::{Block, Segments};
pub(crate) use staged::Staged;

use std::io;

use serde::{Deserialize, Serialize};

use bytes::Bytes;

use blobferry_core::words::BlobType;

#[cfg(feature = "durable")]
use crate::store::Keeper;

/// The bytes of a blob, in the shape of its type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Content {
    /// Committed blocks, or one body put as a whole.
    Block(Segments),
    /// Pages, sparse.
    Page(Pages),
    /// Blocks in the order appended.
    Append(Segments),
}

impl Content {
    /// Nothing yet, as a copy destination begins.
    pub(crate) fn empty(kind: &BlobType) -> Self {
        match kind {
            BlobType::Page => Self::Page(Pages::default()),
            BlobType::Append => Self::Append(Segments::default()),
            BlobType::Block | BlobType::Other(_) => Self::Block(Segments::default()),
        }
    }

    /// The blob's type.
    pub(crate) fn kind(&self) -> BlobType {
        match self {
            Self::Block(_) => BlobType::Block,
            Self::Page(_) => BlobType::Page,
            Self::Append(_) => BlobType::Append,
        }
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Block(segments) | Self::Append(segments) => segments.len(),
            Self::Page(pages) => pages.len(),
        }
    }

    /// Hands over what was written since the last time.
    ///
    /// # Errors
    /// It cannot be written down.
    #[cfg(feature = "durable")]
    pub(crate) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> io::Result<()> {
        match self {
            Self::Block(segments) | Self::Append(segments) => segments.hand_over(keeper),
            Self::Page(pages) => pages.hand_over(keeper),
        }
    }

    /// Pieces of `start..end`, sharing memory.
    pub(crate) fn pieces(&self, start: u64, end: u64) -> Vec<Piece> {
        match self {
            Self::Block(segments) | Self::Append(segments) => segments.pieces(start, end),
            Self::Page(pages) => pages.pieces(start, end),
        }
    }

    /// The bytes of `start..end` in one run.
    ///
    /// # Errors
    /// What is not in memory cannot be read.
    pub(crate) fn read(&self, start: u64, end: u64) -> io::Result<Bytes> {
        joined(self.pieces(start, end))
    }

    /// Every byte in one run.
    ///
    /// # Errors
    /// What is not in memory cannot be read.
    pub(crate) fn read_all(&self) -> io::Result<Bytes> {
        self.read(0, self.len())
    }
}

/// `usize` of a length that fits memory because it describes something in it.
pub(crate) fn size(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
