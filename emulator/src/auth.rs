//! Who may ask what.

pub(crate) mod permissions;
pub(crate) mod source;

pub(crate) use permissions::Permissions;

use blobferry_core::ServiceVersion;
use blobferry_core::words::PublicAccess;

use crate::config::Config;

/// What authorization has to know of what is stored.
pub(crate) trait Holdings {
    /// Accounts and their keys.
    fn config(&self) -> &Config;
    /// What a container shows to everybody; absent where it is private or missing.
    fn public_access(&self, account: &str, container: &str) -> Option<PublicAccess>;
    /// A stored access policy of a container.
    fn policy(&self, account: &str, container: &str, id: &str) -> Option<StoredPolicy>;
    /// The account's `DefaultServiceVersion`.
    fn default_version(&self, account: &str) -> Option<ServiceVersion>;
}

/// A stored access policy, as it was set. Source: "Establishing a Stored Access Policy".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoredPolicy {
    pub(crate) start: Option<String>,
    pub(crate) expiry: Option<String>,
    pub(crate) permission: Option<String>,
}
