//! Snapshots and versions as they are written down: few with their blob, many in sheets beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Blob, Name, Past};
use crate::store::{Keeper, Layers, is_plain};
use crate::tick::Tick;

/// So many are written with their blob before they go into a sheet.
const FEW: usize = 8;

/// Which of them are in sheets.
#[derive(Debug, Clone, Default)]
pub(super) struct Apart {
    sheets: Layers,
    /// Those that are not, changed or are gone; absent where none is in a sheet.
    beside: Option<BTreeSet<Name>>,
}

impl Apart {
    /// One changes, comes or goes.
    pub(super) fn note(&mut self, name: Name) {
        if let Some(beside) = &mut self.beside {
            beside.insert(name);
        }
    }
}

impl Name {
    /// In a sheet.
    fn key(self) -> [u8; 9] {
        let (kind, tick) = match self {
            Self::Snapshot(tick) => (b'S', tick),
            Self::Version(tick) => (b'V', tick),
        };
        let mut key = [kind; 9];
        key[1..].copy_from_slice(&tick.number().to_be_bytes());
        key
    }

    fn read(key: &[u8]) -> Option<Self> {
        let (kind, number) = key.split_first()?;
        let tick = Tick::of(u64::from_be_bytes(number.try_into().ok()?))?;
        match kind {
            b'S' => Some(Self::Snapshot(tick)),
            b'V' => Some(Self::Version(tick)),
            _ => None,
        }
    }
}

/// Those that are not in sheets, or are to be read on top of them.
#[derive(Serialize)]
struct Written<'a> {
    snapshots: BTreeMap<Tick, &'a Blob>,
    versions: BTreeMap<Tick, &'a Blob>,
    #[serde(skip_serializing_if = "Layers::is_empty")]
    sheets: Layers,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    snapshots_gone: Vec<Tick>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions_gone: Vec<Tick>,
}

#[derive(Deserialize)]
struct Read {
    snapshots: BTreeMap<Tick, Blob>,
    versions: BTreeMap<Tick, Blob>,
    #[serde(default)]
    sheets: Layers,
    #[serde(default)]
    snapshots_gone: Vec<Tick>,
    #[serde(default)]
    versions_gone: Vec<Tick>,
}

impl Serialize for Past {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut written = Written {
            snapshots: BTreeMap::new(),
            versions: BTreeMap::new(),
            sheets: Layers::default(),
            snapshots_gone: Vec::new(),
            versions_gone: Vec::new(),
        };
        match &self.apart.beside {
            Some(beside) if !is_plain() => {
                written.sheets = self.apart.sheets.clone();
                for name in beside {
                    match (*name, self.get(*name)) {
                        (Name::Snapshot(tick), Some(blob)) => {
                            written.snapshots.insert(tick, blob);
                        }
                        (Name::Version(tick), Some(blob)) => {
                            written.versions.insert(tick, blob);
                        }
                        (Name::Snapshot(tick), None) => written.snapshots_gone.push(tick),
                        (Name::Version(tick), None) => written.versions_gone.push(tick),
                    }
                }
            }
            _ => {
                let own = |(tick, blob): (&Tick, _)| (*tick, blob);
                written.snapshots = self.snapshots.iter().map(own).collect();
                let own = |(tick, blob): (&Tick, _)| (*tick, blob);
                written.versions = self.versions.iter().map(own).collect();
            }
        }
        written.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Past {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let fail = serde::de::Error::custom::<String>;
        let read = Read::deserialize(from)?;
        let snapshots = read.snapshots.keys().chain(&read.snapshots_gone);
        let versions = read.versions.keys().chain(&read.versions_gone);
        let beside: BTreeSet<Name> = snapshots
            .map(|tick| Name::Snapshot(*tick))
            .chain(versions.map(|tick| Name::Version(*tick)))
            .collect();
        let mut past = Self {
            snapshots: read.snapshots,
            versions: read.versions,
            apart: Apart::default(),
        };
        let is_stale = |key: &[u8]| Name::read(key).is_some_and(|name| beside.contains(&name));
        let items = read.sheets.read::<Option<Blob>>(is_stale).map_err(fail)?;
        for (key, blob) in items {
            let name = Name::read(&key).ok_or_else(|| fail("a version has no name".to_owned()))?;
            if let Some(blob) = blob {
                past.insert(name, blob);
            }
        }
        past.apart = Apart {
            beside: (!read.sheets.is_empty()).then_some(beside),
            sheets: read.sheets,
        };
        Ok(past)
    }
}

impl Past {
    /// Hands over content that was written since the last time, and puts snapshots and versions into
    /// a sheet where they have become many.
    ///
    /// # Errors
    /// They cannot be written down.
    pub(in super::super) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> io::Result<()> {
        let changed: Vec<Name> = match &self.apart.beside {
            Some(beside) => beside.iter().copied().collect(),
            None => self.named(|_| true),
        };
        for name in &changed {
            let blob = match name {
                Name::Snapshot(tick) => self.snapshots.get_mut(tick),
                Name::Version(tick) => self.versions.get_mut(tick),
            };
            if let Some(blob) = blob {
                blob.content.hand_over(keeper)?;
            }
        }
        if changed.len() <= FEW || is_plain() {
            return Ok(());
        }
        let (sheet, has_nothing) = keeper.sheet(&mut self.apart.sheets);
        let names = if has_nothing {
            self.named(|_| true)
        } else {
            changed
        };
        for name in names {
            keeper.put(&sheet, &name.key(), &self.get(name))?;
        }
        self.apart.beside = Some(BTreeSet::new());
        Ok(())
    }
}
