//! Delete Container.

use blobferry_core::ErrorCode;

use crate::answer::Answer;
use crate::conditions::Side;
use crate::failure::Failure;
use crate::immutability;
use crate::lease::Use;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn delete_container(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let name = ask.container_name();
    if target::container(state, ask).is_err() {
        if state.was_just_deleted(&ask.account, name, ask.now) {
            return Ok(Answer::accepted());
        }
        if state.is_being_deleted(&ask.account, name, ask.now) {
            return Err(Failure::new(ErrorCode::CONTAINER_BEING_DELETED));
        }
    }
    let container = target::container(state, ask)?;
    target::admit_container(container, ask, Some(Side::Write), Some(Use::Write))?;
    container
        .entries_from("")
        .try_for_each(|(_, entry)| immutability::admit_delete_all(entry, ask.now))?;
    state.remove_container(&ask.account, ask.container_name(), ask.now)?;
    if !state.copies.is_empty() {
        state.drop_orphans();
        state.check_all_readers(ask.now);
    }
    Ok(Answer::accepted())
}
