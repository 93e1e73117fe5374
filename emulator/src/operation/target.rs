//! Finding what a request is about, and asking its rule whether the request may go on.

use http::HeaderName;

use blobferry_core::wire::{header, query};
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::auth::Permissions;
use crate::blob::{Blob, Revision, Stamp};
use crate::conditions::{Conditions, Side};
use crate::container::Container;
use crate::content::Pages;
use crate::encryption::{self, Specified};
use crate::failure::Failure;
use crate::immutability;
use crate::kind::Kind;
use crate::lease::Use;
use crate::request::Ask;
use crate::rules::{After, Rule};
use crate::state::{BlobKey, State};
use crate::tick::Tick;

/// Where the blob is that the URL names.
pub(crate) fn key(ask: &Ask) -> BlobKey {
    BlobKey {
        account: ask.account.clone(),
        container: ask.container_name().to_owned(),
        blob: ask.blob_name().to_owned(),
    }
}

/// Whether that is the blob that the URL names.
pub(crate) fn is_at(ask: &Ask, key: &BlobKey) -> bool {
    key.blob == ask.blob_name()
        && key.container == ask.container_name()
        && key.account == ask.account
}

/// The value of a header that holds a UUID, in its usual spelling.
pub(crate) fn uuid(ask: &Ask, name: &HeaderName) -> Result<Option<String>, Failure> {
    ask.header(name)
        .filter(|text| !text.is_empty())
        .map(|text| read_uuid(text).ok_or_else(|| Failure::invalid_header(name, text)))
        .transpose()
}

/// `x-ms-lease-id`.
pub(crate) fn lease_id(ask: &Ask) -> Result<Option<String>, Failure> {
    uuid(ask, &header::X_MS_LEASE_ID)
}

/// Reads a UUID with or without dashes, braces or parentheses.
pub(crate) fn read_uuid(text: &str) -> Option<String> {
    let bare = text
        .trim()
        .trim_start_matches(['{', '('])
        .trim_end_matches(['}', ')']);
    let digits: String = bare.chars().filter(|c| *c != '-').collect();
    let dashes: Vec<usize> = bare.match_indices('-').map(|(at, _)| at).collect();
    let shaped = dashes.is_empty() || dashes == [8, 13, 18, 23];
    if digits.len() != 32 || !shaped || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    Some(
        [0..8, 8..12, 12..16, 16..20, 20..32]
            .map(|part| lower.get(part).unwrap_or_default())
            .join("-"),
    )
}

/// The longest name of a blob, in characters, and the most segments it has.
const LONGEST_NAME: usize = 1024;
const MOST_SEGMENTS: usize = 254;

/// Refuses a blob name that is too long. Source: "Naming and Referencing Containers, Blobs, and
/// Metadata"; no document names the codes.
pub(crate) fn check_name(ask: &Ask) -> Result<(), Failure> {
    let name = ask.blob_name();
    // Hardly any name has as many bytes as one may have segments.
    if name.len() <= MOST_SEGMENTS {
        return Ok(());
    }
    if name.len() > LONGEST_NAME && name.chars().count() > LONGEST_NAME {
        return Err(Failure::new(ErrorCode::OUT_OF_RANGE_INPUT));
    }
    if name.split('/').count() > MOST_SEGMENTS {
        return Err(Failure::new(ErrorCode::INVALID_URI));
    }
    Ok(())
}

/// Refuses a `timeout` that is no number of seconds. Nothing here takes as long as one. Source: "Setting
/// timeouts for Blob service operations".
pub(crate) fn check_timeout(ask: &Ask) -> Result<(), Failure> {
    match ask.query.filled("timeout") {
        Some(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Failure::invalid_query("timeout", text, "Invalid integer"))
        }
        _ => Ok(()),
    }
}

/// Operations that may name a snapshot.
const ON_SNAPSHOTS: &[Kind] = &[
    Kind::GetBlob,
    Kind::GetBlobProperties,
    Kind::GetBlobMetadata,
    Kind::GetBlobTags,
    Kind::GetBlockList,
    Kind::GetPageRanges,
    Kind::SetBlobTier,
    Kind::SetBlobTags,
    Kind::DeleteBlob,
    Kind::SetImmutabilityPolicy,
    Kind::DeleteImmutabilityPolicy,
    Kind::SetLegalHold,
    Kind::GetAccountInformationOfBlob,
    Kind::QueryBlob,
];

/// Refuses a snapshot or version where only the blob itself can be meant.
pub(crate) fn refuse_revision(ask: &Ask) -> Result<(), Failure> {
    let early = ask.kind == Kind::SetBlobTier && ask.version < ServiceVersion::V2019_12_12;
    if ask.blob.is_none() || (ON_SNAPSHOTS.contains(&ask.kind) && !early) {
        return Ok(());
    }
    let rules = [
        (
            query::SNAPSHOT,
            "This operation is only allowed on the root blob. Snapshot should not be provided.",
        ),
        (
            query::VERSION_ID,
            "This operation is only allowed on the root blob. Version id should not be provided.",
        ),
    ];
    for (name, reason) in rules {
        if let Some(value) = ask.query.filled(name) {
            return Err(Failure::invalid_query(name, value, reason));
        }
    }
    Ok(())
}

/// Whether the URL names the blob itself, a snapshot or a version.
///
/// # Errors
/// 400 for a time that is none, and for both at once.
pub(crate) fn named(ask: &Ask) -> Result<Revision, Failure> {
    match (snapshot(ask)?, revision(ask, query::VERSION_ID)?) {
        (None, None) => Ok(Revision::Base),
        (Some(tick), None) => Ok(Revision::Snapshot(tick)),
        (None, Some(tick)) => Ok(Revision::Version(tick)),
        (Some(_), Some(_)) => Err(Failure::new(ErrorCode::MUTUALLY_EXCLUSIVE_QUERY_PARAMETERS)),
    }
}

/// The snapshot that the URL names.
pub(crate) fn snapshot(ask: &Ask) -> Result<Option<Tick>, Failure> {
    revision(ask, query::SNAPSHOT)
}

/// Why a time that names a snapshot or version is refused.
pub(crate) const NO_SNAPSHOT_TIME: &str = "Must be in the specific snapshot date time format.";

fn revision(ask: &Ask, name: &str) -> Result<Option<Tick>, Failure> {
    ask.query
        .filled(name)
        .map(|text| {
            Tick::parse(text).ok_or_else(|| Failure::invalid_query(name, text, NO_SNAPSHOT_TIME))
        })
        .transpose()
}

/// The container that the URL names.
pub(crate) fn container<'a>(state: &'a State, ask: &Ask) -> Result<&'a Container, Failure> {
    state.container(&ask.account, ask.container_name())
}

/// The container that the URL names.
pub(crate) fn container_mut<'a>(
    state: &'a mut State,
    ask: &Ask,
) -> Result<&'a mut Container, Failure> {
    state.container_mut(&ask.account, ask.container_name())
}

/// The blob or snapshot to read, admitted by the rule of the operation.
pub(crate) fn readable<'a>(state: &'a State, ask: &Ask) -> Result<&'a Blob, Failure> {
    let named = named(ask)?;
    let entry = container(state, ask)?.entry(ask.blob_name());
    let blob = entry.and_then(|entry| entry.named(named));
    admit(ask, blob)?;
    let blob = blob.ok_or_else(|| Failure::new(ErrorCode::BLOB_NOT_FOUND))?;
    encryption::admit(ask, None, blob.encryption.as_deref())?;
    Ok(blob)
}

/// The pages of a blob that is being copied to, as far as they are there.
pub(crate) fn visible_pages(state: &State, ask: &Ask) -> Result<Option<Pages>, Failure> {
    match named(ask) {
        Ok(Revision::Base) if !state.copies.is_empty() => {
            Ok(state.visible_pages(&key(ask), ask.now)?)
        }
        _ => Ok(None),
    }
}

/// The blob or snapshot to change, admitted by the rule of the operation.
pub(crate) fn writable<'a>(state: &'a mut State, ask: &Ask) -> Result<&'a mut Blob, Failure> {
    let named = named(ask)?;
    let missing = || Failure::new(ErrorCode::BLOB_NOT_FOUND);
    let default = encryption::default(container(state, ask)?).cloned();
    let entry = container_mut(state, ask)?.entry_mut(ask.blob_name());
    let blob = entry.and_then(|entry| entry.named_mut(named));
    admit(ask, blob.as_deref())?;
    let blob = blob.ok_or_else(missing)?;
    immutability::admit(ask, blob)?;
    encryption::admit(ask, default.as_ref(), blob.encryption.as_deref())?;
    Ok(blob)
}

/// The blob to change, admitted by the rule of the operation, which makes a version of it where the
/// account keeps versions.
pub(crate) fn renewed<'a>(
    state: &'a mut State,
    ask: &Ask,
    stamp: Stamp,
) -> Result<&'a mut Blob, Failure> {
    writable(state, ask)?;
    let keeping = state.keeping(&ask.account);
    let missing = || Failure::new(ErrorCode::BLOB_NOT_FOUND);
    let entry = container_mut(state, ask)?
        .entry_mut(ask.blob_name())
        .ok_or_else(missing)?;
    entry.begin_version(stamp, keeping);
    entry.live_mut().ok_or_else(missing)
}

/// The blob to replace or to begin, admitted by the rule of the operation.
pub(crate) fn replaceable<'a>(state: &'a State, ask: &Ask) -> Result<Option<&'a Blob>, Failure> {
    let blob = container(state, ask)?.live(ask.blob_name());
    refuse_overwrite(ask, blob)?;
    admit(ask, blob)?;
    if let Some(blob) = blob {
        immutability::admit(ask, blob)?;
    }
    Ok(blob)
}

/// Permission to create is none to overwrite.
fn refuse_overwrite(ask: &Ask, blob: Option<&Blob>) -> Result<(), Failure> {
    let creates = matches!(
        ask.kind,
        Kind::PutBlob | Kind::PutBlobFromUrl | Kind::CopyBlob | Kind::PutBlockList
    );
    let may_write = ask
        .letters
        .is_none_or(|letters| letters.contains(Permissions::WRITE));
    if creates && !may_write && blob.is_some_and(|blob| blob.committed) {
        return Err(Failure::new(ErrorCode::UNAUTHORIZED_BLOB_OVERWRITE));
    }
    Ok(())
}

fn admit(ask: &Ask, blob: Option<&Blob>) -> Result<(), Failure> {
    match Rule::of(ask.kind) {
        Some(rule) => rule.admit(ask, blob),
        None => Ok(()),
    }
}

/// Notes that the operation changed a blob, and does to the copy properties what its rule says.
pub(crate) fn changed(blob: &mut Blob, ask: &Ask, stamp: Stamp) {
    if Rule::of(ask.kind).is_some_and(|rule| rule.after == After::Clear) {
        blob.copy = None;
    }
    blob.touch(stamp);
}

/// Conditions and lease of an operation on a container itself. `way` is absent for leasing.
pub(crate) fn admit_container(
    container: &Container,
    ask: &Ask,
    side: Option<Side>,
    way: Option<Use>,
) -> Result<(), Failure> {
    if let Some(side) = side {
        Conditions::of(ask)?
            .judge(Some(container.standing()))
            .map_err(|unmet| unmet.refuse(side, ask))?;
    }
    if let Some(way) = way {
        container
            .lease
            .admit(way, lease_id(ask)?.as_deref(), ask.now)
            .map_err(|objection| Failure::new(objection.of_container()).of_container())?;
    }
    Ok(())
}

/// Adds what answers to writes say of encryption.
pub(crate) fn encrypted(mut answer: Answer, ask: &Ask, under: Option<&Specified>) -> Answer {
    if let Some(under) = under {
        under.tell(&mut answer);
    }
    static SINCE: std::sync::LazyLock<Option<ServiceVersion>> =
        std::sync::LazyLock::new(|| "2015-12-11".parse().ok());
    if SINCE.is_none_or(|since| ask.version >= since) {
        answer.constant(header::X_MS_REQUEST_SERVER_ENCRYPTED, "true")
    } else {
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_read_in_every_spelling() {
        let plain = "0f8fad5b-d9cb-469f-a165-70867728950e";
        for text in [
            plain,
            "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
            "(0f8fad5b-d9cb-469f-a165-70867728950e)",
            "0f8fad5bd9cb469fa16570867728950e",
        ] {
            assert_eq!(read_uuid(text).as_deref(), Some(plain), "{text}");
        }
        for text in ["", "0f8fad5b", "0f8fad5b-d9cb469f-a165-70867728950e", "xyz"] {
            assert_eq!(read_uuid(text), None, "{text}");
        }
    }
}
