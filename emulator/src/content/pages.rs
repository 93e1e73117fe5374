//! The pages of a page blob: sparse, shared between snapshots, each knowing when it was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::{Piece, size};

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
#[derive(Debug, Clone, Default)]
pub(crate) struct Pages {
    length: u64,
    era: u32,
    /// Who began these pages: two blobs whose pages differ in this share no history.
    lineage: u64,
    chunks: Arc<BTreeMap<u64, Arc<Chunk>>>,
}

#[derive(Clone)]
struct Chunk {
    /// Which pages hold data; the others read as zeros.
    held: u64,
    /// The era of each page's last write or clear; 0 where there was none.
    changed: [u32; PAGES as usize],
    data: Box<[u8]>,
}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chunk({:#x})", self.held)
    }
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
    pub(crate) fn resize(&mut self, length: u64) {
        if length < self.length {
            self.clear(length, self.length);
            let last = length.div_ceil(CHUNK);
            let gone = Arc::make_mut(&mut self.chunks).split_off(&last);
            drop(gone);
        }
        self.length = length;
    }

    /// Writes whole pages. `start` and the length are multiples of a page.
    pub(crate) fn write(&mut self, start: u64, data: &[u8]) {
        let era = self.era;
        self.each(start, start + data.len() as u64, true, |chunk, from, to| {
            let offset = size(chunk.begins + from - start);
            let source = data.get(offset..offset + size(to - from));
            let target = chunk.inner.data.get_mut(size(from)..size(to));
            if let (Some(source), Some(target)) = (source, target) {
                target.copy_from_slice(source);
            }
            chunk.inner.mark(from, to, era, true);
        });
    }

    /// Clears whole pages, which then read as zeros.
    pub(crate) fn clear(&mut self, start: u64, end: u64) {
        let era = self.era;
        self.each(start, end, false, |chunk, from, to| {
            if let Some(target) = chunk.inner.data.get_mut(size(from)..size(to)) {
                target.fill(0);
            }
            chunk.inner.mark(from, to, era, false);
        });
        if self.era == 1 {
            Arc::make_mut(&mut self.chunks).retain(|_, chunk| chunk.held != 0);
        }
    }

    fn each(
        &mut self,
        start: u64,
        end: u64,
        create: bool,
        mut act: impl FnMut(&mut Part<'_>, u64, u64),
    ) {
        let chunks = Arc::make_mut(&mut self.chunks);
        for index in start / CHUNK..end.div_ceil(CHUNK) {
            let begins = index * CHUNK;
            let from = start.max(begins) - begins;
            let to = end.min(begins + CHUNK) - begins;
            let chunk = if create {
                chunks.entry(index).or_default()
            } else if let Some(chunk) = chunks.get_mut(&index) {
                chunk
            } else {
                continue;
            };
            let inner = Arc::make_mut(chunk);
            act(&mut Part { begins, inner }, from, to);
        }
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
            let data = Bytes::from_owner(Whole(Arc::clone(chunk)));
            pieces.push(Piece::from(data).slice(from - begins, to - begins));
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
            let era = chunk.changed.get(size(page)).copied().unwrap_or(0);
            (era > older.era).then_some(if chunk.held >> page & 1 == 1 {
                PageChange::Written
            } else {
                PageChange::Cleared
            })
        })
    }

    /// The first `copied` bytes of these pages, with the rest zero, as a reader sees a copy under way.
    pub(crate) fn first(&self, copied: u64) -> Self {
        let mut first = self.clone();
        first.clear(copied.div_ceil(PAGE) * PAGE, self.length);
        first
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

/// A chunk lent out as bytes: who writes to it meanwhile gets a copy of his own.
struct Whole(Arc<Chunk>);

impl AsRef<[u8]> for Whole {
    fn as_ref(&self) -> &[u8] {
        &self.0.data
    }
}

struct Part<'a> {
    begins: u64,
    inner: &'a mut Chunk,
}

impl Default for Chunk {
    fn default() -> Self {
        Self {
            held: 0,
            changed: [0; PAGES as usize],
            data: vec![0; size(CHUNK)].into_boxed_slice(),
        }
    }
}

impl Chunk {
    fn mark(&mut self, from: u64, to: u64, era: u32, held: bool) {
        for page in from / PAGE..to.div_ceil(PAGE) {
            let bit = 1 << page;
            let had = self.held & bit != 0;
            if held {
                self.held |= bit;
            } else {
                self.held &= !bit;
            }
            if (held || had)
                && let Some(changed) = self.changed.get_mut(size(page))
            {
                *changed = era;
            }
        }
    }
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
                pages.clear(start, end);
                plain[size(start)..size(end)].fill(0);
            } else {
                pages.write(start, &vec![byte; size(end - start)]);
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
        pages.write(0, &[1; 1536]);
        let snapshot = pages.clone();
        pages.end_era();
        pages.clear(512, 1024);
        pages.write(2048, &[2; 512]);
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
        pages.write(0, &vec![7; size(3 * CHUNK)]);
        pages.resize(512);
        pages.resize(3 * CHUNK);
        assert_eq!(pages.ranges(0, 3 * CHUNK), [(0, 512)]);
    }
}
