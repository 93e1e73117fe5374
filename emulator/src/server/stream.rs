//! The body of an answer on its way out, in bounded parts.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use crate::answer::Body;

/// The most that is read ahead of a client.
const MOST: usize = 256 << 10;

/// A body as hyper asks for it.
#[derive(Debug)]
pub(super) struct Stream(pub(super) Body);

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(
            self.0
                .take(MOST)
                .transpose()
                .map(|taken| taken.map(Frame::data)),
        )
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len())
    }
}
