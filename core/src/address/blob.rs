//! A blob, one of its snapshots or versions, and its path.

use std::fmt;

use percent_encoding::utf8_percent_encode;

use crate::name::{BlobName, ContainerName};

use super::url::{PATH, QUERY};
use super::{Account, ContainerAddress};

/// Which state of a blob is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Revision {
    /// The blob as it is now.
    #[default]
    Current,
    /// A snapshot, by the time the service gave it.
    Snapshot(String),
    /// A version, by the time the service gave it. Service version 2019-12-12 and later.
    Version(String),
}

/// A blob, or one of its snapshots or versions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobAddress {
    /// Whose it is, and as whom it is spoken to.
    pub account: Account,
    /// The container it is in.
    pub container: ContainerName,
    /// Its name.
    pub name: BlobName,
    /// Which state of it.
    pub revision: Revision,
}

impl BlobAddress {
    /// The container it is in.
    #[must_use]
    pub fn in_container(&self) -> ContainerAddress {
        self.account.container(self.container.clone())
    }

    /// The same blob at another revision.
    #[must_use]
    pub fn at(&self, revision: Revision) -> Self {
        Self {
            revision,
            ..self.clone()
        }
    }

    /// Path of the blob, percent-encoded, with the account on shared hosts.
    #[must_use]
    pub fn path(&self) -> String {
        let name = self.name.as_str();
        let container = self.container.as_str();
        let mut path =
            String::with_capacity(self.account.base().len() + container.len() + name.len() + 8);
        path.push_str(self.account.base());
        path.push('/');
        path.extend(utf8_percent_encode(container, PATH));
        path.push('/');
        path.extend(utf8_percent_encode(name, PATH));
        path
    }
}

impl fmt::Display for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.account.origin(), self.path())?;
        match &self.revision {
            Revision::Current => Ok(()),
            Revision::Snapshot(time) => write!(f, "?snapshot={}", utf8_percent_encode(time, QUERY)),
            Revision::Version(time) => write!(f, "?versionid={}", utf8_percent_encode(time, QUERY)),
        }
    }
}

impl fmt::Debug for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
