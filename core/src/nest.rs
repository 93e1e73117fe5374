//! Many machines behind one: ids translated, deadlines merged, turns taken in the order of keys.

#![warn(clippy::wildcard_enum_match_arm)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::error::TransportError;
use crate::machine::{Input, Machine, Pause, Step};
use crate::message::{ExchangeId, Request, Response};
use crate::time::Timestamp;

/// Members under ordered keys. A key is never used twice, so that a stale answer finds nobody.
///
/// The nest carries and counts; its owner drains it and decides what a member's event means.
#[derive(Debug)]
pub(crate) struct Nest<K, M> {
    members: BTreeMap<K, Member<M>>,
    ready: BTreeSet<K>,
    due: BTreeSet<(Timestamp, K)>,
    routes: BTreeMap<ExchangeId, (K, ExchangeId)>,
    next: u64,
}

#[derive(Debug)]
struct Member<M> {
    machine: M,
    until: Option<Timestamp>,
}

/// What the nest brings to its owner.
pub(crate) enum Nested<K, M: Machine> {
    Send(K, ExchangeId, Request),
    Emit(K, M::Event),
    /// It is over; the machine is no longer a member.
    Done(K, Option<M>, M::Outcome),
    /// Every member rests; there may be none.
    Wait(Pause),
}

impl<K: Ord + Copy, M: Machine> Nest<K, M> {
    pub(crate) fn new() -> Self {
        Self {
            members: BTreeMap::new(),
            ready: BTreeSet::new(),
            due: BTreeSet::new(),
            routes: BTreeMap::new(),
            next: 0,
        }
    }

    pub(crate) fn insert(&mut self, key: K, machine: M) {
        let until = None;
        self.members.insert(key, Member { machine, until });
        self.ready.insert(key);
    }

    /// A member, to read from.
    pub(crate) fn get(&self, key: K) -> Option<&M> {
        self.members.get(&key).map(|member| &member.machine)
    }

    /// A member, to change in a way that gives it nothing new to say.
    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut M> {
        self.members.get_mut(&key).map(|member| &mut member.machine)
    }

    /// A member, to change: it is polled next time round.
    pub(crate) fn touch(&mut self, key: K) -> Option<&mut M> {
        let member = self.members.get_mut(&key)?;
        self.ready.insert(key);
        Some(&mut member.machine)
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &M)> {
        self.members
            .iter()
            .map(|(key, member)| (*key, &member.machine))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(crate) fn poll(&mut self, now: Timestamp) -> Nested<K, M> {
        self.wake(now);
        loop {
            let Some(key) = self.ready.first().copied() else {
                return Nested::Wait(Pause {
                    until: self.due.first().map(|(at, _)| *at),
                    why: "its members",
                });
            };
            let Some(member) = self.members.get_mut(&key) else {
                self.ready.remove(&key);
                continue;
            };
            match member.machine.poll(now) {
                Step::Send(inner, request) => {
                    self.next += 1;
                    let outer = ExchangeId(self.next);
                    self.routes.insert(outer, (key, inner));
                    return Nested::Send(key, outer, request);
                }
                Step::Emit(event) => return Nested::Emit(key, event),
                Step::Done(outcome) => {
                    let machine = self.remove(key);
                    return Nested::Done(key, machine, outcome);
                }
                Step::Wait(pause) => {
                    self.ready.remove(&key);
                    // A member that waits for a moment that has come would be asked for ever.
                    let until = pause
                        .until
                        .map(|until| until.max(now + Duration::from_millis(1)));
                    if member.until != until {
                        if let Some(until) = std::mem::replace(&mut member.until, until) {
                            self.due.remove(&(until, key));
                        }
                        if let Some(until) = until {
                            self.due.insert((until, key));
                        }
                    }
                }
            }
        }
    }

    /// Hands an answer to whom it belongs; a stale or unknown id is nobody's.
    pub(crate) fn reply(&mut self, id: ExchangeId, reply: Result<Response, TransportError>) {
        if let Some((key, inner)) = self.routes.remove(&id)
            && let Some(machine) = self.touch(key)
        {
            machine.handle(Input::Reply(inner, reply));
        }
    }

    /// Cancels every member.
    pub(crate) fn cancel(&mut self) {
        for (key, member) in &mut self.members {
            member.machine.handle(Input::Cancel);
            self.ready.insert(*key);
        }
    }

    fn wake(&mut self, now: Timestamp) {
        while let Some((at, key)) = self.due.first().copied() {
            if at > now {
                return;
            }
            self.due.remove(&(at, key));
            if let Some(member) = self.members.get_mut(&key) {
                member.until = None;
                self.ready.insert(key);
            }
        }
    }

    /// Drops a member; an answer to it that is still under way finds nobody.
    pub(crate) fn remove(&mut self, key: K) -> Option<M> {
        self.ready.remove(&key);
        let member = self.members.remove(&key)?;
        if let Some(until) = member.until {
            self.due.remove(&(until, key));
        }
        Some(member.machine)
    }
}
