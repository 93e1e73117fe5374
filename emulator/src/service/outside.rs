//! Sources outside the service: which requests have one, and what is asked of it first.

use std::sync::PoisonError;
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use blobferry_core::wire::header;
use blobferry_core::{ServiceVersion, Timestamp};

use super::Service;
use crate::auth;
use crate::kind::Kind;
use crate::outside::{Feeder, Fetched, Outside, Place, Step, Taken, Unreadable, Want, is_ours};
use crate::read;

/// What a request needs from outside before it can be answered.
#[derive(Debug)]
pub(crate) enum Need {
    /// Nothing.
    Nothing,
    /// An answer to this.
    Answer(Box<Want>),
    /// It has this already.
    Known(Fetched),
}

impl Service {
    /// Notes a port on which the service is reached: sources there are its own.
    pub(crate) fn note_port(&self, port: u16) {
        let mut ports = self.ports.lock().unwrap_or_else(PoisonError::into_inner);
        if !ports.contains(&port) {
            ports.push(port);
        }
    }

    /// The copies from outside for which nobody reads yet; the caller does from now on.
    pub(crate) fn claim_feeds(&self) -> Vec<Feeder> {
        self.lock()
            .claim_feeds()
            .into_iter()
            .map(Feeder::new)
            .collect()
    }

    /// What a feeder does next.
    pub(crate) fn feed_step(&self, feeder: &mut Feeder) -> Step {
        let mut state = self.lock();
        let step = feeder.next(&mut state, self.clock().now());
        // What cannot be written down now is written down with the next change.
        drop(state.remember());
        step
    }

    /// Hands a feeder its answer. How long to wait before the next step; absent where there is none.
    pub(crate) fn feed_answer(&self, feeder: &mut Feeder, fetched: &Fetched) -> Option<Duration> {
        let mut state = self.lock();
        let taken = feeder.take(&mut state, self.clock().now(), fetched);
        drop(state.remember());
        let part = match taken {
            Taken::Over => return None,
            Taken::Done(pause) => return Some(pause),
            Taken::Part(part) => part,
        };
        // Nobody waits for the disk meanwhile.
        drop(state);
        let landed = part.land(
            #[cfg(feature = "durable")]
            self.ledger.as_ref(),
        );
        let mut state = self.lock();
        let pause = feeder.landed(&mut state, self.clock().now(), landed);
        drop(state.remember());
        Some(pause)
    }

    /// What a request needs. Nobody who may not write learns anything of what is outside.
    pub(crate) fn need(&self, now: Timestamp, request: &Request<Bytes>) -> Need {
        let Some(url) = request
            .headers()
            .get(header::X_MS_COPY_SOURCE)
            .and_then(|value| value.to_str().ok())
        else {
            return Need::Nothing;
        };
        // What nearly every source is needs no more thought.
        let host = request.headers().get(header::HOST);
        let authority = url.split('/').nth(2).unwrap_or_default();
        if host.is_some_and(|host| host.as_bytes().eq_ignore_ascii_case(authority.as_bytes())) {
            return Need::Nothing;
        }
        let (parts, ()) = {
            let mut bare = Request::new(());
            *bare.method_mut() = request.method().clone();
            *bare.uri_mut() = request.uri().clone();
            *bare.headers_mut() = request.headers().clone();
            *bare.extensions_mut() = request.extensions().clone();
            bare.into_parts()
        };
        let Ok(mut ask) = read::read(self, now, parts, Bytes::new()).outcome else {
            return Need::Nothing;
        };
        let ports = self
            .ports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let place = Place {
            url,
            endpoint: &ask.endpoint,
            ports: &ports,
        };
        let is_old = ask.kind == Kind::CopyBlob && ask.version < ServiceVersion::V2012_02_12;
        if is_old || is_ours(&self.config, place) {
            return Need::Nothing;
        }
        let Some(want) = Want::of(&ask) else {
            return Need::Nothing;
        };
        if auth::authorize(self, &mut ask).is_err() {
            return Need::Nothing;
        }
        if self.config.outside == Outside::None {
            return Need::Known(Fetched::Unreadable(Unreadable::Refused));
        }
        Need::Answer(Box::new(want))
    }
}
