//! What one request changed, as rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::extent::{Dead, Extent};
use super::rows;

/// Rows to be put or taken away together, with the content they need.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// A row's value; absent where the row goes.
    pub(super) rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Containers of which every row goes. Their numbers never come again.
    pub(super) containers_gone: Vec<u64>,
    /// Sheets of which every row goes. Their numbers never come again.
    pub(super) sheets_gone: Vec<u64>,
    /// Content that the rows name and no file has yet.
    pub(super) fresh: Vec<Arc<Extent>>,
    /// Content that no row names any more.
    pub(super) dead: Vec<Dead>,
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
        for dead in &later.dead {
            if dead.name != dead.place {
                self.remove(rows::moved(dead.name));
            }
        }
        self.dead.extend(later.dead);
    }
}
