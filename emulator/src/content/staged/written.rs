//! Uncommitted blocks as they are written down: few with their record, many in sheets beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use blobferry_core::Timestamp;

use super::{Piece, Staged};
use crate::encryption::Specified;
use crate::store::{FEW, Keeper, Layers, is_plain};

/// Which blocks are in sheets.
#[derive(Debug, Clone, Default)]
pub(super) struct Apart {
    sheets: Layers,
    /// Ids of those that are not, or came anew; absent where none is in a sheet.
    beside: Option<BTreeSet<Arc<str>>>,
}

impl Apart {
    /// A block comes.
    pub(super) fn note(&mut self, id: &Arc<str>) {
        if let Some(beside) = &mut self.beside {
            beside.insert(Arc::clone(id));
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    /// Those that are not in sheets.
    blocks: BTreeMap<Arc<str>, Piece>,
    #[serde(with = "crate::record")]
    last: Timestamp,
    #[serde(default)]
    encryption: Option<Specified>,
    /// One part for each block, under its id.
    #[serde(default, skip_serializing_if = "Layers::is_empty")]
    sheets: Layers,
}

impl Serialize for Staged {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let is_plain = is_plain();
        let blocks = match &self.apart.beside {
            Some(beside) if !is_plain => beside
                .iter()
                .filter_map(|id| Some((Arc::clone(id), self.blocks.get(id)?.clone())))
                .collect(),
            _ => self.blocks.clone(),
        };
        let sheets = (!is_plain).then(|| self.apart.sheets.clone());
        Written {
            blocks,
            last: self.last,
            encryption: self.encryption.clone(),
            sheets: sheets.unwrap_or_default(),
        }
        .serialize(to)
    }
}

impl<'de> Deserialize<'de> for Staged {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(from)?;
        let fail = serde::de::Error::custom::<String>;
        let mut blocks = BTreeMap::new();
        let text = |id: &[u8]| String::from_utf8(id.to_vec()).unwrap_or_default();
        let is_stale = |id: &[u8]| written.blocks.contains_key(&*text(id));
        for (id, piece) in written.sheets.read::<Piece>(is_stale).map_err(fail)? {
            let id = text(&id);
            blocks.insert(id.into(), piece);
        }
        let beside = written.blocks.keys().cloned().collect();
        blocks.extend(written.blocks);
        Ok(Self {
            blocks,
            last: written.last,
            encryption: written.encryption,
            apart: Apart {
                beside: (!written.sheets.is_empty()).then_some(beside),
                sheets: written.sheets,
            },
        })
    }
}

impl Staged {
    /// Puts blocks into a sheet where they have become many.
    ///
    /// # Errors
    /// They cannot be written down.
    pub(crate) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> io::Result<()> {
        let Apart { sheets, beside } = &mut self.apart;
        let count = beside
            .as_ref()
            .map_or_else(|| self.blocks.len(), BTreeSet::len);
        if count <= FEW || is_plain() {
            return Ok(());
        }
        let (sheet, has_nothing) = keeper.sheet(sheets);
        match beside.take().filter(|_| !has_nothing) {
            Some(beside) => {
                for (id, piece) in beside.iter().filter_map(|id| self.blocks.get_key_value(id)) {
                    keeper.put(&sheet, id.as_bytes(), piece)?;
                }
            }
            None => {
                for (id, piece) in &self.blocks {
                    keeper.put(&sheet, id.as_bytes(), piece)?;
                }
            }
        }
        *beside = Some(BTreeSet::new());
        Ok(())
    }
}
