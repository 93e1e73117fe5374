//! Copy Blob: the asynchronous copy.

use std::time::Duration;

use blobferry_core::wire::header;
use blobferry_core::words::{AccessTier, BlobType, CopyStatus, RehydratePriority};
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::blob::{Blob, Revision, Stamp, Tier};
use crate::conditions::Side;
use crate::config::{AccountKind, Pace};
use crate::content::{Content, Pages};
use crate::copy::{Copied, Feed, Job, Run};
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

use super::new_blob::{self, Given, Kept};
use super::source::{self, Source};
use super::{account_kind, set_blob_tier, target};

pub(crate) fn copy_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    target::container(state, ask)?;
    let source = source::find(state, ask, Side::CopySource)?;
    let account = state.config().kind(&ask.account);
    account_kind::admit_type(account, &source.blob.kind())?;
    let given = Given::of(ask, &source.blob.kind())?;
    let priority = set_blob_tier::priority(ask)?;
    let old = target::replaceable(state, ask)?.map(Kept::of);
    if let Some(old) = &old {
        old.check_kind(&source.blob.kind())?;
    }
    let tier = destination_tier(state, &source, &given, priority, ask)?;
    let stamp = state.stamp(ask.now);
    let pace = pace(state, &source, ask);
    let id = state.fresh_id();
    let total = source.total();
    let run = Run {
        since: ask.now,
        pace,
    };
    let mut copied = Copied::begun(id, source.url, total, run);
    let feed = feed(&source, ask);
    copied.fetched = feed.is_some().then_some(0);
    copied.fate = ask.effect.and_then(|effect| effect.fate(total));
    let due = if copied.fate.is_some() {
        // What is in store for it is seen later than its start.
        copied.due().max(ask.now + Duration::from_millis(1))
    } else {
        copied.due()
    };
    let sealed = sealed(ask, &source);
    let locked = (source.revision == Revision::Base && feed.is_none()).then_some(source.blob.etag);
    let (mut blob, content) = begin(source.blob, given, old, stamp);
    blob.sealed = sealed;
    if let Some(tier) = tier {
        blob.tier = tier;
    }
    let job = if due > ask.now {
        Some(Job {
            id: copied.id.clone(),
            destination: target::key(ask),
            from: source.key.account.clone(),
            source: locked.map(|etag| (source.key, etag)),
            content,
            incremental: false,
            feed,
            started: ask.now,
            due,
        })
    } else {
        // What ends as it begins waits in no line.
        blob.content = content;
        copied.end(CopyStatus::Success, None, ask.now);
        None
    };
    blob.copy = Some(Box::new(copied));
    let blob = new_blob::put(state, ask, blob, stamp)?;
    if ask.version < ServiceVersion::V2012_02_12 {
        blob.copy = None;
        return Ok(Answer::created().modified(&blob.etag.etag(), blob.modified));
    }
    let answer = answer(blob);
    if let Some(job) = job {
        state.schedule(job, ask.now);
    }
    Ok(answer)
}

/// What is to be read from outside.
pub(super) fn feed(source: &Source<'_>, ask: &Ask) -> Option<Feed> {
    source.outside.as_ref().map(|outside| Feed {
        version: ask.version.as_str().to_owned(),
        etag: outside.etag.clone(),
        is_blob: outside.is_blob,
        previous: None,
        kept: 0,
        claimed: false,
    })
}

/// What a copy answers: how its destination stands.
pub(crate) fn answer(blob: &Blob) -> Answer {
    let mut answer = Answer::accepted().modified(&blob.etag.etag(), blob.modified);
    if let Some(copy) = &blob.copy {
        answer.set(header::X_MS_COPY_ID, &copy.id);
        answer.set_word(header::X_MS_COPY_STATUS, copy.status.to_header());
    }
    answer
}

/// The destination as it is while the copy is pending: properties and metadata of the source in place,
/// nothing in it but the length of a page blob. Beside it, what will be in it at the end: content
/// that shares its bytes with the source, and no history with the destination.
pub(crate) fn begin(
    source: Blob,
    mut given: Given,
    old: Option<Kept>,
    stamp: Stamp,
) -> (Blob, Content) {
    if given.metadata.is_empty() {
        given.metadata = source.metadata;
    }
    let mut coming = source.content;
    let content = match &mut coming {
        Content::Page(pages) => {
            pages.begin_lineage(stamp.tick.number());
            Content::Page(Pages::new(pages.len(), stamp.tick.number()))
        }
        Content::Block(_) | Content::Append(_) => Content::empty(&coming.kind()),
    };
    let mut blob = new_blob::describe(content, source.headers, given, old, stamp);
    blob.sequence = source.sequence;
    (blob, coming)
}

/// The tier of the destination where it is not simply the one that was asked for.
///
/// A source in the archive can be copied to an online tier, which takes as long as rehydration. A
/// premium page blob keeps its tier.
fn destination_tier(
    state: &State,
    source: &Source<'_>,
    given: &Given,
    priority: Option<RehydratePriority>,
    ask: &Ask,
) -> Result<Option<Tier>, Failure> {
    let from = &source.blob.tier;
    if !from.is_archived(ask.now) {
        return Ok(match &given.tier {
            Some(tier) if !Tier::holds(tier, source.blob.content.len()) => {
                return Err(Failure::new(
                    ErrorCode::BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH,
                ));
            }
            // Recorded: in a premium account the copy has the tier of its length again.
            None if source.blob.kind() == BlobType::Page
                && state.config().kind(&ask.account) != AccountKind::PremiumPageBlobs =>
            {
                Some(from.clone())
            }
            Some(_) | None => None,
        });
    }
    let since = if source.same_account {
        ServiceVersion::V2018_11_09
    } else {
        ServiceVersion::V2021_02_12
    };
    let Some(target) = given
        .tier
        .clone()
        .filter(|tier| *tier != AccessTier::Archive && ask.version >= since)
    else {
        return Err(Failure::new(ErrorCode::BLOB_ARCHIVED));
    };
    if from.rehydrating(ask.now).is_some() {
        return Err(Failure::new(ErrorCode::BLOB_BEING_REHYDRATED));
    }
    let mut tier = Tier::of(AccessTier::Archive, ask.now);
    tier.change(target, priority, 0, state.config().rehydration, ask.now)?;
    Ok(Some(tier))
}

/// `x-ms-seal-blob`, else as the source is.
fn sealed(ask: &Ask, source: &Source<'_>) -> bool {
    source.blob.kind() == BlobType::Append
        && ask
            .header(&header::X_MS_SEAL_BLOB)
            .map_or(source.blob.sealed, |text| text.eq_ignore_ascii_case("true"))
}

/// A copy onto itself shares every block, and before 2012-02-12 copies were not asynchronous.
fn pace(state: &State, source: &Source<'_>, ask: &Ask) -> Pace {
    let pace = state.copy_pace(&ask.account);
    if target::is_at(ask, &source.key) || ask.version < ServiceVersion::V2012_02_12 {
        Pace::AT_ONCE
    } else if source.same_account {
        pace.same_account
    } else {
        pace.other_account
    }
}
