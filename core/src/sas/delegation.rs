//! Minting a user delegation SAS. Source: "Create a user delegation SAS".

use std::fmt;
use std::time::Duration;

use crate::error::InvalidInput;
use crate::sign::shared_key::SharedKey;
use crate::time::Timestamp;
use crate::version::ServiceVersion;

use super::terms::{push, seal};
use super::{SasKind, SasTarget, SasToken, Signed, Terms};

/// A key that the service gives to a user, good for at most seven days. Its `Debug` hides the value.
///
/// Source: "Get User Delegation Key". Service version 2018-11-09 and later.
#[derive(Clone)]
pub struct DelegationKey {
    /// The user's object id in Microsoft Entra ID.
    pub object_id: String,
    /// The user's tenant.
    pub tenant_id: String,
    /// When the key begins to be good.
    pub start: Timestamp,
    /// When it ceases to be.
    pub expiry: Timestamp,
    /// The service it is for: `b`.
    pub service: String,
    /// The version that made it.
    pub version: ServiceVersion,
    /// The key itself.
    pub value: SharedKey,
}

impl fmt::Debug for DelegationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DelegationKey")
            .field("object_id", &self.object_id)
            .field("expiry", &self.expiry)
            .finish_non_exhaustive()
    }
}

/// A user delegation SAS to be minted. Service version 2018-11-09 and later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationSas {
    /// What it reaches.
    pub target: SasTarget,
    /// What is allowed, until when.
    pub terms: Terms,
    /// `scid`: ties the audit logs of the service to those of the one who mints. Version 2020-02-10
    /// and later.
    pub correlation_id: Option<String>,
}

/// The longest a delegation key, and so a token, lives.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl DelegationSas {
    /// Reaches a container or a blob on these terms.
    #[must_use]
    pub fn new(target: impl Into<SasTarget>, terms: Terms) -> Self {
        Self {
            target: target.into(),
            terms,
            correlation_id: None,
        }
    }

    /// Mints the token with a user delegation key.
    ///
    /// # Errors
    /// Permissions and an expiry are required; the expiry is at most the key's and at most seven days
    /// after the start; the version is 2018-11-09 or later.
    pub fn sign(&self, key: &DelegationKey) -> Result<SasToken, InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("user delegation SAS", "", rule));
        self.terms.check(false)?;
        self.target.check(&self.terms)?;
        if self.terms.version < ServiceVersion::V2018_11_09 {
            return refuse("needs version 2018-11-09 or later");
        }
        if self.correlation_id.is_some() && self.terms.version < ServiceVersion::V2020_02_10 {
            return refuse("a correlation id needs version 2020-02-10 or later");
        }
        // Both are written in whole seconds.
        let expiry = self.terms.expiry.map(Timestamp::floor_to_second);
        if expiry.is_some_and(|expiry| expiry > key.expiry) {
            return refuse("must end no later than its user delegation key");
        }
        if let (Some(start), Some(expiry)) = (self.terms.start, self.terms.expiry)
            && expiry.since(start) > LONGEST
        {
            return refuse("lives at most seven days");
        }
        let mut pairs = self.terms.pairs();
        push(&mut pairs, "sr", Some(self.target.letter()));
        push(&mut pairs, "skoid", Some(&key.object_id));
        push(&mut pairs, "sktid", Some(&key.tenant_id));
        push(&mut pairs, "skt", Some(key.start.to_iso()));
        push(&mut pairs, "ske", Some(key.expiry.to_iso()));
        push(&mut pairs, "sks", Some(&key.service));
        push(&mut pairs, "skv", Some(key.version));
        push(&mut pairs, "scid", self.correlation_id.as_ref());
        let path = self.target.path();
        let signed = Signed {
            account: self.target.account(),
            path: &path,
            time: self.target.time(),
            ..Signed::default()
        };
        Ok(seal(pairs, SasKind::Delegation, &signed, &key.value))
    }
}
