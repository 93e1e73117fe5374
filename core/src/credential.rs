//! Who speaks: the credential of each account.

mod bearer;

use crate::address::Account;
use crate::sas::SasToken;
use crate::sign::shared_key::SharedKey;
use crate::time::Timestamp;

pub use bearer::Bearer;

/// What proves to the service who asks. Its `Debug` shows the kind and never the secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credential {
    /// The account's key: everything.
    SharedKey(SharedKey),
    /// A shared access signature: what it says, for as long as it says.
    Sas(SasToken),
    /// A token of Microsoft Entra ID. Service version 2017-11-09 and later.
    Bearer(Bearer),
    /// Nothing: public data only.
    Anonymous,
}

impl Credential {
    /// Whether the credential still speaks for someone at this moment.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        match self {
            Self::SharedKey(_) | Self::Anonymous => true,
            Self::Sas(sas) => sas.expires_at().is_none_or(|end| now < end),
            Self::Bearer(bearer) => bearer.is_good(now),
        }
    }
}

impl From<SharedKey> for Credential {
    fn from(key: SharedKey) -> Self {
        Self::SharedKey(key)
    }
}

impl From<SasToken> for Credential {
    fn from(sas: SasToken) -> Self {
        Self::Sas(sas)
    }
}

impl From<Bearer> for Credential {
    fn from(bearer: Bearer) -> Self {
        Self::Bearer(bearer)
    }
}

/// The credential of each account an engine speaks to.
///
/// There are a handful, mostly two, and accounts are mostly the very same value: looking them through is
/// faster than any index, and every request is signed by one or two of them.
#[derive(Debug, Clone, Default)]
pub struct Identities(Vec<(Account, Credential)>);

impl Identities {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the credential of an account.
    #[must_use]
    pub fn with(mut self, account: Account, credential: impl Into<Credential>) -> Self {
        self.set(account, credential.into());
        self
    }

    /// Puts the credential in the place of the account's former one.
    pub fn set(&mut self, account: Account, credential: Credential) {
        match self.0.iter_mut().find(|(known, _)| *known == account) {
            Some((_, former)) => *former = credential,
            None => self.0.push((account, credential)),
        }
    }

    /// The credential of an account.
    #[must_use]
    pub fn get(&self, account: &Account) -> Option<&Credential> {
        let mut all = self.0.iter();
        let (_, credential) = all.find(|(known, _)| known == account)?;
        Some(credential)
    }
}
