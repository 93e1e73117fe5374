//! The body of an answer until it has gone.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::log::Record;
use super::stream::Stream;
use super::wire::Turns;

/// A body that tells when its answer has gone, or will not go.
#[derive(Debug)]
pub(super) struct Sending {
    stream: Stream,
    turns: Turns,
    record: Option<Record>,
}

impl Sending {
    pub(super) const fn new(stream: Stream, turns: Turns, record: Option<Record>) -> Self {
        Self {
            stream,
            turns,
            record,
        }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = Pin::new(&mut self.stream).poll_frame(cx);
        if let Some(record) = &mut self.record
            && let Poll::Ready(Some(Ok(frame))) = &frame
        {
            record.entry.sent(frame.data_ref().map_or(0, Bytes::len));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.stream.size_hint()
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.turns.next();
        if let Some(record) = &mut self.record
            && self.stream.is_end_stream()
        {
            record.entry.completed();
        }
    }
}
