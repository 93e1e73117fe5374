//! Append Blob Seal.

use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::append_block::check_position;
use super::target;

pub(crate) fn seal_append_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let stamp = state.stamp(ask.now);
    let blob = target::writable(state, ask)?;
    check_position(ask, blob)?;
    // Sealing changes the blob, sealing again does not.
    if !blob.sealed {
        blob.sealed = true;
        target::changed(blob, ask, stamp);
    }
    Ok(Answer::ok()
        .modified(&blob.etag.etag(), blob.modified)
        .constant(header::X_MS_BLOB_SEALED, "true"))
}
