//! Restore Container.
//!
//! The name in the URL may be another than the deleted container had; recorded answers agree. What a
//! restored container had goes on but its lease; it has a new `ETag` and `Last-Modified`.

use blobferry_core::wire::header;
use blobferry_core::{ContainerName, ErrorCode};

use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::{State, read_version};

pub(crate) fn restore_container(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    if ask.container_name().parse::<ContainerName>().is_err() {
        return Err(Failure::new(ErrorCode::INVALID_RESOURCE_NAME));
    }
    let given = |name| {
        ask.header(&name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Failure::missing_header(&name))
    };
    let name = given(header::X_MS_DELETED_CONTAINER_NAME)?;
    let version = given(header::X_MS_DELETED_CONTAINER_VERSION)?;
    let id = read_version(version)
        .ok_or_else(|| Failure::invalid_header(&header::X_MS_DELETED_CONTAINER_VERSION, version))?;
    let stamp = state.stamp(ask.now);
    let deleted = (name.to_owned(), id);
    state.restore_container(&ask.account, &deleted, ask.container_name(), stamp)?;
    Ok(Answer::created())
}
