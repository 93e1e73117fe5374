//! What follows from what a fleet's members bring.

#![warn(clippy::wildcard_enum_match_arm)]

use super::listing::Sights;
use super::member::{Key, Member, MemberEvent, MemberOutcome};
use super::passage::{Passage, PassageEvent, Passed};
use super::{Fleet, FleetEvent, Settled, Totals};
use crate::address::ContainerAddress;
use crate::copy::CopyEvent;
use crate::error::{Error, InvalidInput};
use crate::lease::LeaseOutcome;
use crate::lister::Page;
use crate::name::BlobName;
use crate::time::Timestamp;

impl Fleet {
    pub(super) fn heard(&mut self, key: Key, event: MemberEvent, now: Timestamp) {
        self.changed = true;
        match event {
            MemberEvent::Passage(event) => {
                self.recount(key);
                self.passage_event(key, event);
            }
            MemberEvent::Page(page) => match key {
                Key::Source => self.source_page(page),
                Key::Destination => self.destination_page(page),
                Key::Watch(_) | Key::Passage(_) => self.watch_page(key, page, now),
            },
        }
    }

    fn source_page(&mut self, page: Page<Sights>) {
        let page = page.items;
        let listed = u64::try_from(page.blobs.len() + page.strays.len()).unwrap_or(u64::MAX);
        self.count(|totals| {
            totals.listed += listed;
            totals.listed_bytes += page.bytes;
        });
        for (name, error) in page.strays {
            self.cannot_travel(name, error);
        }
        self.merge.source.page(page.blobs);
    }

    fn destination_page(&mut self, page: Page<Sights>) {
        if let Some((first, _)) = &page.items.span {
            self.watch.mark(first, page.marker.as_ref());
        }
        // A name that cannot travel is no name a copy could have been made under.
        self.merge.destination.page(page.items.blobs);
    }

    /// Brings the count of what is done up to date with one blob.
    pub(super) fn recount(&mut self, key: Key) {
        if let Some(passage) = self.nest.get_mut(key).and_then(Member::passage_mut) {
            let (old, new) = passage.told();
            self.done_bytes = self.done_bytes.saturating_sub(old).saturating_add(new);
        }
    }

    fn passage_event(&mut self, key: Key, event: PassageEvent) {
        let Some(passage) = self.nest.get(key).and_then(Member::passage) else {
            return;
        };
        let name = passage.way().source.name.clone();
        let news = match event {
            PassageEvent::Copy(CopyEvent::Started(copy_id)) => {
                FleetEvent::Started { name, copy_id }
            }
            PassageEvent::Copy(CopyEvent::Adopted(copy_id)) => {
                FleetEvent::Adopted { name, copy_id }
            }
            PassageEvent::Copy(CopyEvent::Stalled(progress)) => {
                FleetEvent::Stalled { name, progress }
            }
            PassageEvent::Copy(CopyEvent::Progress(_)) => return,
            PassageEvent::Restarting(outcome) => {
                self.count(|totals| totals.restarted += 1);
                FleetEvent::Restarting { name, outcome }
            }
            PassageEvent::Lease(event) => FleetEvent::Lease { name, event },
            PassageEvent::LeaseLost(outcome) => FleetEvent::LeaseLost { name, outcome },
            PassageEvent::Arrived => {
                self.arrived.insert(key);
                self.window.succeeded();
                return;
            }
            PassageEvent::Queues => {
                self.queue.push_back(key);
                return self.verify_next();
            }
        };
        self.news.push_back(news);
    }

    /// Lets the next ones compare their contents.
    fn verify_next(&mut self) {
        while self.verifying.len() < self.options.verifications.max(1) {
            let Some(key) = self.queue.pop_front() else {
                return;
            };
            if let Some(passage) = self.nest.touch(key).and_then(Member::passage_mut) {
                passage.verify();
                self.verifying.insert(key);
            }
        }
    }

    pub(super) fn ended(
        &mut self,
        key: Key,
        member: Option<&Member>,
        outcome: MemberOutcome,
        now: Timestamp,
    ) {
        self.changed = true;
        match (key, outcome) {
            (Key::Passage(_), MemberOutcome::Passed(passed)) => {
                if let Some(passage) = member.and_then(Member::passage) {
                    self.done_bytes = self.done_bytes.saturating_sub(passage.counted());
                    self.passed(key, passage, passed);
                }
            }
            (Key::Source, MemberOutcome::Listed(result)) => {
                self.merge.source.end();
                self.count(|totals| totals.listed_all = result.is_ok());
                if let Err(error) = result {
                    self.give_up(error, self.plan.source.clone());
                }
            }
            (Key::Destination, MemberOutcome::Listed(result)) => {
                self.merge.destination.end();
                match result {
                    // Without leave to list, each blob is looked at by itself.
                    Err(error) if error.service().is_some_and(|error| error.status == 403) => {
                        self.blind = true;
                        self.watch.end(false);
                    }
                    Err(error) => self.give_up(error, self.plan.destination.clone()),
                    Ok(_) => {}
                }
            }
            (Key::Watch(serial), MemberOutcome::Listed(result)) => {
                let current = self
                    .watch
                    .round()
                    .is_some_and(|round| round.lister == serial);
                if current {
                    self.watch.end(result.is_ok());
                    self.watch.wake(now);
                }
            }
            (Key::Passage(_) | Key::Watch(_) | Key::Source | Key::Destination, _) => {}
        }
    }

    /// A name that exists but cannot be asked for.
    fn cannot_travel(&mut self, name: Box<str>, error: InvalidInput) {
        self.changed = true;
        let keep = self.options.failures_kept;
        if let Some(report) = &mut self.report {
            let settled = Settled::Unreadable(error.clone().into());
            report.settle(&name, 0, &settled, keep);
        }
        self.news
            .push_back(FleetEvent::CannotTravel { name, error });
    }

    fn passed(&mut self, key: Key, passage: &Passage, passed: Passed) {
        let way = passage.way();
        let (name, bytes) = (way.source.name.clone(), passage.bytes());
        let renamed = way.destination.name.clone();
        self.active.remove(&renamed);
        self.arrived.remove(&key);
        if self.verifying.remove(&key) {
            self.verify_next();
        }
        let keep = self.options.failures_kept;
        if let Some(report) = &mut self.report {
            if passed.settled.may_be_pending() {
                report.leave_pending(&renamed, keep);
            }
            if let Some(lease) = passed.lease.filter(LeaseOutcome::may_be_held) {
                report.keep_lease(&name, lease, keep);
            }
        }
        self.settled += 1;
        self.settle(&name, bytes, passed.settled);
    }

    pub(super) fn settle(&mut self, name: &BlobName, bytes: u64, settled: Settled) {
        self.changed = true;
        let keep = self.options.failures_kept;
        if let Some(report) = &mut self.report {
            report.settle(name.as_str(), bytes, &settled, keep);
        }
        self.news.push_back(FleetEvent::Settled {
            name: name.clone(),
            settled: Box::new(settled),
        });
    }

    pub(super) fn count(&mut self, change: impl FnOnce(&mut Totals)) {
        self.changed = true;
        if let Some(report) = &mut self.report {
            change(&mut report.totals);
        }
    }

    /// What there is cannot be listed: nothing more is begun, what is under way goes on.
    fn give_up(&mut self, error: Error, at: ContainerAddress) {
        self.stop_planning();
        if let Some(report) = &mut self.report
            && report.error.is_none()
        {
            report.error = Some(error);
            report.error_at = Some(at);
        }
    }

    fn stop_planning(&mut self) {
        self.planned = true;
        self.nest.remove(Key::Source);
        self.nest.remove(Key::Destination);
    }

    /// Begins nothing more and lets everybody wind down.
    pub(super) fn cancel(&mut self) {
        if std::mem::replace(&mut self.cancelled, true) {
            return;
        }
        self.stop_planning();
        if let Some(round) = self.watch.round() {
            let key = Key::Watch(round.lister);
            self.nest.remove(key);
            self.watch.end(true);
        }
        if let Some(report) = &mut self.report {
            report.cancelled = true;
        }
        self.nest.cancel();
    }
}
