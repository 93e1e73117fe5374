//! What time it is: the machine's, or what a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use blobferry_core::Timestamp;

/// Stands in `frozen_at` while the clock runs.
const RUNNING: i64 = i64::MIN;

/// The last moment that has a name, in milliseconds: the year 9999 ends.
const LAST: i64 = 253_402_300_799_999;

/// A clock that can be set, moved and stopped. Clones are the same clock.
///
/// The service itself is told the time with every request; this is where a server takes it from.
///
/// ```
/// use std::time::Duration;
/// use blobferry_core::Timestamp;
/// use blobferry_emulator::Clock;
/// let clock = Clock::frozen_at(Timestamp::from_millis(1_000));
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(clock.now(), Timestamp::from_millis(3_000));
/// ```
#[derive(Debug, Clone)]
pub struct Clock(Arc<Hands>);

#[derive(Debug)]
struct Hands {
    /// Milliseconds ahead of the machine's clock.
    ahead: AtomicI64,
    /// Where it stands still, or [`RUNNING`].
    frozen_at: AtomicI64,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::made(RUNNING)
    }

    /// A clock that stands still until it is moved: virtual time.
    #[must_use]
    pub fn frozen_at(now: Timestamp) -> Self {
        Self::made(now.as_millis())
    }

    fn made(frozen_at: i64) -> Self {
        Self(Arc::new(Hands {
            ahead: AtomicI64::new(0),
            frozen_at: AtomicI64::new(frozen_at),
        }))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let frozen_at = self.0.frozen_at.load(Ordering::Acquire);
        let now = if frozen_at == RUNNING {
            machine_time().saturating_add(self.0.ahead.load(Ordering::Acquire))
        } else {
            frozen_at
        };
        Timestamp::from_millis(now.min(LAST))
    }

    /// Whether it shows another time than the machine's.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.0.frozen_at.load(Ordering::Acquire) != RUNNING
            || self.0.ahead.load(Ordering::Acquire) != 0
    }

    /// Makes it `now`; a running clock goes on from there.
    pub fn set(&self, now: Timestamp) {
        self.0.ahead.store(
            now.as_millis().saturating_sub(machine_time()),
            Ordering::Release,
        );
        if self.0.frozen_at.load(Ordering::Acquire) != RUNNING {
            self.0.frozen_at.store(now.as_millis(), Ordering::Release);
        }
    }

    /// Moves it on, whether it runs or stands, to the end of the year 9999 at most.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        // In one step each, so that of two that move it at once none is lost.
        let _ = self
            .0
            .ahead
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |ahead| {
                Some(ahead.saturating_add(millis))
            });
        let _ = self
            .0
            .frozen_at
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |frozen_at| {
                (frozen_at != RUNNING).then(|| frozen_at.saturating_add(millis))
            });
    }

    /// Whether it runs, rather than stands still.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.0.frozen_at.load(Ordering::Acquire) == RUNNING
    }

    /// Stops it where it is.
    pub fn freeze(&self) {
        self.0
            .frozen_at
            .store(self.now().as_millis(), Ordering::Release);
    }

    /// Lets it run on from where it stands.
    pub fn run(&self) {
        let now = self.now();
        self.0.frozen_at.store(RUNNING, Ordering::Release);
        self.set(now);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

fn machine_time() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(Timestamp::from_millis(5));
        assert_eq!(clock.now().as_millis(), 5);
        clock.advance(Duration::from_millis(7));
        assert_eq!(clock.clone().now().as_millis(), 12);
        clock.set(Timestamp::from_millis(1));
        assert_eq!(clock.now().as_millis(), 1);
    }

    #[test]
    fn no_clock_goes_past_the_last_moment_that_can_be_written() {
        for clock in [Clock::system(), Clock::frozen_at(Timestamp::from_millis(0))] {
            for _ in 0..2 {
                clock.advance(Duration::MAX);
                assert_eq!(clock.now().to_iso_ticks(0), "9999-12-31T23:59:59.9990000Z");
            }
        }
    }

    #[test]
    fn a_running_clock_can_be_moved_stopped_and_started() {
        let clock = Clock::system();
        clock.set(Timestamp::from_millis(1_000_000));
        clock.freeze();
        let stopped = clock.now();
        assert!(stopped.as_millis() >= 1_000_000);
        clock.advance(Duration::from_secs(3600));
        clock.run();
        let gone = clock.now().since(stopped);
        assert!(gone >= Duration::from_secs(3600) && gone < Duration::from_secs(3700));
    }
}
