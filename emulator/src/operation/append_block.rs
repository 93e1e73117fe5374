//! Append Block and Append Block From URL.

use bytes::Bytes;
use http::HeaderName;

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::blob::Blob;
use crate::conditions::Side;
use crate::content::Content;
use crate::failure::Failure;
use crate::request::Ask;
use crate::rules::size;
use crate::state::State;

use super::body::{self, Tell};
use super::{source, target};

/// The most blocks of an append blob.
const MOST: usize = 50_000;

pub(crate) fn append_block(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    check_etag(ask)?;
    if ask.body.is_empty() {
        return Err(Failure::invalid_header(&header::CONTENT_LENGTH, "0"));
    }
    size::check(ask.kind, ask.version, ask.body.len() as u64)?;
    body::check(ask, &ask.body)?;
    append(state, ask, &ask.body, Tell::One)
}

pub(crate) fn append_block_from_url(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    admitted(state, ask)?;
    let source = source::find(state, ask, Side::RangeSource)?;
    let data = source::read(&source, ask)?;
    append(state, ask, &data, Tell::Md5)
}

fn append(state: &mut State, ask: &Ask, data: &Bytes, told: Tell) -> Result<Answer, Failure> {
    let stamp = state.stamp(ask.now);
    let piece = state.keep(ask, data.clone());
    let blob = admitted(state, ask)?;
    let offset = blob.content.len();
    if limit(ask, &header::X_MS_BLOB_CONDITION_MAXSIZE)?
        .is_some_and(|most| offset + data.len() as u64 > most)
    {
        return Err(Failure::new(ErrorCode::MAX_BLOB_SIZE_CONDITION_NOT_MET));
    }
    let Content::Append(segments) = &mut blob.content else {
        return Err(Failure::new(ErrorCode::INVALID_BLOB_TYPE));
    };
    if segments.count() >= MOST {
        return Err(Failure::new(ErrorCode::BLOCK_COUNT_EXCEEDS_LIMIT));
    }
    segments.append(piece);
    let count = segments.count() as u64;
    target::changed(blob, ask, stamp);
    let answer = Answer::created()
        .modified(&stamp.tick.etag(), stamp.now)
        .number(header::X_MS_BLOB_APPEND_OFFSET, offset)
        .number(header::X_MS_BLOB_COMMITTED_BLOCK_COUNT, count);
    let answer = target::encrypted(answer, ask, blob.encryption.as_deref());
    Ok(body::tell(answer, ask, data, told))
}

fn admitted<'a>(state: &'a mut State, ask: &Ask) -> Result<&'a mut Blob, Failure> {
    let blob = target::writable(state, ask)?;
    check_position(ask, blob)?;
    if blob.sealed {
        return Err(Failure::new(ErrorCode::BLOB_IS_SEALED));
    }
    Ok(blob)
}

/// Append Block reads the `ETag` of `If-Match` as a moment, and knows none before 1601.
fn check_etag(ask: &Ask) -> Result<(), Failure> {
    const YEAR_1601: u64 = 504_911_232_000_000_000;
    let ticks = ask
        .header(&header::IF_MATCH)
        .and_then(|text| text.trim_matches('"').strip_prefix("0x"))
        .and_then(|digits| u64::from_str_radix(digits, 16).ok());
    if ticks.is_some_and(|ticks| ticks < YEAR_1601) {
        return Err(Failure::new(ErrorCode::OUT_OF_RANGE_INPUT));
    }
    Ok(())
}

/// `x-ms-blob-condition-appendpos`.
pub(crate) fn check_position(ask: &Ask, blob: &Blob) -> Result<(), Failure> {
    if limit(ask, &header::X_MS_BLOB_CONDITION_APPENDPOS)?
        .is_some_and(|position| position != blob.content.len())
    {
        return Err(Failure::new(ErrorCode::APPEND_POSITION_CONDITION_NOT_MET));
    }
    Ok(())
}

fn limit(ask: &Ask, name: &HeaderName) -> Result<Option<u64>, Failure> {
    ask.header(name)
        .map(|text| {
            text.parse()
                .map_err(|_| Failure::invalid_header(name, text))
        })
        .transpose()
}
