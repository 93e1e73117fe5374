//! What time it is, and waiting: the driver's part, because core never asks.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use blobferry_core::Timestamp;
use tokio::time::Instant;

/// A wait for a moment.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync + 'static {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Waits until that moment, or for ever. It may end early; whoever waits looks again.
    fn sleep_until(&self, moment: Option<Timestamp>) -> Sleep;
}

/// The machine's wall clock, which goes on through a laptop's sleep.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep_until(&self, moment: Option<Timestamp>) -> Sleep {
        /// Timers do not count while the machine sleeps, so that long waits look at the clock again.
        const LOOK: Duration = Duration::from_secs(20);
        match moment {
            Some(moment) => Box::pin(tokio::time::sleep(moment.since(self.now()).min(LOOK))),
            None => Box::pin(std::future::pending()),
        }
    }
}

/// Tokio's clock on a calendar of its own: virtual time where the runtime is paused.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock {
    origin: Timestamp,
    started: Instant,
}

impl TokioClock {
    /// A clock that shows `origin` now.
    #[must_use]
    pub fn starting_at(origin: Timestamp) -> Self {
        Self {
            origin,
            started: Instant::now(),
        }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        self.origin + self.started.elapsed()
    }

    fn sleep_until(&self, moment: Option<Timestamp>) -> Sleep {
        match moment {
            Some(moment) => Box::pin(tokio::time::sleep(moment.since(self.now()))),
            None => Box::pin(std::future::pending()),
        }
    }
}
