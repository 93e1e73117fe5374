//! The service's own clock: every change has a moment of its own.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;

/// 100 ns units since year 1. ETags and the times that name snapshots are both written from it, so
/// no two changes of a state share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Tick(NonZeroU64);

const PER_MILLI: u64 = 10_000;
/// 1970-01-01 in ticks.
const EPOCH: NonZeroU64 = NonZeroU64::MIN.saturating_add(621_355_967_999_999_999);

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

impl Tick {
    /// Before every change.
    pub(crate) const ZERO: Self = Self(EPOCH);

    /// The first tick of a millisecond.
    pub(crate) fn at(moment: Timestamp) -> Self {
        let millis = u64::try_from(moment.as_millis()).unwrap_or(0);
        Self(EPOCH.saturating_add(millis.saturating_mul(PER_MILLI)))
    }

    /// The next tick that is neither past `moment` nor taken.
    pub(crate) fn after(self, moment: Timestamp) -> Self {
        Self::at(moment).max(Self(self.0.saturating_add(1)))
    }

    /// The tick of a number.
    #[cfg(feature = "durable")]
    pub(crate) fn of(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }

    /// The tick as a number.
    pub(crate) fn number(self) -> u64 {
        self.0.get()
    }

    /// The millisecond it is in.
    pub(crate) fn moment(self) -> Timestamp {
        let millis = self.number().saturating_sub(EPOCH.get()) / PER_MILLI;
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// Quoted, as headers carry it.
    pub(crate) fn etag(self) -> String {
        let mut text = String::with_capacity(20);
        text.push('"');
        self.push_bare_etag(&mut text);
        text.push('"');
        text
    }

    /// Without quotes, as blob listings carry it.
    pub(crate) fn push_bare_etag(self, text: &mut String) {
        text.push_str("0x");
        text.extend((0..=self.0.ilog2() / 4).rev().map(|place| {
            let digit = usize::try_from(self.number() >> (4 * place) & 0xF).unwrap_or(0);
            DIGITS.get(digit).copied().map_or('0', char::from)
        }));
    }

    /// The name of a snapshot.
    pub(crate) fn name(self) -> String {
        let ticks = u16::try_from(self.number() % PER_MILLI).unwrap_or(0);
        self.moment().to_iso_ticks(ticks)
    }

    /// Reads the name of a snapshot, with 1 to 7 digits of fraction or none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let moment = Timestamp::parse_iso(text).ok()?;
        let fraction = text
            .split_once('.')
            .map(|(_, fraction)| fraction.trim_end_matches('Z'))
            .unwrap_or_default();
        let mut below = 0;
        for place in 3..7 {
            let digit = fraction.as_bytes().get(place).map_or(0, |byte| byte - b'0');
            below = below * 10 + u64::from(digit);
        }
        Some(Self(Self::at(moment).0.saturating_add(below)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_snapshot_reads_back() {
        let tick = Tick::parse("2022-03-15T13:20:28.6425746Z").unwrap();
        assert_eq!(tick.name(), "2022-03-15T13:20:28.6425746Z");
        assert_eq!(Tick::parse("not a time"), None);
    }

    #[test]
    fn every_change_has_a_tick_of_its_own() {
        let now = Timestamp::from_millis(1_600_000_000_000);
        let first = Tick::ZERO.after(now);
        let second = first.after(now);
        assert!(second > first);
        assert_eq!(second.moment(), now);
        assert_eq!(first.etag().len(), "\"0x8D7737CBC9D785A0\"".len() - 1);
        for tick in [first, second, Tick(NonZeroU64::MIN), Tick(NonZeroU64::MAX)] {
            assert_eq!(tick.etag(), format!("\"0x{:X}\"", tick.number()));
        }
    }
}
