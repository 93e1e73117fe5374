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
        let mut path = String::with_capacity(self.account.base().len() + self.room());
        self.push_path(&mut path);
        path
    }

    /// The URL, with room for a query of so many bytes to be added.
    pub(crate) fn url(&self, query: usize) -> String {
        let (origin, base) = (self.account.origin(), self.account.base());
        let mut url = String::with_capacity(origin.len() + base.len() + self.room() + query);
        url.push_str(origin);
        self.push_path(&mut url);
        let (name, time) = match &self.revision {
            Revision::Current => return url,
            Revision::Snapshot(time) => ("?snapshot=", time),
            Revision::Version(time) => ("?versionid=", time),
        };
        url.push_str(name);
        url.extend(utf8_percent_encode(time, QUERY));
        url
    }

    /// Bytes of container and name in a path, where nothing is encoded.
    fn room(&self) -> usize {
        self.container.as_str().len() + self.name.as_str().len() + 2
    }

    fn push_path(&self, text: &mut String) {
        text.push_str(self.account.base());
        text.push('/');
        text.extend(utf8_percent_encode(self.container.as_str(), PATH));
        text.push('/');
        text.extend(utf8_percent_encode(self.name.as_str(), PATH));
    }
}

impl fmt::Display for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url(0))
    }
}

impl fmt::Debug for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
