//! Blocks as they are written down: few of them with their record, many in sheets beside it.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(feature = "durable")]
use crate::store::{FEW, Keeper, Layers, is_plain};

use super::{Block, Listed, Piece, Segments};

/// Blocks in a part of a sheet that is written at once.
#[cfg(feature = "durable")]
const PART: usize = 128;

/// Which blocks are in sheets: the first ones.
#[cfg(feature = "durable")]
#[derive(Debug, Clone, Default)]
pub(super) struct Apart {
    sheets: Layers,
    count: usize,
}

#[derive(Serialize, Deserialize)]
enum Written {
    Whole(Piece),
    Listed(Vec<(u64, Block)>),
    /// The first blocks are in sheets, in parts under the number of their first block.
    #[cfg(feature = "durable")]
    Apart {
        sheets: Layers,
        count: usize,
        rest: Vec<(u64, Block)>,
    },
}

impl Serialize for Segments {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let listed = match self {
            Self::Whole(piece) => return Written::Whole(piece.clone()).serialize(to),
            Self::Listed(listed) => listed,
        };
        #[cfg(feature = "durable")]
        if !listed.apart.sheets.is_empty() && !is_plain() {
            let Apart { sheets, count } = listed.apart.clone();
            let rest = listed.blocks.get(count..).unwrap_or_default().to_vec();
            return Written::Apart {
                sheets,
                count,
                rest,
            }
            .serialize(to);
        }
        Written::Listed(listed.blocks.clone()).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Segments {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(from)? {
            Written::Whole(piece) => Self::Whole(piece),
            Written::Listed(blocks) => Self::Listed(Arc::new(Listed {
                blocks,
                ..Listed::default()
            })),
            #[cfg(feature = "durable")]
            Written::Apart {
                sheets,
                count,
                rest,
            } => {
                let mut blocks = first(&sheets, count).map_err(serde::de::Error::custom)?;
                blocks.extend(rest);
                Self::Listed(Arc::new(Listed {
                    blocks,
                    apart: Apart { sheets, count },
                }))
            }
        })
    }
}

/// The blocks that are in sheets.
#[cfg(feature = "durable")]
fn first(sheets: &Layers, count: usize) -> Result<Vec<(u64, Block)>, String> {
    let mut blocks = Vec::with_capacity(count);
    let mut end = 0;
    for (key, part) in sheets.read::<Vec<Block>>(|_| false)? {
        let number = key.try_into().map(u32::from_be_bytes);
        if number.ok().and_then(|number| usize::try_from(number).ok()) != Some(blocks.len()) {
            return Err("a part of a list of blocks is missing".to_owned());
        }
        for block in part {
            end += block.data.len();
            blocks.push((end, block));
        }
    }
    if blocks.len() != count {
        return Err(format!("{} blocks of {count} are there", blocks.len()));
    }
    Ok(blocks)
}

#[cfg(feature = "durable")]
impl Segments {
    /// Puts blocks into a sheet where they have become many.
    ///
    /// # Errors
    /// They cannot be written down.
    pub(crate) fn hand_over(&mut self, keeper: &mut Keeper<'_>) -> std::io::Result<()> {
        let Self::Listed(listed) = self else {
            return Ok(());
        };
        if listed.blocks.len() - listed.apart.count <= FEW || is_plain() {
            return Ok(());
        }
        let Listed { blocks, apart } = Arc::make_mut(listed);
        let (sheet, has_nothing) = keeper.sheet(&mut apart.sheets);
        let mut number = if has_nothing { 0 } else { apart.count };
        for part in blocks.get(number..).unwrap_or_default().chunks(PART) {
            let part: Vec<&Block> = part.iter().map(|(_, block)| block).collect();
            let key = u32::try_from(number).map_err(std::io::Error::other)?;
            keeper.put(&sheet, &key.to_be_bytes(), &part)?;
            number += part.len();
        }
        apart.count = number;
        Ok(())
    }
}
