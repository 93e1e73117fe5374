//! Incremental Copy Blob: snapshots of a page blob, one after the other.
//!
//! The service never finishes one within the request, so it takes a millisecond at least.

use std::net::IpAddr;
use std::time::Duration;

use blobferry_core::ErrorCode;
use blobferry_core::wire::{header, query};
use blobferry_core::words::{BlobType, CopyStatus};

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::blob::{Blob, Revision};
use crate::conditions::Side;
use crate::content::Content;
use crate::copy::{Copied, Job, Run};
use crate::failure::Failure;
use crate::kind::Level;
use crate::outside::Fetched;
use crate::read::read_url;
use crate::request::{Ask, Query};
use crate::state::State;
use crate::tick::Tick;

use super::new_blob::{self, Given, Kept};
use super::source::{self, Source};
use super::{copy_blob, target};

pub(crate) fn incremental_copy_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    target::container(state, ask)?;
    check_url(state, ask)?;
    let source = source::find(state, ask, Side::RangeSource)?;
    let refuse = |code| Err(Failure::new(code));
    if source
        .outside
        .as_ref()
        .is_some_and(|outside| !outside.is_blob)
    {
        return refuse(ErrorCode::INVALID_SOURCE_BLOB_URL);
    }
    if source.blob.kind() != BlobType::Page {
        return refuse(ErrorCode::INVALID_SOURCE_BLOB_TYPE);
    }
    let Revision::Snapshot(snapshot) = source.revision else {
        return refuse(ErrorCode::INCREMENTAL_COPY_SOURCE_MUST_BE_SNAPSHOT);
    };
    let old = target::replaceable(state, ask)?.cloned();
    if let Some(old) = &old {
        check_series(old, &source, snapshot)?;
    }
    let given = Given::of(ask, &BlobType::Page)?;
    let stamp = state.stamp(ask.now);
    let id = state.fresh_id();
    let run = Run {
        since: ask.now,
        pace: state.copy_pace(&ask.account).other_account,
    };
    let total = source.total();
    let mut copied = Copied::begun(id.clone(), source.url, total, run);
    copied.fate = ask.effect.and_then(|effect| effect.fate(total));
    copied.snapshot = old
        .as_ref()
        .and_then(|old| old.copy.as_ref())
        .and_then(|copy| copy.snapshot);
    let mut feed = copy_blob::feed(&source, ask);
    copied.fetched = feed.is_some().then_some(0);
    let due = copied.due().max(ask.now + Duration::from_millis(1));
    let mut content = source.blob.content.clone();
    let (mut blob, _) = copy_blob::begin(source.blob, given, old.as_ref().map(Kept::of), stamp);
    if let Some(old) = &old
        && old.content.len() == total
    {
        blob.content = old.content.clone();
    }
    if let (Some(feed), Some(old)) = (&mut feed, &old)
        && let Some(previous) = last_snapshot(old)
        && let Content::Page(mut pages) = old.content.clone()
    {
        pages.end_era();
        pages.resize(total)?;
        content = Content::Page(pages);
        feed.previous = Some(previous.to_owned());
    }
    blob.incremental = true;
    blob.copy = Some(Box::new(copied));
    let answer = copy_blob::answer(new_blob::put(state, ask, blob, stamp)?);
    let job = Job {
        id,
        destination: target::key(ask),
        from: source.key.account,
        source: None,
        content,
        incremental: true,
        feed,
        started: ask.now,
        due,
    };
    state.schedule(job, ask.now);
    Ok(answer)
}

/// The source must be a blob: of this service, or one that has been asked already. Of a place that did
/// not answer the name says enough, as a recorded refusal of a host outside the service has it.
fn check_url(state: &State, ask: &Ask) -> Result<(), Failure> {
    let url = ask.header(&header::X_MS_COPY_SOURCE).unwrap_or_default();
    let is_blob = match &ask.fetched {
        Some(Fetched::Unreadable(_)) => may_have_blobs(url),
        Some(Fetched::Answer(_)) => true,
        None => read_url(state.config(), url).is_some_and(|(found, _)| found.level == Level::Blob),
    };
    if is_blob {
        Ok(())
    } else {
        Err(Failure::new(ErrorCode::INVALID_SOURCE_BLOB_URL))
    }
}

/// Whether the host of a URL could be a Blob service: by its name, or an emulator by its address.
fn may_have_blobs(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let bare = host.rsplit_once(':').map_or(host, |(bare, _)| bare);
    bare.contains(".blob.")
        || bare == "localhost"
        || bare.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// A destination takes the snapshots of one blob only, and none that is older than the last.
fn check_series(old: &Blob, source: &Source<'_>, snapshot: Tick) -> Result<(), Failure> {
    let refuse = |code| Err(Failure::new(code));
    let last = match &old.copy {
        Some(copy) if old.incremental => copy,
        _ => return refuse(ErrorCode::INCREMENTAL_COPY_BLOB_MISMATCH),
    };
    let (path, rest) = split(&last.source);
    if path != split(source.url).0 {
        return refuse(ErrorCode::INCREMENTAL_COPY_BLOB_MISMATCH);
    }
    if last.status != CopyStatus::Success {
        return Ok(());
    }
    let before = Query::parse(rest)
        .get(query::SNAPSHOT)
        .and_then(Tick::parse);
    if before.is_some_and(|before| before > snapshot) {
        return refuse(ErrorCode::INCREMENTAL_COPY_OF_EARLIER_VERSION_SNAPSHOT_NOT_ALLOWED);
    }
    // A source outside keeps its own history.
    if let (None, Content::Page(new), Content::Page(held)) =
        (&source.outside, &source.blob.content, &old.content)
        && !new.descends_from(held)
    {
        return refuse(ErrorCode::BLOB_OVERWRITTEN);
    }
    Ok(())
}

/// The snapshot of the source that a destination holds.
fn last_snapshot(old: &Blob) -> Option<&str> {
    let last = old.copy.as_deref()?;
    (last.status == CopyStatus::Success)
        .then(|| split(&last.source).1)?
        .split('&')
        .find_map(|pair| pair.strip_prefix("snapshot="))
}

fn split(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_of_a_blob_service_or_an_address_may_have_blobs() {
        for (url, may) in [
            ("https://www.error.com?snapshot=snapshot", false),
            ("https://www.error.com/c/b", false),
            ("https://account.blob.core.windows.net/c/b", true),
            ("http://127.0.0.1:10000/account/c/b", true),
            ("http://[::1]:10000/account/c/b", true),
            ("http://localhost:10000/account/c/b", true),
        ] {
            assert_eq!(may_have_blobs(url), may, "{url}");
        }
    }
}
