//! The pages of a page blob: sparse, shared between snapshots, each knowing when it was written.

mod chunk;
mod chunks;

use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use chunk::Chunk;
use chunks::Chunks;

use super::{Piece, size};
#[cfg(feature = "durable")]
use crate::store::Keeper;

/// Bytes in a page.
pub(crate) const PAGE: u64 = 512;
/// Pages in a chunk: one bit each in a `u64`.
const PAGES: u64 = 64;
/// Bytes in a chunk.
const CHUNK: u64 = PAGE * PAGES;

/// Content that exists only where it was written.
///
/// Chunks are shared between clones until one of them writes. A page remembers the era of its last
/// change; a snapshot ends an era, so that the changes since it are those of later eras.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Pages {
    length: u64,
    era: u32,
    /// Who began these pages: two blobs whose pages differ in this share no history.
    lineage: u64,
    chunks: Arc<Chunks>,
}

/// What happened to a range since a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageChange {
    Written,
    Cleared,
}

impl Pages {
    /// All zeros.
    pub(crate) fn new(length: u64, lineage: u64) -> Self {
        Self {
            length,
            era: 1,
            lineage,
            chunks: Arc::default(),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// Whether differences to `older` can be told.
    pub(crate) fn descends_from(&self, older: &Self) -> bool {
        self.lineage == older.lineage && self.era >= older.era
    }

    /// Gives up the whole history, as a copy over another blob does.
    pub(crate) fn begin_lineage(&mut self, lineage: u64) {
        self.lineage = lineage;
    }

    /// Ends the era: a snapshot was taken.
    pub(crate) fn end_era(&mut self) {
        self.era += 1;
    }

    /// Makes it longer, with zeros, or shorter.
    ///
    /// # Errors
    /// Pages around the new end cannot be read.
    pub(crate) fn resize(&mut self, length: u64) -> io::Result<()> {
        if length < self.length {
            self.clear(length, self.length)?;
            Arc::make_mut(&mut self.chunks).cut(length.div_ceil(CHUNK));
        }
        self.length = length;
        Ok(())
    }

    /// Writes whole pages. `start` and the length are multiples of a page.
    ///
    /// # Errors
    /// Pages around them cannot be read.
    pub(crate) fn write(&mut self, start: u64, data: &[u8]) -> io::Result<()> {
        let chunks = Arc::make_mut(&mut self.chunks);
        for (index, from, to) in parts(start, start + data.len() as u64) {
            let offset = size(index * CHUNK + from - start);
            let source = data.get(offset..offset + size(to - from));
            let chunk = Arc::make_mut(chunks.entry(index));
            chunk.write(from, source.unwrap_or_default(), self.era)?;
        }
        Ok(())
    }

    /// Clears whole pages, which then read as zeros.
    ///
    /// # Errors
    /// Pages around them cannot be read.
    pub(crate) fn clear(&mut self, start: u64, end: u64) -> io::Result<()> {
        let chunks = Arc::make_mut(&mut self.chunks);
        let covered = chunks.range(start / CHUNK..end.div_ceil(CHUNK));
        let covered: Vec<u64> = covered.map(|(index, _)| index).collect();
        for index in covered {
            let begins = index * CHUNK;
            let from = start.max(begins) - begins;
            let to = end.min(begins + CHUNK) - begins;
            let Some(chunk) = chunks.get_mut(index).map(Arc::make_mut) else {
                continue;
            };
            chunk.clear(from, to, self.era)?;
            if self.era == 1 && chunk.held == 0 {
                chunks.remove(index);
            }
        }
        Ok(())
    }

    /// Hands over what was written since the last time, chunk by chunk.
    ///
    /// # Errors
    /// It cannot be written down.
    #[cfg(feature = "durable")]
    pub(crate) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> io::Result<()> {
        if self.chunks.is_changed() {
            Arc::make_mut(&mut self.chunks).hand_over(keeper)?;
        }
        Ok(())
    }

    pub(crate) fn pieces(&self, start: u64, end: u64) -> Vec<Piece> {
        let end = end.min(self.length);
        if start >= end {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        let mut reached = start;
        for (index, chunk) in self.chunks.range(start / CHUNK..end.div_ceil(CHUNK)) {
            let begins = index * CHUNK;
            let from = start.max(begins);
            let to = end.min(begins + CHUNK);
            if reached < from {
                pieces.push(Piece::zeros(from - reached));
            }
            pieces.push(chunk.piece().slice(from - begins, to - begins));
            reached = to;
        }
        if reached < end {
            pieces.push(Piece::zeros(end - reached));
        }
        pieces
    }

    /// Ranges that hold data, within `start..end`, as `start..end` each.
    pub(crate) fn ranges(&self, start: u64, end: u64) -> Vec<(u64, u64)> {
        let held = |chunk: &Chunk, page: u64| (chunk.held >> page & 1 == 1).then_some(());
        self.runs(start, end, held)
            .into_iter()
            .map(|(start, end, ())| (start, end))
            .collect()
    }

    /// What changed since `older`, within `start..end`.
    pub(crate) fn changes(
        &self,
        older: &Self,
        start: u64,
        end: u64,
    ) -> Vec<(u64, u64, PageChange)> {
        self.runs(start, end, |chunk, page| {
            (chunk.changed(page) > older.era).then_some(if chunk.held >> page & 1 == 1 {
                PageChange::Written
            } else {
                PageChange::Cleared
            })
        })
    }

    /// The first `copied` bytes of these pages, with the rest zero, as a reader sees a copy under way.
    ///
    /// # Errors
    /// Pages around the end cannot be read.
    pub(crate) fn first(&self, copied: u64) -> io::Result<Self> {
        let mut first = self.clone();
        first.clear(copied.div_ceil(PAGE) * PAGE, self.length)?;
        Ok(first)
    }

    fn runs<T: Copy + PartialEq>(
        &self,
        start: u64,
        end: u64,
        of: impl Fn(&Chunk, u64) -> Option<T>,
    ) -> Vec<(u64, u64, T)> {
        let end = end.min(self.length);
        let mut runs: Vec<(u64, u64, T)> = Vec::new();
        if start >= end {
            return runs;
        }
        for (index, chunk) in self.chunks.range(start / CHUNK..end.div_ceil(CHUNK)) {
            for page in 0..PAGES {
                let at = index * CHUNK + page * PAGE;
                if at + PAGE <= start || at >= end {
                    continue;
                }
                let Some(what) = of(chunk, page) else {
                    continue;
                };
                match runs.last_mut() {
                    Some((_, ends, last)) if *ends == at && *last == what => *ends = at + PAGE,
                    _ => runs.push((at, at + PAGE, what)),
                }
            }
        }
        runs
    }
}

/// The chunks of `start..end`: the number of each, and what of it is covered.
fn parts(start: u64, end: u64) -> impl Iterator<Item = (u64, u64, u64)> {
    (start / CHUNK..end.div_ceil(CHUNK)).map(move |index| {
        let begins = index * CHUNK;
        let from = start.max(begins) - begins;
        (index, from, end.min(begins + CHUNK) - begins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::joined;

    #[test]
    fn pages_read_as_a_plain_buffer_would() {
        let mut pages = Pages::new(40 * CHUNK, 1);
        let mut plain = vec![0_u8; size(40 * CHUNK)];
        let mut seed = blobferry_core::Seed::new(3);
        for round in 0..300_u64 {
            let start = seed.below(40 * PAGES) * PAGE;
            let end = (start + (1 + seed.below(200)) * PAGE).min(pages.len());
            let byte = u8::try_from(round % 255 + 1).unwrap();
            if round % 3 == 0 {
                pages.clear(start, end).unwrap();
                plain[size(start)..size(end)].fill(0);
            } else {
                pages.write(start, &vec![byte; size(end - start)]).unwrap();
                plain[size(start)..size(end)].fill(byte);
            }
        }
        assert_eq!(joined(pages.pieces(0, pages.len())).unwrap(), plain);
        assert_eq!(
            joined(pages.pieces(700, 70_001)).unwrap(),
            &plain[700..70_001]
        );
        for (start, end) in pages.ranges(0, pages.len()) {
            assert!(plain[size(start)..size(end)].iter().all(|byte| *byte != 0));
        }
    }

    #[test]
    fn a_snapshot_keeps_its_pages_and_the_changes_since_are_told() {
        let mut pages = Pages::new(8 * PAGE, 1);
        pages.write(0, &[1; 1536]).unwrap();
        let snapshot = pages.clone();
        pages.end_era();
        pages.clear(512, 1024).unwrap();
        pages.write(2048, &[2; 512]).unwrap();
        assert_eq!(snapshot.ranges(0, 4096), [(0, 1536)]);
        assert_eq!(
            pages.ranges(0, 4096),
            [(0, 512), (1024, 1536), (2048, 2560)]
        );
        assert_eq!(
            pages.changes(&snapshot, 0, 4096),
            [
                (512, 1024, PageChange::Cleared),
                (2048, 2560, PageChange::Written)
            ]
        );
    }

    #[test]
    fn shrinking_forgets_and_growing_shows_zeros() {
        let mut pages = Pages::new(3 * CHUNK, 1);
        pages.write(0, &vec![7; size(3 * CHUNK)]).unwrap();
        pages.resize(512).unwrap();
        pages.resize(3 * CHUNK).unwrap();
        assert_eq!(pages.ranges(0, 3 * CHUNK), [(0, 512)]);
    }
}
