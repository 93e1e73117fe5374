//! How often to look at a copy, and when it counts as stalled.

use std::time::Duration;

use crate::properties::CopyProgress;
use crate::time::Timestamp;

/// How often a copy is looked at. Each look is one billed request on the destination's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// The pause before the first look, and the shortest between two. Default 1 s.
    pub shortest: Duration,
    /// The longest pause between two looks. Default 30 s.
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            shortest: Duration::from_secs(1),
            longest: Duration::from_secs(30),
        }
    }
}

/// When a copy counts as stalled: slower than `bytes_per_second` over the time `over`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    /// The rate that is expected at least. Default 1: any progress will do.
    pub bytes_per_second: u64,
    /// The time over which it is measured. Default 10 minutes.
    pub over: Duration,
}

impl Default for Floor {
    fn default() -> Self {
        Self {
            bytes_per_second: 1,
            over: Duration::from_secs(600),
        }
    }
}

/// What has been seen of a copy's progress.
#[derive(Debug)]
pub(super) struct Progress {
    begun: Timestamp,
    pause: Duration,
    latest: CopyProgress,
    /// Where the stretch began over which the floor is measured.
    mark: (Timestamp, u64),
    stalled: bool,
}

impl Progress {
    pub(super) fn begin(now: Timestamp, pace: &Pace) -> Self {
        Self {
            begun: now,
            pause: pace.shortest,
            latest: CopyProgress::default(),
            mark: (now, 0),
            stalled: false,
        }
    }

    pub(super) fn latest(&self) -> CopyProgress {
        self.latest
    }

    /// Takes a look's result; true where it differs from the one before.
    pub(super) fn seen(&mut self, progress: CopyProgress) -> bool {
        std::mem::replace(&mut self.latest, progress) != progress
    }

    /// How long to rest before the next look: half of what the copy still needs at its present
    /// rate, and twice the pause before where it shows no progress.
    pub(super) fn rest(&mut self, now: Timestamp, pace: &Pace) -> Duration {
        let CopyProgress { copied, total } = self.latest;
        let spent = now.since(self.begun);
        let pause = if copied == 0 || spent.is_zero() {
            let longer = self.pause.saturating_mul(2);
            std::mem::replace(&mut self.pause, longer)
        } else {
            let spent = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX);
            let left = u128::from(total.saturating_sub(copied)) * u128::from(spent);
            let left = left / u128::from(copied) / 2;
            Duration::from_millis(u64::try_from(left).unwrap_or(u64::MAX))
        };
        self.pause = self.pause.min(pace.longest);
        pause.clamp(pace.shortest, pace.longest.max(pace.shortest))
    }

    /// Whether the copy has just fallen under the floor: true once for each time it does.
    pub(super) fn stalls(&mut self, now: Timestamp, floor: &Floor) -> bool {
        let (since, copied) = self.mark;
        let spent = now.since(since);
        if spent < floor.over {
            return false;
        }
        let done = u128::from(self.latest.copied.saturating_sub(copied));
        self.mark = (now, self.latest.copied);
        let expected = u128::from(floor.bytes_per_second) * spent.as_millis() / 1000;
        let slow = done < expected;
        let known = std::mem::replace(&mut self.stalled, slow);
        slow && !known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);

    fn at(seconds: u64) -> Timestamp {
        NOON + Duration::from_secs(seconds)
    }

    #[test]
    fn pauses_double_while_nothing_moves_and_shrink_towards_the_end() {
        let pace = Pace::default();
        let mut progress = Progress::begin(NOON, &pace);
        let pauses: Vec<u64> = (0..7)
            .map(|_| progress.rest(at(9), &pace).as_secs())
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        for (second, copied, expected) in [(10, 500, 5), (10, 100, 30), (19, 950, 1)] {
            progress.seen(CopyProgress {
                copied,
                total: 1000,
            });
            assert_eq!(
                progress.rest(at(second), &pace).as_secs(),
                expected,
                "{copied}"
            );
        }
    }

    #[test]
    fn a_stall_is_told_once_and_again_after_it_moved() {
        let floor = Floor {
            bytes_per_second: 10,
            over: Duration::from_secs(60),
        };
        let mut progress = Progress::begin(NOON, &Pace::default());
        let mut told = Vec::new();
        for second in (0..600).step_by(10) {
            let copied = second.clamp(200, 400) * 20;
            progress.seen(CopyProgress {
                copied,
                total: 1_000_000,
            });
            if progress.stalls(at(second), &floor) {
                told.push(second);
            }
        }
        assert_eq!(told, [120, 480], "moved in the first minute, then stood");
    }
}
