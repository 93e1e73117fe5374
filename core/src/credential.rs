//! Who speaks: the credential of each account.

use std::collections::BTreeMap;

use crate::address::Account;

/// What proves to the service who asks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credential {
    /// Nothing: public data only.
    Anonymous,
}

/// The credential of each account an engine speaks to.
#[derive(Debug, Clone, Default)]
pub struct Identities(BTreeMap<Account, Credential>);

impl Identities {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the credential of an account.
    #[must_use]
    pub fn with(mut self, account: Account, credential: Credential) -> Self {
        self.set(account, credential);
        self
    }

    /// Puts the credential in the place of the account's former one.
    pub fn set(&mut self, account: Account, credential: Credential) {
        self.0.insert(account, credential);
    }

    /// The credential of an account.
    #[must_use]
    pub fn get(&self, account: &Account) -> Option<&Credential> {
        self.0.get(account)
    }
}
