//! Undelete Blob.

use std::time::Duration;

use blobferry_core::ErrorCode;

use crate::answer::Answer;
use crate::blob::Blob;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::target;

const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) fn undelete_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let days = state.retention(&ask.account).unwrap_or(0);
    let missing = || Failure::new(ErrorCode::BLOB_NOT_FOUND);
    let entry = target::container_mut(state, ask)?
        .entry_mut(ask.blob_name())
        .ok_or_else(missing)?;
    let is_kept = |blob: &Blob| {
        blob.deleted
            .is_some_and(|since| ask.now <= since + DAY * days)
    };
    let mut found = entry.live().is_some_and(|blob| blob.committed);
    if let Some(base) = entry.base_mut().filter(|blob| is_kept(blob)) {
        base.deleted = None;
        found = true;
    }
    for snapshot in entry.snapshots.values_mut().filter(|blob| is_kept(blob)) {
        snapshot.deleted = None;
        found = true;
    }
    if found {
        Ok(Answer::ok())
    } else {
        Err(missing())
    }
}
