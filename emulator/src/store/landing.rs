//! Files that are filled part by part, for content that takes long to come.

use std::io;
use std::sync::Arc;

use super::extent::{Extent, Place, Stored};
use super::file;
use super::packs::Packs;

impl Packs {
    /// A file of its own for so many bytes, zeros until they come. It must be longer than what is
    /// moved together when files are tidied.
    ///
    /// # Errors
    /// The file cannot be made.
    pub(super) fn land(self: &Arc<Self>, length: u64) -> io::Result<Stored> {
        let stored = self.own(length);
        let file = self.writer(stored.name().pack)?;
        file.set_len(length)?;
        // A record that names it finds it as long as it says.
        file.sync_all()?;
        Ok(stored)
    }

    /// Puts bytes where they belong, and returns when they are on disk.
    ///
    /// # Errors
    /// The disk does not take them.
    pub(super) fn fill(&self, stored: &Stored, start: u64, data: &[u8]) -> io::Result<()> {
        let place = stored.name();
        let file = self.writer(place.pack)?;
        file::write_at(&file, place.offset + start, data)?;
        file.sync_data()
    }

    /// What landed, cut into parts of these lengths, each kept for as long as somebody holds it.
    pub(crate) fn cut(self: &Arc<Self>, whole: &Stored, lengths: &[u64]) -> Vec<Stored> {
        let Place { pack, offset } = whole.name();
        let mut offset = offset;
        let mut parts = Vec::with_capacity(lengths.len());
        for length in lengths.iter().copied() {
            let place = Place { pack, offset };
            let part = Extent::new(Arc::clone(self), place, place, length, None);
            self.share(place, &part);
            parts.push(Stored::whole(part));
            offset += length;
        }
        parts
    }
}
