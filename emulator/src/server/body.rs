//! Reading a body, within bounds of size, time and room.

use std::error::Error as _;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame, Incoming};
use tokio::time::Instant;

use blobferry_core::ErrorCode;

use super::Limits;
use super::intake::Intake;
use super::room::{FREE, Place};
use crate::hash::{Sums, Wanted};

/// Why a body was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is longer than allowed, or there is no room for it beside the others.
    Unwelcome(ErrorCode),
    /// It broke off, paused too long or was too slow.
    Stalled,
    /// What came are no chunks.
    Malformed,
}

/// The length a body is said to have; absent where it comes in chunks.
pub(super) fn told_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
}

/// Reads a body into memory of its own: a part of the connection's buffer would keep all of that for
/// as long as the blob is there. What is wanted of its checksums is found on the way.
pub(super) async fn collect(
    body: &mut Incoming,
    headers: &HeaderMap,
    limits: Limits,
    place: &mut Place<'_>,
    wanted: Wanted,
) -> Result<(Bytes, Option<Sums>), Refused> {
    if body.is_end_stream() {
        return Ok((Bytes::new(), None));
    }
    let mut pace = Pace::new(limits);
    let mut intake = Intake::new(told_length(headers), wanted);
    let mut length = 0_u64;
    while !body.is_end_stream() {
        let Some(frame) = next(body, || pace.patience(length)).await? else {
            break;
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += u64::try_from(data.len()).unwrap_or(u64::MAX);
        if length > limits.body {
            return Err(Refused::Unwelcome(ErrorCode::REQUEST_BODY_TOO_LARGE));
        }
        if length <= FREE {
            intake.take(&data).await;
            continue;
        }
        let waiting = Instant::now();
        if !place.hold(length).await {
            return Err(Refused::Unwelcome(ErrorCode::SERVER_BUSY));
        }
        intake.take(&data).await;
        pace.excuse(waiting.elapsed());
    }
    Ok(intake.finish().await)
}

/// The next part of a body. Only for one that is not there yet a clock is set.
async fn next(
    body: &mut Incoming,
    patience: impl FnOnce() -> Duration,
) -> Result<Option<Frame<Bytes>>, Refused> {
    let there = poll_fn(|cx| Poll::Ready(Pin::new(&mut *body).poll_frame(cx))).await;
    let frame = match there {
        Poll::Ready(frame) => frame,
        Poll::Pending => tokio::time::timeout(patience(), body.frame())
            .await
            .map_err(|_| Refused::Stalled)?,
    };
    frame.transpose().map_err(|error| {
        if is_malformed(&error) {
            Refused::Malformed
        } else {
            Refused::Stalled
        }
    })
}

/// Whether bytes came that cannot be, rather than none.
fn is_malformed(error: &hyper::Error) -> bool {
    error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>())
        .is_some_and(|error| {
            let kind = error.kind();
            kind == io::ErrorKind::InvalidInput || kind == io::ErrorKind::InvalidData
        })
}

/// How long a body may still take.
struct Pace {
    limits: Limits,
    since: Instant,
}

impl Pace {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            since: Instant::now(),
        }
    }

    /// How long the next bytes may take, when so many have come.
    fn patience(&self, length: u64) -> Duration {
        let pause = self.limits.pause;
        let Some(earned) = length
            .saturating_mul(1_000)
            .checked_div(self.limits.slowest)
        else {
            return pause;
        };
        let due = pause.saturating_add(Duration::from_millis(earned));
        pause.min(due.saturating_sub(self.since.elapsed()))
    }

    /// Time that the client is not to blame for.
    fn excuse(&mut self, waited: Duration) {
        self.since += waited;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_earns_time_by_coming() {
        let limits = Limits {
            pause: Duration::from_secs(10),
            slowest: 100,
            ..Limits::default()
        };
        let mut pace = Pace::new(limits);
        assert_eq!(pace.patience(0), Duration::from_secs(10));
        tokio::time::advance(Duration::from_secs(12)).await;
        assert_eq!(pace.patience(0), Duration::ZERO);
        assert_eq!(pace.patience(300), Duration::from_secs(1));
        assert_eq!(pace.patience(1 << 20), Duration::from_secs(10));
        pace.excuse(Duration::from_secs(5));
        assert_eq!(pace.patience(0), Duration::from_secs(3));
        let unhurried = Limits {
            slowest: 0,
            ..limits
        };
        let pace = Pace::new(unhurried);
        tokio::time::advance(Duration::from_secs(900)).await;
        assert_eq!(pace.patience(0), Duration::from_secs(10));
    }
}
