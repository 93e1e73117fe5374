//! The settings of accounts, as they are now.

use blobferry_core::Timestamp;
use blobferry_core::words::AccessTier;

use crate::blob::Blob;
use crate::config::{AccountSettings, CopyPace, DataProtection, InvalidConfig};
use crate::state::State;

impl State {
    /// What an account keeps of what is overwritten or deleted.
    pub(crate) fn protection(&self, account: &str) -> DataProtection {
        self.config.protection_of(account)
    }

    /// Lets an account keep more or less from now on. What it kept stays.
    pub(crate) fn set_protection(&mut self, account: &str, protection: DataProtection) {
        self.config = self.config.clone().data_protection_of(account, protection);
    }

    /// The tier that is told of a blob that was given none.
    pub(crate) fn inferred_tier(&self, account: &str, blob: &Blob) -> Option<AccessTier> {
        let usual = self.config.access_tier(account);
        let kind = self.config.kind(account);
        kind.inferred(usual, &blob.kind(), blob.content.len())
    }

    /// The settings of an account that can be changed.
    pub(crate) fn settings(&self, name: &str) -> Option<AccountSettings> {
        let service = &self.accounts.get(name)?.service;
        self.config
            .settings(name, service.retention(), service.allows_permanent_delete())
    }

    /// Takes over settings of an account. What it kept stays.
    ///
    /// # Errors
    /// They cannot be, or what changed cannot be written down.
    pub(crate) fn set_settings(
        &mut self,
        name: &str,
        settings: AccountSettings,
    ) -> Result<(), InvalidConfig> {
        settings.check()?;
        let service = self.accounts.get(name).map(|account| &account.service);
        let (days, permanent) = (settings.blob_retention_days, settings.permanent_delete);
        let keeps = service.is_none_or(|old| {
            (old.retention(), old.allows_permanent_delete()) == (days, permanent)
        });
        if !keeps && let Ok(account) = self.account_mut(name) {
            account.service.set_retention(days, permanent);
        }
        self.config.take_settings(name, settings);
        // What cannot be written down now is written down with the next change.
        drop(self.remember());
        Ok(())
    }

    /// How fast copies into an account are.
    pub(crate) fn copy_pace(&self, account: &str) -> CopyPace {
        self.config.pace_of(account)
    }

    /// Lets copies into an account go at another pace from now on, those under way included.
    pub(crate) fn set_copy_pace(&mut self, account: &str, pace: CopyPace, now: Timestamp) {
        self.settle(now);
        self.config = self.config.clone().copy_pace_of(account, pace);
        self.repace(account, pace, now);
        // What cannot be written down now is written down with the next change.
        drop(self.remember());
    }
}
