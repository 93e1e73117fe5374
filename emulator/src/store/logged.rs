//! A batch as an entry of the log: rows, what goes, and short content.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::batch::Batch;
use super::extent::Place;

/// What entries of the log come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Logged {
    pub(super) rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    pub(super) containers_gone: Vec<u64>,
    pub(super) sheets_gone: Vec<u64>,
    pub(super) content: Vec<(Place, Bytes)>,
}

/// In place of a length: the row goes.
const GONE: u64 = u64::MAX;

/// Writes down a batch, and the content that is to last with it.
pub(super) fn write(batch: &Batch, content: &[(Place, Bytes)]) -> Vec<u8> {
    let mut entry = Vec::new();
    let number = |entry: &mut Vec<u8>, number: u64| entry.extend_from_slice(&number.to_le_bytes());
    let bytes = |entry: &mut Vec<u8>, bytes: &[u8]| {
        number(entry, bytes.len() as u64);
        entry.extend_from_slice(bytes);
    };
    number(&mut entry, batch.rows.len() as u64);
    for (key, value) in &batch.rows {
        bytes(&mut entry, key);
        match value {
            Some(value) => bytes(&mut entry, value),
            None => number(&mut entry, GONE),
        }
    }
    for gone in [&batch.containers_gone, &batch.sheets_gone] {
        number(&mut entry, gone.len() as u64);
        gone.iter().for_each(|gone| number(&mut entry, *gone));
    }
    for (place, data) in content {
        number(&mut entry, place.pack);
        number(&mut entry, place.offset);
        bytes(&mut entry, data);
    }
    entry
}

impl Logged {
    /// Takes in what an entry says; absent where it is none.
    pub(super) fn read(&mut self, entry: Vec<u8>) -> Option<()> {
        let mut rest = Bytes::from(entry);
        for _ in 0..number(&mut rest)? {
            let key = bytes(&mut rest)?.to_vec();
            let value = match number(&mut rest)? {
                GONE => None,
                length => Some(some(&mut rest, length)?.to_vec()),
            };
            self.rows.insert(key, value);
        }
        for gone in [&mut self.containers_gone, &mut self.sheets_gone] {
            for _ in 0..number(&mut rest)? {
                gone.push(number(&mut rest)?);
            }
        }
        while !rest.is_empty() {
            let place = Place {
                pack: number(&mut rest)?,
                offset: number(&mut rest)?,
            };
            self.content.push((place, bytes(&mut rest)?));
        }
        Some(())
    }
}

fn some(rest: &mut Bytes, length: u64) -> Option<Bytes> {
    let length = usize::try_from(length).ok()?;
    (length <= rest.len()).then(|| rest.split_to(length))
}

fn number(rest: &mut Bytes) -> Option<u64> {
    let bytes = some(rest, 8)?;
    Some(u64::from_le_bytes((*bytes).try_into().ok()?))
}

fn bytes(rest: &mut Bytes) -> Option<Bytes> {
    let length = number(rest)?;
    some(rest, length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_batch_reads_back(
            rows in prop::collection::btree_map(any::<Vec<u8>>(), any::<Option<Vec<u8>>>(), 0..8),
            containers_gone in any::<Vec<u64>>(),
            sheets_gone in any::<Vec<u64>>(),
            content in prop::collection::vec((any::<[u64; 2]>(), any::<Vec<u8>>()), 0..4),
        ) {
            let content: Vec<(Place, Bytes)> = content
                .into_iter()
                .map(|([pack, offset], data)| (Place { pack, offset }, data.into()))
                .collect();
            let batch = Batch {
                rows: rows.clone(),
                containers_gone: containers_gone.clone(),
                sheets_gone: sheets_gone.clone(),
                ..Batch::default()
            };
            let mut read = Logged::default();
            prop_assert!(read.read(write(&batch, &content)).is_some());
            prop_assert_eq!(read, Logged { rows, containers_gone, sheets_gone, content });
        }

        #[test]
        fn what_is_no_batch_is_refused_and_nothing_breaks(bytes in any::<Vec<u8>>()) {
            let _ = Logged::default().read(bytes);
        }
    }
}
