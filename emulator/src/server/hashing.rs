//! The MD5 of a body, found by another thread while the rest comes.
//!
//! MD5 is slower than a connection, and what a thread does not hash in time nobody catches up with: it
//! is given portions before it needs them, so that it never waits while there is something to do. It
//! ends when there is nothing: no thread is kept for a client that pauses. Portions are copies, used
//! again and again: they stay in the processor's cache.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::task::spawn_blocking;

use crate::hash::Md5;

/// Bytes of a portion: well under a millisecond of work.
const PORTION: usize = 256 << 10;

/// The most portions that wait. A client that is faster waits for them.
const MOST: usize = 16;

/// With so few left a client that waits goes on.
const LOW: usize = MOST / 2;

/// The MD5 of bytes that come one after the other.
#[derive(Debug, Default)]
pub(super) struct Hashing {
    /// Not enough for a portion yet.
    partial: Vec<u8>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// Few portions wait, or the thread has ended.
    moved: Notify,
}

#[derive(Debug)]
struct Queue {
    waiting: VecDeque<Vec<u8>>,
    /// Was hashed, and can be filled again.
    spare: Vec<Vec<u8>>,
    /// With the thread while there is one.
    md5: Option<Md5>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            spare: Vec::new(),
            md5: Some(Md5::default()),
        }
    }
}

impl Hashing {
    /// Takes the next bytes.
    pub(super) async fn add(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let room = PORTION.saturating_sub(self.partial.len());
            let (taken, rest) = data.split_at(data.len().min(room));
            self.partial.extend_from_slice(taken);
            data = rest;
            if self.partial.len() == PORTION {
                self.give().await;
            }
        }
    }

    /// The MD5 of all.
    pub(super) async fn found(mut self) -> [u8; 16] {
        self.give().await;
        loop {
            if let Some(md5) = self.shared.queue().md5.take() {
                return md5.found();
            }
            self.shared.moved.notified().await;
        }
    }

    /// Has the portion hashed, as soon as few wait before it.
    async fn give(&mut self) {
        loop {
            {
                let mut queue = self.shared.queue();
                if queue.waiting.len() < MOST {
                    let spare = queue.spare.pop().unwrap_or_default();
                    let portion = std::mem::replace(&mut self.partial, spare);
                    queue.waiting.push_back(portion);
                    if let Some(md5) = queue.md5.take() {
                        let shared = Arc::clone(&self.shared);
                        drop(spawn_blocking(move || shared.hash(md5)));
                    }
                    return;
                }
            }
            self.shared.moved.notified().await;
        }
    }
}

/// A body that is refused takes no more than the portion under way.
impl Drop for Hashing {
    fn drop(&mut self) {
        self.shared.queue().waiting.clear();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hashes what waits until nothing does.
    fn hash(&self, mut md5: Md5) {
        loop {
            let mut queue = self.queue();
            let Some(mut portion) = queue.waiting.pop_front() else {
                queue.spare.clear();
                queue.md5 = Some(md5);
                break;
            };
            let is_low = queue.waiting.len() <= LOW;
            drop(queue);
            if is_low {
                self.moved.notify_one();
            }
            md5.add(&portion);
            portion.clear();
            self.queue().spare.push(portion);
        }
        self.moved.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use blobferry_core::Seed;
    use bytes::Bytes;

    #[tokio::test]
    async fn the_sum_is_that_of_all_however_it_came() {
        let mut seed = Seed::new(11);
        for length in [0, 1, PORTION - 1, PORTION, PORTION + 1, 40 * PORTION + 7] {
            let body: Vec<u8> = (0..length)
                .map(|at| ((at * 31) >> 3).to_le_bytes()[0])
                .collect();
            let mut hashing = Hashing::default();
            let mut left = body.as_slice();
            while !left.is_empty() {
                let most = usize::try_from(1 + seed.below(900_000)).unwrap();
                let (part, rest) = left.split_at(left.len().min(most));
                hashing.add(part).await;
                left = rest;
            }
            let found = hash::md5([&Bytes::from(body)]);
            assert_eq!(hashing.found().await, found, "{length} bytes");
        }
    }

    #[tokio::test]
    async fn no_more_waits_than_is_allowed_and_nothing_is_kept_at_the_end() {
        let mut hashing = Hashing::default();
        for _ in 0..5 * MOST {
            hashing.add(&[7; PORTION]).await;
            let queue = hashing.shared.queue();
            assert!(queue.waiting.len() <= MOST && queue.spare.len() <= MOST + 1);
        }
        let shared = Arc::clone(&hashing.shared);
        hashing.found().await;
        assert!(shared.queue().spare.is_empty());
    }

    #[tokio::test]
    async fn a_body_that_is_refused_is_hashed_no_further() {
        let mut hashing = Hashing::default();
        for _ in 0..MOST {
            hashing.add(&[7; PORTION]).await;
        }
        let shared = Arc::clone(&hashing.shared);
        drop(hashing);
        assert!(shared.queue().waiting.is_empty());
    }
}
