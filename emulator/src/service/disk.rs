//! What is done while the disk takes nothing, or nothing more.

use blobferry_core::ErrorCode;

use super::Service;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::Ask;
use crate::store::{About, Condition};

/// Bodies of so many bytes get a file of their own.
const LONG: usize = 4 << 20;

/// What an operation asks of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toll {
    /// Nothing.
    Reads,
    /// A few bytes, after which there may be more room than before.
    Frees,
    /// Room.
    Takes,
}

const fn toll(kind: Kind) -> Toll {
    match kind {
        Kind::ListContainers
        | Kind::GetServiceProperties
        | Kind::GetServiceStats
        | Kind::GetUserDelegationKey
        | Kind::GetAccountInformation
        | Kind::GetAccountInformationOfContainer
        | Kind::GetAccountInformationOfBlob
        | Kind::FindBlobsByTags
        | Kind::FindBlobsByTagsInContainer
        | Kind::GetContainerProperties
        | Kind::GetContainerMetadata
        | Kind::GetContainerAcl
        | Kind::ListBlobs
        | Kind::GetBlob
        | Kind::GetBlobProperties
        | Kind::GetBlobMetadata
        | Kind::GetBlockList
        | Kind::GetPageRanges
        | Kind::GetBlobTags
        | Kind::QueryBlob => Toll::Reads,
        // Leases, policies and settings may stand in the way of deletes; of a batch, each request is
        // looked at by itself.
        Kind::DeleteContainer
        | Kind::DeleteBlob
        | Kind::AbortCopyBlob
        | Kind::LeaseContainer
        | Kind::LeaseBlob
        | Kind::DeleteImmutabilityPolicy
        | Kind::SetLegalHold
        | Kind::SetServiceProperties
        | Kind::Batch
        | Kind::BatchInContainer => Toll::Frees,
        Kind::CreateContainer
        | Kind::SetContainerMetadata
        | Kind::SetContainerAcl
        | Kind::RestoreContainer
        | Kind::RenameContainer
        | Kind::SetBlobMetadata
        | Kind::SetBlobProperties
        | Kind::SetBlobExpiry
        | Kind::CopyBlob
        | Kind::CopyBlobFromUrl
        | Kind::PutBlobFromUrl
        | Kind::PutBlob
        | Kind::UndeleteBlob
        | Kind::SnapshotBlob
        | Kind::IncrementalCopyBlob
        | Kind::PutBlock
        | Kind::PutBlockFromUrl
        | Kind::PutBlockList
        | Kind::PutPage
        | Kind::PutPageFromUrl
        | Kind::AppendBlock
        | Kind::AppendBlockFromUrl
        | Kind::SealAppendBlob
        | Kind::SetBlobTier
        | Kind::SetImmutabilityPolicy
        | Kind::SetBlobTags => Toll::Takes,
    }
}

impl Service {
    /// Refuses what the disk would not take, before anything is changed.
    ///
    /// # Errors
    /// 503 `ServerBusy`.
    pub(super) fn check_disk(&self, ask: &Ask) -> Result<(), Failure> {
        let Some(ledger) = &self.ledger else {
            return Ok(());
        };
        let is_refused = match ledger.condition() {
            Condition::Fine => false,
            Condition::Full => toll(ask.kind) == Toll::Takes,
            Condition::Failing => toll(ask.kind) != Toll::Reads,
        };
        if is_refused {
            return Err(Failure::new(ErrorCode::SERVER_BUSY));
        }
        Ok(())
    }

    /// What a request that only reads is about, if its answer may have to wait for the disk.
    pub(super) fn about(&self, ask: &Ask) -> Option<About> {
        (self.ledger.is_some() && toll(ask.kind) == Toll::Reads).then(|| About {
            account: ask.account.clone(),
            container: ask.container.clone(),
            blob: ask.blob.clone(),
        })
    }

    /// Whether bodies of so many bytes are written to a file before anything else is done.
    #[cfg(feature = "server")]
    pub(crate) fn files_bodies_of(&self, length: usize) -> bool {
        self.ledger.is_some() && length >= LONG
    }

    /// Writes a long body to its file before anybody is kept waiting for the state.
    pub(super) fn file_body(&self, ask: &mut Ask) -> Result<(), Failure> {
        let is_long = ask.body.len() >= LONG;
        let is_content = matches!(ask.kind, Kind::PutBlob | Kind::PutBlock | Kind::AppendBlock);
        if is_long
            && is_content
            && let Some(ledger) = &self.ledger
        {
            // Nothing has been changed: who asks again loses nothing.
            let filed = ledger.file(&ask.body);
            ask.filed = Some(filed.map_err(|_| Failure::new(ErrorCode::SERVER_BUSY))?);
        }
        Ok(())
    }
}
