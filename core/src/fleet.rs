//! Many copies at once: a container, a prefix or a list of names, to another container.
//!
//! The destination is the journal: its listing says what was started, how far it is and how it
//! ended, so a run that died is resumed by running it again. Two sorted listings are merged as they
//! stream in, and pending copies are watched by listing them, so memory follows the window of
//! pending copies and never the container.

#![warn(clippy::wildcard_enum_match_arm)]

mod begin;
mod event;
mod filter;
mod follow;
mod lane;
mod lease_id;
mod listing;
mod look;
mod member;
mod merge;
mod options;
mod passage;
mod plan;
mod report;
mod seen;
mod settled;
#[cfg(test)]
mod tests;
mod verdict;
mod watch;
mod window;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

pub use event::FleetEvent;
pub use filter::{Filter, Glob};
pub use options::{FleetOptions, Overwrite};
pub use plan::{FleetPlan, Selection};
pub use report::{Failure, FleetReport, KeptLease, Totals};
pub use settled::Settled;
pub use verdict::{CopyReason, RefuseReason, SkipReason, Verdict};
pub use window::WindowOptions;

use crate::machine::{Input, Machine, Pause, Step};
use crate::name::BlobName;
use crate::nest::{Nest, Nested};
use crate::seed::Seed;
use crate::time::Timestamp;

use member::{Key, Member};
use merge::Merge;
use watch::Watch;
use window::Window;

/// How many passages beyond the window may be under way whose copies have succeeded already.
const ARRIVED_AT_MOST: usize = 4096;

/// A machine that copies many blobs and reports.
///
/// Cancelling stops starting, aborts what is pending (or leaves it, if asked to), gives every lease
/// back, and reports.
///
/// ```
/// use blobferry_core::{Account, Fleet, FleetOptions, FleetPlan, Machine, Seed, Step, Timestamp};
///
/// let lighthouse: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let harbour: Account = "https://harbour.blob.core.windows.net".parse()?;
/// let plan = FleetPlan::container(
///     lighthouse.container("logs".parse()?),
///     harbour.container("logs".parse()?),
/// );
/// let mut fleet = Fleet::new(plan, FleetOptions::default(), Seed::new(1));
/// // It begins by listing both sides.
/// let step = fleet.poll(Timestamp::from_millis(1_900_000_000_000));
/// assert!(matches!(step, Step::Send(_, request) if request.operation() == "List Blobs"));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Fleet {
    plan: FleetPlan,
    options: Arc<FleetOptions>,
    seed: Seed,
    nest: Nest<Key, Member>,
    serial: u64,
    merge: Merge,
    /// Names that are given instead of listed, and not begun yet.
    names: VecDeque<BlobName>,
    /// Whether all work there is has been begun.
    planned: bool,
    /// Whether the destination cannot be listed, so that each blob must be looked at.
    blind: bool,
    /// Who is under way, by name on the destination.
    active: BTreeMap<BlobName, Key>,
    /// Of those: whose copy has succeeded.
    arrived: BTreeSet<Key>,
    queue: VecDeque<Key>,
    verifying: BTreeSet<Key>,
    watch: Watch,
    window: Window,
    /// Whether the service has been busy since the last poll.
    busy: bool,
    /// How many bytes the copies under way have done, as far as they have told.
    done_bytes: u64,
    /// How many have settled since the last look.
    settled: usize,
    report: Option<FleetReport>,
    changed: bool,
    tell_at: Option<Timestamp>,
    news: VecDeque<FleetEvent>,
    cancelled: bool,
    done: bool,
}

impl Fleet {
    /// A fleet that has not begun.
    #[must_use]
    pub fn new(plan: FleetPlan, options: FleetOptions, seed: Seed) -> Self {
        let names = plan.selection.names().unwrap_or_default();
        let names = names.iter().cloned().collect();
        Self {
            plan,
            nest: Nest::new(),
            serial: 0,
            merge: Merge::default(),
            names,
            planned: false,
            blind: false,
            active: BTreeMap::new(),
            arrived: BTreeSet::new(),
            queue: VecDeque::new(),
            verifying: BTreeSet::new(),
            watch: Watch::new(options.pace.clone()),
            window: Window::new(options.window),
            busy: false,
            done_bytes: 0,
            settled: 0,
            report: None,
            changed: false,
            tell_at: None,
            news: VecDeque::new(),
            cancelled: false,
            done: false,
            options: Arc::new(options),
            seed,
        }
    }

    /// The counts as they are now.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let counted = self.report.as_ref().map(|report| report.totals);
        Totals {
            under_way: u64::try_from(self.active.len()).unwrap_or(u64::MAX),
            arrived: u64::try_from(self.arrived.len()).unwrap_or(u64::MAX),
            under_way_bytes: self.done_bytes,
            ..counted.unwrap_or_default()
        }
    }

    /// How many copies may be pending at present.
    #[must_use]
    pub fn window(&self) -> usize {
        self.window.size()
    }

    fn has_room(&self) -> bool {
        let arrived = self.arrived.len();
        self.active.len().saturating_sub(arrived) < self.window.size() && arrived < ARRIVED_AT_MOST
    }

    fn is_over(&self) -> bool {
        self.planned && self.active.is_empty()
    }

    /// Tells the counts, if they have changed and it is time to.
    fn tell(&mut self, now: Timestamp) {
        if self.changed && self.tell_at.is_none_or(|at| at <= now) {
            self.changed = false;
            self.tell_at = Some(now + self.options.tell_every);
            self.news.push_back(FleetEvent::Progress(self.totals()));
        }
    }

    fn rest(&self, pause: Pause) -> Pause {
        let tell = self.tell_at.filter(|_| self.changed);
        let moments = pause.until.into_iter().chain(self.watch.due()).chain(tell);
        Pause {
            until: moments.min(),
            why: "copies",
        }
    }

    fn finish(&mut self, now: Timestamp) -> FleetReport {
        let mut report = self
            .report
            .take()
            .unwrap_or_else(|| FleetReport::begun_at(now));
        report.totals.under_way = 0;
        report.totals.arrived = 0;
        report.totals.under_way_bytes = 0;
        if !self.done {
            self.done = true;
            report.ended = now;
        }
        self.report = Some(report.clone());
        report
    }
}

impl Machine for Fleet {
    type Event = FleetEvent;
    type Outcome = Box<FleetReport>;

    fn poll(&mut self, now: Timestamp) -> Step<FleetEvent, Box<FleetReport>> {
        if self.report.is_none() {
            self.begin(now);
        }
        if std::mem::take(&mut self.busy) {
            self.window.busy(now);
        }
        loop {
            if let Some(event) = self.news.pop_front() {
                return Step::Emit(event);
            }
            if self.done {
                return Step::Done(Box::new(self.finish(now)));
            }
            self.tell(now);
            if self.admit(now) || self.look_around(now) || !self.news.is_empty() {
                continue;
            }
            match self.nest.poll(now) {
                Nested::Send(_, id, request) => {
                    if let Some(report) = &mut self.report {
                        *report.requests.entry(request.operation()).or_default() += 1;
                    }
                    return Step::Send(id, request);
                }
                Nested::Emit(key, event) => self.heard(key, event, now),
                Nested::Done(key, member, outcome) => {
                    self.ended(key, member.as_ref(), outcome, now);
                }
                Nested::Wait(_) if self.is_over() => {
                    self.news.push_back(FleetEvent::Progress(self.totals()));
                    self.finish(now);
                }
                Nested::Wait(pause) => return Step::Wait(self.rest(pause)),
            }
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Reply(id, reply) => {
                self.busy |= reply
                    .as_ref()
                    .is_ok_and(|response| matches!(response.status().as_u16(), 429 | 503));
                self.nest.reply(id, reply);
            }
            Input::Cancel => self.cancel(),
        }
    }
}
