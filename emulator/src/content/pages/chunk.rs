//! 64 pages: which of them hold data, when each changed, and the data.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CHUNK, PAGE, PAGES};
use crate::content::{Piece, joined, size};
#[cfg(feature = "durable")]
use crate::store::Keeper;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Chunk {
    /// Which pages hold data, a bit each; the others read as zeros.
    pub(super) held: u64,
    /// The era of each page's last write or clear; 0 where there was none.
    changed: Eras,
    data: Data,
}

/// The bytes of a chunk.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "Piece", into = "Piece")]
enum Data {
    /// To be written to.
    Held(Box<[u8]>),
    /// To be read.
    Kept(Piece),
}

impl From<Data> for Piece {
    fn from(data: Data) -> Self {
        match data {
            Data::Held(data) => Self::Held(data.into()),
            Data::Kept(piece) => piece,
        }
    }
}

impl From<Piece> for Data {
    fn from(piece: Piece) -> Self {
        Self::Kept(piece)
    }
}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chunk({:#x})", self.held)
    }
}

impl Default for Chunk {
    fn default() -> Self {
        Self {
            held: 0,
            changed: Eras([0; PAGES as usize]),
            data: Data::Kept(Piece::zeros(CHUNK)),
        }
    }
}

/// A chunk lent out as bytes: who writes to it meanwhile gets a copy of his own.
struct Lent(Arc<Chunk>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        match &self.0.data {
            Data::Held(data) => data,
            Data::Kept(_) => &[],
        }
    }
}

impl Chunk {
    /// Its bytes.
    pub(super) fn piece(self: &Arc<Self>) -> Piece {
        match &self.data {
            Data::Held(_) => Bytes::from_owner(Lent(Arc::clone(self))).into(),
            Data::Kept(piece) => piece.clone(),
        }
    }

    /// The era in which a page changed last.
    pub(super) fn changed(&self, page: u64) -> u32 {
        self.changed.0.get(size(page)).copied().unwrap_or(0)
    }

    /// Writes whole pages from `from` on.
    ///
    /// # Errors
    /// The pages around them cannot be read; nothing is then changed.
    pub(super) fn write(&mut self, from: u64, source: &[u8], era: u32) -> io::Result<()> {
        let to = from + source.len() as u64;
        let target = self.bytes(from == 0 && to == CHUNK)?;
        if let Some(target) = target.get_mut(size(from)..size(to)) {
            target.copy_from_slice(source);
        }
        self.mark(from, to, era, true);
        Ok(())
    }

    /// Clears whole pages.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(super) fn clear(&mut self, from: u64, to: u64, era: u32) -> io::Result<()> {
        if self.held & !bits(from, to) != 0 {
            if let Some(target) = self.bytes(false)?.get_mut(size(from)..size(to)) {
                target.fill(0);
            }
        } else {
            self.data = Data::Kept(Piece::zeros(CHUNK));
        }
        self.mark(from, to, era, false);
        Ok(())
    }

    #[cfg(feature = "durable")]
    /// Hands over bytes that were written since they were last handed over.
    pub(super) fn hand_over(&mut self, keeper: &Keeper<'_>) {
        if let Data::Held(data) = &mut self.data {
            self.data = Data::Kept(keeper.keep(std::mem::take(data).into()));
        }
    }

    #[cfg(feature = "durable")]
    /// Whether it has bytes to hand over.
    pub(super) fn is_written(&self) -> bool {
        matches!(self.data, Data::Held(_))
    }

    fn bytes(&mut self, overwritten: bool) -> io::Result<&mut [u8]> {
        if let Data::Kept(piece) = &self.data {
            let data = if overwritten {
                vec![0; size(CHUNK)]
            } else {
                joined([piece.clone()])?.into()
            };
            self.data = Data::Held(data.into());
        }
        match &mut self.data {
            Data::Held(data) => Ok(data),
            Data::Kept(_) => Ok(&mut []),
        }
    }

    fn mark(&mut self, from: u64, to: u64, era: u32, held: bool) {
        let had = self.held;
        if held {
            self.held |= bits(from, to);
        } else {
            self.held &= !bits(from, to);
        }
        for page in from / PAGE..to.div_ceil(PAGE) {
            if (held || had >> page & 1 == 1)
                && let Some(changed) = self.changed.0.get_mut(size(page))
            {
                *changed = era;
            }
        }
    }
}

/// A bit for each page of `from..to`.
fn bits(from: u64, to: u64) -> u64 {
    (from / PAGE..to.div_ceil(PAGE)).fold(0, |bits, page| bits | 1 << page)
}

/// An era for each page; written down as runs, for most chunks are written at once.
#[derive(Clone)]
struct Eras([u32; PAGES as usize]);

impl Serialize for Eras {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for era in self.0 {
            match runs.last_mut() {
                Some((count, last)) if *last == era => *count += 1,
                _ => runs.push((1, era)),
            }
        }
        runs.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Eras {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let runs = Vec::<(u32, u32)>::deserialize(from)?;
        let written = runs
            .into_iter()
            .flat_map(|(count, era)| std::iter::repeat_n(era, count.min(64) as usize));
        let mut eras = [0; PAGES as usize];
        for (era, written) in eras.iter_mut().zip(written) {
            *era = written;
        }
        Ok(Self(eras))
    }
}
