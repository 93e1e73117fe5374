//! Get Blob Metadata and Set Blob Metadata.

use crate::answer::Answer;
use crate::failure::Failure;
use crate::metadata::Metadata;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn get(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let blob = target::readable(state, ask)?;
    let mut answer = Answer::ok().modified(&blob.etag.etag(), blob.modified);
    blob.metadata.write_to(&mut answer);
    Ok(answer)
}

pub(crate) fn set(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let metadata = Metadata::of(&ask.headers, &ask.spelling)?;
    let stamp = state.stamp(ask.now);
    let blob = target::renewed(state, ask, stamp)?;
    blob.metadata = metadata;
    target::changed(blob, ask, stamp);
    let answer = Answer::ok().modified(&stamp.tick.etag(), stamp.now);
    Ok(target::encrypted(answer, ask, blob.encryption.as_deref()))
}
