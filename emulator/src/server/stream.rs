//! The body of an answer on its way out, in bounded parts, as far and as fast as it shall come.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

use crate::answer::Body;

/// The most that is read ahead of a client.
const MOST: usize = 256 << 10;

/// How often a slow body sends a part.
const BEAT: Duration = Duration::from_millis(100);

/// A body as hyper asks for it.
#[derive(Debug)]
pub(super) struct Stream {
    body: Body,
    flaw: Option<Box<Flaw>>,
}

/// How a fault disturbs it.
#[derive(Debug)]
enum Flaw {
    /// It breaks off after so many bytes.
    Cut { left: u64, is_out: bool },
    /// It pauses after each part.
    Slow {
        /// Bytes of a part.
        part: usize,
        /// Taken from the body and not sent yet.
        rest: Bytes,
        every: Duration,
        pause: Option<Pin<Box<Sleep>>>,
    },
}

impl Stream {
    /// A body that comes as it should.
    pub(super) const fn whole(body: Body) -> Self {
        Self { body, flaw: None }
    }

    /// A body that breaks off after so many bytes.
    pub(super) fn cut(body: Body, after: u64) -> Self {
        let flaw = Flaw::Cut {
            left: after,
            is_out: false,
        };
        Self {
            body,
            flaw: Some(Box::new(flaw)),
        }
    }

    /// A body of so many bytes a second.
    pub(super) fn slow(body: Body, bytes_per_second: u64) -> Self {
        let beats = 1000 / u64::try_from(BEAT.as_millis()).unwrap_or(1);
        let part = (bytes_per_second / beats).clamp(1, MOST as u64);
        let flaw = Flaw::Slow {
            part: usize::try_from(part).unwrap_or(MOST),
            rest: Bytes::new(),
            every: Duration::from_nanos(
                part.saturating_mul(1_000_000_000) / bytes_per_second.max(1),
            ),
            pause: None,
        };
        Self {
            body,
            flaw: Some(Box::new(flaw)),
        }
    }
}

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Self { body, flaw } = &mut *self;
        let taken = match flaw {
            None => body.take(MOST).transpose(),
            Some(flaw) => ready!(flaw.poll(body, context)),
        };
        Poll::Ready(taken.map(|taken| taken.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match self.flaw.as_deref() {
            None | Some(Flaw::Cut { .. }) => self.body.is_empty(),
            Some(Flaw::Slow { rest, .. }) => self.body.is_empty() && rest.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let held = match self.flaw.as_deref() {
            None | Some(Flaw::Cut { .. }) => 0,
            Some(Flaw::Slow { rest, .. }) => rest.len() as u64,
        };
        SizeHint::with_exact(self.body.len() + held)
    }
}

impl Flaw {
    fn poll(
        &mut self,
        body: &mut Body,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Bytes>>> {
        match self {
            Self::Cut { left: 0, is_out } => {
                if !std::mem::replace(is_out, true) {
                    // What was given before goes out while this waits.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
            }
            Self::Cut { left, .. } => Poll::Ready(body.take(MOST).transpose().map(|taken| {
                taken.map(|mut data| {
                    data.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= data.len() as u64;
                    data
                })
            })),
            Self::Slow {
                part,
                rest,
                every,
                pause,
            } => {
                if let Some(waiting) = pause {
                    ready!(waiting.as_mut().poll(context));
                }
                if rest.is_empty() {
                    match body.take(*part) {
                        Ok(Some(taken)) => *rest = taken,
                        Ok(None) => return Poll::Ready(None),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
                *pause = Some(Box::pin(tokio::time::sleep(*every)));
                Poll::Ready(Some(Ok(rest.split_to(rest.len().min(*part)))))
            }
        }
    }
}
