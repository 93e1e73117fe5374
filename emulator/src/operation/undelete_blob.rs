//! Undelete Blob: the blob with all its soft-deleted snapshots and versions.
//!
//! Where versions are kept, a deleted blob is a previous version: nothing is soft-deleted of it, and it
//! is brought back by copying that version to it. Undelete then succeeds and changes nothing, for a name
//! under which a version stands. Source: "Soft delete for blobs".

use blobferry_core::ErrorCode;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn undelete_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let missing = || Failure::new(ErrorCode::BLOB_NOT_FOUND);
    let entry = target::container_mut(state, ask)?
        .entry_mut(ask.blob_name())
        .ok_or_else(missing)?;
    let stands = entry.live().is_some_and(|blob| blob.committed) || entry.has_versions();
    if entry.undelete(ask.now) || stands {
        Ok(Answer::ok())
    } else {
        Err(missing())
    }
}
