//! List Blobs, flat or by delimiter. A page costs what is on it, not what is in the container.

mod ahead;
mod columns;
mod item;

use blobferry_core::wire::query;
use blobferry_core::words::AccessTier;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::arrow;
use crate::auth::Holdings as _;
use crate::blob::{Blob, Entry, Revision, RevisionFilter};
use crate::config::AccountKind;
use crate::container::Container;
use crate::content::Content;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::tick::Tick;
use crate::xml::Writer;

use super::page::{self, Marker};
use super::target;
use ahead::Ahead;

/// Source: "List Blobs", but that recorded requests of 2019-10-10 include versions.
const INCLUDES: &page::Words = &[
    ("snapshots", ServiceVersion::V2009_09_19),
    ("metadata", ServiceVersion::V2009_09_19),
    ("uncommittedblobs", ServiceVersion::V2009_09_19),
    ("copy", ServiceVersion::V2012_02_12),
    ("deleted", ServiceVersion::V2017_07_29),
    ("tags", ServiceVersion::V2019_10_10),
    ("versions", ServiceVersion::V2019_10_10),
    ("deletedwithversions", ServiceVersion::V2020_10_02),
    ("immutabilitypolicy", ServiceVersion::V2020_06_12),
    ("legalhold", ServiceVersion::V2020_06_12),
    ("permissions", ServiceVersion::V2020_06_12),
];

/// Where a listing ends, of those that are told as columns.
const END_BEFORE: &str = "endBefore";

/// So many items tell how much memory a page will need, for growing costs more than writing does.
const SAMPLE: usize = 64;

/// What a listing shows.
pub(super) struct View<'a> {
    pub(super) ask: &'a Ask,
    pub(super) account: AccountKind,
    pub(super) usual_tier: &'a AccessTier,
    pub(super) include: page::Include,
    /// Asked for every item, so looked up once.
    pub(super) metadata: bool,
    pub(super) tags: bool,
    pub(super) copy: bool,
    revisions: RevisionFilter,
    prefix: &'a str,
    delimiter: Option<&'a str>,
    only_deleted: bool,
    /// Where the listing ends: at the first name that is not before it.
    end: Option<&'a str>,
}

/// As what a blob is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The blob itself.
    Base,
    Snapshot(Tick),
    /// A previous version.
    Version(Tick),
    /// A blob that is deleted and has versions: `HasVersionsOnly`.
    VersionsOnly,
}

/// One item of a listing.
enum Item<'a> {
    Blob(Shown, &'a Blob),
    Prefix(&'a str),
}

pub(crate) fn list_blobs(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let view = view(state, ask)?;
    let most = page::most(ask)?;
    let marker = Marker::of(ask)?;
    let container = target::container(state, ask)?;
    if columns::are_asked_for(ask) {
        return Ok(as_columns(&view, container, marker.as_ref(), most));
    }
    let mut writer = Writer::new();
    page::open(&mut writer, ask, Some(ask.container_name()));
    page::echo(
        &mut writer,
        ask,
        &[
            (query::PREFIX, "Prefix"),
            (query::MARKER, "Marker"),
            (query::MAX_RESULTS, "MaxResults"),
            (query::DELIMITER, "Delimiter"),
        ],
    );
    let mut items = Items {
        view: &view,
        count: 0,
        most: most.min(container.count()),
        unknown: false,
    };
    let next = writer.around("Blobs", |writer| {
        let mut ahead = Ahead::new();
        let next = view.walk(container, marker.as_ref(), most, |name, item| {
            if ahead.is_full() {
                items.write(writer, &mut ahead);
            }
            ahead.push(name, item);
        });
        items.write(writer, &mut ahead);
        next
    });
    if items.unknown {
        return Err(Failure::new(ErrorCode::FEATURE_VERSION_MISMATCH)
            .message("The type of blob in the container is unrecognized by this version."));
    }
    page::close(&mut writer, next.map(|next| next.write()).as_deref());
    Ok(Answer::ok().xml(writer.finish()))
}

/// A page as an Arrow stream, which names in its own words where the next one begins.
fn as_columns(
    view: &View<'_>,
    container: &Container,
    marker: Option<&Marker>,
    most: usize,
) -> Answer {
    let mut items = Vec::new();
    let next = view.walk(container, marker, most, |name, item| {
        items.push((name, item));
    });
    let next = next.map(|next| next.write()).unwrap_or_default();
    Answer::ok()
        .constant(http::header::CONTENT_TYPE, arrow::STREAM)
        .body(columns::table(view, &items, next).write())
}

/// The items of a page, as far as they are written.
struct Items<'a> {
    view: &'a View<'a>,
    count: usize,
    /// How many there may be.
    most: usize,
    /// Whether there is a blob that the version does not know.
    unknown: bool,
}

impl Items<'_> {
    fn write(&mut self, writer: &mut Writer, ahead: &mut Ahead<'_>) {
        for (name, item) in ahead.fetched() {
            match item {
                Item::Blob(shown, blob) => {
                    self.unknown |= !is_known(blob, self.view.ask.version);
                    item::blob(writer, self.view, name, shown, blob);
                }
                Item::Prefix(prefix) => item::prefix(writer, self.view.ask.version, prefix),
            }
            self.count += 1;
            if self.count == SAMPLE {
                let rest = self.most.saturating_sub(SAMPLE);
                writer.reserve(writer.len() / SAMPLE * rest);
            }
        }
    }
}

/// Append blobs came with 2015-02-21.
fn is_known(blob: &Blob, version: ServiceVersion) -> bool {
    version >= ServiceVersion::V2015_02_21 || !matches!(blob.content, Content::Append(_))
}

fn view<'a>(state: &'a State, ask: &'a Ask) -> Result<View<'a>, Failure> {
    let include = page::include(ask, INCLUDES)?;
    let delimiter = ask.query.filled(query::DELIMITER);
    if delimiter.is_some() && include.contains("snapshots") {
        let text = ask.query.get(query::INCLUDE).unwrap_or_default();
        let reason = "Snapshots can't be listed together with a delimiter.";
        return Err(Failure::invalid_query(query::INCLUDE, text, reason));
    }
    let only_deleted = match ask.query.filled(query::SHOW_ONLY) {
        None => false,
        Some("deleted") => true,
        Some("files" | "directories") => {
            return Err(Failure::new(ErrorCode::UNSUPPORTED_QUERY_PARAMETER));
        }
        Some(text) => return Err(Failure::invalid_query(query::SHOW_ONLY, text, "")),
    };
    Ok(View {
        ask,
        account: state.config().kind(&ask.account),
        usual_tier: state.config().access_tier(&ask.account),
        revisions: RevisionFilter {
            snapshots: include.contains("snapshots"),
            versions: include.contains("versions"),
        },
        metadata: include.contains("metadata"),
        tags: include.contains("tags"),
        copy: include.contains("copy"),
        include,
        prefix: ask.query.filled(query::PREFIX).unwrap_or_default(),
        delimiter,
        only_deleted,
        // Listings in XML pass it over.
        end: ask
            .query
            .filled(END_BEFORE)
            .filter(|_| columns::are_asked_for(ask)),
    })
}

impl View<'_> {
    /// Hands out the items of a page, and says where the next one begins.
    fn walk<'a>(
        &'a self,
        container: &'a Container,
        marker: Option<&Marker>,
        most: usize,
        mut show: impl FnMut(&'a str, Item<'a>),
    ) -> Option<Marker> {
        let from = self.ask.query.filled(query::START_FROM).unwrap_or_default();
        let mut start = self
            .prefix
            .max(marker.map_or(from, |marker| marker.name.as_str()))
            .to_owned();
        let mut left = most;
        'seek: loop {
            for (name, entry) in container.entries_from(&start) {
                if !name.starts_with(self.prefix) || self.end.is_some_and(|end| &**name >= end) {
                    return None;
                }
                let from = marker.filter(|marker| *marker.name == **name);
                let mut shown = self.shown(entry, from).peekable();
                if shown.peek().is_none() {
                    continue;
                }
                if let Some(prefix) = self.cut(name) {
                    if left == 0 {
                        return Some(at(name, None));
                    }
                    left -= 1;
                    show(name, Item::Prefix(prefix));
                    start = past(prefix)?;
                    continue 'seek;
                }
                for (shown, blob) in shown {
                    if left == 0 {
                        return Some(at(name, shown.tick()));
                    }
                    left -= 1;
                    show(name, Item::Blob(shown, blob));
                }
            }
            return None;
        }
    }

    /// What goes by a name and is listed, from a marker on: snapshots and previous versions in the
    /// order of time, then the blob.
    fn shown<'a>(
        &'a self,
        entry: &'a Entry,
        marker: Option<&Marker>,
    ) -> impl Iterator<Item = (Shown, &'a Blob)> + 'a {
        let past = match marker {
            None => Some(None),
            Some(Marker { snapshot, .. }) => snapshot.map(Some),
        };
        past.into_iter()
            .flat_map(|from| entry.revisions(self.revisions, from))
            .map(|(revision, blob)| match revision {
                Revision::Snapshot(tick) => (Shown::Snapshot(tick), blob),
                Revision::Version(tick) => (Shown::Version(tick), blob),
                Revision::Base => (Shown::Base, blob),
            })
            .chain(entry.base().map(|blob| (Shown::Base, blob)))
            .filter(|(_, blob)| self.shows(blob))
            .chain(
                self.versions_only(entry)
                    .map(|blob| (Shown::VersionsOnly, blob)),
            )
    }

    /// The last version of a blob that has no others, where such are wanted.
    fn versions_only<'a>(&self, entry: &'a Entry) -> Option<&'a Blob> {
        if entry.base().is_some() || !self.include.contains("deletedwithversions") {
            return None;
        }
        entry
            .last_version()
            .filter(|blob| !blob.is_forgotten(self.ask.now))
    }

    fn shows(&self, blob: &Blob) -> bool {
        let deleted = blob.deleted.is_some();
        let committed = blob.committed
            || (self.include.contains("uncommittedblobs")
                && !blob.has_overdue_blocks(self.ask.now));
        committed
            && !blob.is_forgotten(self.ask.now)
            && match (deleted, self.only_deleted) {
                (true, only) => only || self.include.contains("deleted"),
                (false, only) => !only,
            }
    }

    /// The name up to the first delimiter after the prefix.
    fn cut<'n>(&self, name: &'n str) -> Option<&'n str> {
        let delimiter = self.delimiter?;
        let rest = name.get(self.prefix.len()..)?;
        let end = self.prefix.len() + rest.find(delimiter)? + delimiter.len();
        name.get(..end)
    }
}

fn at(name: &str, snapshot: Option<Tick>) -> Marker {
    Marker {
        name: name.to_owned(),
        snapshot,
    }
}

impl Shown {
    /// What names it beside the blob's name.
    fn tick(self) -> Option<Tick> {
        match self {
            Self::Snapshot(tick) | Self::Version(tick) => Some(tick),
            Self::Base | Self::VersionsOnly => None,
        }
    }
}

/// The first name after all that begin so; absent where there can be none.
fn past(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::past;

    #[test]
    fn past_is_the_first_name_that_does_not_begin_so() {
        assert_eq!(past("a/").as_deref(), Some("a0"));
        assert_eq!(past("a\u{D7FF}").as_deref(), Some("a\u{E000}"));
        assert_eq!(past("a\u{10FFFF}").as_deref(), Some("b"));
    }
}
