//! The extents met while the records are read: those of one name are one.
//!
//! Records are read by `serde`, which passes nothing along. So what has to be known meanwhile lies
//! beside the thread that reads.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};

use super::extent::{Extent, Place};
use super::packs::Packs;

thread_local! {
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

struct Reading {
    packs: Arc<Packs>,
    /// Where those are that were moved.
    moved: HashMap<Place, Place>,
    met: HashMap<Place, Weak<Extent>>,
}

/// Has records read by `read`, on this thread. Says which of the moved extents were not met.
pub(super) fn with<T>(
    packs: &Arc<Packs>,
    moved: HashMap<Place, Place>,
    read: impl FnOnce() -> T,
) -> (T, Vec<Place>) {
    READING.set(Some(Reading {
        packs: Arc::clone(packs),
        moved,
        met: HashMap::new(),
    }));
    let read = read();
    let strays = READING.take().map_or_else(Vec::new, |reading| {
        let met: HashSet<Place> = reading.met.into_keys().collect();
        reading
            .moved
            .into_keys()
            .filter(|name| !met.contains(name))
            .collect()
    });
    (read, strays)
}

/// The extent of a name.
pub(super) fn extent(name: Place, length: u64) -> Result<Arc<Extent>, &'static str> {
    READING.with_borrow_mut(|reading| {
        let reading = reading.as_mut().ok_or("read outside of its store")?;
        if let Some(known) = reading.met.get(&name).and_then(Weak::upgrade) {
            return (known.length == length)
                .then_some(known)
                .ok_or("one extent has two lengths");
        }
        let place = reading.moved.get(&name).copied().unwrap_or(name);
        let extent = reading.packs.found(name, place, length)?;
        reading.met.insert(name, Arc::downgrade(&extent));
        Ok(extent)
    })
}
