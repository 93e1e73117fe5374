//! The source of a copy: found, read, and its refusals told as the service tells them.

use bytes::Bytes;

use blobferry_core::wire::{header, query};
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::auth::source::{SourceRef, authorize_source, cannot_verify};
use crate::blob::{Blob, Revision};
use crate::conditions::{Conditions, Side};
use crate::encryption;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::lease::Use;
use crate::outside::Found;
use crate::range::Range;
use crate::request::{Ask, Query};
use crate::rules::size;
use crate::state::{BlobKey, State};
use crate::tick::Tick;

use super::target;

/// A source that may be read, as it stands.
pub(crate) struct Source<'a> {
    pub(crate) key: BlobKey,
    /// Whether the blob itself is read, or a snapshot or version, which stays as it is.
    pub(crate) revision: Revision,
    pub(crate) url: &'a str,
    pub(crate) same_account: bool,
    pub(crate) tags_readable: bool,
    pub(crate) blob: Blob,
    /// Present where it is outside the service.
    pub(crate) outside: Option<Elsewhere>,
}

/// A source outside as it was when it was asked.
pub(crate) struct Elsewhere {
    pub(crate) etag: Option<String>,
    /// Whether it is a blob, which has page ranges and a block list.
    pub(crate) is_blob: bool,
    /// Bytes, of which a copy has none at its start.
    total: u64,
}

impl Source<'_> {
    /// Bytes.
    pub(crate) fn total(&self) -> u64 {
        self.outside
            .as_ref()
            .map_or_else(|| self.blob.content.len(), |outside| outside.total)
    }
}

/// Finds the source of a request and judges the conditions on it.
///
/// The blob is a clone: its content is shared, so this costs little.
///
/// # Errors
/// What reading the source would be refused with, told by `side`.
pub(crate) fn find<'a>(state: &State, ask: &'a Ask, side: Side) -> Result<Source<'a>, Failure> {
    let url = ask.header(&header::X_MS_COPY_SOURCE).unwrap_or_default();
    check_intent(ask)?;
    check_empty(ask)?;
    if let Some(fetched) = &ask.fetched {
        encryption::source_key(ask)?;
        return Ok(outside(fetched.found(ask, side)?, url));
    }
    let found = authorize_source(state, url, ask)?;
    let revision =
        revision(&found).ok_or_else(|| Failure::invalid_header(&header::X_MS_COPY_SOURCE, url))?;
    let SourceRef {
        same_account, tags, ..
    } = found;
    let key = BlobKey {
        account: found.account,
        container: found.container,
        blob: found.blob,
    };
    let blob = look(state, &key, revision).ok_or_else(|| missing(ask, side, same_account))?;
    if side == Side::CopySource && ask.version < ServiceVersion::V2012_02_12 {
        admit_lease(ask, blob)?;
    }
    Conditions::of_source(ask)?
        .judge(Some(blob.standing()))
        .map_err(|unmet| unmet.refuse(side, ask))?;
    if blob.incremental && revision == Revision::Base {
        let refused = Failure::new(ErrorCode::OPERATION_NOT_ALLOWED_ON_INCREMENTAL_COPY_BLOB);
        return Err(if side == Side::CopySource && same_account {
            refused
        } else {
            cannot_verify(ask, &refused)
        });
    }
    encryption::admit_source(ask, blob.encryption.as_deref()).map_err(|failure| {
        let own = side == Side::CopySource && same_account;
        if own || failure.parts().status == http::StatusCode::BAD_REQUEST {
            failure
        } else {
            cannot_verify(ask, &failure)
        }
    })?;
    Ok(Source {
        key,
        revision,
        url,
        same_account,
        tags_readable: tags,
        blob: blob.clone(),
        outside: None,
    })
}

/// What is written from a URL has no body besides.
fn check_empty(ask: &Ask) -> Result<(), Failure> {
    let writes = matches!(
        ask.kind,
        Kind::PutBlobFromUrl
            | Kind::PutBlockFromUrl
            | Kind::PutPageFromUrl
            | Kind::AppendBlockFromUrl
    );
    if writes && !ask.body.is_empty() {
        let length = ask.body.len().to_string();
        return Err(Failure::invalid_header(&header::CONTENT_LENGTH, &length));
    }
    Ok(())
}

/// A copy could ask for a lease on its source until copies became asynchronous.
fn admit_lease(ask: &Ask, source: &Blob) -> Result<(), Failure> {
    let id = target::uuid(ask, &header::X_MS_SOURCE_LEASE_ID)?;
    source
        .lease
        .admit(Use::Read, id.as_deref(), ask.now)
        .map_err(|objection| Failure::new(objection.of_blob()))
}

/// A source that has been asked already, conditions and all.
fn outside(found: Found, url: &str) -> Source<'_> {
    Source {
        key: BlobKey {
            account: String::new(),
            container: String::new(),
            blob: String::new(),
        },
        revision: revision_of(url),
        url,
        same_account: false,
        tags_readable: found.tags,
        blob: found.blob,
        outside: Some(Elsewhere {
            etag: found.etag,
            is_blob: found.is_blob,
            total: found.total,
        }),
    }
}

/// `x-ms-file-request-intent`, from 2025-07-05: how a token opens a file share. Blobs do not ask.
fn check_intent(ask: &Ask) -> Result<(), Failure> {
    let name = header::X_MS_FILE_REQUEST_INTENT;
    match ask.header(&name) {
        Some(intent)
            if ask.version >= ServiceVersion::V2025_07_05
                && !intent.eq_ignore_ascii_case("backup") =>
        {
            Err(Failure::invalid_header(&name, intent))
        }
        _ => Ok(()),
    }
}

/// What the URL of a source outside names.
fn revision_of(url: &str) -> Revision {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let query = Query::parse(query);
    let time = |name| query.filled(name).and_then(Tick::parse);
    time(query::SNAPSHOT)
        .map(Revision::Snapshot)
        .or_else(|| time(query::VERSION_ID).map(Revision::Version))
        .unwrap_or(Revision::Base)
}

fn look<'a>(state: &'a State, key: &BlobKey, revision: Revision) -> Option<&'a Blob> {
    let entry = state
        .container(&key.account, &key.container)
        .ok()?
        .entry(&key.blob)?;
    entry.named(revision).filter(|blob| blob.committed)
}

/// What the URL of a source names; absent for a time that is none.
fn revision(found: &SourceRef) -> Option<Revision> {
    match (&found.snapshot, &found.version_id) {
        (Some(text), _) => Tick::parse(text).map(Revision::Snapshot),
        (None, Some(text)) => Tick::parse(text).map(Revision::Version),
        (None, None) => Some(Revision::Base),
    }
}

/// A source that is not there: its own 404 inside the account, else as it was told by the source.
fn missing(ask: &Ask, side: Side, same_account: bool) -> Failure {
    if side == Side::CopySource && same_account {
        return Failure::new(ErrorCode::BLOB_NOT_FOUND);
    }
    cannot_verify(ask, &Failure::new(ErrorCode::BLOB_NOT_FOUND))
}

/// Reads a source, or the part of it that `x-ms-source-range` names, and checks it against the checksums
/// given.
///
/// # Errors
/// 400 for a range that cannot be read or bytes that do not fit, 416 past the end, 409 for a source
/// that is in the archive or too long, which is found before anything is read: a page blob of
/// terabytes takes no memory until it is.
pub(crate) fn read(source: &Source<'_>, ask: &Ask) -> Result<Bytes, Failure> {
    if source.blob.tier.is_archived(ask.now) {
        return Err(Failure::new(ErrorCode::BLOB_ARCHIVED));
    }
    let ahead = ask.read_ahead.as_ref().and_then(|ahead| ahead.of(source));
    let data = match ahead {
        Some(data) => data.clone(),
        None => bytes(source, ask)?,
    };
    super::body::check_source(ask, &data)?;
    Ok(data)
}

/// What a request reads of a source.
pub(super) fn bytes(source: &Source<'_>, ask: &Ask) -> Result<Bytes, Failure> {
    let content = &source.blob.content;
    match range(ask) {
        // What was asked for outside is all that came.
        _ if source.outside.is_some() => Ok(content.read_all()?),
        None => {
            size::check_source(ask.kind, ask.version, content.len())?;
            Ok(content.read_all()?)
        }
        Some(text) => {
            let (start, end) = Range::parse(text)
                .ok_or_else(|| Failure::invalid_header(&header::X_MS_SOURCE_RANGE, text))?
                .within(content.len())?;
            size::check_source(ask.kind, ask.version, end - start)?;
            // A part of its own, so that it does not keep the whole source when that is overwritten.
            Ok(Bytes::copy_from_slice(&content.read(start, end)?))
        }
    }
}

/// `x-ms-source-range`, which means nothing to operations that take the whole of their source.
pub(crate) fn range(ask: &Ask) -> Option<&str> {
    let takes_part = matches!(
        ask.kind,
        Kind::PutBlockFromUrl | Kind::PutPageFromUrl | Kind::AppendBlockFromUrl
    );
    ask.header(&header::X_MS_SOURCE_RANGE)
        .filter(|_| takes_part)
}
