//! How the service is set up: accounts, copy pace, what is kept of what is deleted, seed.

mod account;
mod features;
mod immutable_storage;
mod keys;
mod kind;
mod pace;
mod protection;
mod rehydration;
mod settings;
#[cfg(feature = "tls")]
mod trust;

pub use immutable_storage::ImmutableStorage;
pub use keys::KeyName;
pub use kind::AccountKind;
pub use pace::{CopyPace, Pace};
pub use protection::DataProtection;
pub use rehydration::Rehydration;
pub use settings::AccountSettings;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::clock::Clock;
use crate::outside::{Outside, Trust};

use account::AccountConfig;
use keys::{Keys, Pair};

/// The account that every storage emulator knows.
pub const DEV_ACCOUNT: &str = "devstoreaccount1";
/// Its key, published in "Use the Azurite emulator for local Azure Storage development".
pub const DEV_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// How the service is set up.
///
/// ```
/// use blobferry_emulator::Config;
/// let config = Config::new().account("second", "c2VjcmV0")?.seed(7);
/// assert!(config.has_account("devstoreaccount1") && config.has_account("second"));
/// # Ok::<(), blobferry_emulator::InvalidConfig>(())
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    accounts: BTreeMap<String, AccountConfig>,
    pace: CopyPace,
    pub(crate) rehydration: Rehydration,
    protection: DataProtection,
    /// How long deleted containers keep their names.
    container_deletion: Duration,
    pub(crate) seed: u64,
    pub(crate) any_version: bool,
    pub(crate) needs_length: bool,
    pub(crate) bearer: Bearer,
    pub(crate) clock: Clock,
    pub(crate) outside: Outside,
    #[cfg_attr(
        not(feature = "server"),
        expect(dead_code, reason = "only servers read sources outside")
    )]
    pub(crate) trust: Trust,
}

/// What is done with `Authorization: Bearer`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Bearer {
    /// Any well-formed JSON Web Token that has not expired is the owner's; its signature is not
    /// checked.
    #[default]
    Lax,
    /// No token is accepted.
    Refused,
    /// Tokens must be signed by one of these keys (RS256 or ES256), issued by the tenant they name,
    /// and meant for `https://storage.azure.com` or the account's own
    /// `https://ACCOUNT.blob.core.windows.net`. They are accepted over HTTP too.
    #[cfg(feature = "jwks")]
    Strict(crate::auth::Jwks),
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidConfig(String);

impl std::fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidConfig {}

impl Config {
    /// The well-known development account, the machine's clock, a fixed seed.
    #[must_use]
    pub fn new() -> Self {
        let key = BASE64_STANDARD.decode(DEV_KEY).unwrap_or_default();
        Self {
            accounts: BTreeMap::from([(DEV_ACCOUNT.to_owned(), AccountConfig::new(Keys::of(key)))]),
            pace: CopyPace::default(),
            rehydration: Rehydration::default(),
            protection: DataProtection::default(),
            container_deletion: Duration::ZERO,
            seed: 0,
            any_version: false,
            needs_length: false,
            bearer: Bearer::default(),
            clock: Clock::system(),
            outside: Outside::default(),
            trust: Trust::default(),
        }
    }

    /// Adds an account, or gives one another key.
    ///
    /// # Errors
    /// The name is 3 to 24 lower-case letters and digits, the key Base64.
    pub fn account(mut self, name: &str, key: &str) -> Result<Self, InvalidConfig> {
        let shaped = (3..=24).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !shaped {
            return Err(InvalidConfig(format!(
                "account `{name}` must be 3 to 24 lower-case letters and digits"
            )));
        }
        let keys = Keys::read(name, key)?;
        self.accounts
            .insert(name.to_owned(), AccountConfig::new(keys));
        Ok(self)
    }

    /// Gives an account a second key, which opens as much as the first; accounts that are not there
    /// are passed over.
    ///
    /// # Errors
    /// The key is not Base64.
    ///
    /// ```
    /// use blobferry_emulator::Config;
    /// let config = Config::new().account("north", "a2V5")?.second_key_of("north", "a2V5Mg==")?;
    /// # Ok::<(), blobferry_emulator::InvalidConfig>(())
    /// ```
    pub fn second_key_of(mut self, account: &str, key: &str) -> Result<Self, InvalidConfig> {
        if let Some(known) = self.accounts.get_mut(account) {
            known.keys = known.keys.apart();
            known.keys.set(account, KeyName::Key2, key)?;
        }
        Ok(self)
    }

    /// Takes the development account away.
    #[must_use]
    pub fn without_dev_account(mut self) -> Self {
        self.accounts.remove(DEV_ACCOUNT);
        self
    }

    /// How fast copies are where the account says nothing else.
    #[must_use]
    pub fn copy_pace(mut self, pace: CopyPace) -> Self {
        self.pace = pace;
        self
    }

    /// How fast copies into one account are; accounts that are not there are passed over.
    #[must_use]
    pub fn copy_pace_of(self, account: &str, pace: CopyPace) -> Self {
        self.with(account, |account| account.pace = Some(pace))
    }

    /// How long blobs are on their way out of the archive tier.
    #[must_use]
    pub fn rehydration(mut self, rehydration: Rehydration) -> Self {
        self.rehydration = rehydration;
        self
    }

    /// Where ids and `ETag`s begin: the same seed and requests give the same answers.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What is done with bearer tokens.
    #[must_use]
    pub fn bearer(mut self, bearer: Bearer) -> Self {
        self.bearer = bearer;
        self
    }

    /// Takes service versions that are not known, too: under the rules of the newest before them.
    /// They are refused otherwise, as the service does.
    #[must_use]
    pub fn any_version(mut self) -> Self {
        self.any_version = true;
        self
    }

    /// Refuses content that is sent in chunks, without `Content-Length`, as the service does: 411
    /// `MissingContentLengthHeader`. It is taken otherwise.
    #[must_use]
    pub fn needs_content_length(mut self) -> Self {
        self.needs_length = true;
        self
    }

    /// Where a server takes the time from.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Where copy sources outside the service may be: on this machine unless set. A server reads
    /// them; [`Service::respond`](crate::Service::respond) refuses them.
    #[must_use]
    pub fn outside(mut self, outside: Outside) -> Self {
        self.outside = outside;
        self
    }

    /// Whether there is such an account.
    #[must_use]
    pub fn has_account(&self, name: &str) -> bool {
        self.accounts.contains_key(name)
    }

    /// The accounts' names.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().map(String::as_str)
    }

    /// The keys of an account that hold now.
    pub(crate) fn keys(&self, account: &str) -> Option<Arc<Pair>> {
        self.accounts.get(account).map(|account| account.keys.now())
    }

    /// Puts a key in the place of another, in all clones of this; false where there is no such
    /// account.
    ///
    /// # Errors
    /// The key is not Base64.
    pub(crate) fn set_key(
        &self,
        account: &str,
        name: KeyName,
        key: &str,
    ) -> Result<bool, InvalidConfig> {
        match self.accounts.get(account) {
            Some(known) => known.keys.set(account, name, key).map(|()| true),
            None => Ok(false),
        }
    }

    /// What user delegation keys of an account are made from.
    pub(crate) fn delegating(&self, account: &str) -> Option<&[u8]> {
        self.accounts
            .get(account)
            .map(|account| account.keys.delegating())
    }

    /// The same, with keys that are shared with no other.
    pub(crate) fn apart(mut self) -> Self {
        for account in self.accounts.values_mut() {
            account.keys = account.keys.apart();
        }
        self
    }

    /// How fast copies into an account are.
    pub(crate) fn pace_of(&self, account: &str) -> CopyPace {
        self.accounts
            .get(account)
            .and_then(|account| account.pace)
            .unwrap_or(self.pace)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_development_account_is_there_unless_taken_away() {
        let config = Config::new();
        assert_eq!(config.delegating(DEV_ACCOUNT).map(<[u8]>::len), Some(64));
        assert!(!config.without_dev_account().has_account(DEV_ACCOUNT));
    }

    #[test]
    fn an_account_may_have_its_own_pace() {
        let slow = CopyPace {
            same_account: Pace::AT_ONCE,
            ..CopyPace::default()
        };
        let config = Config::new().copy_pace_of(DEV_ACCOUNT, slow);
        assert_eq!(config.pace_of(DEV_ACCOUNT), slow);
        assert_eq!(config.pace_of("other"), CopyPace::default());
    }

    #[test]
    fn bad_names_and_keys_are_refused() {
        assert!(Config::new().account("Upper", "a2V5").is_err());
        assert!(Config::new().account("ok", "a2V5").is_err());
        assert!(Config::new().account("fine", "not base64!").is_err());
    }

    #[test]
    fn keys_are_not_printed() {
        let shown = format!("{:?}", Config::new());
        assert!(!shown.contains("Eby8"), "{shown}");
    }
}
