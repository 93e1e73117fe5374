//! Reading a body into one piece, within bounds of size and time.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::Limits;

/// The most that is set aside on the word of `Content-Length` alone.
const TRUSTED: u64 = 64 << 20;

/// Why a body was not read.
#[derive(Debug)]
pub(super) enum Refused {
    /// It is longer than allowed.
    TooLarge,
    /// It broke off or paused too long.
    Stalled,
}

/// Reads a body. One that comes in one piece is not copied.
pub(super) async fn collect(
    mut body: Incoming,
    headers: &HeaderMap,
    limits: Limits,
) -> Result<Bytes, Refused> {
    let told = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|length| length > limits.body) {
        return Err(Refused::TooLarge);
    }
    let mut first: Option<Bytes> = None;
    let mut rest = BytesMut::new();
    let mut length = 0_u64;
    loop {
        let frame = match tokio::time::timeout(limits.pause, body.frame()).await {
            Err(_) | Ok(Some(Err(_))) => return Err(Refused::Stalled),
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += u64::try_from(data.len()).unwrap_or(u64::MAX);
        if length > limits.body {
            return Err(Refused::TooLarge);
        }
        match first.take() {
            None if rest.is_empty() => first = Some(data),
            None => rest.extend_from_slice(&data),
            Some(begun) => {
                let whole = told.unwrap_or(length).clamp(length, TRUSTED.max(length));
                rest.reserve(usize::try_from(whole).unwrap_or(usize::MAX));
                rest.extend_from_slice(&begun);
                rest.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| rest.freeze()))
}
