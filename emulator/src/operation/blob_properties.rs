//! Get Blob Properties, and the headers that it shares with Get Blob.

use http::{HeaderName, StatusCode};

use blobferry_core::wire::header;
use blobferry_core::words::{
    AccessTier, BlobType, CopyStatus, LeaseDuration, LeaseState, LeaseStatus,
};
use blobferry_core::{ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::blob::{Blob, Revision};
use crate::content::Content;
use crate::copy::Copied;
use crate::failure::Failure;
use crate::http_date;
use crate::lease::Lease;
use crate::request::{Ask, Caller};
use crate::state::State;

use super::target;

pub(crate) fn blob_properties(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let blob = target::readable(state, ask).map_err(|failure| hint(state, ask, failure))?;
    let mut answer = Answer::ok();
    describe(&mut answer, blob, ask);
    answer.headers.insert(
        header::CONTENT_LENGTH,
        http::HeaderValue::from(blob.content.len()),
    );
    if let Some(md5) = &blob.headers.md5 {
        answer.set(header::CONTENT_MD5, md5);
    }
    if ask.version < ServiceVersion::V2013_08_15 {
        answer.headers.remove(header::ACCEPT_RANGES);
    }
    if ask.version >= ServiceVersion::V2017_04_17 {
        let inferred = state.inferred_tier(&ask.account, blob);
        describe_tier(&mut answer, blob, inferred, ask.version, ask.now);
    }
    Ok(answer)
}

/// Says of what is not found that it is soft-deleted.
fn hint(state: &State, ask: &Ask, failure: Failure) -> Failure {
    if failure.parts().status != StatusCode::NOT_FOUND || ask.version < ServiceVersion::V2020_02_10
    {
        return failure;
    }
    let entry = target::container(state, ask)
        .ok()
        .and_then(|container| container.entry(ask.blob_name()));
    let found = entry.and_then(|entry| entry.any_named(target::named(ask).ok()?));
    if found.is_some_and(|blob| blob.deleted.is_some()) {
        failure.header(IS_SOFT_DELETED, "true")
    } else {
        failure
    }
}

/// Recorded; no document names it.
const IS_SOFT_DELETED: HeaderName = HeaderName::from_static("x-ms-is-soft-deleted");

/// Writes the properties of a blob as headers.
pub(crate) fn describe(answer: &mut Answer, blob: &Blob, ask: &Ask) {
    let version = ask.version;
    answer.set(header::ETAG, &blob.etag.etag());
    answer
        .headers
        .insert(header::LAST_MODIFIED, http_date::header(blob.modified));
    if version >= ServiceVersion::V2017_11_09 {
        answer
            .headers
            .insert(header::X_MS_CREATION_TIME, http_date::header(blob.created));
    }
    if let Some(accessed) = blob.accessed()
        && version >= ServiceVersion::V2020_02_10
    {
        answer
            .headers
            .insert(header::X_MS_LAST_ACCESS_TIME, http_date::header(accessed));
    }
    blob.metadata.write_to(answer);
    if let Some(tags) = &blob.tags
        && version >= ServiceVersion::V2019_10_10
    {
        answer.set(header::X_MS_TAG_COUNT, &tags.count().to_string());
    }
    answer.set_word(header::X_MS_BLOB_TYPE, blob.kind().to_header());
    blob.headers.write(answer);
    if version < ServiceVersion::V2013_08_15 {
        answer.headers.remove(header::CONTENT_DISPOSITION);
    }
    override_headers(answer, ask);
    answer.set_constant(header::ACCEPT_RANGES, "bytes");
    if version >= ServiceVersion::V2015_12_11 {
        answer.set_constant(header::X_MS_SERVER_ENCRYPTED, "true");
    }
    if let Some(under) = &blob.encryption {
        under.tell(answer);
    }
    if let Some(kept) = &blob.immutability
        && version >= ServiceVersion::V2020_06_12
    {
        kept.tell(answer);
    }
    super::version::describe(answer, blob, version);
    if matches!(target::named(ask), Ok(Revision::Base)) {
        describe_lease(answer, &blob.lease, ask);
    }
    if let Some(copy) = &blob.copy
        && version >= ServiceVersion::V2012_02_12
    {
        describe_copy(answer, copy, ask.now);
    }
    if blob.incremental {
        answer.set_constant(header::X_MS_INCREMENTAL_COPY, "true");
    }
    match &blob.content {
        Content::Page(_) => answer.set(
            header::X_MS_BLOB_SEQUENCE_NUMBER,
            &blob.sequence.to_string(),
        ),
        Content::Append(blocks) => {
            answer.set(
                header::X_MS_BLOB_COMMITTED_BLOCK_COUNT,
                &blocks.count().to_string(),
            );
            if blob.sealed && version >= ServiceVersion::V2019_12_12 {
                answer.set_constant(header::X_MS_BLOB_SEALED, "true");
            }
        }
        Content::Block(_) => {}
    }
}

/// Headers that a SAS sets instead of those of the blob. Source: "Create a service SAS".
fn override_headers(answer: &mut Answer, ask: &Ask) {
    if ask.caller != Caller::Sas {
        return;
    }
    for (parameter, name) in [
        ("rscc", header::CACHE_CONTROL),
        ("rscd", header::CONTENT_DISPOSITION),
        ("rsce", header::CONTENT_ENCODING),
        ("rscl", header::CONTENT_LANGUAGE),
        ("rsct", header::CONTENT_TYPE),
    ] {
        if let Some(value) = ask.query.filled(parameter) {
            answer.set(name, value);
        }
    }
}

/// Writes `x-ms-lease-*`.
pub(crate) fn describe_lease(answer: &mut Answer, lease: &Lease, ask: &Ask) {
    let state = lease.state(ask.now);
    let status = lease_status(lease, ask.now);
    answer.set_word(header::X_MS_LEASE_STATUS, status.to_header());
    if ask.version < ServiceVersion::V2012_02_12 {
        return;
    }
    answer.set_word(header::X_MS_LEASE_STATE, state.to_header());
    if let Some(duration) = lease_duration(lease, &state) {
        answer.set_word(header::X_MS_LEASE_DURATION, duration.to_header());
    }
}

/// Whether a lease keeps others out, as a word.
pub(crate) fn lease_status(lease: &Lease, now: Timestamp) -> LeaseStatus {
    if lease.is_locked(now) {
        LeaseStatus::Locked
    } else {
        LeaseStatus::Unlocked
    }
}

/// Told only while leased.
pub(crate) fn lease_duration(lease: &Lease, state: &LeaseState) -> Option<LeaseDuration> {
    (*state == LeaseState::Leased).then(|| {
        if lease.is_infinite() {
            LeaseDuration::Infinite
        } else {
            LeaseDuration::Fixed
        }
    })
}

fn describe_copy(answer: &mut Answer, copy: &Copied, now: Timestamp) {
    answer.set(header::X_MS_COPY_ID, &copy.id);
    answer.set(header::X_MS_COPY_SOURCE, &copy.source);
    answer.set_word(header::X_MS_COPY_STATUS, copy.status.to_header());
    answer.set(header::X_MS_COPY_PROGRESS, &copy.progress_text(now));
    if let Some(completed) = copy.completed {
        answer.headers.insert(
            header::X_MS_COPY_COMPLETION_TIME,
            http_date::header(completed),
        );
    }
    if let Some(description) = copy.description(now) {
        answer.set(header::X_MS_COPY_STATUS_DESCRIPTION, &description);
    }
    if let Some(snapshot) = copy.snapshot
        && copy.status == CopyStatus::Success
    {
        answer.set(header::X_MS_COPY_DESTINATION_SNAPSHOT, &snapshot.name());
    }
}

/// Writes the tier, and what becomes of it.
pub(crate) fn describe_tier(
    answer: &mut Answer,
    blob: &Blob,
    inferred: Option<AccessTier>,
    version: ServiceVersion,
    now: Timestamp,
) {
    match (blob.tier.current(now), inferred) {
        (Some(tier), _) => {
            answer.set_word(header::X_MS_ACCESS_TIER, tier.to_header());
            if let Some(changed) = blob.tier.changed(now)
                && blob.kind() == BlobType::Block
            {
                answer.headers.insert(
                    header::X_MS_ACCESS_TIER_CHANGE_TIME,
                    http_date::header(changed),
                );
            }
        }
        (None, Some(inferred)) => {
            answer.set_word(header::X_MS_ACCESS_TIER, inferred.to_header());
            answer.set_constant(header::X_MS_ACCESS_TIER_INFERRED, "true");
        }
        (None, None) => {}
    }
    if let Some(smart) = blob.tier.smart(blob.modified, now)
        && version >= ServiceVersion::V2026_06_06
    {
        answer.set_word(header::X_MS_SMART_ACCESS_TIER, smart.to_header());
    }
    if let Some((status, priority)) = blob.tier.rehydrating(now) {
        answer.set_word(header::X_MS_ARCHIVE_STATUS, status.to_header());
        if version >= ServiceVersion::V2019_12_12 {
            answer.set_word(header::X_MS_REHYDRATE_PRIORITY, priority.to_header());
        }
    }
}
