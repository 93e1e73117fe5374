//! A container and its path.

use std::fmt;

use percent_encoding::utf8_percent_encode;

use crate::name::{BlobName, ContainerName};

use super::url::PATH;
use super::{Account, BlobAddress, Revision};

/// A container of an account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerAddress {
    /// Whose it is, and as whom it is spoken to.
    pub account: Account,
    /// Its name.
    pub container: ContainerName,
}

impl ContainerAddress {
    /// A blob of this container.
    #[must_use]
    pub fn blob(&self, name: BlobName) -> BlobAddress {
        BlobAddress {
            account: self.account.clone(),
            container: self.container.clone(),
            name,
            revision: Revision::Current,
        }
    }

    /// Path of the container, percent-encoded, with the account on shared hosts.
    #[must_use]
    pub fn path(&self) -> String {
        format!(
            "{}/{}",
            self.account.base(),
            utf8_percent_encode(self.container.as_str(), PATH)
        )
    }
}

impl fmt::Display for ContainerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.account.origin(), self.path())
    }
}

impl fmt::Debug for ContainerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
