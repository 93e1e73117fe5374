//! What is to be done about one name: decided from what both sides show.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::copy::ForeignCopy;
use crate::fleet::Overwrite;
use crate::fleet::seen::Seen;
use crate::properties::CopyId;
use crate::words::CopyStatus;

/// What a fleet does about one name, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Copy it.
    Copy(CopyReason),
    /// Leave it as it is.
    Skip(SkipReason),
    /// A copy of this source is pending already: stay with it.
    Adopt(CopyId),
    /// It cannot be copied there.
    Refuse(RefuseReason),
}

/// Why a blob is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyReason {
    /// The destination has no such blob.
    New,
    /// It has one, which is to be overwritten.
    Overwrite,
    /// It has one that differs from the source.
    Changed,
    /// It holds the empty rest of a copy that failed or was aborted.
    Unfinished,
}

/// Why a blob is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The destination has one, and nothing is to be overwritten.
    Exists,
    /// The destination has the same one.
    Current,
}

/// Why a blob cannot be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefuseReason {
    /// Somebody else's copy is pending there.
    Occupied(Box<ForeignCopy>),
    /// The destination has a blob of another type, which no copy can change.
    OtherType,
}

/// Decides. `reads_source` says whether a copy on the destination has this source.
pub(super) fn decide(
    source: &Seen,
    destination: Option<&Seen>,
    overwrite: Overwrite,
    reads_source: impl Fn(&str) -> bool,
) -> Verdict {
    let Some(destination) = destination else {
        return Verdict::Copy(CopyReason::New);
    };
    if let Some(copy) = &destination.copy {
        let ours = copy.source.as_deref().is_some_and(reads_source);
        match copy.status {
            CopyStatus::Pending if ours => return Verdict::Adopt(copy.id.clone()),
            CopyStatus::Pending => {
                let foreign = Box::new(ForeignCopy::of(copy, destination.last_modified));
                return Verdict::Refuse(RefuseReason::Occupied(foreign));
            }
            CopyStatus::Failed | CopyStatus::Aborted if destination.length.unwrap_or(0) == 0 => {
                return Verdict::Copy(CopyReason::Unfinished);
            }
            CopyStatus::Failed
            | CopyStatus::Aborted
            | CopyStatus::Success
            | CopyStatus::Other(_) => {}
        }
    }
    match overwrite {
        Overwrite::Never => return Verdict::Skip(SkipReason::Exists),
        Overwrite::IfChanged if is_current(source, destination) => {
            return Verdict::Skip(SkipReason::Current);
        }
        Overwrite::Always | Overwrite::IfChanged => {}
    }
    let (old, new) = (&destination.blob_type, &source.blob_type);
    if old.is_some() && new.is_some() && old != new {
        return Verdict::Refuse(RefuseReason::OtherType);
    }
    Verdict::Copy(match overwrite {
        Overwrite::IfChanged => CopyReason::Changed,
        Overwrite::Always | Overwrite::Never => CopyReason::Overwrite,
    })
}

/// Whether the destination shows the same blob: length and type; and the stored hashes where both
/// have one, else a destination written no earlier than the source.
fn is_current(source: &Seen, destination: &Seen) -> bool {
    let alike = source.length == destination.length && source.blob_type == destination.blob_type;
    alike
        && match (&source.md5, &destination.md5) {
            (Some(old), Some(new)) => old == new,
            (Some(_) | None, Some(_) | None) => destination.last_modified >= source.last_modified,
        }
}
