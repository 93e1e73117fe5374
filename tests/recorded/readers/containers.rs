//! Containers: made, asked, changed, deleted.

use blobferry_core::AccessPolicies;
use blobferry_core::operation::{
    CreateContainer, DeleteContainer, GetContainerAcl, GetContainerProperties, RestoreContainer,
    SetContainerAcl, SetContainerMetadata,
};

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

/// The policies are in the body, which is not compared.
fn set_acl(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(SetContainerAcl {
        public_access: call.word("x-ms-blob-public-access"),
        lease_id: call.lease_id()?,
        conditions: call.container_conditions()?,
        ..SetContainerAcl::new(call.container()?, AccessPolicies::default())
    }))
}

fn restore(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(RestoreContainer {
        deleted_name: call.need("x-ms-deleted-container-name", "container")?,
        deleted_version: call.need("x-ms-deleted-container-version", "1")?,
        container: call.container()?,
    }))
}
