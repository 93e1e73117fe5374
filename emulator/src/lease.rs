//! Leases: what each action does in each state, and who may use what is leased.

mod table;
mod usage;

#[cfg(test)]
mod tests;

pub(crate) use usage::{Objection, Use};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::words::LeaseState;
use blobferry_core::{ErrorCode, Timestamp};

use table::{Asked, Cell};

/// A lease on a blob or container, or none. Source: "Lease Blob", "Lease Container".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lease(Option<Box<Held>>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    id: String,
    /// Absent for a lease that never ends by itself.
    term: Option<Duration>,
    #[serde(with = "crate::record")]
    since: Timestamp,
    /// When a break takes effect.
    #[serde(with = "crate::record", default)]
    breaks: Option<Timestamp>,
}

/// What is asked of a lease. Ids are UUIDs in their usual spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Acquire {
        proposed: Option<String>,
        /// Absent for infinite.
        term: Option<Duration>,
    },
    Renew {
        id: String,
    },
    Change {
        id: String,
        proposed: String,
    },
    Release {
        id: String,
    },
    Break {
        period: Option<Duration>,
    },
}

/// What the answer tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// The id that holds the lease now.
    Id(String),
    /// How long until it is broken.
    Remaining(Duration),
    Nothing,
}

impl Lease {
    /// The lease that the service itself takes on a container it deletes, as recorded listings of
    /// deleted containers show: half a minute, then expired.
    pub(crate) fn of_deletion(now: Timestamp) -> Self {
        Self(Some(Box::new(Held {
            id: String::new(),
            term: Some(Duration::from_secs(30)),
            since: now,
            breaks: None,
        })))
    }

    /// Where it stands.
    pub(crate) fn state(&self, now: Timestamp) -> LeaseState {
        let Some(held) = &self.0 else {
            return LeaseState::Available;
        };
        match (held.breaks, held.term) {
            (Some(breaks), _) if now >= breaks => LeaseState::Broken,
            (Some(_), _) => LeaseState::Breaking,
            (None, Some(term)) if now >= held.since + term => LeaseState::Expired,
            (None, _) => LeaseState::Leased,
        }
    }

    /// Whether it keeps others out.
    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        matches!(self.state(now), LeaseState::Leased | LeaseState::Breaking)
    }

    /// Whether it never ends by itself.
    pub(crate) fn is_infinite(&self) -> bool {
        self.0.as_ref().is_some_and(|held| held.term.is_none())
    }

    /// Ends it and forgets its id, as a write does to a lease that is broken or expired.
    pub(crate) fn forget(&mut self) {
        self.0 = None;
    }

    /// Does what is asked, by the table. `fresh` is the id for a lease taken without a proposal.
    ///
    /// # Errors
    /// 409 with the code of the table's cell; the lease is then as it was.
    pub(crate) fn act(
        &mut self,
        action: &Action,
        fresh: impl FnOnce() -> String,
        now: Timestamp,
    ) -> Result<Told, ErrorCode> {
        let asked = self.classify(action);
        match table::cell(asked, &self.state(now)) {
            Cell::Refuse(code) => Err(code.clone()),
            Cell::Take => Ok(self.take(action, fresh, now)),
            Cell::Renew => Ok(self.renewed(now)),
            Cell::Change => Ok(self.changed(action)),
            Cell::Free => {
                self.0 = None;
                Ok(Told::Nothing)
            }
            Cell::Break => Ok(self.broken(action, now)),
            Cell::BreakNow => Ok(self.broken(
                &Action::Break {
                    period: Some(Duration::ZERO),
                },
                now,
            )),
        }
    }

    fn classify(&self, action: &Action) -> Asked {
        let is_mine = |id: &str| self.0.as_ref().is_some_and(|held| held.id == id);
        match action {
            Action::Acquire { proposed: None, .. } => Asked::Acquire,
            Action::Acquire {
                proposed: Some(id), ..
            } if is_mine(id) => Asked::AcquireSame,
            Action::Acquire { .. } => Asked::AcquireOther,
            Action::Renew { id } if is_mine(id) => Asked::RenewSame,
            Action::Renew { .. } => Asked::RenewOther,
            Action::Change { id, .. } if is_mine(id) => Asked::ChangeSame,
            Action::Change { proposed, .. } if is_mine(proposed) => Asked::ChangeRepeated,
            Action::Change { .. } => Asked::ChangeOther,
            Action::Release { id } if is_mine(id) => Asked::ReleaseSame,
            Action::Release { .. } => Asked::ReleaseOther,
            Action::Break { .. } => Asked::Break,
        }
    }

    fn take(&mut self, action: &Action, fresh: impl FnOnce() -> String, now: Timestamp) -> Told {
        let (id, term) = match action {
            Action::Acquire { proposed, term } => (proposed.clone().unwrap_or_else(fresh), *term),
            _ => (fresh(), None),
        };
        self.0 = Some(Box::new(Held {
            id: id.clone(),
            term,
            since: now,
            breaks: None,
        }));
        Told::Id(id)
    }

    fn renewed(&mut self, now: Timestamp) -> Told {
        self.0.as_mut().map_or(Told::Nothing, |held| {
            held.since = now;
            Told::Id(held.id.clone())
        })
    }

    fn changed(&mut self, action: &Action) -> Told {
        self.0.as_mut().map_or(Told::Nothing, |held| {
            if let Action::Change { proposed, .. } = action {
                held.id.clone_from(proposed);
            }
            Told::Id(held.id.clone())
        })
    }

    fn broken(&mut self, action: &Action, now: Timestamp) -> Told {
        let period = match action {
            Action::Break { period } => *period,
            _ => None,
        };
        self.0.as_mut().map_or(Told::Nothing, |held| {
            let left = match (held.breaks, held.term) {
                (Some(breaks), _) => Some(breaks.since(now)),
                (None, Some(term)) => Some((held.since + term).since(now)),
                (None, None) => None,
            };
            let wait = match (period, left) {
                (Some(period), Some(left)) => period.min(left),
                (Some(period), None) => period,
                (None, left) => left.unwrap_or_default(),
            };
            held.breaks = Some(now + wait);
            Told::Remaining(wait)
        })
    }

    /// Whether a request that names `given`, or no id, may use what is leased; by the table.
    ///
    /// # Errors
    /// What stands against it; the code depends on what is leased.
    pub(crate) fn admit(
        &self,
        way: Use,
        given: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Objection> {
        let is_mine = given.map(|id| self.0.as_ref().is_some_and(|held| held.id == id));
        usage::verdict(way, is_mine, &self.state(now))
    }
}
