//! Immutable storage: until when a blob must stay as it is, and whether it is held with no date.
//!
//! Sources: "Set Blob Immutability Policy", "Version-level write once, read many (WORM) policies for
//! immutable blob data", and recorded answers.

mod policy;

pub(crate) use policy::Policy;

use serde::{Deserialize, Serialize};

use blobferry_core::wire::header;
use blobferry_core::words::DeleteSnapshots;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::blob::{Blob, Entry, Revision, RevisionFilter};
use crate::config::ImmutableStorage;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::Ask;
use crate::state::State;

/// What keeps a blob as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Immutability {
    pub(crate) policy: Option<Policy>,
    pub(crate) hold: bool,
}

impl Immutability {
    /// What a request says of the blob that it makes.
    ///
    /// # Errors
    /// 400 for what cannot be meant, 409 where the account has no immutable storage.
    pub(crate) fn of_new(state: &State, ask: &Ask) -> Result<Option<Self>, Failure> {
        let takes = matches!(
            ask.kind,
            Kind::PutBlob | Kind::PutBlockList | Kind::CopyBlob | Kind::CopyBlobFromUrl
        );
        if !takes || ask.version < ServiceVersion::V2020_06_12 {
            return Ok(None);
        }
        let found = Self {
            policy: Policy::of(ask)?,
            hold: hold(ask)?.unwrap_or(false),
        };
        if found == Self::default() {
            return Ok(None);
        }
        check_enabled(state, ask)?;
        Ok(Some(found))
    }

    /// Adds what the properties of a blob say of it.
    pub(crate) fn tell(&self, answer: &mut Answer) {
        if let Some(policy) = &self.policy {
            policy.tell(answer);
        }
        if self.hold {
            answer.set(header::X_MS_LEGAL_HOLD, "true");
        }
    }
}

/// `x-ms-legal-hold`.
///
/// # Errors
/// 400 for what is no truth value.
pub(crate) fn hold(ask: &Ask) -> Result<Option<bool>, Failure> {
    let name = header::X_MS_LEGAL_HOLD;
    match ask.header(&name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(text) => Err(Failure::invalid_header(&name, text)),
    }
}

/// Refuses where the account has no immutable storage.
///
/// # Errors
/// 409.
pub(crate) fn check_enabled(state: &State, ask: &Ask) -> Result<(), Failure> {
    match state.config().immutable_storage(&ask.account) {
        ImmutableStorage::Tolerated | ImmutableStorage::Enabled => Ok(()),
        ImmutableStorage::Disabled => Err(Failure::new(ErrorCode::BLOB_OPERATION_NOT_SUPPORTED)),
    }
}

/// How an operation threatens what must stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Threat {
    /// Not at all.
    None,
    /// It writes into the blob.
    Change,
    /// It puts another blob in its place.
    Replace,
}

fn threat(ask: &Ask) -> Threat {
    use Kind::*;
    match ask.kind {
        SetBlobMetadata | PutPage | PutPageFromUrl | AppendBlock | AppendBlockFromUrl => {
            Threat::Change
        }
        SetBlobProperties if ask.headers.contains_key(header::X_MS_BLOB_CONTENT_LENGTH) => {
            Threat::Change
        }
        PutBlob | PutBlobFromUrl | PutBlockList | CopyBlob | CopyBlobFromUrl
        | IncrementalCopyBlob => Threat::Replace,
        _ => Threat::None,
    }
}

/// Judges an operation that changes or replaces a blob.
///
/// A policy that is over still keeps the blob from being written, but no longer from being deleted.
/// A blob that becomes a previous version stays as it is, so it may be replaced.
///
/// # Errors
/// 409 where the blob must stay as it is.
pub(crate) fn admit(ask: &Ask, blob: &Blob) -> Result<(), Failure> {
    let Some(kept) = &blob.immutability else {
        return Ok(());
    };
    match threat(ask) {
        Threat::None => Ok(()),
        // It stays as a previous version.
        Threat::Replace if blob.version.is_some() => Ok(()),
        Threat::Replace | Threat::Change => refuse(kept, kept.policy.is_some()),
    }
}

/// Judges the deletion of one blob, snapshot or version.
///
/// # Errors
/// 409 where it must stay.
pub(crate) fn admit_delete(blob: &Blob, now: Timestamp) -> Result<(), Failure> {
    match &blob.immutability {
        Some(kept) => refuse(
            kept,
            kept.policy
                .as_ref()
                .is_some_and(|policy| policy.is_active(now)),
        ),
        None => Ok(()),
    }
}

/// Judges the deletion of a blob with its snapshots, of them alone, or of one revision.
///
/// The blob itself is refused even where it would stay as a previous version: recorded answers say so.
///
/// # Errors
/// 409 where one of them must stay.
pub(crate) fn admit_delete_of(
    entry: &Entry,
    named: Revision,
    scope: Option<&DeleteSnapshots>,
    now: Timestamp,
) -> Result<(), Failure> {
    if named != Revision::Base {
        return entry
            .named(named)
            .map_or(Ok(()), |blob| admit_delete(blob, now));
    }
    let base = entry
        .live()
        .filter(|_| scope != Some(&DeleteSnapshots::Only));
    let all = RevisionFilter {
        snapshots: scope.is_some(),
        versions: false,
    };
    let snapshots = entry
        .revisions(all, None)
        .map(|(_, blob)| blob)
        .filter(|blob| blob.deleted.is_none());
    base.into_iter()
        .chain(snapshots)
        .try_for_each(|blob| admit_delete(blob, now))
}

/// Judges the deletion of everything that goes by a name.
///
/// # Errors
/// 409 where something must stay.
pub(crate) fn admit_delete_all(entry: &Entry, now: Timestamp) -> Result<(), Failure> {
    entry.all().try_for_each(|blob| admit_delete(blob, now))
}

fn refuse(kept: &Immutability, by_policy: bool) -> Result<(), Failure> {
    if kept.hold {
        return Err(Failure::new(ErrorCode::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD));
    }
    if by_policy {
        return Err(Failure::new(ErrorCode::BLOB_IMMUTABLE_DUE_TO_POLICY));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
