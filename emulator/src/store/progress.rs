//! How far the records on disk are, and who waits for them.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::touched::{About, Touched};

/// How far the records on disk are. Batches are numbered from 1, and come to disk in order.
#[derive(Debug, Default)]
pub(super) struct Progress {
    reached: Mutex<Reached>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Reached {
    /// The last batch that is on disk.
    done: u64,
    /// The last that the disk refused. It is tried again with the next.
    failed: u64,
    /// What the disk refused then.
    unkept: Arc<Vec<Touched>>,
    /// Whether there is only room for deletes.
    is_full: bool,
    waiting: Vec<(u64, Waker)>,
}

/// The disk did not take what was to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotKept(Arc<Vec<Touched>>);

impl NotKept {
    /// Whether an answer about something could tell of what may be lost.
    pub(crate) fn concerns(&self, about: &About) -> bool {
        self.0.is_empty() || self.0.iter().any(|touched| touched.concerns(about))
    }
}

/// How the disk is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Fine,
    /// There is room for deletes, and nothing else.
    Full,
    /// It took nothing when it was last asked.
    Failing,
}

impl Progress {
    fn reached(&self) -> MutexGuard<'_, Reached> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything up to a batch is on disk.
    pub(super) fn done(&self, batch: u64) {
        self.tell(|reached| {
            reached.done = batch;
            reached.unkept = Arc::default();
        });
    }

    /// The disk refused what was left up to a batch.
    pub(super) fn failed(&self, batch: u64, unkept: Vec<Touched>) {
        self.tell(|reached| {
            reached.failed = batch;
            reached.unkept = Arc::new(unkept);
        });
    }

    /// There is only room for deletes, or there is more again.
    pub(super) fn fill(&self, is_full: bool) {
        self.reached().is_full = is_full;
    }

    pub(super) fn condition(&self) -> Condition {
        let reached = self.reached();
        if reached.failed > reached.done {
            Condition::Failing
        } else if reached.is_full {
            Condition::Full
        } else {
            Condition::Fine
        }
    }

    fn tell(&self, what: impl FnOnce(&mut Reached)) {
        let mut reached = self.reached();
        what(&mut reached);
        let known = reached.done.max(reached.failed);
        let woken: Vec<Waker> = reached
            .waiting
            .extract_if(.., |(batch, _)| *batch <= known)
            .map(|(_, waker)| waker)
            .collect();
        drop(reached);
        self.changed.notify_all();
        woken.into_iter().for_each(Waker::wake);
    }

    /// Whether everything up to a batch is on disk.
    pub(super) fn is_done(&self, batch: u64) -> bool {
        self.reached().done >= batch
    }

    /// Whether the disk refused a batch that it has not taken since.
    pub(super) fn has_failed(&self) -> bool {
        self.condition() == Condition::Failing
    }
}

impl Reached {
    fn verdict(&self, batch: u64) -> Option<Result<(), NotKept>> {
        if self.done >= batch {
            Some(Ok(()))
        } else if self.failed >= batch {
            Some(Err(NotKept(Arc::clone(&self.unkept))))
        } else {
            None
        }
    }
}

/// Resolves when what an answer tells is on disk.
#[derive(Debug)]
pub(crate) struct Ticket {
    progress: Arc<Progress>,
    batch: u64,
}

impl Ticket {
    pub(super) fn new(progress: &Arc<Progress>, batch: u64) -> Self {
        Self {
            progress: Arc::clone(progress),
            batch,
        }
    }

    /// Waits on this thread.
    pub(crate) fn wait(self) -> Result<(), NotKept> {
        let mut reached = self.progress.reached();
        loop {
            if let Some(verdict) = reached.verdict(self.batch) {
                return verdict;
            }
            reached = self
                .progress
                .changed
                .wait(reached)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Future for Ticket {
    type Output = Result<(), NotKept>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut reached = self.progress.reached();
        match reached.verdict(self.batch) {
            Some(verdict) => Poll::Ready(verdict),
            None => {
                reached.waiting.push((self.batch, context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polled(ticket: &mut Ticket) -> Poll<Result<(), NotKept>> {
        Pin::new(ticket).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_ticket_is_settled_by_its_own_batch_or_a_later_one() {
        let progress = Arc::new(Progress::default());
        let mut second = Ticket::new(&progress, 2);
        progress.done(1);
        assert!(polled(&mut second).is_pending());
        progress.done(3);
        assert_eq!(polled(&mut second), Poll::Ready(Ok(())));
        assert_eq!(second.wait(), Ok(()));
    }

    #[test]
    fn what_the_disk_refused_counts_when_it_is_taken_after_all() {
        let progress = Arc::new(Progress::default());
        progress.failed(2, Vec::new());
        assert!(progress.has_failed());
        assert!(Ticket::new(&progress, 1).wait().is_err());
        assert!(polled(&mut Ticket::new(&progress, 3)).is_pending());
        progress.done(3);
        assert!(!progress.has_failed());
        assert_eq!(Ticket::new(&progress, 1).wait(), Ok(()));
    }

    #[test]
    fn a_thread_that_waits_is_told() {
        let progress = Arc::new(Progress::default());
        let ticket = Ticket::new(&progress, 1);
        let waiting = std::thread::spawn(move || ticket.wait());
        progress.done(1);
        assert_eq!(waiting.join().unwrap(), Ok(()));
    }
}
