//! Get Container Properties.

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::encryption::ACCOUNT_SCOPE;
use crate::failure::Failure;
use crate::lease::Use;
use crate::request::Ask;
use crate::state::State;

use super::blob_properties::describe_lease;
use super::target;

pub(crate) fn container_properties(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let container = target::container(state, ask)?;
    target::admit_container(container, ask, None, Some(Use::Read))?;
    let mut answer = Answer::ok().modified(&container.etag.etag(), container.modified);
    container.metadata.write_to(&mut answer);
    if ask.version >= ServiceVersion::V2012_02_12 {
        describe_lease(&mut answer, &container.lease, ask);
    }
    if ask.version >= ServiceVersion::V2016_05_31
        && let Some(public) = &container.public
    {
        answer.set(header::X_MS_BLOB_PUBLIC_ACCESS, public.as_str());
    }
    if ask.version >= ServiceVersion::V2017_11_09 {
        answer.set(header::X_MS_HAS_IMMUTABILITY_POLICY, "false");
        answer.set(header::X_MS_HAS_LEGAL_HOLD, "false");
    }
    if ask.version >= ServiceVersion::V2019_02_02 {
        let (scope, deny) = match &container.encryption {
            None => (ACCOUNT_SCOPE, false),
            Some(encryption) => (encryption.scope.as_str(), encryption.deny_override),
        };
        answer.set(header::X_MS_DEFAULT_ENCRYPTION_SCOPE, scope);
        let deny = if deny { "true" } else { "false" };
        answer.set(header::X_MS_DENY_ENCRYPTION_SCOPE_OVERRIDE, deny);
    }
    if ask.version >= ServiceVersion::V2020_10_02 {
        let enabled = state.config().immutable_storage(&ask.account).text();
        answer.set(
            header::X_MS_IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED,
            enabled,
        );
    }
    Ok(answer)
}
