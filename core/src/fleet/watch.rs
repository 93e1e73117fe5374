//! When to look at what is pending, and where a listing of it begins.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use crate::copy::Pace;
use crate::time::Timestamp;

/// Looks at pending copies by listing the destination, as long as that is cheaper than looking at
/// each.
#[derive(Debug)]
pub(super) struct Watch {
    pace: Pace,
    interval: Duration,
    due: Option<Timestamp>,
    /// First names of pages, with the markers that lead there.
    marks: BTreeMap<Box<str>, String>,
    round: Option<Round>,
    /// How many pages the latest round took.
    pages: u64,
    can_list: bool,
}

/// One listing of the names that are pending.
#[derive(Debug)]
pub(super) struct Round {
    /// Which lister carries it.
    pub(super) lister: u64,
    /// The last name that matters.
    pub(super) last: Box<str>,
    /// The last name of the page before; absent at the beginning.
    pub(super) behind: Option<Box<str>>,
    pages: u64,
}

impl Watch {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            interval: pace.shortest,
            pace,
            due: None,
            marks: BTreeMap::new(),
            round: None,
            pages: 1,
            can_list: true,
        }
    }

    /// When the next look is due; absent while one is under way or nothing is watched.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.due.filter(|_| self.round.is_none())
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.marks.len()
    }

    /// Something is pending.
    pub(super) fn wake(&mut self, now: Timestamp) {
        if self.due.is_none() {
            self.due = Some(now + self.interval);
        }
    }

    /// Sets the next look, so that a good part of what is watched settles between two: later where
    /// fewer than a quarter have, sooner where more than half have.
    pub(super) fn schedule(&mut self, now: Timestamp, settled: usize, watched: usize) {
        let next = if settled.saturating_mul(4) < watched {
            self.interval.saturating_mul(3) / 2
        } else if settled.saturating_mul(2) > watched {
            self.interval.saturating_mul(3) / 4
        } else {
            self.interval
        };
        let longest = self.pace.longest.max(self.pace.shortest);
        self.interval = next.clamp(self.pace.shortest, longest);
        self.due = Some(now + self.interval);
    }

    pub(super) fn rest(&mut self) {
        self.due = None;
        self.interval = self.pace.shortest;
    }

    /// Whether listing costs less than looking at that many blobs one by one.
    pub(super) fn prefers_listing(&self, pending: usize) -> bool {
        let pending = u64::try_from(pending).unwrap_or(u64::MAX);
        self.can_list && pending > self.pages.saturating_add(2)
    }

    /// Begins a round over `first..=last`; says where its listing begins.
    pub(super) fn begin(&mut self, lister: u64, first: &str, last: &str) -> Option<String> {
        let mark = self
            .marks
            .range::<str, _>((Bound::Unbounded, Bound::Included(first)))
            .next_back();
        let (page, marker) = mark
            .map(|(page, marker)| (page.clone(), marker.clone()))
            .unzip();
        if let Some(page) = page {
            // What lies before is settled and will not be looked at again.
            self.marks = self.marks.split_off(&page);
        }
        self.round = Some(Round {
            lister,
            last: last.into(),
            behind: None,
            pages: 0,
        });
        marker
    }

    pub(super) fn round(&self) -> Option<&Round> {
        self.round.as_ref()
    }

    /// Remembers how to get to a page that begins with `first`.
    pub(super) fn mark(&mut self, first: &str, marker: Option<&String>) {
        if let Some(marker) = marker {
            self.marks.insert(first.into(), marker.clone());
        }
    }

    /// Takes note that a page of the round has been read up to `last`.
    pub(super) fn turned(&mut self, last: Option<Box<str>>) {
        if let Some(round) = &mut self.round {
            round.pages += 1;
            round.behind = last.or(round.behind.take());
        }
    }

    /// Ends the round.
    pub(super) fn end(&mut self, can_list: bool) {
        if let Some(round) = self.round.take() {
            self.pages = round.pages.max(1);
        }
        self.can_list &= can_list;
    }
}
