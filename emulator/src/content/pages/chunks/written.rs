//! Chunks as they are written down: few with their record, many in sheets beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Chunk, Chunks};
use crate::store::{FEW, Keeper, Layers, is_plain};

/// Which chunks are in sheets.
#[derive(Debug, Clone, Default)]
pub(super) struct Apart {
    sheets: Layers,
    /// Numbers of those that are not, changed or are gone; absent where none is in a sheet.
    beside: Option<BTreeSet<u64>>,
}

impl Apart {
    /// A chunk changes, comes or goes.
    pub(super) fn note(&mut self, number: u64) {
        if let Some(beside) = &mut self.beside {
            beside.insert(number);
        }
    }
}

/// Chunks of which none is in a sheet, or sheets and what is to be read on top of them: nothing
/// where a chunk is gone.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Apart(Layers, BTreeMap<u64, Option<Arc<Chunk>>>),
    All(BTreeMap<u64, Arc<Chunk>>),
}

impl Serialize for Chunks {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.apart.beside {
            Some(beside) if !is_plain() => {
                let beside = beside.iter();
                let beside = beside.map(|number| (*number, self.all.get(number).cloned()));
                Written::Apart(self.apart.sheets.clone(), beside.collect()).serialize(to)
            }
            _ => self.all.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Chunks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let fail = serde::de::Error::custom::<String>;
        let (sheets, beside) = match Written::deserialize(from)? {
            Written::Apart(sheets, beside) => (sheets, beside),
            Written::All(all) => {
                return Ok(Self {
                    all,
                    apart: Apart::default(),
                });
            }
        };
        let mut all = BTreeMap::new();
        let number = |key: &[u8]| key.try_into().map(u64::from_be_bytes);
        let is_stale = |key: &[u8]| number(key).is_ok_and(|number| beside.contains_key(&number));
        let items = sheets.read::<Option<Arc<Chunk>>>(is_stale);
        for (key, chunk) in items.map_err(fail)? {
            let number = number(&key).map_err(|_| fail("a chunk has no number".to_owned()))?;
            if let Some(chunk) = chunk {
                all.insert(number, chunk);
            }
        }
        let apart = Apart {
            sheets,
            beside: Some(beside.keys().copied().collect()),
        };
        for (number, chunk) in beside {
            match chunk {
                Some(chunk) => drop(all.insert(number, chunk)),
                None => drop(all.remove(&number)),
            }
        }
        Ok(Self { all, apart })
    }
}

impl Chunks {
    /// Numbers of the chunks that may have bytes to hand over.
    fn changed(&self) -> Vec<u64> {
        match &self.apart.beside {
            Some(beside) => beside.iter().copied().collect(),
            None => self.all.keys().copied().collect(),
        }
    }

    /// Whether there is something to hand over.
    pub(in super::super) fn is_changed(&self) -> bool {
        let changed = self.changed();
        (changed.len() > FEW && !is_plain())
            || changed
                .iter()
                .filter_map(|number| self.all.get(number))
                .any(|chunk| chunk.is_written())
    }

    /// Hands over what was written since the last time, and puts chunks into a sheet where they have
    /// become many.
    ///
    /// # Errors
    /// They cannot be written down.
    pub(in super::super) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> io::Result<()> {
        let changed = self.changed();
        for number in &changed {
            if let Some(chunk) = self.all.get_mut(number).filter(|chunk| chunk.is_written()) {
                Arc::make_mut(chunk).hand_over(keeper);
            }
        }
        if changed.len() <= FEW || is_plain() {
            return Ok(());
        }
        let (sheet, has_nothing) = keeper.sheet(&mut self.apart.sheets);
        let numbers = if has_nothing {
            self.all.keys().copied().collect()
        } else {
            changed
        };
        for number in numbers {
            keeper.put(&sheet, &number.to_be_bytes(), &self.all.get(&number))?;
        }
        self.apart.beside = Some(BTreeSet::new());
        Ok(())
    }
}
