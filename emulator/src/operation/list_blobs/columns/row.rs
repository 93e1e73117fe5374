//! What each column asks of an item, where that is more than one look.

use std::time::Duration;

use blobferry_core::Timestamp;
use blobferry_core::words::{BlobType, CopyStatus};

use crate::arrow::Pair;
use crate::blob::{Blob, ContentHeaders, Deleted};
use crate::content::Content;
use crate::copy::Copied;
use crate::encryption::Specified;
use crate::immutability::Policy;
use crate::operation::blob_properties::{lease_duration, lease_status};
use crate::operation::list_blobs::{Shown, View};

use super::word;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// An item with all that decides how it is shown.
pub(super) struct Row<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) name: &'a str,
    /// Absent for a prefix.
    pub(super) blob: Option<(Shown, &'a Blob)>,
}

impl<'a> Row<'a> {
    pub(super) fn now(&self) -> Timestamp {
        self.view.ask.now
    }

    pub(super) fn blob(&self) -> Option<&'a Blob> {
        self.blob.map(|(_, blob)| blob)
    }

    /// The blob, unless it has nothing but uncommitted blocks.
    pub(super) fn committed(&self) -> Option<&'a Blob> {
        self.blob().filter(|blob| blob.committed)
    }

    pub(super) fn headers(&self) -> Option<&'a ContentHeaders> {
        self.committed().map(|blob| &*blob.headers)
    }

    pub(super) fn resource_type(&self) -> &'static str {
        match self.blob {
            Some(_) => "blob",
            None => "blobprefix",
        }
    }

    pub(super) fn deleted(&self) -> Option<&'a Deleted> {
        let (shown, blob) = self.blob?;
        blob.deleted
            .as_deref()
            .filter(|_| shown != Shown::VersionsOnly)
    }

    pub(super) fn days_left(&self) -> Option<u64> {
        let left = self.deleted()?.until.since(self.now());
        Some(left.as_secs() / DAY.as_secs())
    }

    pub(super) fn snapshot(&self) -> Option<String> {
        match self.blob?.0 {
            Shown::Snapshot(tick) => Some(tick.name()),
            Shown::Base | Shown::Version(_) | Shown::VersionsOnly => None,
        }
    }

    /// The blob, where it is listed as one that may be a version.
    pub(super) fn version(&self) -> Option<&'a Blob> {
        let (shown, blob) = self.blob?;
        let may_be = matches!(shown, Shown::Base | Shown::Version(_)) && blob.version.is_some();
        may_be.then_some(blob)
    }

    pub(super) fn etag(&self) -> Option<String> {
        let mut text = String::new();
        self.committed()?.etag.push_bare_etag(&mut text);
        Some(text)
    }

    pub(super) fn sequence(&self) -> Option<u64> {
        let blob = self.blob()?;
        matches!(blob.content, Content::Page(_)).then_some(blob.sequence)
    }

    /// The tier, and whether it is inferred.
    pub(super) fn tier(&self) -> Option<(String, bool)> {
        let blob = self.blob()?;
        if let Some(tier) = blob.tier.current(self.now()) {
            return Some((tier.as_str().to_owned(), false));
        }
        let (usual, length) = (self.view.usual_tier, blob.content.len());
        let inferred = self.view.account.inferred(usual, &blob.kind(), length)?;
        Some((inferred.as_str().to_owned(), true))
    }

    pub(super) fn smart_tier(&self) -> Option<String> {
        let blob = self.blob()?;
        word(blob.tier.smart(blob.modified, self.now())?.as_str())
    }

    pub(super) fn rehydrating(&self) -> Option<(String, String)> {
        let (status, priority) = self.blob()?.tier.rehydrating(self.now())?;
        Some((status.as_str().to_owned(), priority.as_str().to_owned()))
    }

    pub(super) fn tier_changed(&self) -> Option<Timestamp> {
        let blob = self.blob().filter(|blob| blob.kind() == BlobType::Block)?;
        blob.tier.changed(self.now())
    }

    /// Status, state and duration; of the blob itself, while it is there.
    pub(super) fn lease(&self) -> Option<(String, String, Option<String>)> {
        let (shown, blob) = self.blob?;
        if !matches!(shown, Shown::Base | Shown::VersionsOnly) || blob.deleted.is_some() {
            return None;
        }
        let state = blob.lease.state(self.now());
        Some((
            lease_status(&blob.lease, self.now()).as_str().to_owned(),
            state.as_str().to_owned(),
            lease_duration(&blob.lease, &state).map(|duration| duration.as_str().to_owned()),
        ))
    }

    pub(super) fn key(&self) -> Option<String> {
        match self.blob()?.encryption.as_deref()? {
            Specified::Key(hash) => Some(hash.base64()),
            Specified::Scope(_) => None,
        }
    }

    pub(super) fn scope(&self) -> Option<String> {
        match self.blob()?.encryption.as_deref()? {
            Specified::Key(_) => None,
            Specified::Scope(scope) => word(scope),
        }
    }

    pub(super) fn copy(&self) -> Option<&'a Copied> {
        self.blob()?.copy.as_deref()
    }

    pub(super) fn copied_snapshot(&self) -> Option<String> {
        let copy = self
            .copy()
            .filter(|copy| copy.status == CopyStatus::Success)?;
        Some(copy.snapshot?.name())
    }

    pub(super) fn policy(&self) -> Option<&'a Policy> {
        self.blob()?.immutability.as_ref()?.policy.as_ref()
    }

    /// Absent where there is none, and where the service cannot read it without the key.
    pub(super) fn metadata(&self) -> Option<Vec<Pair>> {
        let blob = self.blob().filter(|blob| !blob.metadata.is_empty())?;
        match blob.encryption.as_deref() {
            Some(Specified::Key(_)) => None,
            Some(Specified::Scope(_)) | None => Some(owned(blob.metadata.pairs())),
        }
    }

    pub(super) fn tags(&self) -> Option<Vec<Pair>> {
        Some(owned(self.blob()?.tags.as_ref()?.pairs()))
    }
}

fn owned<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Pair> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
