//! Set and Delete Blob Immutability Policy.

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::immutability::{self, Policy};
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn set(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    immutability::check_enabled(state, ask)?;
    let policy = Policy::of(ask)?
        .ok_or_else(|| Failure::missing_header(&header::X_MS_IMMUTABILITY_POLICY_UNTIL_DATE))?;
    let blob = target::writable(state, ask)?;
    let kept = blob.immutability.get_or_insert_default();
    if let Some(before) = &kept.policy {
        before.admit(&policy)?;
    }
    let mut answer = Answer::ok();
    policy.tell(&mut answer);
    kept.policy = Some(policy);
    Ok(answer)
}

pub(crate) fn delete(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    immutability::check_enabled(state, ask)?;
    let blob = target::writable(state, ask)?;
    if let Some(kept) = &mut blob.immutability {
        if kept.policy.as_ref().is_some_and(Policy::is_locked) {
            return Err(Failure::new(ErrorCode::BLOB_IMMUTABLE_DUE_TO_POLICY));
        }
        kept.policy = None;
        if !kept.hold {
            blob.immutability = None;
        }
    }
    Ok(Answer::ok())
}
