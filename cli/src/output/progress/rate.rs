//! How fast it goes now: over the last few seconds, so that a stall shows.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How far back it looks.
const WINDOW: Duration = Duration::from_secs(6);

/// A rate over a sliding window.
#[derive(Debug, Default)]
pub(crate) struct Rate(VecDeque<(Instant, u64)>);

impl Rate {
    /// Takes note of the total at a moment; gives the rate by the second.
    pub(crate) fn at(&mut self, now: Instant, total: u64) -> u64 {
        self.0.push_back((now, total));
        while self
            .0
            .get(1)
            .is_some_and(|(then, _)| now.duration_since(*then) >= WINDOW)
        {
            self.0.pop_front();
        }
        let Some((then, before)) = self.0.front() else {
            return 0;
        };
        let millis = u64::try_from(now.duration_since(*then).as_millis()).unwrap_or(u64::MAX);
        if millis < 100 {
            return 0;
        }
        total
            .saturating_sub(*before)
            .saturating_mul(1000)
            .checked_div(millis)
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_shows_within_the_window() {
        let mut rate = Rate::default();
        let start = Instant::now();
        let second = |n: u64| start + Duration::from_secs(n);
        rate.at(start, 0);
        assert_eq!(rate.at(second(1), 100), 100);
        assert_eq!(rate.at(second(2), 200), 100);
        for n in 3..9 {
            rate.at(second(n), 200);
        }
        assert_eq!(rate.at(second(9), 200), 0);
    }
}
