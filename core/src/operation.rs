//! The service's operations: one file each, request and answer side by side.

mod abort_copy_blob;
mod append_blob_seal;
mod append_block;
mod append_block_from_url;
mod copy_blob;
mod copy_blob_from_url;
mod copy_started;
mod create_container;
mod delete_blob;
mod delete_container;
mod from_url;
mod get_account_information;
mod get_blob;
mod get_blob_metadata;
mod get_blob_properties;
mod get_blob_tags;
mod get_block_list;
mod get_container_acl;
mod get_container_properties;
mod get_page_ranges;
mod get_user_delegation_key;
mod incremental_copy_blob;
mod lease;
mod list_blobs;
mod list_containers;
mod put_blob;
mod put_blob_from_url;
mod put_block;
mod put_block_from_url;
mod put_block_list;
mod put_page;
mod put_page_from_url;
mod restore_container;
mod set_blob_metadata;
mod set_blob_properties;
mod set_blob_tags;
mod set_blob_tier;
mod set_container_acl;
mod set_container_metadata;
mod snapshot_blob;
#[cfg(test)]
mod tests;
mod undelete_blob;
mod written;

pub use abort_copy_blob::AbortCopyBlob;
pub use append_blob_seal::{AppendBlobSeal, Sealed};
pub use append_block::AppendBlock;
pub use append_block_from_url::AppendBlockFromUrl;
pub use copy_blob::CopyBlob;
pub use copy_blob_from_url::CopyBlobFromUrl;
pub use copy_started::CopyStarted;
pub use create_container::CreateContainer;
pub use delete_blob::{DeleteBlob, Deleted, TierConditions};
pub use delete_container::DeleteContainer;
pub use from_url::FromUrl;
pub use get_account_information::{AccountInformation, GetAccountInformation};
pub use get_blob::{BlobContent, GetBlob, RangeHash};
pub use get_blob_metadata::GetBlobMetadata;
pub use get_blob_properties::GetBlobProperties;
pub use get_blob_tags::{BlobTags, GetBlobTags};
pub use get_block_list::{Block, BlockList, GetBlockList};
pub use get_container_acl::{ContainerAcl, GetContainerAcl};
pub use get_container_properties::{ContainerProperties, GetContainerProperties};
pub use get_page_ranges::{GetPageRanges, PageRanges, Since};
pub use get_user_delegation_key::{GetUserDelegationKey, UserDelegationKey};
pub use incremental_copy_blob::IncrementalCopyBlob;
pub use lease::{
    AcquireLease, BreakLease, BreakPeriod, ChangeLease, LeaseBroken, LeaseHeld, LeaseReleased,
    LeaseTarget, ReleaseLease, RenewLease,
};
pub use list_blobs::{
    BlobEntries, BlobEntry, BlobItem, BlobPage, Deletion, ListBlobs, MaxResults, PageHead,
};
pub use list_containers::{ContainerItem, ContainerPage, ListContainers};
pub use put_blob::{NewBlob, PlainHeaders, PutBlob};
pub use put_blob_from_url::PutBlobFromUrl;
pub use put_block::PutBlock;
pub use put_block_from_url::PutBlockFromUrl;
pub use put_block_list::{BlockRef, PutBlockList};
pub use put_page::{PageWrite, PutPage};
pub use put_page_from_url::PutPageFromUrl;
pub use restore_container::RestoreContainer;
pub use set_blob_metadata::SetBlobMetadata;
pub use set_blob_properties::{PropertiesSet, SequenceNumberChange, SetBlobProperties};
pub use set_blob_tags::SetBlobTags;
pub use set_blob_tier::{SetBlobTier, TierSet};
pub use set_container_acl::SetContainerAcl;
pub use set_container_metadata::SetContainerMetadata;
pub use snapshot_blob::{SnapshotBlob, Snapshotted};
pub use undelete_blob::UndeleteBlob;
pub use written::{Appended, ContainerWritten, PagesWritten, Stored, Written};

pub(crate) use crate::error::accept;

use std::sync::Arc;

use crate::error::Error;
use crate::message::{Request, Response, Urgency};

/// One thing the service can be asked, and how to read its answer.
pub trait Operation {
    /// What a success says.
    type Output;
    /// The operation's name in the service's reference, for traces.
    const NAME: &'static str;
    /// Whether asking twice is the same as asking once.
    const IDEMPOTENT: bool;
    /// Which of two waiting requests leaves first.
    const URGENCY: Urgency;

    /// The request, complete but for credentials, date and version.
    fn request(&self) -> Request;

    /// Reads the answer.
    ///
    /// # Errors
    /// A refusal is [`Error::Service`]; an answer that breaks the service's own rules is
    /// [`Error::Reply`].
    fn parse(&self, response: &Response) -> Result<Self::Output, Error>;
}

/// An operation that several hold.
impl<O: Operation> Operation for Arc<O> {
    type Output = O::Output;
    const NAME: &'static str = O::NAME;
    const IDEMPOTENT: bool = O::IDEMPOTENT;
    const URGENCY: Urgency = O::URGENCY;

    fn request(&self) -> Request {
        O::request(self)
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        O::parse(self, response)
    }
}
