//! Two sorted listings become one list of names with both sides: streamed, so that memory follows
//! the pages and not the container.

use std::collections::VecDeque;

use crate::fleet::plan::FleetPlan;
use crate::fleet::seen::Seen;
use crate::name::BlobName;

/// One listing's blobs that have not been taken yet.
#[derive(Debug, Default)]
pub(super) struct Feed {
    blobs: VecDeque<(BlobName, Seen)>,
    ended: bool,
    /// Whether a page was asked for that has not come.
    asked: bool,
}

/// How many blobs may wait before no further page is asked for.
pub(super) const AHEAD: usize = 1_000;

impl Feed {
    pub(super) fn page(&mut self, blobs: Vec<(BlobName, Seen)>) {
        self.asked = false;
        self.blobs.extend(blobs);
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
        self.asked = false;
    }

    /// Whether another page should be asked for now; says so once for each page.
    pub(super) fn wants_page(&mut self) -> bool {
        let wants = !self.ended && !self.asked && self.blobs.len() < AHEAD;
        self.asked |= wants;
        wants
    }

    fn first(&self) -> Option<&BlobName> {
        self.blobs.front().map(|(name, _)| name)
    }

    fn is_starved(&self) -> bool {
        self.blobs.is_empty() && !self.ended
    }
}

/// A name of the source with what both sides show.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) name: BlobName,
    pub(super) source: Seen,
    pub(super) destination: Option<Seen>,
}

/// What the two listings have to say next.
#[expect(
    clippy::large_enum_variant,
    reason = "made, moved once and taken apart: a box for each blob would cost more"
)]
#[derive(Debug)]
pub(super) enum Merged {
    Next(Pair),
    /// A page has to come first.
    Starved,
    End,
}

/// The two feeds.
#[derive(Debug, Default)]
pub(super) struct Merge {
    pub(super) source: Feed,
    pub(super) destination: Feed,
}

impl Merge {
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.source.blobs.len() + self.destination.blobs.len()
    }

    /// Takes the next name of the source. Both listings are in the service's order, which renaming a
    /// prefix keeps; names that only the destination has are passed over.
    pub(super) fn next(&mut self, plan: &FleetPlan) -> Merged {
        let Some(name) = self.source.first() else {
            return if self.source.ended {
                Merged::End
            } else {
                Merged::Starved
            };
        };
        let old = plan.selection.prefix();
        let kept = name.as_str().strip_prefix(old).unwrap_or(name.as_str());
        loop {
            if self.destination.is_starved() {
                return Merged::Starved;
            }
            let Some(other) = self.destination.first() else {
                break;
            };
            let other = other.as_str();
            let other = other
                .strip_prefix(&*plan.destination_prefix)
                .unwrap_or(other);
            if other >= kept {
                break;
            }
            self.destination.blobs.pop_front();
        }
        let renamed = |(found, _): &(BlobName, _)| {
            found.as_str().strip_prefix(&*plan.destination_prefix) == Some(kept)
        };
        let found = self.destination.blobs.front().is_some_and(renamed);
        let destination = if found {
            self.destination.blobs.pop_front()
        } else {
            None
        };
        match self.source.blobs.pop_front() {
            Some((name, source)) => Merged::Next(Pair {
                name,
                source,
                destination: destination.map(|(_, seen)| seen),
            }),
            None => Merged::End,
        }
    }
}
