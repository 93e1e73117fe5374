//! Lease Container.

use crate::answer::Answer;
use crate::conditions::Side;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::{lease_blob, target};

pub(crate) fn lease_container(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let action = lease_blob::action(ask)?;
    let fresh = state.fresh_id();
    let container = target::container_mut(state, ask)?;
    target::admit_container(container, ask, Some(Side::Write), None)?;
    let told = lease_blob::act(&mut container.lease, &action, fresh, ask.now)?;
    Ok(lease_blob::answer(
        &action,
        &told,
        container.etag,
        container.modified,
    ))
}
