//! Delete Blob: the blob, its snapshots, or one of them.

use blobferry_core::wire::{header, query};
use blobferry_core::words::{CopyStatus, DeleteSnapshots};
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::blob::{Blob, Entry};
use crate::failure::Failure;
use crate::immutability;
use crate::lease::Lease;
use crate::request::Ask;
use crate::state::State;
use crate::tick::Tick;

use super::target;

pub(crate) fn delete_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let scope = scope(ask)?;
    let keep = state.retention(&ask.account).is_some();
    if ask.query.get(query::DELETE_TYPE) == Some("permanent") {
        return delete_permanently(state, ask);
    }
    let tick = target::snapshot(ask)?;
    let blob = target::readable(state, ask)?;
    if tick.is_some() && scope.is_some() {
        let text = ask
            .header(&header::X_MS_DELETE_SNAPSHOTS)
            .unwrap_or_default();
        return Err(Failure::invalid_header(
            &header::X_MS_DELETE_SNAPSHOTS,
            text,
        ));
    }
    check_tier(ask, blob)?;
    let container = target::container_mut(state, ask)?;
    let Some(entry) = container.entry_mut(ask.blob_name()) else {
        return Err(Failure::new(ErrorCode::BLOB_NOT_FOUND));
    };
    immutability::admit_delete_of(entry, tick, scope.as_ref(), ask.now)?;
    let mut pending = None;
    match (tick, scope) {
        (Some(tick), _) => delete_snapshots(entry, Some(tick), keep, ask),
        (None, Some(DeleteSnapshots::Only)) => delete_snapshots(entry, None, keep, ask),
        (None, None) if entry.has_snapshots() => {
            return Err(Failure::new(ErrorCode::SNAPSHOTS_PRESENT));
        }
        (None, _) => {
            delete_snapshots(entry, None, keep, ask);
            pending = pending_copy(entry);
            delete_base(entry, keep, ask);
        }
    }
    container.tidy(ask.blob_name());
    if let Some(id) = pending {
        state.copies.remove(&id);
    }
    let answer = Answer::accepted();
    Ok(if ask.version >= ServiceVersion::V2017_07_29 {
        let permanent = if keep { "false" } else { "true" };
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

fn pending_copy(entry: &Entry) -> Option<String> {
    let blob = entry.live().filter(|blob| blob.is_pending())?;
    blob.copy.as_ref().map(|copy| copy.id.clone())
}

fn delete_snapshots(entry: &mut Entry, only: Option<Tick>, keep: bool, ask: &Ask) {
    let is_meant = |tick: &Tick| only.is_none_or(|only| only == *tick);
    if !keep {
        entry
            .snapshots
            .retain(|tick, blob| !is_meant(tick) || blob.deleted.is_some());
        return;
    }
    for (tick, blob) in &mut entry.snapshots {
        if is_meant(tick) {
            blob.deleted.get_or_insert(ask.now);
        }
    }
}

fn delete_base(entry: &mut Entry, keep: bool, ask: &Ask) {
    let is_kept = |blob: &Blob| keep && blob.committed;
    if !entry.live().is_some_and(is_kept) {
        entry.remove_base();
        return;
    }
    if let Some(blob) = entry.live_mut() {
        blob.deleted = Some(ask.now);
        if let Some(copy) = blob.copy.as_mut().filter(|copy| copy.is_pending()) {
            copy.end(CopyStatus::Aborted, None, ask.now);
        }
        blob.lease = Lease::default();
        blob.staged = None;
    }
}

/// `deletetype=permanent`, for what is soft-deleted already.
fn delete_permanently(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    if !state
        .account(&ask.account)?
        .service
        .allows_permanent_delete()
    {
        return Err(Failure::new(ErrorCode::PERMANENT_DELETE_IS_OFF));
    }
    let Some(tick) = target::snapshot(ask)? else {
        return Err(Failure::new(ErrorCode::OPERATION_NOT_ALLOWED_ON_ROOT_BLOB));
    };
    let container = target::container_mut(state, ask)?;
    let missing = || Failure::new(ErrorCode::BLOB_NOT_FOUND);
    let entry = container.entry_mut(ask.blob_name()).ok_or_else(missing)?;
    let snapshot = entry.snapshots.get(&tick).ok_or_else(missing)?;
    if snapshot.deleted.is_none() {
        return Err(Failure::new(ErrorCode::BLOB_NOT_SOFT_DELETED));
    }
    immutability::admit_delete(snapshot, ask.now)?;
    entry.snapshots.remove(&tick);
    container.tidy(ask.blob_name());
    Ok(Answer::accepted().constant(header::X_MS_DELETE_TYPE_PERMANENT, "true"))
}
