//! Memory for a body on its way in.

use bytes::Bytes;
use memmap2::{MmapMut, MmapOptions};

use crate::content::size;
use crate::later;

/// Bodies from this length on get memory of their own from the system, which is asked for many pages at
/// once. Touched one by one, they would take longer than everything else that is done with a body.
const LARGE: usize = 1 << 20;

/// How much is asked for at once: little enough to be in the processor's cache still when it is
/// written. Large pages would be fewer, but where a host has taken them back they take four times as
/// long.
const STEP: usize = 256 << 10;

/// What has come of a body. Memory is set aside as it comes, never on the word of `Content-Length`.
#[derive(Debug)]
pub(super) struct Memory {
    /// The length the body is said to have.
    told: usize,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Grown(Vec<u8>),
    Mapped(Mapped),
}

/// Addresses for all of a body. What was never asked for takes no memory.
#[derive(Debug)]
struct Mapped {
    map: MmapMut,
    length: usize,
    /// How much was asked for.
    ready: usize,
}

impl Memory {
    /// For a body that is said to be so long.
    pub(super) fn new(told: Option<u64>) -> Self {
        Self {
            told: told.map_or(usize::MAX, size),
            held: Held::Grown(Vec::new()),
        }
    }

    /// Everything so far.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.held {
            Held::Grown(bytes) => bytes,
            Held::Mapped(mapped) => mapped.as_ref(),
        }
    }

    pub(super) fn add(&mut self, data: &[u8]) {
        if self.room() < data.len() {
            self.make_room(data.len());
        }
        match &mut self.held {
            Held::Grown(bytes) => bytes.extend_from_slice(data),
            Held::Mapped(mapped) => mapped.write(data),
        }
    }

    fn room(&self) -> usize {
        match &self.held {
            Held::Grown(bytes) => bytes.capacity() - bytes.len(),
            Held::Mapped(mapped) => mapped.map.len() - mapped.length,
        }
    }

    fn make_room(&mut self, more: usize) {
        let needed = self.bytes().len().saturating_add(more);
        // A step is no more than twice of what has come, either.
        if self.told >= LARGE
            && (STEP..=self.told).contains(&needed)
            && let Some(mut mapped) = Mapped::new(self.told)
        {
            mapped.write(self.bytes());
            self.held = Held::Mapped(mapped);
            return;
        }
        // Twice what has come, and no more than is said to come. Large memory grows in place.
        let wanted = self.told.min(needed.saturating_mul(2)).max(needed);
        if let Held::Mapped(mapped) = &self.held {
            self.held = Held::Grown(mapped.as_ref().to_vec());
        }
        if let Held::Grown(bytes) = &mut self.held {
            bytes.reserve_exact(wanted - bytes.len());
        }
    }

    /// All of it, in no more memory than it needs.
    pub(super) fn finish(self) -> Bytes {
        match self.held {
            Held::Grown(mut bytes) => {
                bytes.shrink_to_fit();
                bytes.into()
            }
            Held::Mapped(mapped) => Bytes::from_owner(Whole(Some(mapped))),
        }
    }
}

impl Mapped {
    /// Absent where the system has no addresses to give.
    fn new(length: usize) -> Option<Self> {
        let map = MmapOptions::new()
            .len(length)
            .no_reserve_swap()
            .map_anon()
            .ok()?;
        Some(Self {
            map,
            length: 0,
            ready: 0,
        })
    }

    /// Writes on, where there is room.
    fn write(&mut self, data: &[u8]) {
        let end = self.length + data.len();
        while self.ready < end {
            self.ask_for_more();
        }
        if let Some(room) = self.map.get_mut(self.length..end) {
            room.copy_from_slice(data);
            self.length = end;
        }
    }

    fn ask_for_more(&mut self) {
        let step = STEP.min(self.map.len() - self.ready);
        // Where the system knows no such wish, pages come one by one.
        #[cfg(target_os = "linux")]
        let _known = self
            .map
            .advise_range(memmap2::Advice::PopulateWrite, self.ready, step);
        self.ready += step.max(1);
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self.map.get(..self.length).unwrap_or_default()
    }
}

/// A body that has come. Giving its memory back takes a while.
struct Whole(Option<Mapped>);

impl AsRef<[u8]> for Whole {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], Mapped::as_ref)
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        later::leave(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_there_whatever_was_said() {
        for length in [0, 1, 70_000, STEP, LARGE, LARGE + 1, 3 * LARGE + 5] {
            let body: Vec<u8> = (0..length).map(|at: usize| at.to_le_bytes()[1]).collect();
            for told in [Some(length), None, Some(length / 3), Some(length * 3)] {
                let mut memory = Memory::new(told.map(|told| told as u64));
                for part in body.chunks(65_000) {
                    memory.add(part);
                }
                assert!(memory.bytes() == body, "{length} bytes of {told:?}");
                assert!(memory.finish() == body, "{length} bytes of {told:?}");
            }
        }
    }

    #[test]
    fn memory_follows_what_came_and_not_what_was_said() {
        let grown = |memory: &Memory| match &memory.held {
            Held::Grown(bytes) => bytes.capacity(),
            Held::Mapped(_) => usize::MAX,
        };
        let mut memory = Memory::new(Some(5_000 << 20));
        memory.add(&[0; 100_000]);
        assert!(grown(&memory) < 400_000);
        memory.add(&vec![0; STEP]);
        assert!(
            matches!(&memory.held, Held::Mapped(mapped) if mapped.ready <= 2 * (STEP + 100_000))
        );
        let mut memory = Memory::new(Some(150_000));
        memory.add(&[0; 100_000]);
        memory.add(&[0; 49_000]);
        assert!((149_000..=150_000).contains(&grown(&memory)));
    }

    #[test]
    fn large_memory_is_given_back_when_nobody_waits_for_it() {
        let ((), left) = later::collect(|| {
            let mut memory = Memory::new(Some(LARGE as u64));
            for _ in 0..LARGE / STEP {
                memory.add(&[7; STEP]);
            }
            let body = memory.finish();
            assert_eq!(body.len(), LARGE);
            drop(body);
        });
        assert!(!left.is_empty());
    }
}
