//! What one request changed, as rows.

use std::collections::{BTreeMap, BTreeSet};

use super::extent::{Dead, Place, Spot};
use super::rows;
use super::touched::Touched;

/// Rows to be put or taken away together, with the content they need.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// A row's value; absent where the row goes.
    pub(super) rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Containers of which every row goes. Their numbers never come again.
    pub(super) containers_gone: Vec<u64>,
    /// Sheets of which every row goes. Their numbers never come again.
    pub(super) sheets_gone: Vec<u64>,
    /// Content that the rows name and no file has yet, by its name.
    pub(super) fresh: BTreeMap<Place, Spot>,
    /// Content files that were written to and may not last yet.
    pub(super) unsynced: BTreeSet<u64>,
    /// Content that no row names any more.
    pub(super) dead: Vec<Dead>,
    /// Whose rows they are.
    pub(super) touched: Vec<Touched>,
}

impl Batch {
    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.rows.insert(key, Some(value));
    }

    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.rows.insert(key, None);
    }

    /// Whether it changes nothing that is remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.containers_gone.is_empty() && self.sheets_gone.is_empty()
    }

    /// Takes in what came after.
    pub(super) fn merge(&mut self, later: Self) {
        self.rows.extend(later.rows);
        self.containers_gone.extend(later.containers_gone);
        self.sheets_gone.extend(later.sheets_gone);
        self.fresh.extend(later.fresh);
        self.unsynced.extend(later.unsynced);
        self.touched.extend(later.touched);
        self.give_up(later.dead);
    }

    /// Takes in what no row names any more; what of it has not been written need not be.
    pub(super) fn give_up(&mut self, dead: Vec<Dead>) {
        for dead in &dead {
            self.fresh.remove(&dead.name);
            if dead.name != dead.place {
                self.remove(rows::moved(dead.name));
            }
        }
        self.dead.extend(dead);
    }
}
