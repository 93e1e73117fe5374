//! Lease Container.

use blobferry_core::ServiceVersion;

use crate::answer::Answer;
use crate::conditions::Side;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::{lease_blob, target};

pub(crate) fn lease_container(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let action = lease_blob::action(ask)?;
    let fresh = state.fresh_id();
    let stamp = state.stamp(ask.now);
    let container = target::container_mut(state, ask)?;
    target::admit_container(container, ask, Some(Side::Write), None)?;
    let told = lease_blob::act(&mut container.lease, &action, fresh, ask.now)
        .map_err(Failure::of_container)?;
    if ask.version < ServiceVersion::V2013_08_15 {
        container.touch(stamp);
    }
    Ok(lease_blob::answer(
        ask,
        &action,
        &told,
        container.etag,
        container.modified,
    ))
}
