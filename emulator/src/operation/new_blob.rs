//! What a request says of the blob it makes.

use blobferry_core::wire::header;
use blobferry_core::words::{AccessTier, BlobType};
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::blob::{Blob, ContentHeaders, Stamp, Tier};
use crate::content::Content;
use crate::encryption::Specified;
use crate::failure::Failure;
use crate::immutability::Immutability;
use crate::kind::Kind;
use crate::lease::Lease;
use crate::metadata::Metadata;
use crate::request::Ask;
use crate::state::State;
use crate::tags::Tags;

use super::target;

/// The parts of a request that become properties of a new blob.
pub(crate) struct Given {
    pub(crate) metadata: Metadata,
    pub(crate) tags: Option<Box<Tags>>,
    pub(crate) tier: Option<AccessTier>,
}

impl Given {
    /// Reads them.
    ///
    /// # Errors
    /// 400 for what cannot be read.
    pub(crate) fn of(ask: &Ask, kind: &BlobType) -> Result<Self, Failure> {
        Ok(Self {
            metadata: Metadata::of(&ask.headers, &ask.spelling)?,
            tags: Blob::boxed_tags(tags(ask)?),
            tier: tier(ask, kind)?,
        })
    }
}

/// The longest `x-ms-tags`, in bytes.
const LONGEST_TAGS: usize = 2 << 10;

fn tags(ask: &Ask) -> Result<Tags, Failure> {
    match ask.header(&header::X_MS_TAGS) {
        None => Ok(Tags::default()),
        Some(text) if text.len() > LONGEST_TAGS => {
            Err(Failure::invalid_header(&header::X_MS_TAGS, text))
        }
        Some(text) => {
            Tags::from_header(text).ok_or_else(|| Failure::invalid_header(&header::X_MS_TAGS, text))
        }
    }
}

/// `x-ms-access-tier`, where a blob of that type may have it.
pub(crate) fn tier(ask: &Ask, kind: &BlobType) -> Result<Option<AccessTier>, Failure> {
    let Some(text) = ask
        .header(&header::X_MS_ACCESS_TIER)
        .filter(|text| !text.is_empty() && ask.version >= tier_since(ask.kind, kind))
    else {
        return Ok(None);
    };
    let tier = AccessTier::ALL
        .iter()
        .filter(|tier| ask.version >= tier_known_since(tier))
        .find(|tier| tier.as_str().eq_ignore_ascii_case(text))
        .ok_or_else(|| Failure::invalid_header(&header::X_MS_ACCESS_TIER, text))?;
    match kind {
        _ if Tier::fits(tier, kind) => Ok(Some(tier.clone())),
        BlobType::Block => Err(Failure::invalid_header(&header::X_MS_ACCESS_TIER, text)),
        _ => Err(Failure::new(ErrorCode::INVALID_BLOB_TIER)),
    }
}

/// The first version in which an operation takes a tier. Sources: "Set Blob Tier", "Copy Blob", and
/// recorded answers for Put Blob, whose page names a later one.
fn tier_since(operation: Kind, kind: &BlobType) -> ServiceVersion {
    match (operation, kind) {
        (Kind::SetBlobTier, _) | (_, BlobType::Page) => ServiceVersion::V2017_04_17,
        _ => ServiceVersion::V2018_11_09,
    }
}

/// The first version that knows a tier.
fn tier_known_since(tier: &AccessTier) -> ServiceVersion {
    match tier {
        AccessTier::Cold => ServiceVersion::V2021_12_02,
        AccessTier::Smart => ServiceVersion::V2026_06_06,
        _ => ServiceVersion::V2017_04_17,
    }
}

/// What stays of a blob that is overwritten: the lease, hot or cool, and when it was made.
pub(crate) struct Kept {
    lease: Lease,
    tier: Tier,
    created: Timestamp,
    kind: Option<BlobType>,
}

impl Kept {
    pub(crate) fn of(old: &Blob) -> Self {
        Self {
            lease: old.lease.clone(),
            tier: old.tier.clone(),
            created: old.created,
            kind: old.committed.then(|| old.kind()),
        }
    }

    /// Refuses to turn a blob into one of another type.
    ///
    /// # Errors
    /// 409.
    pub(crate) fn check_kind(&self, kind: &BlobType) -> Result<(), Failure> {
        if self.kind.as_ref().is_some_and(|old| old != kind) {
            return Err(Failure::new(ErrorCode::INVALID_BLOB_TYPE));
        }
        Ok(())
    }
}

/// A blob as the request describes it, with what overwriting keeps.
pub(crate) fn describe(
    content: Content,
    headers: Box<ContentHeaders>,
    given: Given,
    old: Option<Kept>,
    stamp: Stamp,
) -> Blob {
    let mut blob = Blob::new(content, headers, stamp);
    blob.metadata = given.metadata;
    blob.tags = given.tags;
    if let Some(old) = old {
        blob.lease = old.lease;
        blob.tier = old.tier.inherited(stamp.now);
        blob.created = old.created;
    }
    if let Some(tier) = given.tier {
        blob.tier = Tier::of(tier, stamp.now);
    }
    blob.release_ended_lease(stamp.now);
    blob
}

/// Puts a blob where the URL says.
pub(crate) fn put<'a>(
    state: &'a mut State,
    ask: &Ask,
    mut blob: Blob,
    stamp: Stamp,
) -> Result<&'a mut Blob, Failure> {
    blob.encryption = Specified::of_new(state, ask)?.map(Box::new);
    blob.immutability = Immutability::of_new(state, ask)?.map(Box::new);
    let keeping = state.keeping(&ask.account);
    if keeping.retention.is_some() && !keeping.versions && state.blob(&target::key(ask)).is_some() {
        state.note_deletion(target::key(ask), stamp.now, keeping);
    }
    let container = target::container_mut(state, ask)?;
    Ok(container
        .entry_or_new(ask.blob_name())
        .replace(blob, stamp, keeping))
}

/// 201 with what every write of a whole blob tells.
pub(crate) fn created(ask: &Ask, blob: &Blob) -> Answer {
    target::encrypted(
        Answer::created().modified(&blob.etag.etag(), blob.modified),
        ask,
        blob.encryption.as_deref(),
    )
}
