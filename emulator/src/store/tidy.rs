//! Moving what is held of files that are mostly dead, so that disk use follows what is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Weak};

use super::extent::{Extent, Place};
use super::packs::Packs;

impl Packs {
    /// Extents to be moved together: some of a file that is mostly dead, or small beside others. The
    /// last ones, so that their room comes back with every step.
    pub(super) fn untidy(&self, most: u64) -> Vec<Arc<Extent>> {
        let inner = self.inner();
        let Some(pack) = inner.untidy() else {
            return Vec::new();
        };
        let mut length = 0;
        let extents: Vec<Arc<Extent>> = pack
            .extents
            .values()
            .rev()
            .filter_map(Weak::upgrade)
            .take_while(|extent| {
                let fits = length == 0 || length + extent.length <= most;
                length += extent.length;
                fits
            })
            .collect();
        if extents
            .iter()
            .any(|extent| extent.spot().unwritten().is_some())
        {
            return Vec::new();
        }
        extents
    }

    /// Copies extents to where files are added to. They are still read where they were.
    ///
    /// # Errors
    /// They cannot be read or written.
    pub(super) fn copy(&self, extents: &[Arc<Extent>]) -> io::Result<Vec<Place>> {
        let mut places = Vec::with_capacity(extents.len());
        let mut parts = Vec::with_capacity(extents.len());
        let outcome = extents.iter().try_for_each(|extent| {
            let data = self.read(extent.spot().place(), 0, extent.length)?;
            let place = self.inner().reserve(extent.length);
            places.push(place);
            parts.push((place, data));
            Ok(())
        });
        let written = outcome.and_then(|()| self.write(parts));
        match written.and_then(|files| self.sync(&files)) {
            Ok(()) => Ok(places),
            Err(error) => {
                self.forget(extents, &places);
                Err(error)
            }
        }
    }

    /// Gives up the places of copies that came to nothing, and what was written there. Nothing else
    /// has been written behind them.
    pub(super) fn forget(&self, extents: &[Arc<Extent>], places: &[Place]) {
        let mut ends: BTreeMap<u64, u64> = BTreeMap::new();
        let mut inner = self.inner();
        for (extent, place) in extents.iter().zip(places) {
            inner.release(*place, extent.length);
            let end = ends.entry(place.pack).or_insert(place.offset);
            *end = place.offset.min(*end);
        }
        drop(inner);
        for (number, end) in ends {
            // What stays is swept when the directory is opened again.
            drop(self.shorten(number, end));
        }
    }

    /// Gives back what a file holds behind an end.
    fn shorten(&self, number: u64, end: u64) -> io::Result<()> {
        let file = self.reader(number)?;
        if file.metadata()?.len() > end {
            file.set_len(end)?;
        }
        Ok(())
    }

    /// Has extents read from their copies from now on.
    pub(super) fn moved(&self, extents: &[Arc<Extent>], places: &[Place]) {
        let mut inner = self.inner();
        let mut left = BTreeSet::new();
        for (extent, place) in extents.iter().zip(places) {
            let before = extent.spot().place();
            if let Some(pack) = inner.packs.get_mut(&before.pack) {
                pack.extents.remove(&before.offset);
            }
            inner.release(before, extent.length);
            if let Some(pack) = inner.packs.get_mut(&place.pack) {
                pack.extents.insert(place.offset, Arc::downgrade(extent));
            }
            extent.spot().written_to(*place);
            left.insert(before.pack);
        }
        let gone = inner.emptied();
        for number in left {
            if let Some(pack) = inner.packs.get_mut(&number)
                && let Some(end) = pack.end()
                && self.shorten(number, end).is_ok()
            {
                pack.length = end;
            }
        }
        drop(inner);
        self.delete(&gone);
    }
}
