//! The thread that brings batches to disk: all that wait, in one transaction.

use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};

use redb::{Database, ReadableDatabase as _, TableDefinition};

use super::batch::Batch;
use super::packs::Packs;
use super::progress::Progress;
use super::rows;

/// Every record, by its key.
pub(super) const ROWS: TableDefinition<'static, &'static [u8], &'static [u8]> =
    TableDefinition::new("rows");

/// The most that one transaction takes in, in batches.
const MOST: usize = 1024;
/// How much is moved at a time when files are tidied, in bytes.
const STEP: u64 = 4 << 20;
/// What redb may hold in memory. The service itself holds what it reads often.
const CACHE: usize = 8 << 20;

/// Opens the database of a directory, which is made where it is missing.
pub(super) fn database(path: &Path) -> Result<Database, redb::DatabaseError> {
    Database::builder().set_cache_size(CACHE).create(path)
}

pub(super) struct Committer {
    pub(super) path: PathBuf,
    /// Absent after a failure, for redb wants to be opened anew then.
    pub(super) database: Option<Database>,
    pub(super) packs: Arc<Packs>,
    pub(super) progress: Arc<Progress>,
    pub(super) inbox: Receiver<(u64, Batch)>,
    /// What the disk refused, or has not been asked to take.
    pub(super) left: Batch,
    #[cfg(test)]
    pub(super) disk: Arc<super::tests::Disk>,
}

impl Committer {
    /// Works until nobody can send any more.
    pub(super) fn run(mut self) {
        while let Some((number, batch)) = self.next() {
            self.left.merge(batch);
            let mut last = number;
            for (number, batch) in self.inbox.try_iter().take(MOST) {
                self.left.merge(batch);
                last = number;
            }
            match self.commit() {
                Ok(()) => {
                    let written = std::mem::take(&mut self.left);
                    self.progress.done(last);
                    self.packs.bury(&written.dead);
                }
                Err(_) => {
                    self.database = None;
                    self.progress.failed(last);
                }
            }
        }
    }

    /// The next batch. Tidies while none comes.
    fn next(&mut self) -> Option<(u64, Batch)> {
        loop {
            match self.inbox.try_recv() {
                Ok(next) => return Some(next),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            if self.progress.has_failed() || !self.tidy() {
                return self.inbox.recv().ok();
            }
        }
    }

    fn commit(&mut self) -> io::Result<()> {
        #[cfg(test)]
        self.disk.check()?;
        self.packs.write(&self.left.fresh)?;
        #[cfg(test)]
        self.disk.check_later()?;
        if self.left.is_empty() {
            return Ok(());
        }
        let database = match self.database.take() {
            Some(database) => database,
            None => database(&self.path).map_err(io::Error::other)?,
        };
        write(&database, &self.left).map_err(io::Error::other)?;
        self.database = Some(database);
        Ok(())
    }

    /// Moves some extents together. Says whether there may be more to do.
    fn tidy(&mut self) -> bool {
        let extents = self.packs.untidy(STEP);
        let Some(database) = self.database.as_ref().filter(|_| !extents.is_empty()) else {
            return false;
        };
        let Ok(places) = self.packs.copy(&extents) else {
            return false;
        };
        let mut moves = Batch::default();
        for (extent, place) in extents.iter().zip(&places) {
            let mut value = place.pack.to_be_bytes().to_vec();
            value.extend_from_slice(&place.offset.to_be_bytes());
            moves.put(rows::moved(extent.name), value);
        }
        if write(database, &moves).is_err() {
            self.packs.forget(&extents, &places);
            self.database = None;
            return false;
        }
        self.packs.moved(&extents, &places);
        true
    }
}

/// Writes rows in one transaction.
pub(super) fn write(database: &Database, batch: &Batch) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(ROWS)?;
        for (key, value) in &batch.rows {
            match value {
                Some(value) => table.insert(key.as_slice(), value.as_slice())?,
                None => table.remove(key.as_slice())?,
            };
        }
        let containers = batch.containers_gone.iter().copied().map(rows::entries);
        let sheets = batch.sheets_gone.iter().copied().map(rows::parts);
        for (first, behind) in containers.chain(sheets) {
            table.retain_in(first.as_slice()..behind.as_slice(), |_, _| false)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Has every row of a range seen, in the order of keys.
pub(super) fn read<E: From<redb::Error>>(
    database: &Database,
    range: (Bound<&[u8]>, Bound<&[u8]>),
    mut see: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let rows = || -> Result<_, redb::Error> {
        let table = database.begin_read()?.open_table(ROWS)?;
        Ok(table.range::<&[u8]>(range)?)
    };
    for row in rows()? {
        let (key, value) = row.map_err(redb::Error::from)?;
        see(key.value(), value.value())?;
    }
    Ok(())
}
