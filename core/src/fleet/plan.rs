//! What is to be copied where.

use crate::address::{BlobAddress, ContainerAddress};
use crate::error::InvalidInput;
use crate::name::BlobName;

/// What a fleet copies, and where to.
#[derive(Debug, Clone)]
pub struct FleetPlan {
    /// The container the blobs are in.
    pub source: ContainerAddress,
    /// Which of its blobs.
    pub selection: Selection,
    /// The container they go to.
    pub destination: ContainerAddress,
    /// What takes the place of the selection's prefix in the names; the selection's own prefix keeps
    /// names as they are.
    pub destination_prefix: String,
}

/// Which blobs of a container are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All whose names begin so; an empty prefix means the whole container.
    Prefix(String),
    /// These, each looked at by itself.
    Names(Vec<BlobName>),
    /// This one, whose whole name a plan may replace.
    Blob(BlobName),
}

impl Selection {
    /// What the names have in common and a plan may replace.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self {
            Self::Prefix(prefix) => prefix,
            Self::Names(_) => "",
            Self::Blob(name) => name.as_str(),
        }
    }

    /// The names, where they are given instead of listed.
    pub(super) fn names(&self) -> Option<&[BlobName]> {
        match self {
            Self::Prefix(_) => None,
            Self::Names(names) => Some(names),
            Self::Blob(name) => Some(std::slice::from_ref(name)),
        }
    }
}

impl FleetPlan {
    /// Everything in one container to another, under the same names.
    #[must_use]
    pub fn container(source: ContainerAddress, destination: ContainerAddress) -> Self {
        Self {
            source,
            selection: Selection::Prefix(String::new()),
            destination,
            destination_prefix: String::new(),
        }
    }

    /// All blobs of one container whose names begin with `prefix`, to names where
    /// `destination_prefix` stands in its place.
    #[must_use]
    pub fn prefix(
        source: ContainerAddress,
        prefix: impl Into<String>,
        destination: ContainerAddress,
        destination_prefix: impl Into<String>,
    ) -> Self {
        Self {
            source,
            selection: Selection::Prefix(prefix.into()),
            destination,
            destination_prefix: destination_prefix.into(),
        }
    }

    /// Exactly these names of one container, to another, under the same names after
    /// `destination_prefix`.
    #[must_use]
    pub fn names(
        source: ContainerAddress,
        names: Vec<BlobName>,
        destination: ContainerAddress,
        destination_prefix: impl Into<String>,
    ) -> Self {
        Self {
            source,
            selection: Selection::Names(names),
            destination,
            destination_prefix: destination_prefix.into(),
        }
    }

    /// One blob to another; both as they are now, whatever revision is named.
    #[must_use]
    pub fn blob(source: &BlobAddress, destination: &BlobAddress) -> Self {
        Self {
            source: source.in_container(),
            selection: Selection::Blob(source.name.clone()),
            destination: destination.in_container(),
            destination_prefix: destination.name.as_str().to_owned(),
        }
    }

    /// The name a blob gets on the destination.
    ///
    /// # Errors
    /// The new name must be a blob name.
    pub fn renamed(&self, name: &BlobName) -> Result<BlobName, InvalidInput> {
        let prefix = self.selection.prefix();
        if prefix == self.destination_prefix {
            return Ok(name.clone());
        }
        let rest = name.as_str().strip_prefix(prefix).unwrap_or(name.as_str());
        format!("{}{rest}", self.destination_prefix).parse()
    }

    /// Where a blob comes from and where it goes.
    pub(super) fn way(&self, name: BlobName, renamed: BlobName) -> Way {
        Way {
            source: self.source.blob(name),
            destination: self.destination.blob(renamed),
        }
    }
}

/// One blob's source and destination.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) source: BlobAddress,
    pub(super) destination: BlobAddress,
}
