//! When a blob was last read or written, where the account keeps track of it.
//!
//! Sources: "Optimize costs by automatically managing the data lifecycle", section on access time
//! tracking; recorded answers: the first read after a write counts, and its own answer tells the time
//! before it.

use std::time::Duration;

use crate::auth::Holdings as _;
use crate::kind::Kind;
use crate::request::Ask;
use crate::state::State;

use super::target;

/// How long a read is not counted after one that was.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Notes that the content of a blob was read or written.
pub(super) fn note(state: &mut State, ask: &Ask) {
    let reads = match ask.kind {
        Kind::GetBlob => true,
        Kind::PutBlob
        | Kind::PutBlobFromUrl
        | Kind::PutBlockList
        | Kind::PutPage
        | Kind::PutPageFromUrl
        | Kind::AppendBlock
        | Kind::AppendBlockFromUrl
        | Kind::CopyBlob
        | Kind::CopyBlobFromUrl
        | Kind::IncrementalCopyBlob => false,
        _ => return,
    };
    if !state.config().tracks_access(&ask.account) || state.is_failing() {
        return;
    }
    let Ok(named) = target::named(ask) else {
        return;
    };
    let is_counted = target::container(state, ask).is_ok_and(|container| {
        let blob = container
            .entry(ask.blob_name())
            .and_then(|entry| entry.named(named));
        blob.is_some_and(|blob| !reads || !blob.was_read || !blob.accessed_within(A_DAY, ask.now))
    });
    if is_counted
        && let Ok(container) = target::container_mut(state, ask)
        && let Some(entry) = container.entry_mut(ask.blob_name())
        && let Some(blob) = entry.named_mut(named)
    {
        blob.note_access(ask.now, reads);
    }
}
