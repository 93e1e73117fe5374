//! The extents and sheets met while the records are read: those of one name are one.
//!
//! Records are read by `serde`, which passes nothing along. So what has to be known meanwhile lies
//! beside the thread that reads.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Weak};

use super::extent::{Extent, Place};
use super::packs::Packs;
use super::sheets::{Sheet, Sheets};

/// The rows of a sheet: which part, and what it says.
type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

thread_local! {
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

struct Reading {
    packs: Arc<Packs>,
    /// Where those are that were moved.
    moved: HashMap<Place, Place>,
    met: HashMap<Place, Weak<Extent>>,
    sheets: Arc<Sheets>,
    rows: HashMap<u64, Arc<Rows>>,
    sheets_met: HashMap<u64, Weak<Sheet>>,
}

/// What is there that no record names.
#[derive(Debug, Default)]
pub(super) struct Strays {
    /// Extents that were moved, by their names.
    pub(super) moved: Vec<Place>,
    /// Sheets, by their numbers.
    pub(super) sheets: Vec<u64>,
}

/// Has records read by `read`, on this thread. Says what of what is there was not met.
pub(super) fn with<T>(
    packs: &Arc<Packs>,
    sheets: &Arc<Sheets>,
    moved: HashMap<Place, Place>,
    read: impl FnOnce() -> T,
) -> (T, Strays) {
    READING.set(Some(Reading {
        packs: Arc::clone(packs),
        moved,
        met: HashMap::new(),
        sheets: Arc::clone(sheets),
        rows: HashMap::new(),
        sheets_met: HashMap::new(),
    }));
    let read = read();
    let strays = READING.take().map_or_else(Strays::default, |reading| {
        let met: HashSet<Place> = reading.met.into_keys().collect();
        let mut moved: Vec<Place> = reading.moved.into_keys().collect();
        moved.retain(|name| !met.contains(name));
        let mut sheets: Vec<u64> = reading.rows.into_keys().collect();
        sheets.retain(|number| !reading.sheets_met.contains_key(number));
        Strays { moved, sheets }
    });
    (read, strays)
}

/// Takes in a row of a sheet. All of them come before the records that name sheets.
pub(super) fn row(sheet: u64, part: &[u8], value: &[u8]) {
    READING.with_borrow_mut(|reading| {
        if let Some(reading) = reading
            && let Some(rows) = Arc::get_mut(reading.rows.entry(sheet).or_default())
        {
            rows.insert(part.to_vec(), value.to_vec());
        }
    });
}

/// The rows of a sheet.
pub(super) fn rows(sheet: u64) -> Result<Arc<Rows>, &'static str> {
    READING.with_borrow(|reading| {
        let reading = reading.as_ref().ok_or("read outside of its store")?;
        let rows = reading.rows.get(&sheet).ok_or("a sheet is missing")?;
        Ok(Arc::clone(rows))
    })
}

/// The sheet of a number.
pub(super) fn sheet(number: u64) -> Result<Arc<Sheet>, &'static str> {
    READING.with_borrow_mut(|reading| {
        let reading = reading.as_mut().ok_or("read outside of its store")?;
        if let Some(known) = reading.sheets_met.get(&number).and_then(Weak::upgrade) {
            return Ok(known);
        }
        let sheet = reading.sheets.found(number);
        reading.sheets_met.insert(number, Arc::downgrade(&sheet));
        Ok(sheet)
    })
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
