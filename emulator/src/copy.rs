//! Asynchronous copies: what a destination remembers of its copy, and the copies under way.

#[cfg_attr(
    not(feature = "server"),
    allow(dead_code, reason = "only servers read sources outside")
)]
pub(crate) mod description;
mod fate;
#[cfg_attr(
    not(feature = "server"),
    allow(dead_code, reason = "only servers read sources outside")
)]
mod feed;
mod queue;
mod settle;

pub(crate) use fate::{Fate, Turn};
pub(crate) use feed::Feed;
pub(crate) use queue::{Copies, Job};

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;
use blobferry_core::words::CopyStatus;

use crate::config::Pace;
use crate::tick::Tick;

/// How much of a source is read at a time, under its `ETag`. Source: "Introducing Asynchronous
/// Cross-Account Copy Blob".
pub(crate) const RANGE: u64 = 4 << 20;
/// After which a pending copy is given up.
pub(crate) const LONGEST: Duration = Duration::from_secs(14 * 24 * 3600);

/// The copy properties of a destination: `x-ms-copy-*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Copied {
    pub(crate) id: String,
    /// The URL as it was sent.
    pub(crate) source: String,
    #[serde(with = "crate::record")]
    pub(crate) status: CopyStatus,
    pub(crate) total: u64,
    /// Bytes copied when it ended, or when its pace was last set.
    pub(crate) copied: u64,
    #[serde(with = "crate::record", default)]
    pub(crate) completed: Option<Timestamp>,
    pub(crate) description: Option<String>,
    /// The snapshot that an incremental copy made.
    pub(crate) snapshot: Option<Tick>,
    pub(crate) run: Run,
    /// What a fault has in store for it.
    #[serde(default)]
    pub(crate) fate: Option<Fate>,
    /// Bytes read of a source outside; absent where all is here.
    #[serde(default)]
    pub(crate) fetched: Option<u64>,
}

/// How a copy goes on from some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    #[serde(with = "crate::record")]
    pub(crate) since: Timestamp,
    pub(crate) pace: Pace,
}

impl Copied {
    /// A copy that begins.
    pub(crate) fn begun(id: String, source: &str, total: u64, run: Run) -> Self {
        Self {
            id,
            source: source.to_owned(),
            status: CopyStatus::Pending,
            total,
            copied: 0,
            completed: None,
            description: None,
            snapshot: None,
            run,
            fate: None,
            fetched: None,
        }
    }

    /// Whether it is under way.
    pub(crate) fn is_pending(&self) -> bool {
        self.status == CopyStatus::Pending
    }

    /// Bytes copied by now: whole ranges while it is under way.
    pub(crate) fn progress(&self, now: Timestamp) -> u64 {
        if !self.is_pending() {
            return self.copied;
        }
        let reached = self.reach(now) / RANGE * RANGE;
        let held = self.fetched.unwrap_or(self.total);
        reached.max(self.copied).min(self.total).min(held)
    }

    /// Bytes that the pace allows by now, whether they are here or not.
    pub(crate) fn reach(&self, now: Timestamp) -> u64 {
        let run = self.run.progress(self.worked_until(now));
        self.copied.saturating_add(run).min(self.total)
    }

    /// When the rest will be there at the present pace, or its fate ends it.
    pub(crate) fn due(&self) -> Timestamp {
        let whole = self.run.due(self.total.saturating_sub(self.copied));
        match &self.fate {
            Some(fate) if fate.end().is_some() => fate.met(self.run, self.copied),
            _ if self.fetched.is_some() => Timestamp::from_millis(i64::MAX),
            None => whole,
            Some(fate) => whole + fate.pause(),
        }
    }

    /// The moment to which it would have come by now without a pause.
    fn worked_until(&self, now: Timestamp) -> Timestamp {
        let Some(fate) = &self.fate else {
            return now;
        };
        let met = fate.met(self.run, self.copied);
        let paused = now.since(met).min(fate.pause());
        Timestamp::from_millis(now.as_millis().saturating_sub(millis(paused)))
    }

    /// Why it failed, or that it will try again.
    pub(crate) fn description(&self, now: Timestamp) -> Option<Cow<'_, str>> {
        let met = self
            .fate
            .filter(|fate| self.is_pending() && fate.end().is_none())
            .map(|fate| fate.met(self.run, self.copied))
            .filter(|met| *met <= now);
        match met {
            Some(met) => Some(Cow::Owned(description::will_retry(met))),
            None => self.description.as_deref().map(Cow::Borrowed),
        }
    }

    /// `copied/total`.
    pub(crate) fn progress_text(&self, now: Timestamp) -> String {
        format!("{}/{}", self.progress(now), self.total)
    }

    /// Notes the end.
    pub(crate) fn end(&mut self, status: CopyStatus, description: Option<String>, now: Timestamp) {
        self.copied = match status {
            CopyStatus::Success => self.total,
            CopyStatus::Aborted => 0,
            _ => self.progress(now),
        };
        self.status = status;
        self.description = description;
        self.completed = Some(now);
    }

    /// Goes on at another pace.
    pub(crate) fn repace(&mut self, pace: Pace, now: Timestamp) {
        self.copied = self.progress(now);
        // A pause begun is over with the pace it was in.
        let met = self.fate.map(|fate| fate.met(self.run, self.copied));
        self.fate = self
            .fate
            .filter(|fate| fate.end().is_some() || met.is_some_and(|met| met > now));
        self.run = Run { since: now, pace };
    }
}

impl Run {
    fn progress(&self, now: Timestamp) -> u64 {
        let elapsed = now.since(self.since).saturating_sub(self.pace.latency);
        if now < self.since + self.pace.latency {
            return 0;
        }
        match self.pace.bytes_per_second {
            None => u64::MAX,
            Some(rate) => {
                let bytes = u128::from(rate) * elapsed.as_millis() / 1000;
                u64::try_from(bytes).unwrap_or(u64::MAX)
            }
        }
    }

    fn due(&self, rest: u64) -> Timestamp {
        let begins = self.since + self.pace.latency;
        match self.pace.bytes_per_second {
            None => begins,
            Some(0) if rest == 0 => begins,
            Some(0) => Timestamp::from_millis(i64::MAX),
            Some(rate) => {
                let millis = u128::from(rest) * 1000 / u128::from(rate);
                begins + Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
            }
        }
    }
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(total: u64, latency: u64, rate: Option<u64>) -> Copied {
        let run = Run {
            since: Timestamp::from_millis(1000),
            pace: Pace {
                latency: Duration::from_millis(latency),
                bytes_per_second: rate,
            },
        };
        Copied::begun("id".into(), "source", total, run)
    }

    #[test]
    fn progress_is_a_function_of_time_in_whole_ranges() {
        let copy = copy(10 * RANGE + 5, 500, Some(RANGE));
        for (at, copied) in [
            (1000, 0),
            (2499, 0),
            (2500, RANGE),
            (3600, 2 * RANGE),
            (11_500, 10 * RANGE),
        ] {
            let now = Timestamp::from_millis(at);
            assert_eq!(copy.progress(now), copied, "{at}");
        }
        assert_eq!(copy.due(), Timestamp::from_millis(11_500));
    }

    #[test]
    fn a_new_pace_keeps_what_is_copied() {
        let mut copy = copy(10 * RANGE, 0, Some(RANGE));
        let now = Timestamp::from_millis(5000);
        copy.repace(Pace::AT_ONCE, now);
        assert_eq!(copy.copied, 4 * RANGE);
        assert_eq!(copy.due(), now);
    }

    #[test]
    fn a_copy_without_bandwidth_stands_still() {
        let copy = copy(5, 0, Some(0));
        assert_eq!(copy.progress(Timestamp::from_millis(i64::MAX)), 0);
        assert_eq!(copy.due(), Timestamp::from_millis(i64::MAX));
    }

    #[test]
    fn a_pause_holds_progress_and_puts_off_the_end() {
        let mut copy = copy(4 * RANGE, 0, Some(RANGE));
        copy.fate = Some(Fate {
            at: 2 * RANGE,
            turn: Turn::Pauses(Duration::from_secs(10)),
        });
        for (at, copied, tells) in [
            (2000, RANGE, false),
            (3000, 2 * RANGE, true),
            (12_999, 2 * RANGE, true),
            (14_000, 3 * RANGE, true),
        ] {
            let now = Timestamp::from_millis(at);
            assert_eq!(copy.progress(now), copied, "{at}");
            assert_eq!(copy.description(now).is_some(), tells, "{at}");
        }
        assert_eq!(copy.due(), Timestamp::from_millis(15_000));
    }

    #[test]
    fn a_fate_that_ends_comes_before_the_end() {
        let mut copy = copy(4 * RANGE, 0, Some(RANGE));
        copy.fate = Some(Fate {
            at: RANGE,
            turn: Turn::Fails,
        });
        assert_eq!(copy.due(), Timestamp::from_millis(2000));
        copy.repace(Pace::AT_ONCE, Timestamp::from_millis(1500));
        assert_eq!(copy.due(), Timestamp::from_millis(1500));
    }
}
