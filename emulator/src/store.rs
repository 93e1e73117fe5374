//! State kept in a directory: records in an embedded database, content in files beside it.
//!
//! The service works on what is in memory. Each request leaves a [`Batch`] of the rows it changed;
//! one thread brings batches to disk, all that wait in one transaction, and an answer leaves when
//! everything it could tell of is there. Content is written before the rows that name it.

mod batch;
mod committer;
mod directory;
mod extent;
mod file;
mod journal;
mod load;
mod packs;
mod places;
mod progress;
mod reading;
mod rows;
mod sheets;

#[cfg(test)]
pub(crate) mod tests;

pub use directory::OpenError;
pub(crate) use extent::Stored;
pub(crate) use journal::Journal;
pub(crate) use load::Loaded;
pub(crate) use packs::Packs;
pub(crate) use progress::{NotKept, Ticket};
#[cfg(test)]
pub(crate) use sheets::plain;
pub(crate) use sheets::{FEW, Keeper, Layers, is_plain};

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use bytes::Bytes;

use crate::content::{Away, Piece};

use batch::Batch;
use committer::Committer;
use directory::Directory;
use progress::Progress;

/// A directory that is open, and the thread that writes to it.
#[derive(Debug)]
pub(crate) struct Store {
    packs: Arc<Packs>,
    ledger: Ledger,
    outbox: Option<Sender<(u64, Batch)>>,
    thread: Option<JoinHandle<()>>,
    _directory: Directory,
}

impl Store {
    /// Opens a directory, which is made where it is missing, and reads the records in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Loaded), OpenError> {
        let directory = Directory::open(path)?;
        let (database, packs, loaded) = load::load(&directory)?;
        let progress = Arc::new(Progress::default());
        let (outbox, inbox) = mpsc::channel();
        #[cfg(test)]
        let disk = Arc::<tests::Disk>::default();
        let committer = Committer {
            path: directory.records(),
            database: Some(database),
            packs: Arc::clone(&packs),
            progress: Arc::clone(&progress),
            inbox,
            left: Batch::default(),
            #[cfg(test)]
            disk: Arc::clone(&disk),
        };
        let thread = std::thread::Builder::new()
            .name("blobferry-store".to_owned())
            .spawn(move || committer.run())
            .map_err(|error| directory.failed(error))?;
        let store = Self {
            ledger: Ledger {
                packs: Arc::clone(&packs),
                progress,
                last: Arc::default(),
                #[cfg(test)]
                disk,
            },
            packs,
            outbox: Some(outbox),
            thread: Some(thread),
            _directory: directory,
        };
        Ok((store, loaded))
    }

    pub(crate) fn packs(&self) -> &Arc<Packs> {
        &self.packs
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    #[cfg(test)]
    pub(crate) fn disk(&self) -> Arc<tests::Disk> {
        self.ledger.disk()
    }

    /// Hands over what a request changed. What the disk refused before is tried again.
    pub(crate) fn submit(&mut self, batch: Batch) {
        let progress = &self.ledger.progress;
        if batch.is_empty() && batch.dead.is_empty() && !progress.has_failed() {
            return;
        }
        #[cfg(test)]
        self.ledger.disk.note(&batch);
        let number = self.ledger.last.load(Ordering::Acquire) + 1;
        self.ledger.last.store(number, Ordering::Release);
        if let Some(outbox) = &self.outbox
            && outbox.send((number, batch)).is_err()
        {
            progress.failed(number);
        }
    }
}

/// How much was handed over, and how much of it is on disk.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    packs: Arc<Packs>,
    progress: Arc<Progress>,
    /// The number of the last batch handed over.
    last: Arc<AtomicU64>,
    #[cfg(test)]
    disk: Arc<tests::Disk>,
}

impl Ledger {
    #[cfg(test)]
    pub(crate) fn disk(&self) -> Arc<tests::Disk> {
        Arc::clone(&self.disk)
    }

    /// Writes bytes to a file of their own, at once.
    ///
    /// # Errors
    /// The disk does not take them.
    pub(crate) fn file(&self, data: &Bytes) -> io::Result<Piece> {
        let stored = self.packs.file(data)?;
        Ok(Piece::Away(Away::Stored(stored)))
    }

    /// What an answer has to wait for that is made now: everything handed over, for it must not
    /// tell of what could still be lost. Nothing where all of it is on disk.
    pub(crate) fn ticket(&self) -> Option<Ticket> {
        let last = self.last.load(Ordering::Acquire);
        (!self.progress.is_done(last)).then(|| Ticket::new(&self.progress, last))
    }
}

impl Drop for Store {
    /// Waits until everything handed over is on disk, or refused.
    fn drop(&mut self) {
        drop(self.outbox.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
