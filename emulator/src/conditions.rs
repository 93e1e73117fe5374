//! Conditional headers: read once, judged in one place, refused by one table.

mod refusal;

#[cfg(test)]
mod tests;

pub(crate) use refusal::Side;

use http::HeaderName;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::Ask;
use crate::tags::{Predicate, Tags};
use crate::tick::Tick;

/// The conditions of one request on one resource.
///
/// Source: "Specifying conditional headers for Blob service operations".
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    matching: Option<Etags>,
    none_matching: Option<Etags>,
    modified_since: Option<Timestamp>,
    unmodified_since: Option<Timestamp>,
    tags: Option<Predicate>,
}

/// The value of `If-Match` or `If-None-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Etags {
    Any,
    /// Without quotes.
    These(Vec<String>),
}

/// What is judged: the resource as it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) etag: Tick,
    pub(crate) modified: Timestamp,
    /// Absent where the resource has none, as containers.
    pub(crate) tags: Option<&'a Tags>,
}

/// The condition that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmet {
    Match,
    NoneMatch,
    /// `If-None-Match: *` on something that exists.
    Exists,
    ModifiedSince,
    UnmodifiedSince,
    Tags,
}

/// The headers of one set of conditions.
struct Names {
    matching: HeaderName,
    none_matching: HeaderName,
    modified_since: HeaderName,
    unmodified_since: HeaderName,
    tags: HeaderName,
}

const TARGET: Names = Names {
    matching: header::IF_MATCH,
    none_matching: header::IF_NONE_MATCH,
    modified_since: header::IF_MODIFIED_SINCE,
    unmodified_since: header::IF_UNMODIFIED_SINCE,
    tags: header::X_MS_IF_TAGS,
};
/// The conditions of tag operations on their blob, from 2026-02-06: theirs are on the tags.
const OF_TAGS: Names = Names {
    matching: header::X_MS_BLOB_IF_MATCH,
    none_matching: header::X_MS_BLOB_IF_NONE_MATCH,
    modified_since: header::X_MS_BLOB_IF_MODIFIED_SINCE,
    unmodified_since: header::X_MS_BLOB_IF_UNMODIFIED_SINCE,
    tags: header::X_MS_IF_TAGS,
};
const SOURCE: Names = Names {
    matching: header::X_MS_SOURCE_IF_MATCH,
    none_matching: header::X_MS_SOURCE_IF_NONE_MATCH,
    modified_since: header::X_MS_SOURCE_IF_MODIFIED_SINCE,
    unmodified_since: header::X_MS_SOURCE_IF_UNMODIFIED_SINCE,
    tags: header::X_MS_SOURCE_IF_TAGS,
};

impl Conditions {
    /// The conditions on what the URL names.
    ///
    /// # Errors
    /// 400 for a predicate that cannot be read.
    pub(crate) fn of(ask: &Ask) -> Result<Self, Failure> {
        let of_tags = matches!(ask.kind, Kind::GetBlobTags | Kind::SetBlobTags)
            && ask.version >= ServiceVersion::V2026_02_06;
        let names = if of_tags { &OF_TAGS } else { &TARGET };
        Self::read(ask, names)
    }

    /// The conditions on the source of a copy.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub(crate) fn of_source(ask: &Ask) -> Result<Self, Failure> {
        Self::read(ask, &SOURCE)
    }

    fn read(ask: &Ask, names: &Names) -> Result<Self, Failure> {
        Ok(Self {
            matching: ask.header(&names.matching).map(Etags::read),
            none_matching: ask.header(&names.none_matching).map(Etags::read),
            modified_since: date(ask, &names.modified_since),
            unmodified_since: date(ask, &names.unmodified_since),
            tags: ask
                .header(&names.tags)
                .map(|text| {
                    Predicate::parse(text).ok_or_else(|| Failure::invalid_header(&names.tags, text))
                })
                .transpose()?,
        })
    }

    /// The same conditions, but an existing resource is no reason to refuse.
    ///
    /// Whoever names the lease of a blob knows that it exists: with a valid lease id the service
    /// passes over `If-None-Match: *` (seen in every recorded request of that kind).
    pub(crate) fn knowing_it_exists(mut self) -> Self {
        if self.none_matching == Some(Etags::Any) {
            self.none_matching = None;
        }
        self
    }

    /// The same conditions, met by uncommitted blocks where a blob must be there, as they were before
    /// 2017-04-17.
    pub(crate) fn finding_it_uncommitted(mut self) -> Self {
        if self.matching == Some(Etags::Any) {
            self.matching = None;
        }
        self
    }

    /// Refuses sets of conditions that writes do not know.
    ///
    /// # Errors
    /// 400 unless there is one condition, or an `ETag` condition with its date.
    pub(crate) fn for_a_write(mut self) -> Result<Self, Failure> {
        let pair = |etags: &Option<Etags>, date: &mut Option<Timestamp>| {
            if etags.is_some() {
                *date = None;
            }
        };
        pair(&self.none_matching, &mut self.modified_since);
        pair(&self.matching, &mut self.unmodified_since);
        let given = usize::from(self.matching.is_some())
            + usize::from(self.none_matching.is_some())
            + usize::from(self.modified_since.is_some())
            + usize::from(self.unmodified_since.is_some());
        if given > 1 {
            return Err(Failure::new(
                ErrorCode::MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED,
            ));
        }
        Ok(self)
    }

    /// Judges a resource, or the lack of one.
    ///
    /// # Errors
    /// The first condition that fails.
    pub(crate) fn judge(&self, standing: Option<Standing<'_>>) -> Result<(), Unmet> {
        let Some(standing) = standing else {
            return if self.matching.is_some() {
                Err(Unmet::Match)
            } else if self.tags.is_some() {
                Err(Unmet::Tags)
            } else {
                Ok(())
            };
        };
        if let Some(etags) = &self.matching
            && !etags.hold(standing.etag)
        {
            return Err(Unmet::Match);
        }
        if let Some(date) = self.unmodified_since
            && standing.modified.floor_to_second() > date
        {
            return Err(Unmet::UnmodifiedSince);
        }
        self.judge_newness(&standing)?;
        if let Some(predicate) = &self.tags
            && !standing.tags.is_some_and(|tags| predicate.holds(tags))
        {
            return Err(Unmet::Tags);
        }
        Ok(())
    }

    /// Judges a blob that has only uncommitted blocks: it has no `ETag`, but a date.
    ///
    /// # Errors
    /// The first condition that fails.
    pub(crate) fn judge_uncommitted(&self, modified: Timestamp) -> Result<(), Unmet> {
        let modified = modified.floor_to_second();
        if self.modified_since.is_some_and(|date| modified <= date) {
            return Err(Unmet::ModifiedSince);
        }
        if self.unmodified_since.is_some_and(|date| modified > date) {
            return Err(Unmet::UnmodifiedSince);
        }
        self.judge(None)
    }

    /// `If-None-Match` and `If-Modified-Since`: one of the two is enough.
    fn judge_newness(&self, standing: &Standing<'_>) -> Result<(), Unmet> {
        let newer = self
            .modified_since
            .map(|date| standing.modified.floor_to_second() > date);
        match (&self.none_matching, newer) {
            (Some(Etags::Any), _) => Err(Unmet::Exists),
            (Some(etags), newer) if etags.hold(standing.etag) && newer != Some(true) => {
                Err(Unmet::NoneMatch)
            }
            (None, Some(false)) => Err(Unmet::ModifiedSince),
            _ => Ok(()),
        }
    }
}

impl Etags {
    fn read(text: &str) -> Self {
        if text.trim() == "*" {
            return Self::Any;
        }
        Self::These(
            text.split(',')
                .map(|etag| etag.trim().trim_matches('"').to_owned())
                .collect(),
        )
    }

    fn hold(&self, etag: Tick) -> bool {
        match self {
            Self::Any => true,
            Self::These(etags) => {
                let mut own = String::new();
                etag.push_bare_etag(&mut own);
                etags.contains(&own)
            }
        }
    }
}

fn date(ask: &Ask, name: &HeaderName) -> Option<Timestamp> {
    ask.header(name)
        .and_then(|text| Timestamp::parse_http(text).ok())
}
