//! Reading a source outside for an asynchronous copy: what to ask next, and what an answer means.
//!
//! What came is in the job's content, so that it outlives the process with the job; only a service
//! in memory has it here until all of it came.

mod blocks;
mod landing;
mod pages;

pub(crate) use landing::Part;

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use blobferry_core::Timestamp;

use super::verdict::{Stage, Verdict, judge, judge_part};
use super::want::with_query;
use super::{Fetched, Unreadable, Want};
use crate::content::{Content, Segments};
use crate::copy::description;
use crate::copy::{Copied, Feed, RANGE};
use crate::state::State;

use landing::Landing;

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
    has_begun: bool,
    /// Of page blobs, the ranges to be read.
    written: Option<Vec<(u64, u64)>>,
    /// What has come and is nowhere else.
    landing: Landing,
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

/// What a feeder does next.
#[derive(Debug)]
pub(crate) enum Step {
    /// The copy is over.
    Over,
    /// Its pace does not let it read on yet.
    Wait,
    /// Asks this; the answer is for [`Feeder::take`].
    Ask(Box<Want>),
    /// Asks this; the answer is for [`Feeder::take`] in parts of at most 4 MiB, the last of which may
    /// be empty.
    AskInParts(Box<Want>),
}

/// What becomes of an answer.
#[derive(Debug)]
pub(crate) enum Taken {
    /// The copy is over.
    Over,
    /// It is dealt with. How long to wait before the next step.
    Done(Duration),
    /// This has to land, and then goes to [`Feeder::landed`].
    Part(Part),
}

impl Feeder {
    pub(crate) fn new(id: String) -> Self {
        Self {
            id,
            stage: Stage::Content,
            has_begun: false,
            written: None,
            landing: Landing::Nowhere,
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
        if !self.has_begun {
            self.begin(state);
        }
        let Some((_, feed, copy)) = state.fed_copy(&self.id) else {
            return Step::Over;
        };
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
            Some(want) if self.at_once && self.stage == Stage::Content => {
                Step::AskInParts(Box::new(want))
            }
            Some(want) => Step::Ask(Box::new(want)),
            None => {
                let why = description::unreadable(400, "InvalidUri");
                state.starve(&self.id, &why, now);
                Step::Over
            }
        }
    }

    /// Goes on where the copy is, which may have begun in another process.
    fn begin(&mut self, state: &mut State) {
        let Some((job, feed, copy)) = state.fed_copy(&self.id) else {
            return;
        };
        self.has_begun = true;
        self.at = feed.kept;
        if matches!(job.content, Content::Page(_)) {
            self.written = Some(Vec::new());
            self.differs = feed.previous.is_some();
            self.stage = Stage::Layout;
        }
        // What was read and did not land is read again.
        if copy.fetched != Some(self.at) {
            state.note_fetched(&self.id, self.at);
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
        let (start, end) = match &self.written {
            _ if self.at_once => (0, copy.total),
            Some(written) => *written.iter().find(|(_, end)| *end > self.at)?,
            None => (0, copy.total),
        };
        self.at = self.at.max(start);
        let end = if self.at_once {
            end
        } else {
            end.min(self.at.saturating_add(RANGE))
        };
        (self.at < end).then_some((self.at, end))
    }

    /// Takes an answer in, or a part of one.
    pub(crate) fn take(&mut self, state: &mut State, now: Timestamp, fetched: &Fetched) -> Taken {
        let done = Taken::Done(Duration::ZERO);
        state.settle(now);
        let Some((_, feed, copy)) = state.fed_copy(&self.id) else {
            return Taken::Over;
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
            Fetched::Answer(answer) if self.at_once && self.stage == Stage::Content => {
                judge_part(answer, feed, copy.total - self.at)
            }
            Fetched::Answer(answer) => judge(answer, feed, copy.total, self.stage, range),
        };
        match verdict {
            Verdict::Good(body) => return self.keep(state, &body, now),
            Verdict::AtOnce => {
                self.at_once = true;
                self.at = 0;
                state.note_kept(&self.id, 0);
            }
            Verdict::Fail(why) => state.starve(&self.id, &why, now),
            Verdict::Again => {
                return Taken::Done(self.fail(state, description::will_retry(now), now));
            }
        }
        self.failures = 0;
        done
    }

    /// Notes a failure, and says how long to wait after it.
    fn fail(&mut self, state: &mut State, why: String, now: Timestamp) -> Duration {
        self.failures += 1;
        if self.at_once {
            self.at = 0;
        }
        if self.failures >= TRIES {
            state.starve(&self.id, description::TOO_MANY_FAILURES, now);
            return Duration::ZERO;
        }
        state.note_retry(&self.id, why);
        let doubled = FIRST_WAIT.saturating_mul(1 << (self.failures - 1).min(16));
        doubled.min(LONGEST_WAIT)
    }

    fn keep(&mut self, state: &mut State, body: &Bytes, now: Timestamp) -> Taken {
        let done = Taken::Done(Duration::ZERO);
        match self.stage {
            Stage::Layout => {
                self.failures = 0;
                self.lay_out(state, body);
            }
            Stage::Blocks => self.end(state, &blocks::read(body), now),
            Stage::Content if body.is_empty() => {}
            Stage::Content if self.written.is_some() => {
                if let Some(Content::Page(pages)) = state.coming(&self.id)
                    && pages.write(self.at, body).is_err()
                {
                    let why = description::will_write_again(now);
                    return Taken::Done(self.fail(state, why, now));
                }
                self.come(state, body.len() as u64, true);
            }
            Stage::Content => return self.part(state, body),
        }
        done
    }

    /// So many bytes more are here, where they outlive the process or not.
    fn come(&mut self, state: &mut State, length: u64, is_kept: bool) {
        self.failures = 0;
        self.at = self.at.saturating_add(length);
        let Some((_, _, copy)) = state.fed_copy(&self.id) else {
            return;
        };
        // A source that knows no ranges is read all over again where it breaks off.
        if self.at_once && self.at < copy.total {
            return;
        }
        if is_kept {
            state.note_kept(&self.id, self.at);
        } else {
            state.note_fetched(&self.id, self.at);
        }
    }

    /// Everything is here, but where blocks begin and end.
    fn finish(&mut self, state: &mut State, now: Timestamp) -> Step {
        let Some((job, feed, copy)) = state.fed_copy(&self.id) else {
            return Step::Over;
        };
        if matches!(job.content, Content::Block(_)) && feed.is_blob && copy.total > 0 {
            self.stage = Stage::Blocks;
            return self.next(state, now);
        }
        self.end(state, &[], now);
        Step::Over
    }

    /// Everything is here, in these blocks.
    fn end(&mut self, state: &mut State, listed: &[(String, u64)], now: Timestamp) {
        let Some(content) = state.coming(&self.id).map(|content| content.clone()) else {
            return;
        };
        let content = match content {
            Content::Page(pages) => Content::Page(pages),
            Content::Append(there) => {
                let mut appended = Segments::default();
                for part in blocks::ranges(state, self.landing.take(there)) {
                    appended.append(part);
                }
                Content::Append(appended)
            }
            Content::Block(there) => {
                Content::Block(blocks::cut(state, self.landing.take(there), listed))
            }
        };
        state.feed(&self.id, content, now);
    }
}

/// What is asked for a list of pages or blocks.
fn listed(url: &str, version: HeaderValue) -> Option<Want> {
    let mut want = Want::plain(url, version)?;
    want.most = LONGEST_LIST;
    Some(want)
}
