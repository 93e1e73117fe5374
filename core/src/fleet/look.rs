//! Looking at what is pending: by listing the destination, or one by one.

#![warn(clippy::wildcard_enum_match_arm)]

use std::ops::Bound;

use super::Fleet;
use super::listing::Sights;
use super::member::{Key, Member};
use super::passage::Passage;
use crate::lister::Page;
use crate::name::BlobName;
use crate::operation::MaxResults;
use crate::time::Timestamp;

impl Fleet {
    /// Looks at what is pending when it is time to; false where it is not.
    pub(super) fn look_around(&mut self, now: Timestamp) -> bool {
        if self.watch.due().is_none_or(|due| due > now) {
            return false;
        }
        let watched: Vec<(&BlobName, Key)> = self
            .active
            .iter()
            .filter(|(_, key)| {
                let passage = self.nest.get(**key).and_then(Member::passage);
                passage.is_some_and(Passage::is_watched)
            })
            .map(|(name, key)| (name, *key))
            .collect();
        let settled = std::mem::take(&mut self.settled);
        let count = watched.len();
        let (Some((first, _)), Some((last, _))) = (watched.first(), watched.last()) else {
            if self.active.is_empty() {
                self.watch.rest();
            } else {
                self.watch.schedule(now, settled, count);
            }
            return true;
        };
        self.changed = true;
        if self.watch.prefers_listing(count) && !self.cancelled {
            self.serial += 1;
            let marker = self.watch.begin(self.serial, first.as_str(), last.as_str());
            let mut question = self.destination_listing();
            question.max_results = page_size(count);
            self.list(Key::Watch(self.serial), question, marker);
        } else {
            let keys: Vec<Key> = watched.into_iter().map(|(_, key)| key).collect();
            for key in keys {
                self.look_at(key);
            }
        }
        self.watch.schedule(now, settled, count);
        true
    }

    fn look_at(&mut self, key: Key) {
        if let Some(passage) = self.nest.touch(key).and_then(Member::passage_mut) {
            passage.look();
        }
    }

    /// Tells each watched blob what a page shows of it; one that the page should show and does not
    /// looks for itself.
    pub(super) fn watch_page(&mut self, key: Key, page: Page<Sights>, now: Timestamp) {
        let (first, last) = page.items.span.unzip();
        if let Some(first) = first {
            self.watch.mark(&first, page.marker.as_ref());
        }
        let Some(round) = self.watch.round() else {
            return;
        };
        let done = page.items.next_marker.is_none()
            || last.as_ref().is_some_and(|last| *last >= round.last);
        let end = if done {
            Some(&*round.last)
        } else {
            last.as_deref()
        };
        let mut blobs = page.items.blobs.into_iter().peekable();
        for key in self.covered(round.behind.as_deref(), end) {
            let Some(passage) = self.nest.get_mut(key).and_then(Member::passage_mut) else {
                continue;
            };
            if !passage.is_watched() {
                continue;
            }
            // Both are in the order of names.
            let name = &passage.way().destination.name;
            while blobs.next_if(|(seen, _)| seen < name).is_some() {}
            match blobs.next_if(|(seen, _)| seen == name) {
                Some((_, seen)) => passage.observe(seen, now),
                None => passage.look(),
            }
            let (wants_turn, (old, new)) = (passage.wants_turn(), passage.told());
            self.done_bytes = self.done_bytes.saturating_sub(old).saturating_add(new);
            if wants_turn {
                self.nest.touch(key);
            }
        }
        self.watch.turned(last);
        if done {
            self.watch.end(true);
            self.nest.remove(key);
        } else if let Some(lister) = self.nest.touch(key).and_then(Member::lister_mut) {
            lister.credit(1);
        }
    }

    /// Who is under way with a name after `behind` and up to `end`.
    fn covered(&self, behind: Option<&str>, end: Option<&str>) -> Vec<Key> {
        let Some(end) = end else {
            return Vec::new();
        };
        if behind.is_some_and(|behind| behind >= end) {
            return Vec::new();
        }
        let from = behind.map_or(Bound::Unbounded, Bound::Excluded);
        self.active
            .range::<str, _>((from, Bound::Included(end)))
            .map(|(_, key)| *key)
            .collect()
    }
}

/// A page that shows what is watched with as much again in between: a full page would mostly show
/// what has settled.
fn page_size(watched: usize) -> Option<MaxResults> {
    let items = watched.saturating_mul(2).clamp(500, 5000);
    MaxResults::new(u16::try_from(items).ok()?).ok()
}
