//! Copy Blob From URL: the synchronous copy.

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;
use blobferry_core::words::{BlobType, SourceTagOption};

use crate::answer::Answer;
use crate::conditions::Side;
use crate::config::Pace;
use crate::copy::{Copied, Run};
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::body::{self, Tell};
use super::new_blob::{self, Given, Kept};
use super::source::{self, Source};
use super::{copy_blob, target};

pub(crate) fn copy_blob_from_url(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    target::container(state, ask)?;
    let source = source::find(state, ask, Side::ReadSource)?;
    if source.blob.kind() != BlobType::Block {
        return Err(Failure::new(ErrorCode::INVALID_SOURCE_BLOB_TYPE));
    }
    let data = source::read(&source, ask)?;
    let mut given = Given::of(ask, &BlobType::Block)?;
    carry_tags(&mut given, &source, ask)?;
    let old = target::replaceable(state, ask)?.map(Kept::of);
    let stamp = state.stamp(ask.now);
    let id = state.fresh_id();
    let run = Run {
        since: ask.now,
        pace: Pace::AT_ONCE,
    };
    let mut copied = Copied::begun(id, source.url, source.blob.content.len(), run);
    copied.end(blobferry_core::words::CopyStatus::Success, None, ask.now);
    let (mut blob, content) = copy_blob::begin(source.blob, given, old, stamp);
    blob.content = content;
    blob.copy = Some(Box::new(copied));
    let blob = new_blob::put(state, ask, blob, stamp)?;
    let answer = target::encrypted(copy_blob::answer(blob), ask, blob.encryption.as_deref());
    Ok(body::tell(answer, ask, &data, Tell::One))
}

/// `x-ms-copy-source-tag-option: COPY` takes the tags of the source.
pub(crate) fn carry_tags(given: &mut Given, source: &Source<'_>, ask: &Ask) -> Result<(), Failure> {
    let name = header::X_MS_COPY_SOURCE_TAG_OPTION;
    let Some(text) = ask.header(&name) else {
        return Ok(());
    };
    match SourceTagOption::from(text.to_ascii_uppercase().as_str()) {
        SourceTagOption::Replace => Ok(()),
        SourceTagOption::Copy if given.tags.is_some() => {
            Err(Failure::new(ErrorCode::INVALID_HEADER_VALUE)
                .status(http::StatusCode::CONFLICT)
                .detail("HeaderName", name.as_str())
                .detail("HeaderValue", text))
        }
        SourceTagOption::Copy if !source.tags_readable => {
            Err(Failure::new(ErrorCode::AUTHORIZATION_PERMISSION_MISMATCH))
        }
        SourceTagOption::Copy => {
            given.tags = source.blob.tags.clone();
            Ok(())
        }
        SourceTagOption::Other(_) => Err(Failure::invalid_header(&name, text)),
    }
}
