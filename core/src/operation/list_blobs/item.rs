//! What a listing shows.

use crate::address::{BlobAddress, ContainerAddress, Revision};
use crate::error::InvalidInput;
use crate::properties::BlobProperties;
use crate::receipt::Receipt;
use crate::tags::Tags;
use crate::time::Timestamp;

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BlobPage {
    /// What stands around the entries.
    pub head: PageHead,
    /// The blobs, in order.
    pub blobs: Vec<BlobItem>,
    /// What names share up to the delimiter, in order.
    pub prefixes: Vec<String>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl BlobPage {
    /// Where the next page begins; nothing on the last one.
    #[must_use]
    pub fn next_marker(&self) -> Option<&str> {
        self.head.next_marker.as_deref()
    }
}

/// What stands around the entries of a page: the question, repeated, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PageHead {
    /// The account's URL. Version 2013-08-15 and later.
    pub service_endpoint: Option<String>,
    /// The container's name; before version 2013-08-15 its URL.
    pub container_name: Option<String>,
    /// The prefix asked for.
    pub prefix: Option<String>,
    /// The marker asked for.
    pub marker: Option<String>,
    /// The most items asked for.
    pub max_results: Option<u32>,
    /// The delimiter asked for.
    pub delimiter: Option<String>,
    /// Where the next page begins; nothing on the last one.
    pub next_marker: Option<String>,
}

/// A blob, snapshot or version in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BlobItem {
    /// The name, whatever it is. Not every name that exists can be asked for: see
    /// [`BlobItem::address_in`].
    pub name: Box<str>,
    /// Whether it is soft-deleted. Version 2017-07-29 and later.
    pub deleted: bool,
    /// When it was deleted, and how long it is kept.
    pub deletion: Option<Box<Deletion>>,
    /// Whether only versions are left of it. Version 2020-10-02 and later.
    pub has_versions_only: Option<bool>,
    /// Whether the metadata is encrypted with a customer's key, and so not shown.
    pub metadata_encrypted: bool,
    /// The index tags, where asked for. Version 2019-12-12 and later.
    pub tags: Option<Tags>,
    /// Everything else.
    pub properties: BlobProperties,
}

impl BlobItem {
    /// Which state of the blob this is.
    #[must_use]
    pub fn revision(&self) -> Revision {
        match (&self.properties.snapshot, &self.properties.version_id) {
            (Some(time), _) => Revision::Snapshot(time.to_string()),
            (None, Some(time)) if self.properties.is_current_version != Some(true) => {
                Revision::Version(time.to_string())
            }
            _ => Revision::Current,
        }
    }

    /// Where it is, to ask for this very state of it.
    ///
    /// # Errors
    /// A name that cannot travel in a URL; see [`BlobName`](crate::BlobName).
    pub fn address_in(&self, container: &ContainerAddress) -> Result<BlobAddress, InvalidInput> {
        Ok(container.blob(self.name.parse()?).at(self.revision()))
    }
}

/// The end of a soft-deleted blob. Version 2017-07-29 and later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deletion {
    /// When it was deleted.
    pub time: Option<Timestamp>,
    /// For how many days it can still be undeleted.
    pub remaining_days: Option<u32>,
    /// Tells deleted blobs of one name apart, in hierarchical namespaces. Version 2020-08-04 and later.
    pub id: Option<Box<str>>,
}
