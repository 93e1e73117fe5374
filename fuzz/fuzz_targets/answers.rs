//! Answers: whatever the status, headers and body, every operation reads or refuses them, and no
//! refusal shows a signature.
#![no_main]

use blobferry_core::operation::*;
use blobferry_core::words::AccessTier;
use blobferry_core::{
    AccessPolicies, BlockId, CopyId, LeaseId, LeaseTerm, Metadata, PageBlobSize, PageRange, Place,
    Response, Tags, Timestamp,
};
use blobferry_fuzz::{answer, blob, container, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(response) = answer(data) {
        reads(&response);
        writes(&response);
        copies(&response);
        leases(&response);
        containers(&response);
    }
});

fn reads(response: &Response) {
    read(GetBlob::new(blob()), response);
    read(GetBlobMetadata::new(blob()), response);
    read(GetBlobProperties::new(blob()), response);
    read(GetBlobTags::new(blob()), response);
    read(GetBlockList::new(blob()), response);
    read(GetPageRanges::new(blob()), response);
    read(GetAccountInformation::new(Place::Blob(blob())), response);
    let account = blob().account;
    read(GetUserDelegationKey::new(account.clone(), Timestamp::from_millis(2_000_000_000_000)), response);
    read(ListContainers::new(account), response);
    read(ListBlobs::new(container()), response);
}

fn writes(response: &Response) {
    let pages = PageRange::new(0, 512).expect("a range");
    let size = PageBlobSize::new(512).expect("a size");
    read(AppendBlobSeal::new(blob()), response);
    read(AppendBlock::new(blob(), "x"), response);
    read(DeleteBlob::new(blob()), response);
    read(PutBlob::block(blob(), "x"), response);
    read(PutBlob::page(blob(), size), response);
    read(PutBlob::append(blob()), response);
    read(PutBlock::new(blob(), BlockId::numbered(0), "x"), response);
    read(PutBlockList::new(blob(), [BlockRef::Latest(BlockId::numbered(0))]), response);
    read(PutPage::clear(blob(), pages), response);
    read(SetBlobMetadata::new(blob(), Metadata::default()), response);
    read(SetBlobProperties::new(blob()), response);
    read(SetBlobTags::new(blob(), Tags::default()), response);
    read(SetBlobTier::new(blob(), AccessTier::Cool), response);
    read(SnapshotBlob::new(blob()), response);
    read(UndeleteBlob::new(blob()), response);
}

fn copies(response: &Response) {
    let pages = PageRange::new(0, 512).expect("a range");
    let id: CopyId = "1f812371-a41d-49e6-b123-f4b542e851c5".parse().expect("an id");
    read(AbortCopyBlob::new(blob(), id), response);
    read(AppendBlockFromUrl::new(blob(), blob()), response);
    read(CopyBlob::new(blob(), blob()), response);
    read(CopyBlobFromUrl::new(blob(), blob()), response);
    read(IncrementalCopyBlob::new(blob(), blob()), response);
    read(PutBlobFromUrl::new(blob(), blob()), response);
    read(PutBlockFromUrl::new(blob(), BlockId::numbered(0), blob()), response);
    read(PutPageFromUrl::new(blob(), pages, blob()), response);
}

fn leases(response: &Response) {
    let id: LeaseId = "1f812371-a41d-49e6-b123-f4b542e851c5".parse().expect("an id");
    read(AcquireLease::new(blob(), LeaseTerm::Infinite), response);
    read(BreakLease::new(blob()), response);
    read(ChangeLease::new(blob(), id.clone(), id.clone()), response);
    read(ReleaseLease::new(blob(), id.clone()), response);
    read(RenewLease::new(container(), id), response);
}

fn containers(response: &Response) {
    read(CreateContainer::new(container()), response);
    read(DeleteContainer::new(container()), response);
    read(GetContainerAcl::new(container()), response);
    read(GetContainerProperties::new(container()), response);
    read(RestoreContainer::new(container(), "v1".parse().expect("a version")), response);
    read(SetContainerAcl::new(container(), AccessPolicies::default()), response);
    read(SetContainerMetadata::new(container(), Metadata::default()), response);
}
