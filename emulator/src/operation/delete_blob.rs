//! Delete Blob: the blob, its snapshots, or one of its snapshots or versions.

use blobferry_core::wire::{header, query};
use blobferry_core::words::DeleteSnapshots;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::blob::{Blob, Entry, Keeping, Revision};
use crate::failure::Failure;
use crate::immutability;
use crate::request::Ask;
use crate::state::State;

use super::target;

pub(crate) fn delete_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let scope = scope(ask)?;
    let named = target::named(ask)?;
    if is_permanent(ask)? {
        return delete_permanently(state, ask, named);
    }
    let keeping = state.keeping(&ask.account);
    check_tier(ask, target::readable(state, ask)?)?;
    let container = target::container_mut(state, ask)?;
    let entry = container
        .entry_mut(ask.blob_name())
        .ok_or_else(|| Failure::new(ErrorCode::BLOB_NOT_FOUND))?;
    immutability::admit_delete_of(entry, named, scope.as_ref(), ask.now)?;
    let pending = pending_copy(entry);
    let kept = delete(entry, named, scope, keeping, ask)?;
    let is_gone = entry.live().is_none();
    container.tidy(ask.blob_name());
    if let Some(id) = pending.filter(|_| is_gone) {
        state.copies.remove(&id);
    }
    state.note_deletion(target::key(ask), ask.now, keeping);
    let answer = Answer::accepted();
    Ok(if ask.version >= ServiceVersion::V2017_07_29 {
        let permanent = if kept { "false" } else { "true" };
        answer.constant(header::X_MS_DELETE_TYPE_PERMANENT, permanent)
    } else {
        answer
    })
}

/// `x-ms-access-tier-if-modified-since` and `-unmodified-since`, from 2026-04-06.
fn check_tier(ask: &Ask, blob: &Blob) -> Result<(), Failure> {
    if ask.version < ServiceVersion::V2026_04_06 {
        return Ok(());
    }
    let changed = blob.tier.changed(ask.now).unwrap_or(blob.created);
    type Holds = fn(Timestamp, Timestamp) -> bool;
    let conditions: [(_, Holds); 2] = [
        (header::X_MS_ACCESS_TIER_IF_MODIFIED_SINCE, |is, since| {
            is > since
        }),
        (header::X_MS_ACCESS_TIER_IF_UNMODIFIED_SINCE, |is, since| {
            is <= since
        }),
    ];
    for (name, holds) in conditions {
        let Some(text) = ask.header(&name) else {
            continue;
        };
        let since =
            Timestamp::parse_http(text).map_err(|_| Failure::invalid_header(&name, text))?;
        if !holds(changed.floor_to_second(), since) {
            return Err(Failure::new(ErrorCode::CONDITION_NOT_MET));
        }
    }
    Ok(())
}

/// Deletes what is meant; says whether it can be had back. See [`Keeping`] for what is kept.
fn delete(
    entry: &mut Entry,
    named: Revision,
    scope: Option<DeleteSnapshots>,
    keeping: Keeping,
    ask: &Ask,
) -> Result<bool, Failure> {
    let soft = keeping.retention.is_some();
    match (named, scope) {
        (Revision::Snapshot(_) | Revision::Version(_), Some(_)) => {
            let name = header::X_MS_DELETE_SNAPSHOTS;
            let text = ask.header(&name).unwrap_or_default();
            Err(Failure::invalid_header(&name, text))
        }
        (Revision::Snapshot(tick), None) => {
            entry.delete_snapshots(Some(tick), ask.now, keeping);
            Ok(soft)
        }
        (Revision::Version(tick), None) if entry.is_current(tick) => {
            Err(Failure::new(ErrorCode::OPERATION_NOT_ALLOWED_ON_ROOT_BLOB))
        }
        (Revision::Version(tick), None) => {
            entry.delete_version(tick, ask.now, keeping);
            Ok(soft)
        }
        (Revision::Base, Some(DeleteSnapshots::Only)) => {
            entry.delete_snapshots(None, ask.now, keeping);
            Ok(soft)
        }
        (Revision::Base, None) if entry.has_snapshots() => {
            Err(Failure::new(ErrorCode::SNAPSHOTS_PRESENT))
        }
        (Revision::Base, _) => {
            entry.delete_snapshots(None, ask.now, keeping);
            entry.delete_base(ask.now, keeping);
            Ok(soft || keeping.versions)
        }
    }
}

/// `x-ms-delete-snapshots`.
fn scope(ask: &Ask) -> Result<Option<DeleteSnapshots>, Failure> {
    let name = header::X_MS_DELETE_SNAPSHOTS;
    match ask.header(&name) {
        None => Ok(None),
        Some(text) => match DeleteSnapshots::from(text.to_ascii_lowercase().as_str()) {
            DeleteSnapshots::Other(_) => Err(Failure::invalid_header(&name, text)),
            known => Ok(Some(known)),
        },
    }
}

/// `deletetype`.
fn is_permanent(ask: &Ask) -> Result<bool, Failure> {
    match ask.query.filled(query::DELETE_TYPE) {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("permanent") => Ok(true),
        Some(text) => Err(Failure::invalid_query(query::DELETE_TYPE, text, "")),
    }
}

fn pending_copy(entry: &Entry) -> Option<String> {
    let blob = entry.live().filter(|blob| blob.is_pending())?;
    blob.copy.as_ref().map(|copy| copy.id.clone())
}

/// `deletetype=permanent`, for a snapshot or version that is soft-deleted already.
///
/// Before 2020-02-10, when the account's setting and the SAS permission came, recorded answers let it
/// through without the setting, and for a soft-deleted blob too.
fn delete_permanently(state: &mut State, ask: &Ask, named: Revision) -> Result<Answer, Failure> {
    let refuse = |code| Err(Failure::new(code));
    let guarded = ask.version >= ServiceVersion::V2020_02_10;
    if guarded
        && !state
            .account(&ask.account)?
            .service
            .allows_permanent_delete()
    {
        return refuse(ErrorCode::PERMANENT_DELETE_IS_OFF);
    }
    let container = target::container_mut(state, ask)?;
    let missing = || Failure::new(ErrorCode::BLOB_NOT_FOUND);
    let entry = container.entry_mut(ask.blob_name()).ok_or_else(missing)?;
    let is_root = match named {
        Revision::Base => guarded,
        Revision::Version(tick) => entry.is_current(tick),
        Revision::Snapshot(_) => false,
    };
    if is_root {
        return refuse(ErrorCode::OPERATION_NOT_ALLOWED_ON_ROOT_BLOB);
    }
    let found = entry.any_named_mut(named).ok_or_else(missing)?;
    if found.deleted.is_none() {
        return refuse(ErrorCode::BLOB_NOT_SOFT_DELETED);
    }
    immutability::admit_delete(found, ask.now)?;
    entry.purge(named);
    container.tidy(ask.blob_name());
    Ok(Answer::accepted().constant(header::X_MS_DELETE_TYPE_PERMANENT, "true"))
}
