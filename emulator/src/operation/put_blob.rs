//! Put Blob, of all three types.

use blobferry_core::wire::header;
use blobferry_core::words::BlobType;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::blob::{ContentHeaders, Tier};
use crate::content::{Content, Pages, Segments};
use crate::failure::Failure;
use crate::hash;
use crate::request::Ask;
use crate::rules::size;
use crate::state::State;

use super::body::{self, Tell};
use super::new_blob::{self, Given, Kept};
use super::target;

/// The greatest length of a page blob.
const LONGEST_PAGE_BLOB: u64 = 8 << 40;

pub(crate) fn put_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let kind = kind(ask)?;
    let given = Given::of(ask, &kind)?;
    let mut headers = ContentHeaders::of_new(ask)?;
    let sequence = sequence(ask)?;
    let length = match kind {
        BlobType::Page => page_length(ask)?,
        _ => 0,
    };
    if kind == BlobType::Block {
        size::check(ask.kind, ask.version, ask.body.len() as u64)?;
        body::check(ask, &ask.body)?;
        check_stored_md5(&mut headers, ask)?;
    } else if !ask.body.is_empty() {
        return Err(Failure::invalid_header(
            &header::CONTENT_LENGTH,
            &ask.body.len().to_string(),
        ));
    }
    if given
        .tier
        .as_ref()
        .is_some_and(|tier| !Tier::holds(tier, length))
    {
        return Err(Failure::new(
            ErrorCode::BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH,
        ));
    }
    let old = target::replaceable(state, ask)?.map(Kept::of);
    if let Some(old) = &old {
        old.check_kind(&kind)?;
    }
    let stamp = state.stamp(ask.now);
    let content = match kind {
        BlobType::Page => Content::Page(Pages::new(length, stamp.tick.number())),
        BlobType::Append => Content::Append(Segments::default()),
        BlobType::Block | BlobType::Other(_) => {
            Content::Block(Segments::Whole(state.keep(ask, ask.body.clone())))
        }
    };
    let mut blob = new_blob::describe(content, Box::new(headers), given, old, stamp);
    blob.sequence = sequence;
    let blob = new_blob::put(state, ask, blob, stamp)?;
    let answer = new_blob::created(ask, blob);
    Ok(if kind == BlobType::Block {
        body::tell(answer, ask, &ask.body, Tell::Both)
    } else {
        answer
    })
}

fn kind(ask: &Ask) -> Result<BlobType, Failure> {
    let Some(text) = ask.header(&header::X_MS_BLOB_TYPE) else {
        return Err(Failure::missing_header(&header::X_MS_BLOB_TYPE));
    };
    match BlobType::ALL
        .iter()
        .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    {
        Some(BlobType::Append) if ask.version < ServiceVersion::V2015_02_21 => {
            Err(Failure::new(ErrorCode::FEATURE_VERSION_MISMATCH))
        }
        Some(kind) => Ok(kind.clone()),
        None => Err(Failure::invalid_header(&header::X_MS_BLOB_TYPE, text)),
    }
}

/// The MD5 that is stored: the one given, if it fits, or the body's own.
fn check_stored_md5(headers: &mut ContentHeaders, ask: &Ask) -> Result<(), Failure> {
    if headers.md5.is_none() && ask.version < ServiceVersion::V2012_02_12 {
        return Ok(());
    }
    let found = hash::base64(&body::md5(ask, &ask.body));
    match &headers.md5 {
        Some(given) if hash::read::<16>(given).is_none() => {
            Err(Failure::new(ErrorCode::INVALID_MD5))
        }
        Some(given) if **given != *found => Err(Failure::new(ErrorCode::MD5_MISMATCH)
            .detail("UserSpecifiedMd5", given.to_string())
            .detail("ServerCalculatedMd5", found)),
        Some(_) => Ok(()),
        None => {
            headers.md5 = Some(found.into());
            Ok(())
        }
    }
}

fn page_length(ask: &Ask) -> Result<u64, Failure> {
    let name = header::X_MS_BLOB_CONTENT_LENGTH;
    let text = ask
        .header(&name)
        .ok_or_else(|| Failure::missing_header(&name))?;
    text.parse()
        .ok()
        .filter(|length| length % 512 == 0 && *length <= LONGEST_PAGE_BLOB)
        .ok_or_else(|| Failure::invalid_header(&name, text))
}

fn sequence(ask: &Ask) -> Result<u64, Failure> {
    let name = header::X_MS_BLOB_SEQUENCE_NUMBER;
    match ask.header(&name) {
        None => Ok(0),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| i64::try_from(*number).is_ok())
            .ok_or_else(|| Failure::invalid_header(&name, text)),
    }
}
