//! Delays between attempts, as a value: no clock and no sleeping.

use std::time::Duration;

use crate::seed::Seed;

/// Delays that double up to a cap, each shortened by chance so that many clients spread out.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    round: u32,
}

impl Backoff {
    /// Delays that begin around `first` and never exceed `longest`.
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            round: 0,
        }
    }

    /// The next delay: between half of this round's full delay and all of it.
    pub(crate) fn next(&mut self, seed: &mut Seed) -> Duration {
        let factor = 1_u32.checked_shl(self.round).unwrap_or(u32::MAX);
        self.round = self.round.saturating_add(1);
        let full = self.first.saturating_mul(factor).min(self.longest);
        let half = full / 2;
        let spread = u64::try_from((full - half).as_millis()).unwrap_or(u64::MAX);
        half + Duration::from_millis(seed.below(spread.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_delay_is_within_half_and_all_of_its_round(
            first in 1_u64..5_000, longest in 1_u64..100_000, seed: u64, rounds in 1_usize..80,
        ) {
            let (first, longest) = (Duration::from_millis(first), Duration::from_millis(longest));
            let mut backoff = Backoff::new(first, longest);
            let mut seed = Seed::new(seed);
            let mut full = first.min(longest);
            for _ in 0..rounds {
                let delay = backoff.next(&mut seed);
                prop_assert!(delay >= full / 2 && delay <= full, "{delay:?} of {full:?}");
                full = (full * 2).min(longest);
            }
        }
    }
}
