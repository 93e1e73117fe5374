//! What accounts have and keep: in the service this is set up on their management side.

use std::time::Duration;

use blobferry_core::words::AccessTier;

use super::account::AccountConfig;
use super::{AccountKind, Config, DataProtection, ImmutableStorage};

/// Settings of accounts. Accounts that are not there are passed over.
impl Config {
    /// What kind of account it is; a general-purpose v2 account unless set.
    ///
    /// ```
    /// use blobferry_emulator::{AccountKind, Config, DEV_ACCOUNT};
    /// let config = Config::new().kind_of(DEV_ACCOUNT, AccountKind::PremiumPageBlobs);
    /// # drop(config);
    /// ```
    #[must_use]
    pub fn kind_of(self, account: &str, kind: AccountKind) -> Self {
        self.with(account, |account| account.kind = kind)
    }

    /// The tier of blobs of an account that were given none: hot, cool or cold; hot unless set.
    /// Kinds of account without tiers pass it over.
    #[must_use]
    pub fn access_tier_of(self, account: &str, tier: AccessTier) -> Self {
        self.with(account, |account| account.access_tier = tier)
    }

    /// Whether an account keeps track of when its blobs were last read or written:
    /// `x-ms-last-access-time`, `LastAccessTime`. It does not unless set.
    #[must_use]
    pub fn last_access_tracking_of(self, account: &str, tracks: bool) -> Self {
        self.with(account, |account| account.last_access_tracking = tracks)
    }

    /// How long a deleted container keeps its name, so that Create Container answers 409
    /// `ContainerBeingDeleted`: half a minute or more in the service. Not at all unless set, so that
    /// tests need not wait.
    #[must_use]
    pub fn container_deletion(mut self, time: Duration) -> Self {
        self.container_deletion = time;
        self
    }

    /// The same for one account.
    #[must_use]
    pub fn container_deletion_of(self, account: &str, time: Duration) -> Self {
        self.with(account, |account| account.container_deletion = Some(time))
    }

    /// The encryption scopes that an account has; without this it has any scope that is named by 3
    /// to 63 letters, digits, hyphens and underscores. Accounts that are not there are passed over.
    #[must_use]
    pub fn encryption_scopes_of<I>(self, account: &str, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.with(account, |account| {
            account.encryption_scopes = Some(scopes.into_iter().map(Into::into).collect());
        })
    }

    /// Whether an account has immutable storage; accounts that are not there are passed over.
    #[must_use]
    pub fn immutable_storage_of(self, account: &str, storage: ImmutableStorage) -> Self {
        self.with(account, |account| account.immutable_storage = storage)
    }

    /// What is kept of what is overwritten or deleted where the account says nothing else.
    #[must_use]
    pub fn data_protection(mut self, protection: DataProtection) -> Self {
        self.protection = protection;
        self
    }

    /// What one account keeps; accounts that are not there are passed over.
    #[must_use]
    pub fn data_protection_of(self, account: &str, protection: DataProtection) -> Self {
        self.with(account, |account| account.protection = Some(protection))
    }

    /// The same, with one account changed.
    pub(super) fn with(mut self, account: &str, change: impl FnOnce(&mut AccountConfig)) -> Self {
        if let Some(account) = self.accounts.get_mut(account) {
            change(account);
        }
        self
    }

    /// Whether an account has immutable storage.
    pub(crate) fn immutable_storage(&self, account: &str) -> ImmutableStorage {
        self.accounts
            .get(account)
            .map_or_else(ImmutableStorage::default, |account| {
                account.immutable_storage
            })
    }

    /// Whether an account has an encryption scope.
    pub(crate) fn has_encryption_scope(&self, account: &str, scope: &str) -> bool {
        let named = (3..=63).contains(&scope.len())
            && scope
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        self.accounts.get(account).is_some_and(|account| {
            account
                .encryption_scopes
                .as_ref()
                .map_or(named, |scopes| scopes.contains(scope))
        })
    }

    /// What an account keeps of what is overwritten or deleted.
    #[must_use]
    pub fn protection_of(&self, account: &str) -> DataProtection {
        self.accounts
            .get(account)
            .and_then(|account| account.protection)
            .unwrap_or(self.protection)
    }

    /// How long a deleted container keeps its name.
    pub(crate) fn container_deletion_time(&self, account: &str) -> Duration {
        self.accounts
            .get(account)
            .and_then(|account| account.container_deletion)
            .unwrap_or(self.container_deletion)
    }

    /// Whether it is noted when blobs of an account are read or written.
    pub(crate) fn tracks_access(&self, account: &str) -> bool {
        self.accounts
            .get(account)
            .is_some_and(|account| account.last_access_tracking)
    }

    /// What kind of account it is.
    pub(crate) fn kind(&self, account: &str) -> AccountKind {
        self.accounts
            .get(account)
            .map_or_else(AccountKind::default, |account| account.kind)
    }

    /// The tier of blobs of an account that were given none.
    pub(crate) fn access_tier(&self, account: &str) -> &AccessTier {
        self.accounts
            .get(account)
            .map_or(&AccessTier::Hot, |account| &account.access_tier)
    }

    /// The settings of an account.
    pub(super) fn of(&self, account: &str) -> Option<&AccountConfig> {
        self.accounts.get(account)
    }

    /// The settings of an account.
    pub(super) fn of_mut(&mut self, account: &str) -> Option<&mut AccountConfig> {
        self.accounts.get_mut(account)
    }
}
