//! What a source outside answered, as the operations see it.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Response, StatusCode};

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;
use blobferry_core::words::BlobType;

use crate::auth::source::cannot_verify;
use crate::blob::{Blob, ContentHeaders, Stamp};
use crate::conditions::{Side, Unmet};
use crate::content::{Content, Pages, Segments};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::metadata::Metadata;
use crate::operation::{blob_tags, source};
use crate::range::Range;
use crate::request::Ask;
use crate::rules::size;
use crate::spelling::Spelling;
use crate::tick::Tick;

/// What came of asking a source.
#[derive(Debug, Clone)]
pub(crate) enum Fetched {
    /// It answered.
    Answer(Arc<Response<Bytes>>),
    /// It did not.
    Unreadable(Unreadable),
}

/// The tags of a source as it told them, beside its answer.
#[derive(Debug, Clone)]
pub(crate) struct SourceTags(pub(crate) Bytes);

/// Why a source did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is where nothing may be read.
    Refused,
    /// It could not be reached, broke off, or took too long.
    Unreachable,
    /// It is longer than what asks can take.
    TooLong,
    /// There is no room for what it answers beside what else is on its way in.
    NoRoom,
    /// It speaks TLS under a certificate that is not trusted.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "it needs TLS"))]
    Untrusted(Distrust),
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "it needs TLS"))]
pub(crate) enum Distrust {
    Issuer,
    Name,
    Time,
    Other,
}

impl Distrust {
    /// What is said of it.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Issuer => "the source's certificate is by an issuer that is not trusted here",
            Self::Name => "the source's certificate is for another name",
            Self::Time => "the source's certificate has expired or does not hold yet",
            Self::Other => "the source's certificate is not valid",
        }
    }
}

/// A source outside as it was when it was asked.
pub(crate) struct Found {
    /// Its content is that of its answer; for asynchronous copies there is none.
    pub(crate) blob: Blob,
    /// Bytes of the whole source.
    pub(crate) total: u64,
    pub(crate) etag: Option<String>,
    /// Whether it is a blob, which has page ranges and a block list.
    pub(crate) is_blob: bool,
    /// Whether its tags were to be had.
    pub(crate) tags: bool,
}

impl Fetched {
    /// The source of a request.
    ///
    /// # Errors
    /// What the source refused, told by `side`.
    pub(crate) fn found(&self, ask: &Ask, side: Side) -> Result<Found, Failure> {
        let response = match self {
            Self::Answer(response) => response,
            Self::Unreadable(why) => return Err(why.refuse(ask)),
        };
        let status = response.status();
        match status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
                if ask.header(&header::X_MS_SOURCE_IF_NONE_MATCH) == Some("*") {
                    return Err(Unmet::Exists.refuse(side, ask));
                }
                found(ask, response)
            }
            StatusCode::NOT_MODIFIED | StatusCode::PRECONDITION_FAILED => {
                Err(unmet(ask, status).refuse(side, ask))
            }
            StatusCode::RANGE_NOT_SATISFIABLE => Err(Failure::new(ErrorCode::INVALID_RANGE)),
            _ => Err(cannot_verify(ask, &refusal(response))),
        }
    }
}

impl Unreadable {
    fn refuse(self, ask: &Ask) -> Failure {
        match self {
            Self::Refused => cannot_verify(ask, &Failure::new(ErrorCode::RESOURCE_NOT_FOUND)),
            Self::Unreachable => Failure::new(ErrorCode::CANNOT_VERIFY_COPY_SOURCE)
                .message("Could not verify the copy source within the specified time."),
            Self::NoRoom => Failure::new(ErrorCode::SERVER_BUSY),
            // Nobody who asks again is answered otherwise, which a 500 would promise.
            Self::Untrusted(why) => Failure::new(ErrorCode::CANNOT_VERIFY_COPY_SOURCE)
                .status(StatusCode::BAD_REQUEST)
                .message(format!("Could not verify the copy source: {}.", why.text())),
            Self::TooLong => size::source_too_long(ask.kind, ask.version),
        }
    }
}

fn found(ask: &Ask, response: &Response<Bytes>) -> Result<Found, Failure> {
    let headers = response.headers();
    let is_whole = response.status() == StatusCode::OK;
    let kind = text(headers, &header::X_MS_BLOB_TYPE).map(BlobType::from);
    let body = part(ask, response)?;
    let total = if is_start(ask.kind) {
        length(headers, is_whole).ok_or_else(|| Unreadable::Unreachable.refuse(ask))?
    } else {
        body.len() as u64
    };
    let stamp = Stamp {
        tick: Tick::at(ask.now),
        now: ask.now,
    };
    let content = match kind.as_ref().unwrap_or(&BlobType::Block) {
        BlobType::Page if is_start(ask.kind) => {
            Content::Page(Pages::new(total, stamp.tick.number()))
        }
        // Operations that read bytes do not ask what they are part of.
        _ if !is_start(ask.kind) && ask.kind != Kind::CopyBlobFromUrl => {
            Content::Block(Segments::Whole(body.into()))
        }
        BlobType::Block | BlobType::Other(_) => Content::Block(Segments::Whole(body.into())),
        other => Content::empty(other),
    };
    let mut blob = Blob::new(content, Box::new(described(headers, is_whole)), stamp);
    blob.metadata = Metadata::of(headers, &Spelling::default()).unwrap_or_default();
    blob.sealed = text(headers, &header::X_MS_BLOB_SEALED) == Some("true");
    blob.sequence = text(headers, &header::X_MS_BLOB_SEQUENCE_NUMBER)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let tags = response
        .extensions()
        .get::<SourceTags>()
        .and_then(|told| blob_tags::read(&told.0).ok());
    let told = tags.is_some();
    blob.tags = tags.and_then(Blob::boxed_tags);
    Ok(Found {
        blob,
        tags: told,
        total,
        etag: text(headers, &header::ETAG).map(str::to_owned),
        is_blob: kind.is_some(),
    })
}

/// Whether a request only begins a copy, and reads nothing of its source yet.
pub(super) const fn is_start(kind: Kind) -> bool {
    matches!(kind, Kind::CopyBlob | Kind::IncrementalCopyBlob)
}

/// The bytes that were asked for, also from a place that knows no ranges and sends everything.
fn part(ask: &Ask, response: &Response<Bytes>) -> Result<Bytes, Failure> {
    let body = response.body().clone();
    let name = header::X_MS_SOURCE_RANGE;
    match source::range(ask) {
        Some(range) if response.status() == StatusCode::OK => {
            let (start, end) = Range::parse(range)
                .ok_or_else(|| Failure::invalid_header(&name, range))?
                .within(body.len() as u64)?;
            let size = crate::content::size;
            Ok(body.slice(size(start)..size(end)))
        }
        _ => Ok(body),
    }
}

/// Bytes of the whole, as a whole answer or one of a part tells it.
fn length(headers: &HeaderMap, is_whole: bool) -> Option<u64> {
    if is_whole {
        return text(headers, &header::CONTENT_LENGTH)?.parse().ok();
    }
    let (_, total) = text(headers, &header::CONTENT_RANGE)?.rsplit_once('/')?;
    total.parse().ok()
}

/// The standard headers; the MD5 of a part is not the content's.
fn described(headers: &HeaderMap, is_whole: bool) -> ContentHeaders {
    let get = |name: &HeaderName| text(headers, name).map(Into::into);
    ContentHeaders {
        content_type: get(&header::CONTENT_TYPE),
        encoding: get(&header::CONTENT_ENCODING),
        language: get(&header::CONTENT_LANGUAGE),
        disposition: get(&header::CONTENT_DISPOSITION),
        cache_control: get(&header::CACHE_CONTROL),
        md5: get(&header::X_MS_BLOB_CONTENT_MD5)
            .or_else(|| get(&header::CONTENT_MD5).filter(|_| is_whole)),
    }
}

/// Which of the conditions on a source was not met: the source does not say.
fn unmet(ask: &Ask, status: StatusCode) -> Unmet {
    let has = |name| ask.headers.contains_key(name);
    if status == StatusCode::NOT_MODIFIED {
        if has(header::X_MS_SOURCE_IF_NONE_MATCH) {
            Unmet::NoneMatch
        } else {
            Unmet::ModifiedSince
        }
    } else if has(header::X_MS_SOURCE_IF_MATCH) {
        Unmet::Match
    } else if has(header::X_MS_SOURCE_IF_UNMODIFIED_SINCE) {
        Unmet::UnmodifiedSince
    } else if has(header::X_MS_SOURCE_IF_TAGS) {
        Unmet::Tags
    } else if has(header::X_MS_SOURCE_IF_NONE_MATCH) {
        Unmet::NoneMatch
    } else {
        Unmet::Match
    }
}

/// What a source refused: in its own words where it is a storage service, else in those of its
/// status, and then without a code.
fn refusal(response: &Response<Bytes>) -> Failure {
    let code = storage_code(response).unwrap_or_default();
    let failure = Failure::new(ErrorCode::from(code)).status(response.status());
    if code.is_empty() {
        return failure.message(phrase(response));
    }
    let body = std::str::from_utf8(response.body()).unwrap_or_default();
    match element(body, "Message").and_then(|text| text.lines().next()) {
        Some(message) if !message.is_empty() => failure.message(message.to_owned()),
        _ => failure,
    }
}

/// The code of a storage service, else the name of the status: `NotFound`.
pub(crate) fn keyword(response: &Response<Bytes>) -> String {
    storage_code(response).map_or_else(
        || {
            let name = phrase(response);
            name.chars().filter(char::is_ascii_alphanumeric).collect()
        },
        str::to_owned,
    )
}

/// The code of an answer by a storage service of Azure's kind. Others write bodies that look alike.
fn storage_code(response: &Response<Bytes>) -> Option<&str> {
    let headers = response.headers();
    let body = std::str::from_utf8(response.body()).unwrap_or_default();
    text(headers, &header::X_MS_ERROR_CODE)
        .or_else(|| {
            text(headers, &header::X_MS_REQUEST_ID)?;
            element(body, "Code")
        })
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn phrase(response: &Response<Bytes>) -> &'static str {
    response.status().canonical_reason().unwrap_or("Unknown")
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|text| !text.is_empty())
}

/// The text of the first element of a name, in an answer whose elements have no attributes.
fn element<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    Some(rest.split_once("</")?.0)
}

#[cfg(test)]
mod tests;
