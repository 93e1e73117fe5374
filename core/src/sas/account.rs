//! Minting an account SAS. Source: "Create an account SAS".

use crate::error::InvalidInput;
use crate::sign::shared_key::SharedKey;
use crate::version::ServiceVersion;

use super::terms::{push, seal};
use super::{SasKind, SasToken, Signed, Terms};

/// Which services an account SAS reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Services {
    /// `b`
    pub blob: bool,
    /// `q`
    pub queue: bool,
    /// `t`
    pub table: bool,
    /// `f`
    pub file: bool,
}

impl Services {
    /// The Blob service alone.
    pub const BLOB: Self = Self {
        blob: true,
        queue: false,
        table: false,
        file: false,
    };

    fn letters(self) -> String {
        letters(&[
            (self.blob, 'b'),
            (self.queue, 'q'),
            (self.table, 't'),
            (self.file, 'f'),
        ])
    }
}

/// Which kinds of resources an account SAS reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceTypes {
    /// `s`: the account itself, such as listing containers.
    pub service: bool,
    /// `c`: containers, such as creating and listing one.
    pub container: bool,
    /// `o`: blobs.
    pub object: bool,
}

impl ResourceTypes {
    /// All three.
    pub const ALL: Self = Self {
        service: true,
        container: true,
        object: true,
    };

    fn letters(self) -> String {
        letters(&[
            (self.service, 's'),
            (self.container, 'c'),
            (self.object, 'o'),
        ])
    }
}

fn letters(choice: &[(bool, char)]) -> String {
    let chosen = choice.iter().filter(|(chosen, _)| *chosen);
    chosen.map(|(_, letter)| letter).collect()
}

/// An account SAS to be minted. Service version 2015-04-05 and later.
///
/// ```
/// use blobferry_core::Timestamp;
/// use blobferry_core::sas::{AccountSas, Permissions, Terms};
/// use blobferry_core::sign::shared_key::SharedKey;
/// let key = SharedKey::new(SharedKey::DEVELOPMENT)?;
/// let end = Timestamp::parse_iso("2026-12-31T00:00:00Z")?;
/// let sas = AccountSas::new("devstoreaccount1", Terms::until(end, Permissions::READ)).sign(&key)?;
/// assert_eq!(sas.get("srt"), Some("sco"));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSas {
    /// The account's name.
    pub account: String,
    /// Which services it reaches; the Blob service unless said otherwise.
    pub services: Services,
    /// Which kinds of resources it reaches; all unless said otherwise.
    pub resource_types: ResourceTypes,
    /// What is allowed, until when.
    pub terms: Terms,
}

impl AccountSas {
    /// Reaches all of the account's Blob service.
    #[must_use]
    pub fn new(account: impl Into<String>, terms: Terms) -> Self {
        Self {
            account: account.into(),
            services: Services::BLOB,
            resource_types: ResourceTypes::ALL,
            terms,
        }
    }

    /// Mints the token with the account's key.
    ///
    /// # Errors
    /// Permissions, an expiry, a service and a resource type are required; the start comes before the
    /// expiry; the version is 2015-04-05 or later.
    pub fn sign(&self, key: &SharedKey) -> Result<SasToken, InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("account SAS", "", rule));
        self.terms.check(false)?;
        if self.terms.version < ServiceVersion::V2015_04_05 {
            return refuse("needs version 2015-04-05 or later");
        }
        let (services, types) = (self.services.letters(), self.resource_types.letters());
        if services.is_empty() || types.is_empty() {
            return refuse("needs a service and a resource type");
        }
        let mut pairs = self.terms.pairs();
        push(&mut pairs, "ss", Some(services));
        push(&mut pairs, "srt", Some(types));
        let signed = Signed {
            account: &self.account,
            ..Signed::default()
        };
        Ok(seal(pairs, SasKind::Account, &signed, key))
    }
}
