//! One of two blobs under comparison: looked at once, then read range by range under its ETag.

#![warn(clippy::wildcard_enum_match_arm)]

use bytes::Bytes;

use crate::address::BlobAddress;
use crate::call::{Attempts, Line, Patience, Turn as Asked};
use crate::error::{Error, TransportError};
use crate::machine::Pause;
use crate::message::{ExchangeId, Request, Response};
use crate::operation::{GetBlob, GetBlobProperties};
use crate::properties::BlobProperties;
use crate::range::ByteRange;
use crate::seed::Seed;
use crate::time::Timestamp;

#[derive(Debug)]
pub(super) struct Side {
    blob: BlobAddress,
    line: Line,
    state: State,
    seen: Option<Box<BlobProperties>>,
}

#[derive(Debug)]
enum State {
    Looking(Box<Attempts<GetBlobProperties>>),
    Fetching(Box<Attempts<GetBlob>>),
    Has(Bytes),
    Failed(Error),
}

/// What this side wants, or has.
pub(super) enum Turn {
    Send(ExchangeId, Request),
    Rest(Pause),
    Ready,
    Failed(Error),
}

impl Side {
    pub(super) fn new(blob: BlobAddress, patience: &Patience, seed: Seed) -> Self {
        let look = Attempts::new(GetBlobProperties::new(blob.clone()));
        Self {
            blob,
            line: Line::new(patience.clone(), seed),
            state: State::Looking(Box::new(look)),
            seen: None,
        }
    }

    pub(super) fn seen(&self) -> Option<&BlobProperties> {
        self.seen.as_deref()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match &self.state {
            State::Has(bytes) => bytes,
            State::Looking(_) | State::Fetching(_) | State::Failed(_) => &[],
        }
    }

    /// Reads that many bytes from `offset` on.
    pub(super) fn fetch(&mut self, offset: u64, length: u64) {
        let mut get = GetBlob::new(self.blob.clone());
        get.range = ByteRange::new(offset, length).ok();
        get.conditions.if_match = self.seen().and_then(|seen| seen.etag.clone());
        self.state = State::Fetching(Box::new(Attempts::new(get)));
    }

    pub(super) fn poll(&mut self, now: Timestamp) -> Turn {
        let next = match &mut self.state {
            State::Looking(call) => match call.poll(now, &mut self.line) {
                Asked::Send(id, request) => return Turn::Send(id, request),
                Asked::Wait(pause) => return Turn::Rest(pause),
                Asked::Done(outcome) => outcome.into_result().map(|seen| {
                    self.seen = Some(Box::new(seen));
                    Bytes::new()
                }),
            },
            State::Fetching(call) => match call.poll(now, &mut self.line) {
                Asked::Send(id, request) => return Turn::Send(id, request),
                Asked::Wait(pause) => return Turn::Rest(pause),
                Asked::Done(outcome) => outcome.into_result().map(|got| got.content),
            },
            State::Has(_) => return Turn::Ready,
            State::Failed(error) => return Turn::Failed(error.clone()),
        };
        match next {
            Ok(bytes) => {
                self.state = State::Has(bytes);
                Turn::Ready
            }
            Err(error) => {
                self.state = State::Failed(error.clone());
                Turn::Failed(error)
            }
        }
    }

    pub(super) fn hear(&mut self, id: ExchangeId, reply: Result<Response, TransportError>) {
        match &mut self.state {
            State::Looking(call) => call.hear(id, reply),
            State::Fetching(call) => call.hear(id, reply),
            State::Has(_) | State::Failed(_) => false,
        };
    }
}
