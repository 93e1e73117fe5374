//! Which blob is begun next, and what is done about it.

#![warn(clippy::wildcard_enum_match_arm)]

use super::listing::Listing;
use super::member::{Key, Member};
use super::merge::{Merged, Pair};
use super::passage::Passage;
use super::{Fleet, FleetEvent, FleetReport, Selection, Settled, Verdict, verdict};
use crate::copy::origin;
use crate::lister::Lister;
use crate::name::BlobName;
use crate::operation::ListBlobs;
use crate::source::CopySource;
use crate::time::Timestamp;
use crate::words::ListInclude;

impl Fleet {
    /// Begins to list both sides.
    pub(super) fn begin(&mut self, now: Timestamp) {
        let mut report = FleetReport::begun_at(now);
        report.cancelled = self.cancelled;
        self.report = Some(report);
        if self.cancelled {
            self.planned = true;
            return;
        }
        match &self.plan.selection {
            Selection::Names(_) | Selection::Blob(_) => {
                let listed = u64::try_from(self.names.len()).unwrap_or(u64::MAX);
                self.count(|totals| {
                    totals.listed = listed;
                    totals.listed_all = true;
                });
            }
            Selection::Prefix(prefix) => {
                let mut source = ListBlobs::new(self.plan.source.clone());
                source.prefix = Some(prefix.clone()).filter(|prefix| !prefix.is_empty());
                let destination = self.destination_listing();
                self.list(Key::Source, source, None);
                self.list(Key::Destination, destination, None);
            }
        }
    }

    pub(super) fn destination_listing(&self) -> ListBlobs {
        let prefix = &self.plan.destination_prefix;
        let mut list = ListBlobs::new(self.plan.destination.clone());
        list.prefix = Some(prefix.clone()).filter(|prefix| !prefix.is_empty());
        list.include = vec![ListInclude::Copy];
        list
    }

    pub(super) fn list(&mut self, key: Key, question: ListBlobs, marker: Option<String>) {
        let patience = self.options.patience.clone();
        let lister =
            Lister::new(Listing(question), patience, self.seed.split()).starting_at(marker);
        self.nest.insert(key, Member::Lister(Box::new(lister)));
    }

    /// Begins the next blob if there is room; false where nothing came of it.
    pub(super) fn admit(&mut self, now: Timestamp) -> bool {
        if self.planned || !self.has_room() {
            return false;
        }
        if self.plan.selection.names().is_some() {
            match self.names.pop_front() {
                Some(name) => self.consider_unseen(name, now),
                None => self.planned = true,
            }
            return true;
        }
        let feeds = [
            (Key::Source, &mut self.merge.source),
            (Key::Destination, &mut self.merge.destination),
        ];
        for (key, feed) in feeds {
            // The listers begin with credit for one page.
            if feed.wants_page()
                && let Some(lister) = self.nest.touch(key).and_then(Member::lister_mut)
            {
                lister.credit(1);
            }
        }
        match self.merge.next(&self.plan) {
            Merged::Next(pair) => self.consider(pair, now),
            Merged::Starved => return false,
            Merged::End => self.planned = true,
        }
        true
    }

    fn consider_unseen(&mut self, name: BlobName, now: Timestamp) {
        if !self.options.filter.takes(&name) {
            return;
        }
        self.count(|totals| totals.selected += 1);
        match self.plan.renamed(&name) {
            Ok(renamed) => {
                let way = self.plan.way(name, renamed);
                let passage = Passage::unseen(way, &self.options, self.seed.split());
                self.enter(passage, now);
            }
            Err(error) => self.settle(&name, 0, Settled::Unreadable(error.into())),
        }
    }

    fn consider(&mut self, pair: Pair, now: Timestamp) {
        let Pair {
            name,
            source,
            destination,
        } = pair;
        if !self.options.filter.takes(&name) {
            return;
        }
        let bytes = source.length.unwrap_or(0);
        self.count(|totals| {
            totals.selected += 1;
            totals.selected_bytes += bytes;
        });
        let renamed = match self.plan.renamed(&name) {
            Ok(renamed) => renamed,
            Err(error) => return self.settle(&name, bytes, Settled::Unreadable(error.into())),
        };
        let way = self.plan.way(name.clone(), renamed);
        if self.blind {
            let passage = Passage::unseen(way, &self.options, self.seed.split());
            return self.enter(passage, now);
        }
        let from = CopySource::Blob(way.source.clone());
        let verdict = verdict::decide(
            &source,
            destination.as_ref(),
            self.options.overwrite,
            |echoed| origin::is_same(&from, echoed),
        );
        if self.options.dry_run {
            return self.settle(&name, bytes, Settled::Planned(verdict));
        }
        match verdict {
            Verdict::Skip(reason) if self.options.lease_source.is_some() && source.is_leased => {
                let seed = self.seed.split();
                let passage = Passage::returning(way, source, reason, &self.options, seed);
                self.enter(passage, now);
            }
            Verdict::Skip(reason) => self.settle(&name, bytes, Settled::Skipped(reason)),
            Verdict::Refuse(reason) => self.settle(&name, bytes, Settled::Refused(reason)),
            Verdict::Copy(_) => {
                let seed = self.seed.split();
                let passage = Passage::seen(way, source, destination, &self.options, seed);
                self.enter(passage, now);
            }
            Verdict::Adopt(copy_id) => {
                let seed = self.seed.split();
                let passage = Passage::pending(way, source, copy_id.clone(), &self.options, seed);
                self.enter(passage, now);
                self.news.push_back(FleetEvent::Adopted { name, copy_id });
            }
        }
    }

    fn enter(&mut self, passage: Passage, now: Timestamp) {
        self.serial += 1;
        let key = Key::Passage(self.serial);
        self.active
            .insert(passage.way().destination.name.clone(), key);
        self.nest.insert(key, Member::Passage(Box::new(passage)));
        self.watch.wake(now);
        self.changed = true;
    }
}
