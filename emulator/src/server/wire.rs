//! A connection's bytes, under the clock: a head that does not come and an answer that is not read
//! end it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Limits;
use super::heads::Heads;

/// Counts requests that have come whole and answers that have gone; odd while one is answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns(Arc<AtomicUsize>);

impl Turns {
    /// A request has come whole, or its answer has gone.
    pub(super) fn next(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream that gives up on a client that is too slow.
#[derive(Debug)]
pub(super) struct Wire<T> {
    inner: T,
    turns: Turns,
    turn: usize,
    heads: Heads,
    head: Alarm,
    unread: Alarm,
}

impl<T> Wire<T> {
    pub(super) fn new(inner: T, turns: Turns, heads: Heads, limits: Limits) -> Self {
        Self {
            inner,
            turn: turns.now(),
            turns,
            heads,
            head: Alarm::new(limits.headers),
            unread: Alarm::new(limits.pause),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Wire<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buf);
        let turn = this.turns.now();
        if turn != this.turn {
            this.turn = turn;
            this.head.stop();
        }
        if turn % 2 == 1 {
            return read;
        }
        if let Some(came) = buf.filled().get(before..)
            && !came.is_empty()
        {
            this.heads.come(came);
        }
        match read {
            // More of a head gains no time.
            Poll::Ready(Ok(())) if buf.filled().len() > before && !this.head.is_set() => {
                this.head.start();
                Poll::Ready(Ok(()))
            }
            Poll::Ready(read) if !this.head.is_over() => Poll::Ready(read),
            Poll::Pending if !this.head.is_set() => Poll::Pending,
            _ => {
                ready!(this.head.poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> Wire<T> {
    /// Passes on what a write came to, unless nothing was taken for too long.
    fn watched<R>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if written.is_ready() {
            self.unread.stop();
            return written;
        }
        if !self.unread.is_set() {
            self.unread.start();
        }
        ready!(self.unread.poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let spelled = self.heads.spelled(buf);
        let bytes = spelled.as_deref().unwrap_or(buf);
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.watched(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.watched(cx, shut)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let spelled = bufs.first().and_then(|buf| self.heads.spelled(buf));
        let written = match spelled {
            Some(head) => Pin::new(&mut self.inner).poll_write(cx, &head),
            None => Pin::new(&mut self.inner).poll_write_vectored(cx, bufs),
        };
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

/// Rings once, so long after it was set. Costs nothing until somebody waits for it.
#[derive(Debug)]
struct Alarm {
    after: Duration,
    due: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Alarm {
    const fn new(after: Duration) -> Self {
        Self {
            after,
            due: None,
            sleep: None,
        }
    }

    const fn is_set(&self) -> bool {
        self.due.is_some()
    }

    fn is_over(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    fn start(&mut self) {
        self.due = Some(Instant::now() + self.after);
    }

    fn stop(&mut self) {
        self.due = None;
    }

    /// Ready when it rings; an alarm that is not set never does.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(due) = self.due else {
            return Poll::Pending;
        };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if sleep.deadline() != due {
            sleep.as_mut().reset(due);
        }
        sleep.as_mut().poll(cx)
    }
}
