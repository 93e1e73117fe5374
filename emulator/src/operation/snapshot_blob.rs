//! Snapshot Blob.

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::content::Content;
use crate::failure::Failure;
use crate::metadata::Metadata;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn snapshot_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let metadata = Metadata::of(&ask.headers, &ask.spelling)?;
    let stamp = state.stamp(ask.now);
    // Where the account keeps versions, what goes on after the snapshot is another one.
    let version = state.stamp(ask.now);
    let blob = target::renewed(state, ask, version)?;
    let mut snapshot = blob.clone();
    if let Content::Page(pages) = &mut blob.content {
        pages.end_era();
    }
    snapshot.immutability = None;
    let replaced = !metadata.is_empty();
    if replaced {
        snapshot.metadata = metadata;
        snapshot.etag = stamp.tick;
        snapshot.modified = stamp.now;
    }
    let mut answer = Answer::created()
        .modified(&snapshot.etag.etag(), snapshot.modified)
        .header(header::X_MS_SNAPSHOT, &stamp.tick.name());
    if ask.version >= ServiceVersion::V2018_11_09 {
        let encrypted = if replaced { "true" } else { "false" };
        answer = answer.constant(header::X_MS_REQUEST_SERVER_ENCRYPTED, encrypted);
    }
    if let Some(entry) = target::container_mut(state, ask)?.entry_mut(ask.blob_name()) {
        entry.take_snapshot(stamp.tick, snapshot);
    }
    Ok(answer)
}
