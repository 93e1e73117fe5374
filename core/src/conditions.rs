//! What must hold for an operation to be done.

use http::header::HeaderName;

use crate::etag::ETag;
use crate::message::Request;
use crate::part::Part;
use crate::tags::TagPredicate;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;

/// What must hold of the blob that is asked for.
///
/// Reads take any combination from version 2013-08-15 on; writes take one of them, or a date with
/// the matching tag condition. Dates count in whole seconds. Source: "Specifying conditional headers
/// for Blob service operations".
///
/// ```
/// use blobferry_core::Conditions;
/// assert_eq!(Conditions::absent().if_none_match.map(|tag| tag.is_any()), Some(true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// Changed after this moment.
    pub if_modified_since: Option<Timestamp>,
    /// Not changed after this moment.
    pub if_unmodified_since: Option<Timestamp>,
    /// In this very state; [`ETag::any`] for "must exist".
    pub if_match: Option<ETag>,
    /// Not in this state; [`ETag::any`] on writes for "must not exist".
    pub if_none_match: Option<ETag>,
    /// Tagged like this. Version 2019-12-12 and later.
    pub if_tags: Option<TagPredicate>,
}

impl Conditions {
    /// Only where there is nothing yet: `If-None-Match: *`.
    #[must_use]
    pub fn absent() -> Self {
        Self {
            if_none_match: Some(ETag::any()),
            ..Self::default()
        }
    }

    /// Only in this very state: `If-Match`.
    #[must_use]
    pub fn unchanged(etag: ETag) -> Self {
        Self {
            if_match: Some(etag),
            ..Self::default()
        }
    }
}

/// What must hold of the source of a copy. Not for sources in Azure Files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceConditions {
    /// Changed after this moment.
    pub if_modified_since: Option<Timestamp>,
    /// Not changed after this moment.
    pub if_unmodified_since: Option<Timestamp>,
    /// In this very state.
    pub if_match: Option<ETag>,
    /// Not in this state.
    pub if_none_match: Option<ETag>,
    /// Tagged like this; needs the right to read the source's tags. Version 2019-12-12 and later.
    pub if_tags: Option<TagPredicate>,
}

/// What must hold of a container: containers know dates only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerConditions {
    /// Changed after this moment.
    pub if_modified_since: Option<Timestamp>,
    /// Not changed after this moment.
    pub if_unmodified_since: Option<Timestamp>,
}

/// What must hold of a blob whose tags are read or set, which do not change its ETag. Version
/// 2026-02-06 and later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlobConditions {
    /// Changed after this moment.
    pub if_modified_since: Option<Timestamp>,
    /// Not changed after this moment.
    pub if_unmodified_since: Option<Timestamp>,
    /// In this very state.
    pub if_match: Option<ETag>,
    /// Not in this state.
    pub if_none_match: Option<ETag>,
}

/// What must hold of a page blob's sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SequenceNumberConditions {
    /// At most this.
    pub at_most: Option<u64>,
    /// Less than this.
    pub less_than: Option<u64>,
    /// Exactly this.
    pub equal: Option<u64>,
}

/// What must hold of an append blob's length, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppendConditions {
    /// The blob, with what is appended, has at most this length.
    pub max_size: Option<u64>,
    /// The blob has exactly this length, so that the block begins there.
    pub position: Option<u64>,
}

/// The two dates and two tags under whatever names they travel.
fn add(
    request: Request,
    names: [HeaderName; 4],
    dates: [Option<Timestamp>; 2],
    tags: [&Option<ETag>; 2],
) -> Request {
    let [modified, unmodified, matching, unlike] = names;
    let [since, until] = dates;
    let [same, other] = tags;
    request
        .text_if(modified, since.map(Timestamp::to_http))
        .text_if(unmodified, until.map(Timestamp::to_http))
        .text_if(matching, same.as_ref())
        .text_if(unlike, other.as_ref())
}

fn add_predicate(request: Request, name: HeaderName, predicate: Option<&TagPredicate>) -> Request {
    match predicate {
        Some(predicate) => request
            .text(name, predicate.as_str())
            .needs(ServiceVersion::V2019_12_12),
        None => request,
    }
}

impl Part for Conditions {
    fn add_to(&self, request: Request) -> Request {
        let request = add(
            request,
            [
                header::IF_MODIFIED_SINCE,
                header::IF_UNMODIFIED_SINCE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
            ],
            [self.if_modified_since, self.if_unmodified_since],
            [&self.if_match, &self.if_none_match],
        );
        add_predicate(request, header::X_MS_IF_TAGS, self.if_tags.as_ref())
    }
}

impl Part for SourceConditions {
    fn add_to(&self, request: Request) -> Request {
        let request = add(
            request,
            [
                header::X_MS_SOURCE_IF_MODIFIED_SINCE,
                header::X_MS_SOURCE_IF_UNMODIFIED_SINCE,
                header::X_MS_SOURCE_IF_MATCH,
                header::X_MS_SOURCE_IF_NONE_MATCH,
            ],
            [self.if_modified_since, self.if_unmodified_since],
            [&self.if_match, &self.if_none_match],
        );
        add_predicate(request, header::X_MS_SOURCE_IF_TAGS, self.if_tags.as_ref())
    }
}

impl Part for ContainerConditions {
    fn add_to(&self, request: Request) -> Request {
        request
            .text_if(
                header::IF_MODIFIED_SINCE,
                self.if_modified_since.map(Timestamp::to_http),
            )
            .text_if(
                header::IF_UNMODIFIED_SINCE,
                self.if_unmodified_since.map(Timestamp::to_http),
            )
    }
}

impl Part for BlobConditions {
    fn add_to(&self, request: Request) -> Request {
        if self == &Self::default() {
            return request;
        }
        add(
            request,
            [
                header::X_MS_BLOB_IF_MODIFIED_SINCE,
                header::X_MS_BLOB_IF_UNMODIFIED_SINCE,
                header::X_MS_BLOB_IF_MATCH,
                header::X_MS_BLOB_IF_NONE_MATCH,
            ],
            [self.if_modified_since, self.if_unmodified_since],
            [&self.if_match, &self.if_none_match],
        )
        .needs(ServiceVersion::V2026_02_06)
    }
}

impl Part for SequenceNumberConditions {
    fn add_to(&self, request: Request) -> Request {
        let text = |number: Option<u64>| number.map(|number| number.to_string());
        request
            .text_if(header::X_MS_IF_SEQUENCE_NUMBER_LE, text(self.at_most))
            .text_if(header::X_MS_IF_SEQUENCE_NUMBER_LT, text(self.less_than))
            .text_if(header::X_MS_IF_SEQUENCE_NUMBER_EQ, text(self.equal))
    }
}

impl Part for AppendConditions {
    fn add_to(&self, request: Request) -> Request {
        let text = |number: Option<u64>| number.map(|number| number.to_string());
        request
            .text_if(header::X_MS_BLOB_CONDITION_MAXSIZE, text(self.max_size))
            .text_if(header::X_MS_BLOB_CONDITION_APPENDPOS, text(self.position))
    }
}
