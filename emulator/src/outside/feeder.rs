//! Reading a source outside for an asynchronous copy: what to ask next, and what an answer means.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use blobferry_core::Timestamp;

use super::layout::{Layout, clipped, gaps};
use super::verdict::{Stage, Verdict, judge};
use super::want::with_query;
use super::{Fetched, Unreadable, Want};
use crate::content::{Block, Content, Pages, Piece, Segments, size};
use crate::copy::description;
use crate::copy::{Copied, Feed, RANGE};
use crate::state::State;
use crate::xml::Element;

/// How often a range is tried before the copy fails.
const TRIES: u32 = 10;
/// How long is waited after a first failure; twice as long after each more, up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The longest list of pages or blocks that is read: 50,000 blocks take a fifth of it.
const LONGEST_LIST: u64 = 64 << 20;

/// One copy's reading.
#[derive(Debug)]
pub(crate) struct Feeder {
    id: String,
    stage: Stage,
    /// What has come, from the front.
    came: Came,
    /// Bytes read, or known to be zeros.
    at: u64,
    failures: u32,
    /// The source knows no ranges.
    at_once: bool,
    /// Only what changed since the snapshot before is asked for.
    differs: bool,
    /// Where the list of pages goes on.
    marker: Option<String>,
    /// How far that list has come, in bytes of the source.
    listed: u64,
}

#[derive(Debug)]
enum Came {
    Nothing,
    Bytes(Vec<Bytes>),
    Pages(Pages, Vec<(u64, u64)>),
}

/// What a feeder does next.
#[derive(Debug)]
pub(crate) enum Step {
    /// The copy is over.
    Over,
    /// Its pace does not let it read on yet.
    Wait,
    /// Asks this; the answer is for [`Feeder::take`].
    Ask(Box<Want>),
}

impl Feeder {
    pub(crate) fn new(id: String) -> Self {
        Self {
            id,
            stage: Stage::Layout,
            came: Came::Nothing,
            at: 0,
            failures: 0,
            at_once: false,
            differs: false,
            marker: None,
            listed: 0,
        }
    }

    /// What to do at a moment.
    pub(crate) fn next(&mut self, state: &mut State, now: Timestamp) -> Step {
        state.settle(now);
        let Some((job, feed, copy)) = state.fed_copy(&self.id) else {
            return Step::Over;
        };
        if matches!(self.came, Came::Nothing) {
            self.begin(&job.content, feed);
        }
        let Ok(version) = HeaderValue::try_from(&feed.version) else {
            return Step::Over;
        };
        let reach = copy.reach(now);
        let want = match self.stage {
            Stage::Layout => listed(&self.layout_url(&copy.source, feed), version),
            Stage::Blocks => listed(&with_query(&copy.source, "comp=blocklist"), version),
            Stage::Content => match self.next_range(copy) {
                None => return self.finish(state, now),
                Some((_, end)) if end > reach => return Step::Wait,
                Some(range) if !self.at_once => {
                    Want::range(&copy.source, version, feed.etag.as_deref(), range)
                }
                Some(_) => Want::plain(&copy.source, version).map(|mut want| {
                    want.most = copy.total;
                    want
                }),
            },
        };
        match want {
            Some(want) => Step::Ask(Box::new(want)),
            None => {
                let why = description::unreadable(400, "InvalidUri");
                state.starve(&self.id, &why, now);
                Step::Over
            }
        }
    }

    fn begin(&mut self, shape: &Content, feed: &Feed) {
        match shape {
            Content::Page(pages) => {
                self.came = Came::Pages(pages.clone(), Vec::new());
                self.differs = feed.previous.is_some();
            }
            Content::Block(_) | Content::Append(_) => {
                self.came = Came::Bytes(Vec::new());
                self.stage = Stage::Content;
            }
        }
    }

    fn layout_url(&self, source: &str, feed: &Feed) -> String {
        let mut url = with_query(source, "comp=pagelist");
        if let Some(previous) = feed.previous.as_deref().filter(|_| self.differs) {
            url = with_query(&url, &format!("prevsnapshot={previous}"));
        }
        match &self.marker {
            None => url,
            Some(marker) => {
                let marker = utf8_percent_encode(marker, NON_ALPHANUMERIC);
                with_query(&url, &format!("marker={marker}"))
            }
        }
    }

    /// The next bytes that are not known to be zeros.
    fn next_range(&mut self, copy: &Copied) -> Option<(u64, u64)> {
        let (start, end) = match &self.came {
            Came::Pages(_, written) => *written.iter().find(|(_, end)| *end > self.at)?,
            Came::Nothing | Came::Bytes(_) => (0, copy.total),
        };
        self.at = self.at.max(start);
        let end = if self.at_once {
            end
        } else {
            end.min(self.at.saturating_add(RANGE))
        };
        (self.at < end).then_some((self.at, end))
    }

    /// Takes an answer in. How long to wait before the next step.
    pub(crate) fn take(
        &mut self,
        state: &mut State,
        now: Timestamp,
        fetched: &Fetched,
    ) -> Duration {
        state.settle(now);
        let Some((_, feed, copy)) = state.fed_copy(&self.id) else {
            return Duration::ZERO;
        };
        let range = self.next_range(copy);
        let verdict = match fetched {
            // A list that is no list is done without.
            Fetched::Unreadable(Unreadable::TooLong) if self.stage != Stage::Content => {
                Verdict::Good(Bytes::new())
            }
            Fetched::Unreadable(Unreadable::TooLong) if !self.at_once => Verdict::AtOnce,
            Fetched::Unreadable(Unreadable::TooLong) => {
                Verdict::Fail(description::SOURCE_CHANGED.to_owned())
            }
            Fetched::Unreadable(Unreadable::Refused) => {
                Verdict::Fail(description::unreadable(403, "Forbidden"))
            }
            Fetched::Unreadable(Unreadable::Untrusted(why)) => {
                Verdict::Fail(description::untrusted(why.text()))
            }
            Fetched::Unreadable(Unreadable::Unreachable | Unreadable::NoRoom) => Verdict::Again,
            Fetched::Answer(answer) => judge(answer, feed, copy.total, self.stage, range),
        };
        match verdict {
            Verdict::Good(body) => self.keep(state, &body, now),
            Verdict::AtOnce => self.at_once = true,
            Verdict::Fail(why) => state.starve(&self.id, &why, now),
            Verdict::Again => return self.fail(state, now),
        }
        self.failures = 0;
        Duration::ZERO
    }

    fn fail(&mut self, state: &mut State, now: Timestamp) -> Duration {
        self.failures += 1;
        if self.failures >= TRIES {
            state.starve(&self.id, description::TOO_MANY_FAILURES, now);
            return Duration::ZERO;
        }
        state.note_retry(&self.id, now);
        let doubled = FIRST_WAIT.saturating_mul(1 << (self.failures - 1).min(16));
        doubled.min(LONGEST_WAIT)
    }

    fn keep(&mut self, state: &mut State, body: &Bytes, now: Timestamp) {
        match (self.stage, &mut self.came) {
            (Stage::Layout, Came::Pages(..)) => return self.lay_out(body),
            (Stage::Blocks, Came::Bytes(parts)) => {
                let whole = joined(parts);
                let listed = blocks(body, &whole);
                let content = segments(state, whole, listed);
                state.feed(&self.id, content, now);
                return;
            }
            (Stage::Content, Came::Bytes(parts)) => parts.push(body.clone()),
            (Stage::Content, Came::Pages(pages, _)) => {
                // What cannot be written is read again.
                let written = pages.write(self.at, body);
                if written.is_err() {
                    return;
                }
            }
            _ => {}
        }
        self.at = self.at.saturating_add(body.len() as u64);
        state.note_fetched(&self.id, self.at);
    }

    /// Takes in a page of the list of pages.
    fn lay_out(&mut self, body: &Bytes) {
        let Came::Pages(pages, written) = &mut self.came else {
            return;
        };
        let length = pages.len();
        let read = Layout::read(body);
        let reach = read.as_ref().and_then(|layout| layout.reach(self.listed));
        let (Some(layout), Some(reach)) = (read, reach) else {
            // What the source cannot tell of changes, it tells of all pages; without that all are read.
            self.marker = None;
            self.listed = 0;
            written.clear();
            if !std::mem::take(&mut self.differs) {
                *written = vec![(0, length)];
                self.stage = Stage::Content;
            }
            return;
        };
        written.extend(clipped(layout.written, length));
        self.marker = layout.marker;
        self.listed = reach;
        let gone = match (self.differs, &self.marker) {
            (true, _) => layout.cleared,
            (false, Some(_)) => return,
            (false, None) => gaps(written, length),
        };
        if self.marker.is_none() {
            self.stage = Stage::Content;
        }
        // What cannot be cleared is read.
        for (start, end) in clipped(gone, length) {
            if pages.clear(start, end).is_err() {
                written.push((start, end));
                written.sort_unstable();
            }
        }
    }

    /// Everything is here.
    fn finish(&mut self, state: &mut State, now: Timestamp) -> Step {
        let Some((job, feed, _)) = state.fed_copy(&self.id) else {
            return Step::Over;
        };
        let is_append = matches!(job.content, Content::Append(_));
        let has_blocks = matches!(job.content, Content::Block(_)) && feed.is_blob;
        let content = match &mut self.came {
            Came::Pages(pages, _) => Content::Page(pages.clone()),
            Came::Bytes(parts) if is_append => {
                let mut appended = Segments::default();
                for part in parts.drain(..) {
                    appended.append(state.keep_data(part));
                }
                Content::Append(appended)
            }
            Came::Bytes(parts) if has_blocks && !parts.is_empty() => {
                self.stage = Stage::Blocks;
                return self.next(state, now);
            }
            Came::Bytes(parts) => {
                let whole = joined(parts);
                segments(state, whole, Vec::new())
            }
            Came::Nothing => return Step::Over,
        };
        state.feed(&self.id, content, now);
        Step::Over
    }
}

/// The committed blocks of Get Block List, as lengths; none where they are not the content's.
fn blocks(body: &[u8], whole: &Bytes) -> Vec<(String, u64)> {
    let listed = || {
        let list = Element::read(body).ok()?;
        list.child("CommittedBlocks")?
            .children
            .iter()
            .map(|block| {
                let id = block.text_of("Name")?;
                BASE64_STANDARD.decode(id).ok()?;
                Some((id.to_owned(), block.text_of("Size")?.parse().ok()?))
            })
            .collect::<Option<Vec<(String, u64)>>>()
    };
    listed()
        .filter(|blocks| {
            let sum = blocks
                .iter()
                .try_fold(0_u64, |sum, (_, length)| sum.checked_add(*length));
            sum == Some(whole.len() as u64)
        })
        .unwrap_or_default()
}

/// A block blob's content, in these blocks.
fn segments(state: &mut State, mut whole: Bytes, blocks: Vec<(String, u64)>) -> Content {
    if blocks.is_empty() {
        return Content::Block(Segments::Whole(state.keep_data(whole)));
    }
    let listed: Vec<Block> = blocks
        .into_iter()
        .map(|(id, length)| {
            let data: Piece = state.keep_data(whole.split_to(size(length).min(whole.len())));
            Block {
                id: id.into(),
                data,
            }
        })
        .collect();
    Content::Block(Segments::listed(listed))
}

fn joined(parts: &mut Vec<Bytes>) -> Bytes {
    if let [only] = parts.as_mut_slice() {
        return std::mem::take(only);
    }
    let mut whole = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
    for part in parts.drain(..) {
        whole.extend_from_slice(&part);
    }
    whole.freeze()
}

/// What is asked for a list of pages or blocks.
fn listed(url: &str, version: HeaderValue) -> Option<Want> {
    let mut want = Want::plain(url, version)?;
    want.most = LONGEST_LIST;
    Some(want)
}
