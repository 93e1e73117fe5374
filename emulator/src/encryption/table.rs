//! Which operations take a key or a scope, and what they are for there.
//!
//! Source: the request headers of each operation's page, and recorded answers where key or scope
//! are left out.

use crate::kind::Kind;

/// What an operation makes of `x-ms-encryption-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Works whatever the blob is kept under.
    Nothing,
    /// Takes neither, and so works on no blob that needs one.
    None,
    /// The key of the blob; blobs under a scope are read without.
    KeyToRead,
    /// Key or scope of the blob.
    ToWrite,
    /// Key or scope, which must fit the blob if they are there.
    Optionally,
    /// Key or scope of the blob that is made.
    ForNew,
    /// The scope of the blob that is made.
    ScopeForNew,
    /// Neither: what is made is kept under the container's default.
    DefaultForNew,
}

impl Takes {
    /// Whether `x-ms-encryption-key` means anything.
    pub(super) fn key(self) -> bool {
        match self {
            Self::KeyToRead | Self::ToWrite | Self::Optionally | Self::ForNew => true,
            Self::Nothing | Self::None | Self::ScopeForNew | Self::DefaultForNew => false,
        }
    }

    /// Whether `x-ms-encryption-scope` means anything.
    pub(super) fn scope(self) -> bool {
        match self {
            Self::ToWrite | Self::Optionally | Self::ForNew | Self::ScopeForNew => true,
            Self::Nothing | Self::None | Self::KeyToRead | Self::DefaultForNew => false,
        }
    }
}

/// The table.
pub(super) fn takes(kind: Kind) -> Takes {
    use Kind::*;
    match kind {
        GetBlob | GetBlobProperties | GetBlobMetadata | QueryBlob => Takes::KeyToRead,
        SetBlobMetadata | SnapshotBlob | PutPage | PutPageFromUrl | AppendBlock
        | AppendBlockFromUrl => Takes::ToWrite,
        SetBlobProperties => Takes::Optionally,
        PutBlob | PutBlobFromUrl | PutBlock | PutBlockFromUrl | PutBlockList => Takes::ForNew,
        CopyBlobFromUrl => Takes::ScopeForNew,
        CopyBlob | IncrementalCopyBlob => Takes::DefaultForNew,
        SetBlobTier => Takes::None,
        GetBlobTags
        | SetBlobTags
        | GetBlockList
        | GetPageRanges
        | DeleteBlob
        | UndeleteBlob
        | LeaseBlob
        | AbortCopyBlob
        | SealAppendBlob
        | SetImmutabilityPolicy
        | DeleteImmutabilityPolicy
        | SetLegalHold
        | SetBlobExpiry
        | ListContainers
        | GetServiceProperties
        | SetServiceProperties
        | GetServiceStats
        | GetUserDelegationKey
        | GetAccountInformation
        | FindBlobsByTags
        | Batch
        | CreateContainer
        | GetContainerProperties
        | GetContainerMetadata
        | SetContainerMetadata
        | GetContainerAcl
        | SetContainerAcl
        | DeleteContainer
        | LeaseContainer
        | RestoreContainer
        | RenameContainer
        | ListBlobs
        | FindBlobsByTagsInContainer
        | BatchInContainer
        | GetAccountInformationOfContainer
        | GetAccountInformationOfBlob => Takes::Nothing,
    }
}

/// Whether the source may be read under a key.
pub(super) fn takes_source_key(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        PutBlobFromUrl | PutBlockFromUrl | PutPageFromUrl | AppendBlockFromUrl
    )
}
