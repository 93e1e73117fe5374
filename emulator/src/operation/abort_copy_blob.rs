//! Abort Copy Blob.

use blobferry_core::ErrorCode;
use blobferry_core::wire::{header, query};

use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn abort_copy_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let name = header::X_MS_COPY_ACTION;
    match ask.header(&name) {
        None => return Err(Failure::missing_header(&name)),
        Some(text) if text.eq_ignore_ascii_case("abort") => {}
        Some(text) => return Err(Failure::invalid_header(&name, text)),
    }
    let given = ask
        .query
        .filled(query::COPY_ID)
        .ok_or_else(|| Failure::missing_query(query::COPY_ID))?;
    let id = target::read_uuid(given).ok_or_else(|| {
        Failure::invalid_query(query::COPY_ID, given, "copyid needs to be valid Guid.")
    })?;
    let blob = target::writable(state, ask)?;
    let pending = match &blob.copy {
        Some(copy) if blob.is_pending() => copy.id.clone(),
        _ => return Err(Failure::new(ErrorCode::NO_PENDING_COPY_OPERATION)),
    };
    if pending != id {
        return Err(Failure::new(ErrorCode::COPY_ID_MISMATCH));
    }
    state.abort(&pending, ask.now);
    Ok(Answer::no_content())
}
