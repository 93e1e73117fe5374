//! Lists kept apart from the records they belong to, so that a record of many items stays short.
//!
//! An item goes into a sheet once and stays there until nobody holds the sheet. Who shares a sheet
//! with others begins one of his own on top, and what is in a later sheet counts.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::batch::Batch;
use super::packs::Packs;
use super::{reading, rows};
use crate::content::{Away, Piece};

/// So many items are written with their record before they go into a sheet.
pub(crate) const FEW: usize = 32;
/// So many sheets lie on top of each other before all is written anew.
const MOST: usize = 16;

/// Numbers for sheets, and those that nobody holds any more.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    last: AtomicU64,
    gone: Mutex<Vec<u64>>,
}

impl Sheets {
    fn begin(self: &Arc<Self>) -> Arc<Sheet> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.sheet(number)
    }

    /// A sheet that is there. Its number does not come again.
    pub(super) fn found(self: &Arc<Self>, number: u64) -> Arc<Sheet> {
        self.last.fetch_max(number, Ordering::Relaxed);
        self.sheet(number)
    }

    fn sheet(self: &Arc<Self>, number: u64) -> Arc<Sheet> {
        Arc::new(Sheet {
            sheets: Arc::clone(self),
            number,
        })
    }

    /// Sheets given up since this was last asked.
    pub(super) fn take_gone(&self) -> Vec<u64> {
        std::mem::take(&mut *self.gone.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Rows that belong together. Dropping the last handle gives them up.
#[derive(Debug)]
pub(crate) struct Sheet {
    sheets: Arc<Sheets>,
    number: u64,
}

impl Drop for Sheet {
    fn drop(&mut self) {
        self.sheets
            .gone
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self.number);
    }
}

/// The sheets of one list, the latest last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layers(Vec<Arc<Sheet>>);

impl Layers {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Items by their keys: what the latest sheet that has one says. Those that `is_stale` are left
    /// out unread, for what they name may be gone.
    ///
    /// # Errors
    /// An item cannot be read.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        is_stale: impl Fn(&[u8]) -> bool,
    ) -> Result<BTreeMap<Vec<u8>, T>, String> {
        let sheets = self.0.iter().map(|sheet| reading::rows(sheet.number));
        let sheets = sheets.collect::<Result<Vec<_>, _>>()?;
        let mut latest = BTreeMap::new();
        for (key, value) in sheets.iter().flat_map(|rows| rows.iter()) {
            latest.insert(key, value);
        }
        latest
            .into_iter()
            .filter(|(key, _)| !is_stale(key))
            .map(|(key, value)| {
                let item = rmp_serde::from_slice(value).map_err(|error| error.to_string())?;
                Ok((key.clone(), item))
            })
            .collect()
    }
}

impl Serialize for Layers {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|sheet| sheet.number))
    }
}

impl<'de> Deserialize<'de> for Layers {
    /// Only while a store is opened.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let numbers = Vec::<u64>::deserialize(from)?;
        let sheets: Result<_, _> = numbers.into_iter().map(reading::sheet).collect();
        sheets.map(Self).map_err(serde::de::Error::custom)
    }
}

/// Takes in what is handed over, on its way to a batch.
#[derive(Debug)]
pub(crate) struct Keeper<'a> {
    pub(super) packs: &'a Arc<Packs>,
    pub(super) sheets: &'a Arc<Sheets>,
    pub(super) batch: &'a mut Batch,
}

impl Keeper<'_> {
    /// Takes in bytes.
    pub(crate) fn keep(&self, data: Bytes) -> Piece {
        Piece::Away(Away::Stored(self.packs.keep(data)))
    }

    /// The sheet that a list is written to from now on, and whether all of the list has to be
    /// written, for it has no other.
    pub(crate) fn sheet(&self, layers: &mut Layers) -> (Arc<Sheet>, bool) {
        let own = layers.0.last().filter(|last| Arc::strong_count(last) == 1);
        if let Some(own) = own {
            return (Arc::clone(own), false);
        }
        if layers.0.len() >= MOST {
            layers.0.clear();
        }
        let begun = self.sheets.begin();
        let is_first = layers.is_empty();
        layers.0.push(Arc::clone(&begun));
        (begun, is_first)
    }

    /// Writes an item.
    ///
    /// # Errors
    /// It cannot be written down.
    pub(crate) fn put(
        &mut self,
        sheet: &Sheet,
        key: &[u8],
        item: &impl Serialize,
    ) -> io::Result<()> {
        let value = rows::value(item)?;
        self.batch.put(rows::sheet(sheet.number, key), value);
        Ok(())
    }
}

/// Whether everything is to be written with its record, as it was before there were sheets.
pub(crate) fn is_plain() -> bool {
    #[cfg(test)]
    return plain::is_asked_for();
    #[cfg(not(test))]
    false
}

#[cfg(test)]
pub(crate) mod plain {
    use std::cell::Cell;

    thread_local! {
        static PLAIN: Cell<bool> = const { Cell::new(false) };
    }

    pub(super) fn is_asked_for() -> bool {
        PLAIN.get()
    }

    /// Has everything written so meanwhile, on this thread.
    pub(crate) fn with<T>(what: impl FnOnce() -> T) -> T {
        PLAIN.set(true);
        let done = what();
        PLAIN.set(false);
        done
    }
}
