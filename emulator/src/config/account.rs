//! What is set up for one account.

use std::collections::BTreeSet;
use std::time::Duration;

use blobferry_core::words::AccessTier;

use super::keys::Keys;
use super::{AccountKind, CopyPace, DataProtection, ImmutableStorage};

/// The settings of one account.
#[derive(Clone)]
pub(super) struct AccountConfig {
    pub(super) keys: Keys,
    pub(super) pace: Option<CopyPace>,
    pub(super) protection: Option<DataProtection>,
    /// Absent where every well-formed name is one.
    pub(super) encryption_scopes: Option<BTreeSet<String>>,
    pub(super) immutable_storage: ImmutableStorage,
    pub(super) kind: AccountKind,
    /// Of blobs that were given none.
    pub(super) access_tier: AccessTier,
    pub(super) container_deletion: Option<Duration>,
    pub(super) last_access_tracking: bool,
}

impl AccountConfig {
    pub(super) fn new(keys: Keys) -> Self {
        Self {
            keys,
            pace: None,
            protection: None,
            encryption_scopes: None,
            immutable_storage: ImmutableStorage::default(),
            kind: AccountKind::default(),
            access_tier: AccessTier::Hot,
            container_deletion: None,
            last_access_tracking: false,
        }
    }
}

impl std::fmt::Debug for AccountConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountConfig")
            .field("pace", &self.pace)
            .field("encryption_scopes", &self.encryption_scopes)
            .field("immutable_storage", &self.immutable_storage)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
