//! What a kind of account refuses, whatever is there.
//!
//! Sources: recorded answers of general-purpose v1 accounts of 2019; answers of premium and Blob
//! storage accounts that their users have published; "Perform REST operations against page blobs with
//! premium storage".

use std::time::Duration;

use http::StatusCode;

use blobferry_core::wire::{header, query};
use blobferry_core::words::BlobType;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::auth::Holdings as _;
use crate::blob::{Entry, Revision, RevisionFilter};
use crate::config::AccountKind;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::Ask;
use crate::state::State;
use crate::xml::Element;

use super::target;

/// Of premium page blobs.
const MOST_SNAPSHOTS: usize = 100;
const BETWEEN_SNAPSHOTS: Duration = Duration::from_secs(600);

/// Refuses what accounts of its kind do not do.
pub(super) fn admit(state: &State, ask: &Ask) -> Result<(), Failure> {
    let kind = state.config().kind(&ask.account);
    if kind == AccountKind::GeneralPurposeV2 {
        return Ok(());
    }
    if let Some(made) = made(ask) {
        admit_type(kind, &made)?;
    }
    let gives_tier = ask
        .header(&header::X_MS_ACCESS_TIER)
        .is_some_and(|text| !text.is_empty());
    if gives_tier && !kind.has_tiers() && ask.version >= ServiceVersion::V2017_04_17 {
        return Err(Failure::new(
            ErrorCode::BLOB_ACCESS_TIER_NOT_SUPPORTED_FOR_ACCOUNT_TYPE,
        ));
    }
    match ask.kind {
        Kind::SetServiceProperties => admit_website(kind, ask),
        _ if kind == AccountKind::PremiumPageBlobs => admit_premium(state, ask),
        _ => Ok(()),
    }
}

/// The type of blob that a request makes, where it says so itself.
fn made(ask: &Ask) -> Option<BlobType> {
    match ask.kind {
        Kind::PutBlob => ask.header(&header::X_MS_BLOB_TYPE).map(BlobType::from),
        Kind::PutBlobFromUrl | Kind::CopyBlobFromUrl => Some(BlobType::Block),
        Kind::IncrementalCopyBlob => Some(BlobType::Page),
        _ => None,
    }
}

/// Refuses a type of blob that the account does not have.
pub(super) fn admit_type(kind: AccountKind, made: &BlobType) -> Result<(), Failure> {
    if kind.has(made) {
        return Ok(());
    }
    let message = match made {
        BlobType::Page => "Page blob is not supported for this account type.",
        BlobType::Append => "Append blobs are not supported.",
        BlobType::Block | BlobType::Other(_) => "Block blobs are not supported.",
    };
    Err(Failure::new(ErrorCode::from("BlobTypeNotSupported"))
        .status(StatusCode::BAD_REQUEST)
        .message(message))
}

/// Static websites are of some kinds only. A premium account of page blobs does not even know them.
fn admit_website(kind: AccountKind, ask: &Ask) -> Result<(), Failure> {
    let given = Element::read(&ask.body)?;
    let Some(website) = given.child("StaticWebsite") else {
        return Ok(());
    };
    let enabled = website
        .text_of("Enabled")
        .is_some_and(|text| text.trim().eq_ignore_ascii_case("true"));
    match kind {
        AccountKind::PremiumPageBlobs => Err(Failure::new(ErrorCode::INVALID_XML_DOCUMENT).detail(
            "Reason",
            "StaticWebsite element is allowed only for Blob service with REST versions starting \
             from 2018-03-28.",
        )),
        AccountKind::GeneralPurposeV1 | AccountKind::BlobStorage if enabled => Err(Failure::new(
            ErrorCode::STATIC_WEBSITE_NOT_SUPPORTED_BY_ACCOUNT_TYPE,
        )),
        _ => Ok(()),
    }
}

/// What a premium account of page blobs refuses.
fn admit_premium(state: &State, ask: &Ask) -> Result<(), Failure> {
    match ask.kind {
        // Operations of other types of blobs are no operations there.
        Kind::PutBlock
        | Kind::PutBlockFromUrl
        | Kind::PutBlockList
        | Kind::GetBlockList
        | Kind::AppendBlock
        | Kind::AppendBlockFromUrl
        | Kind::SealAppendBlob => {
            let comp = ask.query.get(query::COMP).unwrap_or_default();
            Err(Failure::invalid_query(query::COMP, comp, ""))
        }
        Kind::CreateContainer | Kind::SetContainerAcl => {
            if ask.headers.contains_key(header::X_MS_BLOB_PUBLIC_ACCESS) {
                return Err(Failure::new(ErrorCode::UNSUPPORTED_HEADER));
            }
            Ok(())
        }
        Kind::SnapshotBlob => match entry(state, ask) {
            Some(entry) => admit_snapshot(entry, ask),
            None => Ok(()),
        },
        Kind::CopyBlob if entry(state, ask).is_some_and(Entry::has_snapshots) => {
            Err(Failure::new(ErrorCode::SNAPSHOTS_PRESENT))
        }
        Kind::GetBlob => match target::named(ask)? {
            Revision::Snapshot(_) => Err(Failure::new(ErrorCode::INVALID_OPERATION)),
            Revision::Base | Revision::Version(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

fn entry<'a>(state: &'a State, ask: &Ask) -> Option<&'a Entry> {
    target::container(state, ask).ok()?.entry(ask.blob_name())
}

/// A hundred snapshots, one in ten minutes.
fn admit_snapshot(entry: &Entry, ask: &Ask) -> Result<(), Failure> {
    let mut count = 0;
    let mut last = None;
    let snapshots = RevisionFilter {
        snapshots: true,
        versions: false,
    };
    for (revision, blob) in entry.revisions(snapshots, None) {
        if let Revision::Snapshot(tick) = revision
            && blob.deleted.is_none()
        {
            count += 1;
            last = last.max(Some(tick.moment()));
        }
    }
    if count >= MOST_SNAPSHOTS {
        return Err(Failure::new(ErrorCode::SNAPSHOT_COUNT_EXCEEDED));
    }
    if last.is_some_and(|last| ask.now.since(last) < BETWEEN_SNAPSHOTS) {
        return Err(Failure::new(ErrorCode::SNAPSHOT_OPERATION_RATE_EXCEEDED));
    }
    Ok(())
}
