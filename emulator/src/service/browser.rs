//! What browsers are told: answers to their preflights, and headers on all other answers.

use std::sync::atomic::Ordering;

use http::Response;
use http::request::Parts;

use crate::answer::{Answer, Body};
use crate::cors::{self, Crossing};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::read;

use super::{Service, manner};

/// A request that an account's rules may have something to say about.
#[derive(Debug)]
pub(super) struct Browser {
    account: String,
    crossing: Crossing,
}

impl Browser {
    /// Absent where nobody has rules, as on nearly all services: then nothing is looked up.
    pub(super) fn of(service: &Service, parts: &Parts) -> Option<Self> {
        if !service.crosses.load(Ordering::Relaxed) {
            return None;
        }
        Some(Self {
            account: read::account(&service.config, parts).ok()?,
            crossing: Crossing::of(&parts.method, &parts.headers),
        })
    }

    /// Adds the headers to the answer to a request of this kind.
    pub(super) fn tell(&self, service: &Service, kind: Option<Kind>, answer: &mut Response<Body>) {
        let rules = service.lock().cors_rules(&self.account);
        let listing = manner::listing(kind, answer.status().is_success());
        cors::tell(&rules, &self.crossing, listing, answer.headers_mut());
    }
}

/// Answers a preflight.
pub(super) fn preflight(service: &Service, parts: &Parts) -> Result<Answer, Failure> {
    let account = read::account(&service.config, parts)?;
    let rules = service.lock().cors_rules(&account);
    cors::preflight(&rules, &parts.headers)
}

/// Notes whether anybody has rules, once they may have changed.
pub(super) fn note(service: &Service) {
    let any = service.lock().has_cors_rules();
    service.crosses.store(any, Ordering::Relaxed);
}

#[cfg(test)]
mod tests;
