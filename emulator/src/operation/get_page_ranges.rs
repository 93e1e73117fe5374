//! Get Page Ranges, of a blob or of what changed since a snapshot.

use blobferry_core::wire::{header, query};
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::blob::{Blob, Revision};
use crate::content::{Content, PageChange, Pages};
use crate::failure::Failure;
use crate::range::Range;
use crate::request::Ask;
use crate::state::State;
use crate::tick::Tick;
use crate::xml::Writer;

use super::{page, target};

/// The most ranges on a page of them.
const MOST: usize = 10_000;

/// The first version that has pages; its page names 2021-06-08, recorded answers of this one have them.
const PAGED_SINCE: ServiceVersion = ServiceVersion::V2021_04_10;

pub(crate) fn get_page_ranges(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let blob = target::readable(state, ask)?;
    let visible = target::visible_pages(state, ask)?;
    let pages = visible
        .as_ref()
        .or_else(|| pages(blob))
        .ok_or_else(|| Failure::new(ErrorCode::INVALID_BLOB_TYPE))?;
    let (start, end) = match Range::of(ask) {
        None => (0, pages.len()),
        Some(range) => range.within(pages.len())?,
    };
    let paged = ask.version >= PAGED_SINCE;
    let most = match paged {
        true => page::most_up_to(ask, MOST)?,
        false => usize::MAX,
    };
    let start = match paged {
        true => from(ask)?.max(start / 512 * 512),
        false => start / 512 * 512,
    };
    let mut found: Vec<(u64, u64, PageChange)> = match previous(ask)? {
        None => pages
            .ranges(start, end)
            .into_iter()
            .map(|(start, end)| (start, end, PageChange::Written))
            .collect(),
        Some(tick) => pages.changes(older(state, ask, tick, pages)?, start, end),
    };
    let next = found.get(most).map(|(start, ..)| format!("2!{start}"));
    found.truncate(most);
    let asked = paged && ask.query.filled(query::MAX_RESULTS).is_some();
    let next = next.or_else(|| asked.then(String::new));
    Ok(Answer::ok()
        .xml(write(&found, next.as_deref()))
        .modified(&blob.etag.etag(), blob.modified)
        .number(header::X_MS_BLOB_CONTENT_LENGTH, pages.len()))
}

fn pages(blob: &Blob) -> Option<&Pages> {
    match &blob.content {
        Content::Page(pages) => Some(pages),
        Content::Block(_) | Content::Append(_) => None,
    }
}

/// The snapshot to compare with: by its time, or by its URL.
fn previous(ask: &Ask) -> Result<Option<Tick>, Failure> {
    let name = query::PREVIOUS_SNAPSHOT;
    if let Some(text) = ask.query.filled(name) {
        return Tick::parse(text)
            .map(Some)
            .ok_or_else(|| Failure::invalid_query(name, text, target::NO_SNAPSHOT_TIME));
    }
    let name = header::X_MS_PREVIOUS_SNAPSHOT_URL;
    let Some(url) = ask.header(&name) else {
        return Ok(None);
    };
    url.split_once('?')
        .and_then(|(_, rest)| {
            crate::request::Query::parse(rest)
                .get(query::SNAPSHOT)
                .and_then(Tick::parse)
        })
        .map(Some)
        .ok_or_else(|| Failure::invalid_header(&name, url))
}

fn older<'a>(state: &'a State, ask: &Ask, tick: Tick, newer: &Pages) -> Result<&'a Pages, Failure> {
    if target::snapshot(ask)?.is_some_and(|snapshot| tick > snapshot) {
        return Err(Failure::new(ErrorCode::PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER));
    }
    let older = target::container(state, ask)?
        .entry(ask.blob_name())
        .and_then(|entry| entry.named(Revision::Snapshot(tick)))
        .and_then(pages)
        .ok_or_else(|| Failure::new(ErrorCode::PREVIOUS_SNAPSHOT_NOT_FOUND))?;
    if !newer.descends_from(older) {
        return Err(Failure::new(ErrorCode::BLOB_OVERWRITTEN));
    }
    Ok(older)
}

/// `marker`: where the page before ended.
fn from(ask: &Ask) -> Result<u64, Failure> {
    match ask.query.filled(query::MARKER) {
        None => Ok(0),
        Some(text) => text
            .strip_prefix("2!")
            .and_then(|start| start.parse().ok())
            .ok_or_else(|| Failure::new(ErrorCode::OUT_OF_RANGE_INPUT)),
    }
}

/// `NextMarker` is there where pages were asked for, and where there are more.
fn write(ranges: &[(u64, u64, PageChange)], next: Option<&str>) -> bytes::Bytes {
    let mut writer = Writer::new();
    if ranges.is_empty() && next.is_none() {
        writer.empty("PageList");
        return writer.finish();
    }
    writer.open("PageList");
    for (start, end, change) in ranges {
        let name = match change {
            PageChange::Written => "PageRange",
            PageChange::Cleared => "ClearRange",
        };
        writer.open(name);
        writer.element("Start", &start.to_string());
        writer.element("End", &(end - 1).to_string());
        writer.close(name);
    }
    writer.element_if("NextMarker", next);
    writer.close("PageList");
    writer.finish()
}
