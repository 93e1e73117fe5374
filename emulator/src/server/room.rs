//! Room for bodies on their way in: so many bytes for all connections, and one body beyond.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a body may hold without asking: connections are counted, so this is bounded already.
pub(super) const FREE: u64 = 64 << 10;

/// How much is asked for at once.
const STEP: u64 = 1 << 20;

/// The room that all bodies share.
#[derive(Debug, Clone)]
pub(super) struct Room {
    steps: Arc<Semaphore>,
    /// The way past everybody who waits, so that bodies that wait for each other come to an end.
    beyond: Arc<Semaphore>,
    patience: Duration,
}

impl Room {
    /// Room for so many bytes.
    pub(super) fn new(bytes: u64, patience: Duration) -> Self {
        let steps = usize::try_from(bytes / STEP)
            .unwrap_or(Semaphore::MAX_PERMITS)
            .min(Semaphore::MAX_PERMITS);
        Self {
            steps: Arc::new(Semaphore::new(steps)),
            beyond: Arc::new(Semaphore::new(1)),
            patience,
        }
    }

    /// The place of a body that has not come yet.
    pub(super) fn place(&self) -> Place<'_> {
        Place {
            room: self,
            steps: Vec::new(),
            beyond: None,
            held: FREE,
        }
    }
}

/// What one body holds; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    room: &'a Room,
    steps: Vec<OwnedSemaphorePermit>,
    beyond: Option<OwnedSemaphorePermit>,
    held: u64,
}

impl Place<'_> {
    /// Makes room for a body of so many bytes in all; false where there is none in time.
    pub(super) async fn hold(&mut self, length: u64) -> bool {
        while self.held < length && self.beyond.is_none() {
            let more = tokio::time::timeout(self.room.patience, self.more());
            if more.await.is_err() {
                return false;
            }
        }
        true
    }

    async fn more(&mut self) {
        tokio::select! {
            biased;
            step = Arc::clone(&self.room.steps).acquire_owned() => {
                self.steps.extend(step);
                self.held += STEP;
            }
            beyond = Arc::clone(&self.room.beyond).acquire_owned() => self.beyond = beyond.ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_body_goes_beyond_and_the_next_waits_in_vain() {
        let room = Room::new(2 * STEP, Duration::from_secs(5));
        let mut first = room.place();
        assert!(first.hold(FREE + 2 * STEP).await);
        assert!(first.beyond.is_none());
        let mut second = room.place();
        assert!(second.hold(FREE + 9 * STEP).await);
        assert!(second.beyond.is_some());
        let mut third = room.place();
        assert!(third.hold(FREE).await, "what is free needs no room");
        assert!(!third.hold(FREE + 1).await);
    }

    #[tokio::test(start_paused = true)]
    async fn room_comes_back_when_a_body_is_gone() {
        let room = Room::new(STEP, Duration::from_secs(5));
        let mut first = room.place();
        let mut second = room.place();
        assert!(first.hold(FREE + 1).await && second.hold(FREE + 1).await);
        let mut third = room.place();
        let waiting = third.hold(FREE + 1);
        let leaving = async {
            tokio::time::sleep(Duration::from_secs(4)).await;
            drop(first);
        };
        assert!(tokio::join!(waiting, leaving).0);
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_that_wait_for_each_other_come_to_an_end() {
        let room = Room::new(2 * STEP, Duration::from_secs(5));
        let (mut one, mut other) = (room.place(), room.place());
        assert!(one.hold(FREE + STEP).await && other.hold(FREE + STEP).await);
        assert!(one.hold(FREE + 4 * STEP).await);
        drop(one);
        assert!(other.hold(FREE + 4 * STEP).await);
    }
}
