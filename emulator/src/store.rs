//! State kept in a directory: records in an embedded database, content in files beside it, and a log
//! of what is on its way to both.
//!
//! The service works on what is in memory. Each request leaves a [`Batch`] of the rows it changed;
//! one thread writes batches to the log, all that wait in one entry, and an answer leaves when
//! everything it could tell of is there. Another thread settles what is logged. Content is written
//! before the rows that name it: short content with them in the log, long content to its file.

mod batch;
mod committer;
mod directory;
mod extent;
mod file;
mod journal;
#[cfg(feature = "server")]
mod landing;
mod load;
mod log;
mod logged;
mod packs;
mod places;
mod progress;
mod reading;
mod records;
mod reserve;
mod rows;
mod settler;
mod sheets;
mod tidy;
mod touched;

#[cfg(test)]
pub(crate) mod tests;

pub use directory::OpenError;
pub(crate) use extent::Stored;
pub(crate) use journal::Journal;
pub(crate) use load::Loaded;
pub(crate) use packs::Packs;
pub(crate) use progress::{Condition, NotKept, Ticket};
#[cfg(test)]
pub(crate) use sheets::plain;
pub(crate) use sheets::{FEW, Keeper, Layers, is_plain};
pub(crate) use touched::About;

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use bytes::Bytes;

use crate::content::{Away, Piece};

use batch::Batch;
use committer::{Committer, Message, Settling};
use directory::Directory;
use log::Log;
use progress::Progress;
use reserve::Reserve;
use settler::Settler;

/// A directory that is open, and the threads that write to it.
#[derive(Debug)]
pub(crate) struct Store {
    packs: Arc<Packs>,
    ledger: Ledger,
    outbox: Sender<Message>,
    thread: Option<JoinHandle<()>>,
    _directory: Directory,
}

impl Store {
    /// Opens a directory, which is made where it is missing, and reads the records in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Loaded), OpenError> {
        let directory = Directory::open(path)?;
        let mut reserve = Reserve::found(directory.reserve());
        let opened = match load::load(&directory) {
            Err(error) if error.is_full() && reserve.give_up() => load::load(&directory),
            opened => opened,
        };
        let load::Opened {
            database,
            packs,
            loaded,
            settled,
            live,
        } = opened?;
        let failed = |error| directory.failed(error);
        let log = Log::open(directory.path(), settled).map_err(failed)?;
        let progress = Arc::new(Progress::default());
        progress.fill(reserve.is_gone());
        let (outbox, inbox) = mpsc::channel();
        let (work, to_settle) = mpsc::channel();
        #[cfg(test)]
        let disk = Arc::<tests::Disk>::default();
        let settler = Settler {
            path: directory.records(),
            database: Some(database),
            packs: Arc::clone(&packs),
            inbox: to_settle,
            done: outbox.clone(),
            live,
            compacted: 0,
            #[cfg(test)]
            disk: Arc::clone(&disk),
        };
        let settler = thread("blobferry-settle", move || settler.run()).map_err(failed)?;
        let committer = Committer {
            packs: Arc::clone(&packs),
            progress: Arc::clone(&progress),
            inbox,
            log,
            reserve,
            left: Batch::default(),
            last: 0,
            pending: Batch::default(),
            settler: Settling {
                outbox: work,
                thread: settler,
                is_busy: false,
                has_failed: false,
            },
            waiting: VecDeque::new(),
            is_ending: false,
            #[cfg(test)]
            disk: Arc::clone(&disk),
        };
        let thread = thread("blobferry-store", move || committer.run()).map_err(failed)?;
        let store = Self {
            ledger: Ledger {
                packs: Arc::clone(&packs),
                progress,
                last: Arc::default(),
                #[cfg(test)]
                disk,
            },
            packs,
            outbox,
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

    /// Whether the disk took nothing when it was last asked.
    pub(crate) fn is_failing(&self) -> bool {
        self.ledger.progress.has_failed()
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
        if self.outbox.send(Message::Batch(number, batch)).is_err() {
            progress.failed(number, Vec::new());
        }
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
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

    /// How the disk is doing.
    pub(crate) fn condition(&self) -> Condition {
        self.progress.condition()
    }

    #[cfg(feature = "server")]
    /// A file for so many bytes that come in parts. There must be more than 4 MiB of them.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn land(&self, length: u64) -> io::Result<Piece> {
        let stored = self.packs.land(length)?;
        Ok(Piece::Away(Away::Stored(stored)))
    }

    #[cfg(feature = "server")]
    /// Puts a part of what [`land`](Self::land)s where it belongs, and returns when it is on disk.
    ///
    /// # Errors
    /// The disk does not take it.
    pub(crate) fn fill(&self, landing: &Piece, start: u64, data: &Bytes) -> io::Result<()> {
        match landing {
            Piece::Away(Away::Stored(stored)) => self.packs.fill(stored, start, data),
            Piece::Held(_) | Piece::Away(Away::Zeros(_)) => Err(io::ErrorKind::InvalidInput.into()),
        }
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
        drop(self.outbox.send(Message::End));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
