//! A connection's bytes, under the clock: a head that does not come and an answer that is not read
//! end it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Limits;
use super::alarm::Alarm;
use super::heads::Heads;
use super::page::Page;

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
    idle: Alarm,
    head: Alarm,
    unread: Alarm,
    /// Has come, and is to be read before what comes next.
    ahead: Bytes,
    /// A page on its way out instead of what hyper wrote, and how much of it is out.
    page: Option<(Vec<u8>, usize)>,
}

impl<T> Wire<T> {
    pub(super) fn new(inner: T, turns: Turns, heads: Heads, limits: Limits) -> Self {
        Self {
            inner,
            turn: turns.now(),
            turns,
            heads,
            idle: Alarm::new(limits.idle),
            head: Alarm::new(limits.headers),
            unread: Alarm::new(limits.pause),
            ahead: Bytes::new(),
            page: None,
        }
    }

    /// Lets a head with many lines be read from its beginning, of which this was read already.
    pub(super) fn again(mut self, read: &[u8]) -> Self {
        self.ahead = [read, &self.ahead].concat().into();
        self.heads.make_room();
        self
    }
}

impl<T: AsyncRead + Unpin> Wire<T> {
    fn read(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.inner).poll_read(cx, buf);
        }
        let length = self.ahead.len().min(buf.remaining());
        buf.put_slice(self.ahead.get(..length).unwrap_or_default());
        self.ahead.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Wire<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.heads.is_crowded() {
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let read = this.read(cx, buf);
        let turn = this.turns.now();
        if turn != this.turn {
            this.turn = turn;
            this.head.stop();
        }
        let came = buf.filled().get(before..).unwrap_or_default();
        if turn % 2 == 1 {
            this.heads.come_early(came);
            return read;
        }
        let begins = !came.is_empty() && !this.head.is_set();
        if begins {
            this.idle.stop();
            this.head.start();
        }
        if !came.is_empty() && this.heads.come(came).is_err() {
            this.ahead = Bytes::copy_from_slice(came);
            buf.set_filled(before);
            return Poll::Pending;
        }
        match read {
            // More of a head gains no time.
            Poll::Ready(read) if begins || !this.head.is_over() => Poll::Ready(read),
            Poll::Pending if !this.head.is_set() => {
                this.idle.start();
                ready!(this.idle.poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            _ => {
                ready!(this.head.poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> Wire<T> {
    /// Writes a page where hyper wrote a bare refusal of its own, which is taken for written when
    /// the page is; absent for all other bytes.
    fn page(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Option<Poll<io::Result<usize>>> {
        if self.page.is_none() && bytes.starts_with(b"HTTP/1.1 4") {
            self.page = Page::instead_of(bytes).map(|page| (page, 0));
        }
        let (page, out) = self.page.as_mut()?;
        while let Some(rest) = page.get(*out..).filter(|rest| !rest.is_empty()) {
            match Pin::new(&mut self.inner).poll_write(cx, rest) {
                Poll::Ready(Ok(0)) => {
                    return Some(Poll::Ready(Err(io::ErrorKind::WriteZero.into())));
                }
                Poll::Ready(Ok(written)) => *out += written,
                other => return Some(other),
            }
        }
        self.page = None;
        Some(Poll::Ready(Ok(bytes.len())))
    }

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
        self.unread.start();
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
        self.heads.write();
        if let Some(written) = self.page(cx, buf) {
            return self.watched(cx, written);
        }
        let spelled = self.heads.spelled(buf);
        let bytes = spelled.as_deref().unwrap_or(buf);
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        if flushed.is_ready() {
            self.heads.flush();
        }
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
        // A head alone is sent for less as what it is.
        if let [only] = bufs {
            return self.poll_write(cx, only);
        }
        self.heads.write();
        if let Some(first) = bufs.first()
            && let Some(written) = self.page(cx, first)
        {
            return self.watched(cx, written);
        }
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
