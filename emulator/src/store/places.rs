//! Which places of content files are held, and where the next bytes go.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use super::extent::{Extent, Place, Spot};

/// Bytes after which a shared file is full.
const FULL: u64 = 32 << 20;

#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) packs: BTreeMap<u64, Pack>,
    /// The file that is added to.
    active: Option<u64>,
    pub(super) next: u64,
    /// Bytes that no file has yet, by the names of their extents.
    pub(super) fresh: Vec<(Place, Spot)>,
}

#[derive(Debug, Default)]
pub(super) struct Pack {
    /// Bytes given away, written or not.
    pub(super) length: u64,
    /// Bytes held.
    pub(super) live: u64,
    pub(super) extents: BTreeMap<u64, Weak<Extent>>,
}

impl Places {
    fn number(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        self.packs.insert(number, Pack::default());
        number
    }

    /// A place in the shared file.
    pub(super) fn reserve(&mut self, length: u64) -> Place {
        let active = match self.active {
            Some(active) if self.packs.get(&active).is_some_and(Pack::has_room) => active,
            _ => self.number(),
        };
        self.active = Some(active);
        let pack = self.packs.entry(active).or_default();
        let offset = pack.length;
        pack.length += length;
        pack.live += length;
        Place {
            pack: active,
            offset,
        }
    }

    /// A place in a file of its own.
    pub(super) fn reserve_file(&mut self, length: u64) -> Place {
        let number = self.number();
        let pack = self.packs.entry(number).or_default();
        pack.length = length;
        pack.live = length;
        Place {
            pack: number,
            offset: 0,
        }
    }

    pub(super) fn hold(&mut self, place: Place, extent: &Arc<Extent>) {
        if let Some(pack) = self.packs.get_mut(&place.pack) {
            pack.extents.insert(place.offset, Arc::downgrade(extent));
        }
    }

    pub(super) fn release(&mut self, place: Place, length: u64) {
        if let Some(pack) = self.packs.get_mut(&place.pack) {
            pack.live = pack.live.saturating_sub(length);
            // A part of what is given up may live on there.
            if let Some(found) = pack.extents.get(&place.offset)
                && found.strong_count() == 0
            {
                pack.extents.remove(&place.offset);
            }
        }
    }

    /// Files that hold nothing any more; they are forgotten. The file that is added to goes when it
    /// would be worth tidying.
    pub(super) fn emptied(&mut self) -> Vec<u64> {
        if let Some(active) = self.active
            && self.packs.get(&active).is_some_and(Pack::is_mostly_dead)
        {
            self.active = None;
        }
        let active = self.active;
        self.packs
            .extract_if(.., |number, pack| pack.live == 0 && Some(*number) != active)
            .map(|(number, _)| number)
            .collect()
    }

    /// A file whose extents had better be elsewhere.
    pub(super) fn untidy(&self) -> Option<&Pack> {
        /// So many files may be nearly empty.
        const THIN: usize = 8;
        let full = || {
            self.packs
                .iter()
                .filter(|(number, pack)| Some(**number) != self.active && pack.live > 0)
                .map(|(_, pack)| pack)
        };
        let thin = || full().filter(|pack| pack.live < FULL / 8);
        full()
            .find(|pack| pack.is_mostly_dead())
            .or_else(|| thin().nth(THIN).and_then(|_| thin().next()))
    }
}

impl Pack {
    /// Where the last of its extents ends; absent where that is not known.
    pub(super) fn end(&self) -> Option<u64> {
        let (offset, last) = self.extents.last_key_value()?;
        Some(offset + last.upgrade()?.length)
    }

    fn has_room(&self) -> bool {
        self.length < FULL
    }

    /// Whether tidying gains more than it costs.
    fn is_mostly_dead(&self) -> bool {
        /// Less is not worth the trouble.
        const LEAST: u64 = 256 << 10;
        let dead = self.length.saturating_sub(self.live);
        dead > LEAST && dead > self.length / 2
    }
}
