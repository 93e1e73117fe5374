//! What is known of a blob from the answers to what was written to it.

use std::collections::BTreeMap;

/// A blob as it must be found again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) content: Vec<u8>,
    /// `x-ms-meta-turn`.
    pub(crate) turn: Option<String>,
    /// Uncommitted blocks: the length of each by its id.
    pub(crate) staged: BTreeMap<String, Vec<u8>>,
    pub(crate) lease: Option<String>,
    /// Present where the answer that told it came.
    pub(crate) etag: Option<String>,
    /// Snapshots with their content.
    pub(crate) snapshots: BTreeMap<String, Vec<u8>>,
    pub(crate) copy: Option<Copy>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    /// Present where the answer that told it came.
    pub(crate) id: Option<String>,
}

/// The first difference between a blob as it must be and as it was found.
pub(crate) fn difference(wanted: &Option<Blob>, found: &Option<Blob>) -> Option<String> {
    let (wanted, found) = match (wanted, found) {
        (None, None) => return None,
        (Some(wanted), Some(found)) => (wanted, found),
        (Some(_), None) => return Some("it is gone".to_owned()),
        (None, Some(_)) => return Some("it is there".to_owned()),
    };
    let differs = |what: &str, wanted: &dyn std::fmt::Debug, found: &dyn std::fmt::Debug| {
        Some(format!("{what} is {found:?} and not {wanted:?}"))
    };
    if wanted.content != found.content {
        let pairs = || wanted.content.iter().zip(&found.content);
        let at = pairs().position(|(wanted, found)| wanted != found);
        let count = pairs().filter(|(wanted, found)| wanted != found).count();
        let lengths = (wanted.content.len(), found.content.len());
        return Some(format!(
            "{count} bytes of the content differ, the first at {at:?}, lengths {lengths:?}"
        ));
    }
    if wanted.turn != found.turn {
        return differs("metadata", &wanted.turn, &found.turn);
    }
    let lengths = |blob: &Blob| -> Vec<(String, usize)> {
        let staged = blob.staged.iter();
        staged.map(|(id, data)| (id.clone(), data.len())).collect()
    };
    if lengths(wanted) != lengths(found) {
        return differs("what is staged", &lengths(wanted), &lengths(found));
    }
    if wanted.lease.is_some() != found.lease.is_some() {
        return differs("the lease", &wanted.lease, &found.lease);
    }
    if wanted
        .snapshots
        .iter()
        .any(|(time, content)| found.snapshots.get(time) != Some(content))
    {
        return differs(
            "a snapshot",
            &wanted.snapshots.keys(),
            &found.snapshots.keys(),
        );
    }
    if wanted.etag.is_some() && wanted.etag != found.etag {
        return differs("the ETag", &wanted.etag, &found.etag);
    }
    let id = |blob: &Blob| blob.copy.as_ref().and_then(|copy| copy.id.clone());
    if wanted.copy.is_some() != found.copy.is_some()
        || id(wanted).is_some_and(|wanted| id(found) != Some(wanted))
    {
        return differs("the copy", &wanted.copy, &found.copy);
    }
    None
}
