//! Get Blob, whole or a range.

use http::HeaderName;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::answer::Body;
use crate::content::joined;
use crate::failure::Failure;
use crate::hash;
use crate::range::Range;
use crate::request::Ask;
use crate::state::State;

use super::blob_properties::{describe, describe_tier};
use super::target;

/// The longest range whose checksum is told.
const LONGEST_HASHED: u64 = 4 << 20;

pub(crate) fn get_blob(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let mut range = Range::of(ask);
    let wants_md5 = wants(ask, &header::X_MS_RANGE_GET_CONTENT_MD5)?;
    let wants_crc = wants(ask, &header::X_MS_RANGE_GET_CONTENT_CRC64)?;
    if wants_md5 && wants_crc {
        return Err(Failure::new(
            ErrorCode::BOTH_CRC64_AND_MD5_RANGE_HEADER_PRESENT,
        ));
    }
    let blob = target::readable(state, ask)?;
    let length = blob.content.len();
    // Only from this version on can a range of nothing not be met.
    if length == 0 && ask.version < ServiceVersion::V2013_08_15 {
        range = None;
    }
    let (start, end) = match range {
        None => (0, length),
        Some(range) => range.within(length).map_err(|failure| {
            failure.header(header::CONTENT_RANGE, &format!("bytes */{length}"))
        })?,
    };
    if wants_md5 || wants_crc {
        check_hashed(range, end - start, wants_md5)?;
    }
    let visible = target::visible_pages(state, ask)?;
    let pieces = match &visible {
        Some(pages) => pages.pieces(start, end),
        None => blob.content.pieces(start, end),
    };
    let mut answer = match range {
        None => Answer::ok(),
        Some(_) => Answer::partial().header(
            header::CONTENT_RANGE,
            &format!("bytes {start}-{}/{length}", end - 1),
        ),
    };
    describe(&mut answer, blob, ask);
    if ask.version >= ServiceVersion::V2026_10_06 {
        let inferred = state.inferred_tier(&ask.account, blob);
        describe_tier(&mut answer, blob, inferred, ask.version, ask.now);
    }
    if let Some(md5) = &blob.headers.md5 {
        match range {
            None => answer.set(header::CONTENT_MD5, md5),
            Some(_) if ask.version >= ServiceVersion::V2016_05_31 => {
                answer.set(header::X_MS_BLOB_CONTENT_MD5, md5);
            }
            Some(_) => {}
        }
    }
    if !(wants_md5 || wants_crc) {
        return Ok(answer.body(pieces.into_iter().collect::<Body>()));
    }
    let data = joined(pieces)?;
    if wants_md5 {
        answer.set(header::CONTENT_MD5, &hash::base64(&hash::md5([&data])));
    }
    if wants_crc {
        let crc64 = hash::base64(&hash::crc64([&data]));
        answer.set(header::X_MS_CONTENT_CRC64, &crc64);
    }
    Ok(answer.body(data))
}

fn wants(ask: &Ask, name: &HeaderName) -> Result<bool, Failure> {
    match ask.header(name) {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(text) => Err(Failure::invalid_header(name, text)),
    }
}

fn check_hashed(range: Option<Range>, length: u64, md5: bool) -> Result<(), Failure> {
    let name = if md5 {
        header::X_MS_RANGE_GET_CONTENT_MD5
    } else {
        header::X_MS_RANGE_GET_CONTENT_CRC64
    };
    if range.is_none() {
        return Err(Failure::invalid_header(&name, "true"));
    }
    if length > LONGEST_HASHED {
        return Err(Failure::new(ErrorCode::OUT_OF_RANGE_INPUT));
    }
    Ok(())
}
