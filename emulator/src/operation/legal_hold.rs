//! Set Blob Legal Hold.

use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::immutability;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn set_legal_hold(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    immutability::check_enabled(state, ask)?;
    let hold = immutability::hold(ask)?
        .ok_or_else(|| Failure::missing_header(&header::X_MS_LEGAL_HOLD))?;
    let blob = target::writable(state, ask)?;
    let kept = blob.immutability.get_or_insert_default();
    kept.hold = hold;
    if !hold && kept.policy.is_none() {
        blob.immutability = None;
    }
    let text = if hold { "true" } else { "false" };
    Ok(Answer::ok().constant(header::X_MS_LEGAL_HOLD, text))
}
