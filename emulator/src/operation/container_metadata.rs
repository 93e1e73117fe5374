//! Get Container Metadata and Set Container Metadata.

use crate::answer::Answer;
use crate::conditions::Side;
use crate::failure::Failure;
use crate::lease::Use;
use crate::metadata::Metadata;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn get(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let container = target::container(state, ask)?;
    target::admit_container(container, ask, None, Some(Use::Read))?;
    let mut answer = Answer::ok().modified(&container.etag.etag(), container.modified);
    container.metadata.write_to(&mut answer);
    Ok(answer)
}

pub(crate) fn set(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let metadata = Metadata::of(&ask.headers, &ask.spelling)?;
    let stamp = state.stamp(ask.now);
    let container = target::container_mut(state, ask)?;
    target::admit_container(container, ask, Some(Side::Write), Some(Use::Read))?;
    container.metadata = metadata;
    container.touch(stamp);
    Ok(Answer::ok().modified(&stamp.tick.etag(), stamp.now))
}
