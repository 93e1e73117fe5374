//! What can be changed of an account while it is served.

use std::collections::BTreeSet;
use std::time::Duration;

use blobferry_core::words::AccessTier;

use super::{AccountKind, Config, DataProtection, ImmutableStorage, InvalidConfig};

/// The settings of an account that can be changed while it is served.
///
/// In the service they are set on its management side, but for soft delete of blobs, which Set Blob
/// Service Properties switches as well.
///
/// ```
/// use blobferry_emulator::{AccountKind, Config, DEV_ACCOUNT, Service};
/// let service = Service::new(Config::new());
/// if let Some(mut settings) = service.account_settings(DEV_ACCOUNT) {
///     settings.kind = AccountKind::PremiumBlockBlobs;
///     settings.blob_retention_days = Some(7);
///     service.set_account_settings(DEV_ACCOUNT, settings)?;
/// }
/// # Ok::<(), blobferry_emulator::InvalidConfig>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountSettings {
    /// What kind of account it is. Blobs that are there stay as they are.
    pub kind: AccountKind,
    /// The tier of blobs that were given none: hot, cool or cold.
    pub access_tier: AccessTier,
    /// Whether versions and deleted containers are kept.
    pub protection: DataProtection,
    /// For how many days deleted blobs are kept, 1 to 365; absent where they are gone at once.
    pub blob_retention_days: Option<u32>,
    /// Whether soft-deleted snapshots and versions can be deleted for good.
    pub permanent_delete: bool,
    /// The encryption scopes there are; absent where any well-formed name is one.
    pub encryption_scopes: Option<BTreeSet<String>>,
    /// Whether blobs may have immutability policies and legal holds.
    pub immutable_storage: ImmutableStorage,
    /// How long deleted containers keep their names.
    pub container_deletion: Duration,
    /// Whether it is noted when blobs are read or written.
    pub last_access_tracking: bool,
}

/// The most days that blobs are retained.
const MOST_DAYS: u32 = 365;

impl AccountSettings {
    /// Refuses what the service would not take.
    pub(crate) fn check(&self) -> Result<(), InvalidConfig> {
        if !matches!(
            self.access_tier,
            AccessTier::Hot | AccessTier::Cool | AccessTier::Cold
        ) {
            return Err(InvalidConfig(
                "the tier of an account is Hot, Cool or Cold".to_owned(),
            ));
        }
        let days = [
            self.blob_retention_days,
            self.protection.container_retention_days,
        ];
        if days
            .iter()
            .flatten()
            .any(|days| !(1..=MOST_DAYS).contains(days))
        {
            return Err(InvalidConfig(format!(
                "days of retention are 1 to {MOST_DAYS}"
            )));
        }
        Ok(())
    }
}

impl Config {
    /// The settings of an account, with how it keeps deleted blobs.
    pub(crate) fn settings(
        &self,
        name: &str,
        blob_retention_days: Option<u32>,
        permanent_delete: bool,
    ) -> Option<AccountSettings> {
        let account = self.of(name)?;
        Some(AccountSettings {
            kind: account.kind,
            access_tier: account.access_tier.clone(),
            protection: self.protection_of(name),
            blob_retention_days,
            permanent_delete,
            encryption_scopes: account.encryption_scopes.clone(),
            immutable_storage: account.immutable_storage,
            container_deletion: self.container_deletion_time(name),
            last_access_tracking: account.last_access_tracking,
        })
    }

    /// Takes over settings of an account.
    pub(crate) fn take_settings(&mut self, name: &str, settings: AccountSettings) {
        if let Some(account) = self.of_mut(name) {
            account.kind = settings.kind;
            account.access_tier = settings.access_tier;
            account.protection = Some(settings.protection);
            account.encryption_scopes = settings.encryption_scopes;
            account.immutable_storage = settings.immutable_storage;
            account.container_deletion = Some(settings.container_deletion);
            account.last_access_tracking = settings.last_access_tracking;
        }
    }
}
