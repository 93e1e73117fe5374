//! The thread that brings batches to disk: all that wait, in one entry of the log.
//!
//! What is logged is settled, by another thread, when there is much of it or time for it.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::batch::Batch;
use super::extent::Spot;
use super::log::Log;
use super::packs::Packs;
use super::progress::Progress;
use super::reserve::{Reserve, is_full};
use super::settler::Work;
use super::{logged, rows};

/// The most that one entry takes in, in batches.
const MOST: usize = 1024;
/// Content from this length on is not logged, and waited for by itself. What is shorter is written
/// twice, which takes less than to wait twice.
const LONG: usize = 64 << 10;
/// So much of the log is settled without waiting for a quiet moment.
const FULL: u64 = 8 << 20;
/// The log gets no longer than that.
const LONGEST: u64 = 4 * FULL;
/// A quiet moment.
const QUIET: Duration = Duration::from_millis(100);
/// When settling is tried again that failed.
const AGAIN: Duration = Duration::from_secs(1);
/// How much is moved at a time when files are tidied, in bytes: less where that does not fit.
const STEPS: [u64; 3] = [4 << 20, 512 << 10, 64 << 10];

/// What the thread is told.
#[derive(Debug)]
pub(super) enum Message {
    /// What a request changed, and its number.
    Batch(u64, Batch),
    /// What was logged is settled up to an entry, or is not.
    Settled(Result<u64, (Box<Batch>, io::Error)>),
    /// Nothing comes after it.
    End,
}

pub(super) struct Committer {
    pub(super) packs: Arc<Packs>,
    pub(super) progress: Arc<Progress>,
    pub(super) inbox: Receiver<Message>,
    pub(super) log: Log,
    pub(super) reserve: Reserve,
    /// What the disk refused, or has not been asked to take.
    pub(super) left: Batch,
    /// The number of the last batch in it.
    pub(super) last: u64,
    /// What is logged and not on its way to be settled.
    pub(super) pending: Batch,
    pub(super) settler: Settling,
    /// What came while something else was waited for.
    pub(super) waiting: VecDeque<Message>,
    pub(super) is_ending: bool,
    #[cfg(test)]
    pub(super) disk: Arc<super::tests::Disk>,
}

/// The thread that settles, and how it is doing.
pub(super) struct Settling {
    pub(super) outbox: Sender<Work>,
    pub(super) thread: JoinHandle<()>,
    pub(super) is_busy: bool,
    pub(super) has_failed: bool,
}

impl Committer {
    /// Works until it is told that nothing comes any more.
    pub(super) fn run(mut self) {
        while self.take_in() {
            self.bring();
            if self.log.active_length() >= FULL {
                self.settle();
            }
        }
        self.finish();
    }

    /// Brings to disk what is left. On a disk that is full it takes the room that was kept.
    fn bring(&mut self) {
        let brought = match self.commit() {
            Err(error) if is_full(&error) && self.give_up_reserve() => self.commit(),
            brought => brought,
        };
        match brought {
            Ok(()) => {
                let mut written = std::mem::take(&mut self.left);
                self.progress.done(self.last);
                self.packs.bury(&written.dead);
                if !written.dead.is_empty() {
                    self.reserve.hope();
                }
                written.dead.clear();
                written.touched.clear();
                self.pending.merge(written);
            }
            Err(_) => self.progress.failed(self.last, self.left.touched.clone()),
        }
    }

    /// Takes no more than deletes from now on; says whether that gained anything.
    fn give_up_reserve(&mut self) -> bool {
        let gained = self.reserve.give_up();
        if gained {
            self.progress.fill(true);
        }
        gained
    }

    /// Waits for a batch and takes in all that are there. Says whether there was one.
    fn take_in(&mut self) -> bool {
        let mut count = 0;
        while !self.is_ending && count < MOST {
            let next = match self.waiting.pop_front() {
                None if count > 0 => self.inbox.try_recv().ok(),
                None => self.next(),
                waiting => waiting,
            };
            let Some(message) = next else {
                break;
            };
            count += usize::from(matches!(message, Message::Batch(..)));
            self.see(message);
        }
        count > 0
    }

    fn see(&mut self, message: Message) {
        match message {
            Message::Batch(number, batch) => {
                self.left.merge(batch);
                self.last = number;
            }
            Message::Settled(outcome) => self.settled(outcome),
            Message::End => self.is_ending = true,
        }
    }

    /// The next message. Settles and tidies while none comes.
    fn next(&mut self) -> Option<Message> {
        loop {
            if let Ok(message) = self.inbox.try_recv() {
                return Some(message);
            }
            if self.settler.is_busy {
                return self.inbox.recv().ok();
            }
            if self.progress.has_failed() {
                match self.inbox.recv_timeout(AGAIN) {
                    Err(RecvTimeoutError::Timeout) => self.bring(),
                    received => return received.ok(),
                }
                continue;
            }
            if !self.pending.is_empty() {
                let wait = if self.settler.has_failed {
                    AGAIN
                } else {
                    QUIET
                };
                match self.inbox.recv_timeout(wait) {
                    Err(RecvTimeoutError::Timeout) => self.settle(),
                    received => return received.ok(),
                }
                continue;
            }
            self.log.shrink();
            if self.tidy() {
                continue;
            }
            let Some(pause) = self.reserve.pause() else {
                return self.inbox.recv().ok();
            };
            match self.inbox.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => self.take_reserve(),
                received => return received.ok(),
            }
        }
    }

    /// Keeps room for when the disk is full. Where there is none it is full now.
    fn take_reserve(&mut self) {
        #[cfg(test)]
        if self.disk.check_brim().is_err() {
            return self.reserve.delay();
        }
        let taken = self.reserve.take();
        self.progress
            .fill(taken.is_err_and(|error| is_full(&error)));
    }

    /// Brings to disk what is left. Where there is no room for it, what is logged is settled first, and
    /// gives back its own.
    fn commit(&mut self) -> io::Result<()> {
        if self.log.length() < LONGEST && self.write().is_ok() {
            return Ok(());
        }
        self.log.shrink();
        for _ in 0..2 {
            self.settle();
            self.await_settled();
        }
        self.log.shrink();
        if self.log.length() >= LONGEST {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.write()
    }

    /// Writes content to its files and all that is left to the log. Short content lasts with the log
    /// and is only on its way to its file, so that there is one wait for the disk.
    fn write(&mut self) -> io::Result<()> {
        #[cfg(test)]
        self.disk.check()?;
        #[cfg(test)]
        if self.reserve.pause().is_none() {
            self.disk.check_brim()?;
        }
        let content = self.left.fresh.values().filter_map(Spot::unwritten);
        let (long, short): (Vec<_>, Vec<_>) = content.partition(|(_, data)| data.len() >= LONG);
        self.packs.sync(&self.packs.write(long)?)?;
        self.left.unsynced = self.packs.write(short.clone())?;
        #[cfg(test)]
        self.disk.check_later()?;
        if !self.left.is_empty() {
            self.log.append(&logged::write(&self.left, &short))?;
        }
        for spot in std::mem::take(&mut self.left.fresh).into_values() {
            spot.written_to(spot.place());
        }
        Ok(())
    }

    /// Has what is logged settled, unless that is being done.
    fn settle(&mut self) {
        if self.settler.is_busy || self.pending.is_empty() {
            return;
        }
        let batch = Box::new(std::mem::take(&mut self.pending));
        let number = self.log.last();
        match self.settler.outbox.send(Work { batch, number }) {
            Ok(()) => {
                self.settler.is_busy = true;
                self.log.turn();
            }
            Err(refused) => self.pending = *refused.0.batch,
        }
    }

    fn settled(&mut self, outcome: Result<u64, (Box<Batch>, io::Error)>) {
        self.settler.is_busy = false;
        self.settler.has_failed = outcome.is_err();
        match outcome {
            Ok(number) => self.log.forget(number),
            Err((batch, error)) => {
                if is_full(&error) {
                    self.give_up_reserve();
                }
                let later = std::mem::replace(&mut self.pending, *batch);
                self.pending.merge(later);
            }
        }
    }

    /// Waits until what is being settled is. What comes meanwhile waits too.
    fn await_settled(&mut self) {
        while self.settler.is_busy {
            match self.inbox.recv() {
                Ok(Message::Settled(outcome)) => self.settled(outcome),
                Ok(other) => self.waiting.push_back(other),
                Err(_) => return,
            }
        }
    }

    /// Settles all there is. What cannot be settled is in the log for the next time.
    fn finish(mut self) {
        self.await_settled();
        self.settle();
        self.await_settled();
        self.log.shrink();
        drop(self.settler.outbox);
        drop(self.settler.thread.join());
    }

    /// Moves some extents together. Says whether there may be more to do. Where there is little room,
    /// it is a few at a time.
    fn tidy(&mut self) -> bool {
        STEPS.iter().any(|step| self.tidy_some(*step))
    }

    fn tidy_some(&mut self, most: u64) -> bool {
        let extents = self.packs.untidy(most);
        if extents.is_empty() {
            return false;
        }
        let Ok(places) = self.packs.copy(&extents) else {
            return false;
        };
        let mut moves = Batch::default();
        for (extent, place) in extents.iter().zip(&places) {
            let mut value = place.pack.to_be_bytes().to_vec();
            value.extend_from_slice(&place.offset.to_be_bytes());
            moves.put(rows::moved(extent.name), value);
        }
        if self.log.append(&logged::write(&moves, &[])).is_err() {
            self.packs.forget(&extents, &places);
            return false;
        }
        self.pending.merge(moves);
        self.packs.moved(&extents, &places);
        true
    }
}
