//! Set Blob Tier.

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;
use blobferry_core::words::{AccessTier, RehydratePriority};

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::blob::TierSet;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::{new_blob, target};

pub(crate) fn set_blob_tier(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    if !ask.headers.contains_key(header::X_MS_ACCESS_TIER) {
        return Err(Failure::missing_header(&header::X_MS_ACCESS_TIER));
    }
    let priority = priority(ask)?;
    let times = state.config().rehydration;
    let blob = target::writable(state, ask)?;
    let kind = blob.kind();
    let tier =
        new_blob::tier(ask, &kind)?.ok_or_else(|| Failure::new(ErrorCode::INVALID_BLOB_TIER))?;
    let leaves_archive = blob.tier.is_archived(ask.now) && tier != AccessTier::Archive;
    // Recorded of a snapshot; the Go client's own tests expect a refusal for a previous version too.
    if leaves_archive && (blob.superseded || target::snapshot(ask)?.is_some()) {
        return Err(Failure::new(ErrorCode::BLOB_OPERATION_NOT_SUPPORTED));
    }
    let length = blob.content.len();
    blob.release_ended_lease(ask.now);
    let set = blob.tier.change(tier, priority, length, times, ask.now)?;
    Ok(match set {
        TierSet::Done => Answer::ok(),
        TierSet::Rehydrating => Answer::accepted(),
    })
}

/// `x-ms-rehydrate-priority`.
pub(crate) fn priority(ask: &Ask) -> Result<Option<RehydratePriority>, Failure> {
    let name = header::X_MS_REHYDRATE_PRIORITY;
    ask.header(&name)
        .map(|text| {
            RehydratePriority::ALL
                .iter()
                .find(|word| word.as_str().eq_ignore_ascii_case(text))
                .cloned()
                .ok_or_else(|| Failure::invalid_header(&name, text))
        })
        .transpose()
}
