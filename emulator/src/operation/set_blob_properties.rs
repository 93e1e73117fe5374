//! Set Blob Properties.

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;
use blobferry_core::words::{BlobType, SequenceNumberAction};

use crate::answer::Answer;
use crate::blob::{Blob, ContentHeaders, Tier};
use crate::content::Content;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn set_blob_properties(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let headers = ContentHeaders::of(ask)?;
    let length = length(ask)?;
    let stamp = state.stamp(ask.now);
    let blob = target::writable(state, ask)?;
    check_type(ask, &blob.kind())?;
    let sequence = sequence(ask, blob)?;
    if let (Some(length), Some(tier)) = (length, blob.tier.current(ask.now))
        && !Tier::holds(tier, length)
    {
        return Err(Failure::new(
            ErrorCode::CONTENT_LENGTH_LARGER_THAN_TIER_LIMIT,
        ));
    }
    if let (Some(length), Content::Page(pages)) = (length, &mut blob.content) {
        pages.resize(length)?;
    }
    blob.sequence = sequence;
    if ContentHeaders::are_named(ask) {
        *blob.headers = headers;
    } else if length.is_none()
        && !ask
            .headers
            .contains_key(header::X_MS_SEQUENCE_NUMBER_ACTION)
    {
        *blob.headers = ContentHeaders::default();
    }
    target::changed(blob, ask, stamp);
    let answer = Answer::ok().modified(&stamp.tick.etag(), stamp.now);
    Ok(if blob.kind() == BlobType::Page {
        answer.number(header::X_MS_BLOB_SEQUENCE_NUMBER, blob.sequence)
    } else {
        answer
    })
}

/// Only page blobs have a length of their own and a sequence number. The page of the operation names the
/// status, 400, and no code.
fn check_type(ask: &Ask, kind: &BlobType) -> Result<(), Failure> {
    let of_pages = [
        header::X_MS_BLOB_CONTENT_LENGTH,
        header::X_MS_SEQUENCE_NUMBER_ACTION,
        header::X_MS_BLOB_SEQUENCE_NUMBER,
    ];
    let given = of_pages.iter().find(|name| ask.headers.contains_key(*name));
    match given {
        Some(name) if *kind != BlobType::Page => Err(Failure::new(ErrorCode::UNSUPPORTED_HEADER)
            .detail("HeaderName", name.as_str())
            .detail("HeaderValue", ask.header(name).unwrap_or_default())),
        _ => Ok(()),
    }
}

/// `x-ms-blob-content-length`: a page blob's new length.
fn length(ask: &Ask) -> Result<Option<u64>, Failure> {
    let name = header::X_MS_BLOB_CONTENT_LENGTH;
    ask.header(&name)
        .map(|text| {
            text.parse()
                .ok()
                .filter(|length| length % 512 == 0 && *length <= 8 << 40)
                .ok_or_else(|| Failure::invalid_header(&name, text))
        })
        .transpose()
}

fn sequence(ask: &Ask, blob: &Blob) -> Result<u64, Failure> {
    let name = header::X_MS_SEQUENCE_NUMBER_ACTION;
    let Some(text) = ask.header(&name) else {
        // A number without what is to become of it.
        return match ask.header(&header::X_MS_BLOB_SEQUENCE_NUMBER) {
            Some(_) => Err(Failure::missing_header(&name)),
            None => Ok(blob.sequence),
        };
    };
    let given = || {
        let name = header::X_MS_BLOB_SEQUENCE_NUMBER;
        let text = ask
            .header(&name)
            .ok_or_else(|| Failure::missing_header(&name))?;
        text.parse::<u64>()
            .ok()
            .filter(|number| i64::try_from(*number).is_ok())
            .ok_or_else(|| Failure::invalid_header(&name, text))
    };
    match SequenceNumberAction::from(text.to_ascii_lowercase().as_str()) {
        SequenceNumberAction::Max => Ok(blob.sequence.max(given()?)),
        SequenceNumberAction::Update => given(),
        SequenceNumberAction::Increment => {
            if ask.headers.contains_key(header::X_MS_BLOB_SEQUENCE_NUMBER) {
                return Err(Failure::invalid_header(
                    &header::X_MS_BLOB_SEQUENCE_NUMBER,
                    ask.header(&header::X_MS_BLOB_SEQUENCE_NUMBER)
                        .unwrap_or_default(),
                ));
            }
            blob.sequence
                .checked_add(1)
                .filter(|number| i64::try_from(*number).is_ok())
                .ok_or_else(|| Failure::new(ErrorCode::SEQUENCE_NUMBER_INCREMENT_TOO_LARGE))
        }
        SequenceNumberAction::Other(_) => Err(Failure::invalid_header(&name, text)),
    }
}
