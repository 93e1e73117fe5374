//! Containers: made, asked, changed, deleted.

use blobferry_core::operation::{
    CreateContainer, DeleteContainer, GetContainerAcl, GetContainerProperties, RestoreContainer,
    SetContainerAcl, SetContainerMetadata,
};
use blobferry_core::{AccessPolicies, AccessPolicy, Timestamp};

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "CreateContainer" => create(call),
        "DeleteContainer" => delete(call),
        "GetContainerProperties" => properties(call, false),
        "GetContainerMetadata" => properties(call, true),
        "SetContainerMetadata" => set_metadata(call),
        "GetContainerACL" => get_acl(call),
        "SetContainerACL" => set_acl(call),
        "RestoreContainer" => restore(call),
        _ => return None,
    })
}

const POLICY_FIRST: &[u8] = b"<SignedIdentifier><AccessPolicy>";

fn create(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(CreateContainer {
        metadata: call.metadata()?,
        public_access: call.word("x-ms-blob-public-access"),
        default_encryption_scope: call.option("x-ms-default-encryption-scope")?,
        deny_encryption_scope_override: call.flag("x-ms-deny-encryption-scope-override"),
        ..CreateContainer::new(call.container()?)
    }))
}

fn delete(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(DeleteContainer {
        lease_id: call.lease_id()?,
        conditions: call.container_conditions()?,
        ..DeleteContainer::new(call.container()?)
    }))
}

fn properties(call: &Call<'_>, metadata_only: bool) -> Result<Known, Reason> {
    if call.method() == "HEAD" && !call.is_plainest() {
        return Err("asked by HEAD; ours asks by GET, which is answered alike".to_owned());
    }
    Ok(Known::new(GetContainerProperties {
        lease_id: call.lease_id()?,
        metadata_only,
        ..GetContainerProperties::new(call.container()?)
    }))
}

fn set_metadata(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(SetContainerMetadata {
        lease_id: call.lease_id()?,
        if_modified_since: call.date("if-modified-since")?,
        ..SetContainerMetadata::new(call.container()?, call.metadata()?)
    }))
}

fn get_acl(call: &Call<'_>) -> Result<Known, Reason> {
    if call.method() == "HEAD" {
        return Err("asked by HEAD; ours asks by GET, which says the policies too".to_owned());
    }
    Ok(Known::new(GetContainerAcl {
        lease_id: call.lease_id()?,
        ..GetContainerAcl::new(call.container()?)
    }))
}

fn set_acl(call: &Call<'_>) -> Result<Known, Reason> {
    let mut policies = Vec::new();
    let body = call.body();
    let mut parts = body.windows(POLICY_FIRST.len());
    if !call.is_plainest() && parts.any(|part| part == POLICY_FIRST) {
        return Err("ids behind their policies, which means the same as before them".to_owned());
    }
    // Only an id is never left out.
    for leaf in call.elements()? {
        let said = leaf.path.rsplit('/').next().unwrap_or_default();
        policies = added(policies, said, &leaf.text)?;
    }
    let policies = AccessPolicies::new(policies)
        .map_err(|_| "refused at construction: access policies".to_owned())?;
    Ok(Known::new(SetContainerAcl {
        public_access: call.word("x-ms-blob-public-access"),
        lease_id: call.lease_id()?,
        conditions: call.container_conditions()?,
        ..SetContainerAcl::new(call.container()?, policies)
    }))
}

/// The policies with one more element read.
fn added(
    mut policies: Vec<AccessPolicy>,
    said: &str,
    text: &str,
) -> Result<Vec<AccessPolicy>, Reason> {
    let refused = |_| "refused at construction: access policy".to_owned();
    let date = || Timestamp::parse_iso(text).map_err(refused);
    match (said, policies.last_mut()) {
        ("Id", _) => policies.push(AccessPolicy::new(text, "").map_err(refused)?),
        ("Start", Some(policy)) => policy.start = Some(date()?),
        ("Expiry", Some(policy)) => policy.expiry = Some(date()?),
        ("Permission", Some(policy)) => {
            let (start, expiry) = (policy.start, policy.expiry);
            *policy = AccessPolicy::new(policy.id(), text).map_err(refused)?;
            (policy.start, policy.expiry) = (start, expiry);
        }
        _ => return Err("refused at construction: access policies".to_owned()),
    }
    Ok(policies)
}

fn restore(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(RestoreContainer {
        deleted_name: call.need("x-ms-deleted-container-name", "container")?,
        deleted_version: call.need("x-ms-deleted-container-version", "1")?,
        container: call.container()?,
    }))
}
