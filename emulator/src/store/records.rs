//! The rows of a directory, in an embedded database.

use std::ops::Bound;
use std::path::Path;

use redb::{Database, ReadableDatabase as _, TableDefinition, TableError};

use super::batch::Batch;
use super::rows;

/// Every record, by its key.
const ROWS: TableDefinition<'static, &'static [u8], &'static [u8]> = TableDefinition::new("rows");

/// What redb may hold in memory. The service itself holds what it reads often.
const CACHE: usize = 8 << 20;

/// Opens the database of a directory, which is made where it is missing.
pub(super) fn open(path: &Path) -> Result<Database, redb::DatabaseError> {
    Database::builder().set_cache_size(CACHE).create(path)
}

/// How many bytes rows have come to, and how many have gone.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    pub(super) come: u64,
    pub(super) gone: u64,
}

/// Writes rows in one transaction, with the number of the last entry of the log that is in them. After whatever ends the process, the database is opened without
/// reading all of it (`set_quick_repair`).
pub(super) fn write(
    database: &Database,
    batch: &Batch,
    number: u64,
) -> Result<Change, redb::Error> {
    let mut change = Change::default();
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(true);
    {
        let mut table = transaction.open_table(ROWS)?;
        table.insert(rows::settled().as_slice(), number.to_be_bytes().as_slice())?;
        for (key, value) in &batch.rows {
            let before = match value {
                Some(value) => {
                    change.come += (key.len() + value.len()) as u64;
                    table.insert(key.as_slice(), value.as_slice())?
                }
                None => table.remove(key.as_slice())?,
            };
            change.gone += before.map_or(0, |before| (key.len() + before.value().len()) as u64);
        }
        let containers = batch.containers_gone.iter().copied().map(rows::entries);
        let sheets = batch.sheets_gone.iter().copied().map(rows::parts);
        for (first, behind) in containers.chain(sheets) {
            table.retain_in(first.as_slice()..behind.as_slice(), |key, value| {
                change.gone += (key.len() + value.len()) as u64;
                false
            })?;
        }
    }
    transaction.commit()?;
    Ok(change)
}

/// Has every row of a range seen, in the order of keys.
pub(super) fn read<E: From<redb::Error>>(
    database: &Database,
    range: (Bound<&[u8]>, Bound<&[u8]>),
    mut see: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let transaction = database.begin_read().map_err(redb::Error::from)?;
    let table = match transaction.open_table(ROWS) {
        Ok(table) => table,
        // Nothing was ever written.
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        Err(error) => return Err(redb::Error::from(error).into()),
    };
    for row in table.range::<&[u8]>(range).map_err(redb::Error::from)? {
        let (key, value) = row.map_err(redb::Error::from)?;
        see(key.value(), value.value())?;
    }
    Ok(())
}
