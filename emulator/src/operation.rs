//! Every operation: one handler each, found by what was asked.

mod abort_copy_blob;
mod account_information;
mod account_kind;
mod append_block;
mod blob_metadata;
mod blob_properties;
pub(crate) mod blob_tags;
mod body;
mod container_acl;
mod container_metadata;
mod container_properties;
mod copy_blob;
mod copy_blob_from_url;
mod create_container;
mod delete_blob;
mod delete_container;
mod find_blobs_by_tags;
mod get_blob;
mod get_block_list;
mod get_page_ranges;
mod immutability_policy;
mod incremental_copy_blob;
mod last_access;
mod lease_blob;
mod lease_container;
mod legal_hold;
mod list_blobs;
mod list_containers;
mod new_blob;
mod page;
mod put_blob;
mod put_blob_from_url;
mod put_block;
mod put_block_list;
mod put_page;
mod read_ahead;
mod restore_container;
mod seal_append_blob;
mod service_properties;
mod set_blob_properties;
mod set_blob_tier;
mod snapshot_blob;
pub(crate) mod source;
mod target;
mod undelete_blob;
mod user_delegation_key;
mod version;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use body::prepare;
#[cfg(feature = "server")]
pub(crate) use body::wanted;
pub(crate) use read_ahead::{ReadAhead, long_source};
pub(crate) use target::lease_id;

use blobferry_core::ErrorCode;
use blobferry_core::wire::query;

use crate::answer::Answer;
use crate::encryption::Specified;
use crate::failure::Failure;
use crate::kind::{Kind, Level};
use crate::request::Ask;
use crate::state::State;

/// Does what is asked.
///
/// # Errors
/// The service's refusal; the state is then as it was.
pub(crate) fn dispatch(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    state.settle(ask.now);
    state.forget_overdue(ask.now);
    state.discard_blocks(ask.now);
    if let Some(name) = &ask.blob
        && target::container(state, ask).is_ok_and(|there| there.is_overdue(name, ask.now))
    {
        target::container_mut(state, ask)?.drop_overdue(name, ask.now);
    }
    let answer = handle(state, ask).map(|answer| version::tell(state, ask, answer));
    if answer.is_ok() {
        last_access::note(state, ask);
    }
    if answer.is_ok() && ask.kind.level() == Level::Blob && !state.copies.is_empty() {
        state.check_readers(&target::key(ask), ask.now);
    }
    state.remember()?;
    answer
}

fn handle(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    target::check_name(ask)?;
    target::refuse_revision(ask)?;
    target::check_timeout(ask)?;
    account_kind::admit(state, ask)?;
    Specified::asked(ask)?;
    match ask.kind {
        Kind::ListContainers => list_containers::list_containers(state, ask),
        Kind::GetServiceProperties => service_properties::get(state, ask),
        Kind::SetServiceProperties => service_properties::set(state, ask),
        Kind::GetServiceStats => Ok(service_properties::stats(ask)),
        Kind::GetUserDelegationKey => user_delegation_key::user_delegation_key(state, ask),
        Kind::GetAccountInformation
        | Kind::GetAccountInformationOfContainer
        | Kind::GetAccountInformationOfBlob => {
            Ok(account_information::account_information(state, ask))
        }
        Kind::FindBlobsByTags | Kind::FindBlobsByTagsInContainer => {
            find_blobs_by_tags::find_blobs_by_tags(state, ask)
        }

        Kind::CreateContainer => create_container::create_container(state, ask),
        Kind::GetContainerProperties => container_properties::container_properties(state, ask),
        Kind::GetContainerMetadata => container_metadata::get(state, ask),
        Kind::SetContainerMetadata => container_metadata::set(state, ask),
        Kind::GetContainerAcl => container_acl::get(state, ask),
        Kind::SetContainerAcl => container_acl::set(state, ask),
        Kind::DeleteContainer => delete_container::delete_container(state, ask),
        Kind::RestoreContainer => restore_container::restore_container(state, ask),
        Kind::LeaseContainer => lease_container::lease_container(state, ask),
        Kind::ListBlobs => list_blobs::list_blobs(state, ask),

        Kind::GetBlob => get_blob::get_blob(state, ask),
        Kind::GetBlobProperties => blob_properties::blob_properties(state, ask),
        Kind::GetBlobMetadata => blob_metadata::get(state, ask),
        Kind::SetBlobMetadata => blob_metadata::set(state, ask),
        Kind::SetBlobProperties => set_blob_properties::set_blob_properties(state, ask),
        Kind::CopyBlob => copy_blob::copy_blob(state, ask),
        Kind::CopyBlobFromUrl => copy_blob_from_url::copy_blob_from_url(state, ask),
        Kind::PutBlobFromUrl => put_blob_from_url::put_blob_from_url(state, ask),
        Kind::PutBlob => put_blob::put_blob(state, ask),
        Kind::DeleteBlob => delete_blob::delete_blob(state, ask),
        Kind::UndeleteBlob => undelete_blob::undelete_blob(state, ask),
        Kind::LeaseBlob => lease_blob::lease_blob(state, ask),
        Kind::SnapshotBlob => snapshot_blob::snapshot_blob(state, ask),
        Kind::IncrementalCopyBlob => incremental_copy_blob::incremental_copy_blob(state, ask),
        Kind::AbortCopyBlob => abort_copy_blob::abort_copy_blob(state, ask),
        Kind::PutBlock => put_block::put_block(state, ask),
        Kind::PutBlockFromUrl => put_block::put_block_from_url(state, ask),
        Kind::PutBlockList => put_block_list::put_block_list(state, ask),
        Kind::GetBlockList => get_block_list::get_block_list(state, ask),
        Kind::PutPage => put_page::put_page(state, ask),
        Kind::PutPageFromUrl => put_page::put_page_from_url(state, ask),
        Kind::GetPageRanges => get_page_ranges::get_page_ranges(state, ask),
        Kind::AppendBlock => append_block::append_block(state, ask),
        Kind::AppendBlockFromUrl => append_block::append_block_from_url(state, ask),
        Kind::SealAppendBlob => seal_append_blob::seal_append_blob(state, ask),
        Kind::SetBlobTier => set_blob_tier::set_blob_tier(state, ask),
        Kind::SetImmutabilityPolicy => immutability_policy::set(state, ask),
        Kind::DeleteImmutabilityPolicy => immutability_policy::delete(state, ask),
        Kind::SetLegalHold => legal_hold::set_legal_hold(state, ask),
        Kind::GetBlobTags => blob_tags::get(state, ask),
        Kind::SetBlobTags => blob_tags::set(state, ask),

        // A preview of 2020; the service no longer knows it.
        Kind::RenameContainer => Err(Failure::new(ErrorCode::INVALID_QUERY_PARAMETER_VALUE)
            .detail("QueryParameterName", query::COMP)
            .detail("QueryParameterValue", "rename")),
        // What the blob itself forbids, recorded answers tell first.
        Kind::QueryBlob => target::readable(state, ask)
            .and_then(|_| Err(Failure::new(ErrorCode::BLOB_OPERATION_NOT_SUPPORTED))),
        // Whether there is such a blob is not asked: clients find out by this what an account is.
        Kind::SetBlobExpiry => Err(Failure::new(ErrorCode::HIERARCHICAL_NAMESPACE_NOT_ENABLED)),
        // Batches are taken apart before the state is locked; one inside another is refused there.
        Kind::Batch | Kind::BatchInContainer => {
            Err(Failure::new(ErrorCode::BLOB_OPERATION_NOT_SUPPORTED))
        }
    }
}
