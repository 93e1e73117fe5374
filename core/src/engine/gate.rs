//! The gate to the wire: requests wait here unsigned, and the most urgent leaves first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::message::{ExchangeId, Request, Urgency};

/// Waiting requests in order of urgency, and the exchanges that are on the wire.
#[derive(Debug)]
pub(super) struct Gate {
    limit: usize,
    waiting: BTreeMap<Urgency, VecDeque<(ExchangeId, Request)>>,
    flying: BTreeSet<ExchangeId>,
}

impl Gate {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            waiting: BTreeMap::new(),
            flying: BTreeSet::new(),
        }
    }

    /// Puts a request behind those of its own urgency.
    pub(super) fn push(&mut self, id: ExchangeId, request: Request) {
        self.waiting
            .entry(request.parts.urgency)
            .or_default()
            .push_back((id, request));
    }

    /// Puts a request before those of its own urgency, because it has already waited its turn.
    pub(super) fn push_first(&mut self, id: ExchangeId, request: Request) {
        self.waiting
            .entry(request.parts.urgency)
            .or_default()
            .push_front((id, request));
    }

    /// The request that leaves now, if there is room on the wire.
    pub(super) fn pop(&mut self) -> Option<(ExchangeId, Request)> {
        if self.flying.len() >= self.limit {
            return None;
        }
        self.waiting.values_mut().find_map(VecDeque::pop_front)
    }

    /// Notes that the exchange is on the wire.
    pub(super) fn sent(&mut self, id: ExchangeId) {
        self.flying.insert(id);
    }

    /// Notes that the exchange is over; false where it was not on the wire.
    pub(super) fn landed(&mut self, id: ExchangeId) -> bool {
        self.flying.remove(&id)
    }

    /// Takes everything that still waits.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = ExchangeId> {
        std::mem::take(&mut self.waiting)
            .into_values()
            .flatten()
            .map(|(id, _)| id)
    }

    /// Whether an answer can still come.
    pub(super) fn is_busy(&self) -> bool {
        !self.flying.is_empty() || self.waiting.values().any(|queue| !queue.is_empty())
    }
}
