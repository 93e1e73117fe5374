//! What can be changed of an account while it is served.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use blobferry_core::Seed;

use super::Service;
use crate::config::{AccountSettings, InvalidConfig, KeyName};

/// Bytes of a key, as the service makes them.
const KEY_LENGTH: usize = 64;

impl Service {
    /// The settings of an account that can be changed; absent where there is no such account.
    #[must_use]
    pub fn account_settings(&self, account: &str) -> Option<AccountSettings> {
        self.lock().settings(account)
    }

    /// Changes the settings of an account from now on; what it kept stays. An account that is not
    /// there is passed over.
    ///
    /// # Errors
    /// A setting cannot be; nothing is changed then.
    pub fn set_account_settings(
        &self,
        account: &str,
        settings: AccountSettings,
    ) -> Result<(), InvalidConfig> {
        self.lock().set_settings(account, settings)
    }

    /// A key of an account, in Base64; absent where there is no such account, or no second key.
    #[must_use]
    pub fn key(&self, account: &str, name: KeyName) -> Option<String> {
        self.config.keys(account)?.text(name)
    }

    /// Gives an account another key, in Base64, from now on: what was signed with the one before is
    /// refused, SAS included. User delegation SAS live on. An account that is not there is passed
    /// over.
    ///
    /// # Errors
    /// The key is not Base64.
    ///
    /// ```
    /// use blobferry_emulator::{Config, DEV_ACCOUNT, KeyName, Service};
    /// let service = Service::new(Config::new());
    /// service.set_key(DEV_ACCOUNT, KeyName::Key2, "c2Vjb25k")?;
    /// assert_eq!(service.key(DEV_ACCOUNT, KeyName::Key2).as_deref(), Some("c2Vjb25k"));
    /// # Ok::<(), blobferry_emulator::InvalidConfig>(())
    /// ```
    pub fn set_key(&self, account: &str, name: KeyName, key: &str) -> Result<(), InvalidConfig> {
        self.config.set_key(account, name, key).map(drop)
    }

    /// Has the service make a key and put it in the place of another, as "Regenerate key" does;
    /// tells it in Base64. Absent where there is no such account.
    pub fn regenerate_key(&self, account: &str, name: KeyName) -> Option<String> {
        let mut seed = Seed::new(self.request_number());
        let mut bytes = Vec::with_capacity(KEY_LENGTH);
        while bytes.len() < KEY_LENGTH {
            bytes.extend_from_slice(&seed.next_u64().to_le_bytes());
        }
        let key = BASE64_STANDARD.encode(bytes);
        match self.config.set_key(account, name, &key) {
            Ok(true) => Some(key),
            _ => None,
        }
    }
}
