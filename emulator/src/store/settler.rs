//! The thread that sees to it that what was logged lasts without the log: content in its files, rows
//! in the database.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use redb::Database;

use super::batch::Batch;
use super::committer::Message;
use super::packs::Packs;
use super::records;

/// What was logged, up to the entry of a number.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) batch: Box<Batch>,
    pub(super) number: u64,
}

pub(super) struct Settler {
    pub(super) path: PathBuf,
    /// Absent after a failure, for redb wants to be opened anew then.
    pub(super) database: Option<Database>,
    pub(super) packs: Arc<Packs>,
    pub(super) inbox: Receiver<Work>,
    pub(super) done: Sender<Message>,
    /// Bytes in rows.
    pub(super) live: u64,
    /// How long the database was when it had been compacted last.
    pub(super) compacted: u64,
    #[cfg(test)]
    pub(super) disk: Arc<super::tests::Disk>,
}

/// The disk's own error, where it is one.
fn cause(error: redb::Error) -> io::Error {
    match error {
        redb::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}

impl Settler {
    /// Works until nobody sends any more.
    pub(super) fn run(mut self) {
        /// After so long without work there is time for other things.
        const QUIET: Duration = Duration::from_millis(300);
        loop {
            let work = match self.inbox.recv_timeout(QUIET) {
                Err(RecvTimeoutError::Timeout) => {
                    self.compact();
                    self.inbox.recv().ok()
                }
                received => received.ok(),
            };
            let Some(Work { batch, number }) = work else {
                break;
            };
            let outcome = match self.settle(&batch, number) {
                Ok(()) => Ok(number),
                Err(error) => Err((batch, error)),
            };
            if self.done.send(Message::Settled(outcome)).is_err() {
                break;
            }
        }
        self.compact();
    }

    fn settle(&mut self, batch: &Batch, number: u64) -> io::Result<()> {
        self.packs.sync(&batch.unsynced)?;
        #[cfg(test)]
        self.disk.check_settling()?;
        let database = match self.database.take() {
            Some(database) => database,
            None => records::open(&self.path).map_err(|error| cause(error.into()))?,
        };
        let change = records::write(&database, batch, number).map_err(cause)?;
        self.live = (self.live + change.come).saturating_sub(change.gone);
        self.database = Some(database);
        Ok(())
    }

    /// Gives back the room that rows have left, if that is most of it.
    fn compact(&mut self) {
        /// Less is not worth the trouble.
        const LEAST: u64 = 2 << 20;
        /// What is to be moved takes a second or so.
        const MOST: u64 = 64 << 20;
        let length = || std::fs::metadata(&self.path).map_or(0, |data| data.len());
        let before = length();
        let is_worth_it = before > LEAST && before / 4 > self.live && before / 2 > self.compacted;
        if !is_worth_it || self.live > MOST {
            return;
        }
        if let Some(database) = &mut self.database {
            // What cannot be compacted stays as it is.
            drop(database.compact());
            self.compacted = length();
        }
    }
}
