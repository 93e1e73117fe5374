//! Reading a request: what its URL names, and which version's rules hold.

mod target;
mod version;

use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, HeaderName};

use blobferry_core::wire::header::METADATA_PREFIX;
use blobferry_core::wire::{header, query};
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::auth::Holdings;
use crate::config::Config;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::{Ask, Caller, Headers, Peer, Query};
use crate::tick::Tick;

#[cfg(feature = "server")]
pub(crate) use target::is_account_host;
pub(crate) use target::{Target, read_url};
pub(crate) use version::known as known_version;

/// A request read as far as it could be; what stands here is known even of refused ones.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The version whose rules hold for the answer.
    pub(crate) version: ServiceVersion,
    pub(crate) outcome: Result<Ask, Failure>,
}

/// Reads a request. Nobody has said yet whether the caller may ask it.
pub(crate) fn read(holdings: &impl Holdings, now: Timestamp, parts: Parts, body: Bytes) -> Reading {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let target = Target::of(holdings.config(), &parts, &query);
    let account = target.as_ref().map(|target| target.account.as_str()).ok();
    match version::of(holdings, account, &parts.headers, &query) {
        Err(failure) => Reading {
            version: ServiceVersion::DEFAULT,
            outcome: Err(failure),
        },
        Ok(version) => Reading {
            version,
            outcome: target
                .and_then(|target| ask(target, version, now, parts, query, body))
                .and_then(|ask| check_length(holdings.config(), ask)),
        },
    }
}

/// Refuses content without a length where that is asked for.
fn check_length(config: &Config, ask: Ask) -> Result<Ask, Failure> {
    let is_content = matches!(
        ask.kind,
        Kind::PutBlob | Kind::PutBlock | Kind::PutBlockList | Kind::PutPage | Kind::AppendBlock
    );
    if config.needs_length
        && is_content
        && ask.headers.contains_key(http::header::TRANSFER_ENCODING)
    {
        return Err(Failure::new(ErrorCode::MISSING_CONTENT_LENGTH_HEADER)
            .detail("HeaderName", "Content-Length"));
    }
    Ok(ask)
}

/// The account that the URL of a request names.
pub(crate) fn account(config: &Config, parts: &Parts) -> Result<String, Failure> {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    Ok(Target::of(config, parts, &query)?.account)
}

fn ask(
    target: Target,
    version: ServiceVersion,
    now: Timestamp,
    parts: Parts,
    query: Query,
    body: Bytes,
) -> Result<Ask, Failure> {
    let (secure, peer) = (is_secure(&parts), peer(&parts));
    check_single(&parts.headers)?;
    let headers = Headers::from(parts.headers);
    let kind = Kind::recognise(target.level, &parts.method, &query, &headers, version)?;
    if let Some(text) = query.filled(query::SNAPSHOT)
        && target.blob.is_some()
        && version >= ServiceVersion::V2018_11_09
        && Tick::parse(text).is_none()
    {
        return Err(Failure::no_snapshot(text));
    }
    if kind == Kind::GetServiceStats && !target.secondary {
        return Err(Failure::invalid_query("comp", "stats", ""));
    }
    Ok(Ask {
        kind,
        account: target.account,
        secondary: target.secondary,
        container: target.container,
        blob: target.blob,
        query,
        body,
        filed: None,
        version,
        endpoint: target.endpoint,
        now,
        path: parts.uri.path().to_owned(),
        secure,
        peer,
        caller: Caller::Anonymous,
        letters: None,
        spelling: parts.extensions.get().cloned().unwrap_or_default(),
        effect: None,
        fetched: parts.extensions.get().cloned(),
        read_ahead: None,
        sums: parts.extensions.get().cloned().unwrap_or_default(),
        method: parts.method,
        headers,
    })
}

/// Refuses what is sent twice and can be meant once only. Sources: "Authorize with Shared Key",
/// "Setting and retrieving properties and metadata", "Specifying conditional headers".
fn check_single(headers: &HeaderMap) -> Result<(), Failure> {
    if headers.keys_len() == headers.len() {
        return Ok(());
    }
    for name in headers.keys() {
        let text = name.as_str();
        let is_single = text.starts_with("x-ms-") || SINGLE.contains(name);
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        if !is_single || values.len() < 2 {
            continue;
        }
        return Err(if text.starts_with(METADATA_PREFIX) {
            Failure::new(ErrorCode::INVALID_METADATA)
        } else {
            Failure::invalid_header(name, &values.join(","))
        });
    }
    Ok(())
}

/// Of the headers of HTTP, those that have one value, and that operations read.
static SINGLE: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_MD5,
    header::DATE,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Peer>().map(|peer| peer.0)
}

/// The scheme stands in an absolute URL, or a server put it among the extensions.
fn is_secure(parts: &Parts) -> bool {
    parts
        .extensions
        .get::<Scheme>()
        .or(parts.uri.scheme())
        .is_some_and(|scheme| *scheme == Scheme::HTTPS)
}

/// The host as the client named it, with its port.
fn host(parts: &Parts) -> &str {
    parts
        .uri
        .authority()
        .map(http::uri::Authority::as_str)
        .or_else(|| {
            parts
                .headers
                .get(header::HOST)
                .and_then(|value| value.to_str().ok())
        })
        .unwrap_or("127.0.0.1")
}

#[cfg(test)]
mod tests;
