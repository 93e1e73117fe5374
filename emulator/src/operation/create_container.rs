//! Create Container.

use blobferry_core::wire::header;
use blobferry_core::words::PublicAccess;
use blobferry_core::{ContainerName, ErrorCode};

use crate::answer::Answer;
use crate::container::{Container, Encryption};
use crate::encryption;
use crate::failure::Failure;
use crate::metadata::Metadata;
use crate::request::Ask;
use crate::state::State;

pub(crate) fn create_container(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    if ask.container_name().parse::<ContainerName>().is_err() {
        return Err(Failure::new(ErrorCode::INVALID_RESOURCE_NAME));
    }
    let metadata = Metadata::of(&ask.headers, &ask.spelling)?;
    let public = public_access(ask)?;
    let encryption = ask
        .header(&header::X_MS_DEFAULT_ENCRYPTION_SCOPE)
        .map(|scope| Encryption {
            scope: scope.to_owned(),
            deny_override: ask
                .header(&header::X_MS_DENY_ENCRYPTION_SCOPE_OVERRIDE)
                .is_some_and(|text| text.eq_ignore_ascii_case("true")),
        });
    if let Some(encryption) = &encryption {
        encryption::check_available(state, ask, &encryption.scope)?;
    }
    if state.is_being_deleted(&ask.account, ask.container_name(), ask.now) {
        return Err(Failure::new(ErrorCode::CONTAINER_BEING_DELETED));
    }
    let stamp = state.stamp(ask.now);
    let containers = &mut state.account_mut(&ask.account)?.containers;
    if containers.contains_key(ask.container_name()) {
        return Err(Failure::new(ErrorCode::CONTAINER_ALREADY_EXISTS));
    }
    let mut container = Container::new(stamp);
    container.metadata = metadata;
    container.public = public;
    container.encryption = encryption;
    containers.insert(ask.container_name().to_owned(), container);
    Ok(Answer::created().modified(&stamp.tick.etag(), stamp.now))
}

/// `x-ms-blob-public-access`.
pub(crate) fn public_access(ask: &Ask) -> Result<Option<PublicAccess>, Failure> {
    let name = header::X_MS_BLOB_PUBLIC_ACCESS;
    match ask.header(&name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match PublicAccess::from(text.to_ascii_lowercase().as_str()) {
            PublicAccess::Other(_) => Err(Failure::invalid_header(&name, text)),
            known => Ok(Some(known)),
        },
    }
}
