//! Signing: the last thing that happens to a request before it leaves.

mod copy_source;
mod redact;
pub mod shared_key;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri};
use percent_encoding::utf8_percent_encode;

use crate::address::{Account, QUERY};
use crate::credential::{Bearer, Credential, Identities};
use crate::error::InvalidInput;
use crate::message::{Request, SignedRequest};
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;

pub use redact::redact_url;
use shared_key::{Parts, SharedKey, string_to_sign};

/// Why a request cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The account's credential is missing or no longer good.
    #[error("no credential for `{0}`")]
    Credential(Account),
    /// The request cannot be meant.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
}

/// Completes a request with version, date and credentials.
///
/// The version is the request's own where it fixes one, else the later of `version` and what the
/// request needs. The source of a copy gets its credential first, since the destination's signature
/// covers it.
///
/// # Errors
/// A missing or expired credential is told apart from a request that cannot be sent: a source URL of
/// more than 2,048 characters, a bearer token that would cross the network unencrypted, or a source
/// whose credential the operation cannot carry.
pub fn sign(
    request: &Request,
    identities: &Identities,
    version: ServiceVersion,
    now: Timestamp,
) -> Result<SignedRequest, SignError> {
    let voice = Voice::of(request, identities, version, now)?;
    Ok(write(
        request,
        with_room(&request.parts.headers),
        voice,
        now,
    )?)
}

/// The same, with the request's own headers instead of a copy: a request that lacks a credential
/// stays as it was, any other is spent.
pub(crate) fn sign_taking(
    request: &mut Request,
    identities: &Identities,
    version: ServiceVersion,
    now: Timestamp,
) -> Result<SignedRequest, SignError> {
    let voice = Voice::of(request, identities, version, now)?;
    let headers = std::mem::take(&mut request.parts.headers);
    Ok(write(request, headers, voice, now)?)
}

/// Who speaks, in which version, and what shows that the source may be read.
struct Voice<'a> {
    credential: &'a Credential,
    version: ServiceVersion,
    source: Option<copy_source::Written>,
}

impl<'a> Voice<'a> {
    fn of(
        request: &Request,
        identities: &'a Identities,
        version: ServiceVersion,
        now: Timestamp,
    ) -> Result<Self, SignError> {
        let credential = good(identities, &request.parts.account, now)?;
        let mut needs = request.parts.needs;
        if let Credential::Bearer(_) = credential {
            needs = needs.max(ServiceVersion::V2017_11_09);
        }
        let version = request.parts.version.unwrap_or(version.max(needs));
        let asking = copy_source::Asking {
            request,
            credential,
            identities,
            version,
            now,
        };
        let source = request.parts.source.as_ref();
        let source = source.map(|source| copy_source::write(source, &asking));
        let source = source.transpose()?;
        Ok(Self {
            credential,
            version: source.as_ref().map_or(version, |source| source.version),
            source,
        })
    }
}

fn write(
    request: &Request,
    mut headers: HeaderMap,
    voice: Voice<'_>,
    now: Timestamp,
) -> Result<SignedRequest, InvalidInput> {
    if let Some(source) = voice.source {
        headers.insert(header::X_MS_COPY_SOURCE, source.url);
        if let Some(token) = source.token {
            headers.insert(header::X_MS_COPY_SOURCE_AUTHORIZATION, token);
        }
    }
    let length = request.parts.body.len();
    if length > 0 || request.parts.method == Method::PUT || request.parts.method == Method::POST {
        let text = match length {
            0 => HeaderValue::from_static("0"),
            _ => HeaderValue::from(length),
        };
        headers.insert(header::CONTENT_LENGTH, text);
    }
    let version = voice.version;
    let named = match version {
        // In nearly every request, so it is ready made.
        ServiceVersion::DEFAULT => HeaderValue::from_static(ServiceVersion::DEFAULT_TEXT),
        _ => value(version.as_str().to_owned())?,
    };
    headers.insert(header::X_MS_VERSION, named);
    headers.insert(header::X_MS_DATE, value(now.to_http())?);
    match voice.credential {
        Credential::SharedKey(key) => {
            let authorization = authorization(request, key, &headers, version);
            headers.insert(header::AUTHORIZATION, secret(authorization)?);
        }
        Credential::Bearer(bearer) => {
            let token = over_tls(bearer, &request.parts.account)?;
            headers.insert(header::AUTHORIZATION, token);
        }
        Credential::Sas(_) | Credential::Anonymous => {}
    }
    let mut http = http::Request::new(request.parts.body.clone());
    *http.method_mut() = request.parts.method.clone();
    *http.uri_mut() = uri(request, voice.credential)?;
    *http.headers_mut() = headers;
    Ok(SignedRequest(http))
}

/// The account's credential, if it is there and good.
fn good<'a>(
    identities: &'a Identities,
    account: &Account,
    now: Timestamp,
) -> Result<&'a Credential, SignError> {
    identities
        .get(account)
        .filter(|credential| credential.is_good(now))
        .ok_or_else(|| SignError::Credential(account.clone()))
}

/// A copy with room for what the signer adds, so that it grows only once.
fn with_room(headers: &HeaderMap) -> HeaderMap {
    let mut copy = HeaderMap::with_capacity(headers.len() + 6);
    for (name, value) in headers {
        copy.append(name, value.clone());
    }
    copy
}

fn value(text: String) -> Result<HeaderValue, InvalidInput> {
    HeaderValue::from_maybe_shared(Bytes::from(text))
        .map_err(|_| InvalidInput::new("request", "", "cannot be written as HTTP"))
}

fn secret(text: String) -> Result<HeaderValue, InvalidInput> {
    let mut value = value(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The URL; of its parts, only path and query differ from one request of the account to the next.
fn uri(request: &Request, credential: &Credential) -> Result<Uri, InvalidInput> {
    let refuse = || InvalidInput::new("request", "", "has a URL that is too long for HTTP");
    let mut parts = request.parts.account.uri_parts();
    let target = Bytes::from(target(request, credential));
    parts.path_and_query = Some(PathAndQuery::from_maybe_shared(target).map_err(|_| refuse())?);
    Uri::from_parts(parts).map_err(|_| refuse())
}

/// Path and query.
fn target(request: &Request, credential: &Credential) -> String {
    let sas = match credential {
        Credential::Sas(sas) => sas.expose(),
        _ => "",
    };
    let path = &request.parts.path;
    if request.parts.query.is_empty() && sas.is_empty() {
        return path.clone();
    }
    let mut target = String::with_capacity(path.len() + sas.len() + 64);
    target.push_str(path);
    let mut mark = '?';
    for (key, value) in &request.parts.query {
        target.push(mark);
        target.push_str(key);
        target.push('=');
        target.extend(utf8_percent_encode(value, QUERY));
        mark = '&';
    }
    if !sas.is_empty() {
        target.push(mark);
        target.push_str(sas);
    }
    target
}

fn authorization(
    request: &Request,
    key: &SharedKey,
    headers: &HeaderMap,
    version: ServiceVersion,
) -> String {
    let name = request.parts.account.name();
    let query: Vec<(&str, &str)> = request
        .parts
        .query
        .iter()
        .map(|(key, value)| (*key, value.as_ref()))
        .collect();
    let signed = string_to_sign(&Parts {
        method: &request.parts.method,
        headers,
        account: name,
        path: &primary_path(request),
        query: &query,
        version,
        content_length: request.parts.body.len() as u64,
    });
    const SCHEME: &str = "SharedKey ";
    let mut text = String::with_capacity(SCHEME.len() + name.len() + 1 + SharedKey::SIGNATURE);
    for part in [SCHEME, name, ":"] {
        text.push_str(part);
    }
    key.sign_onto(&signed, &mut text);
    text
}

/// The path to sign: a secondary endpoint on a shared host is signed as the account itself.
fn primary_path(request: &Request) -> Cow<'_, str> {
    let base = request.parts.account.base();
    match (
        base.strip_suffix("-secondary"),
        request.parts.path.strip_prefix(base),
    ) {
        (Some(primary), Some(rest)) => Cow::Owned(format!("{primary}{rest}")),
        _ => Cow::Borrowed(&request.parts.path),
    }
}

/// The token's header; a token is good for all of an account, so it crosses no network in the clear.
fn over_tls(bearer: &Bearer, account: &Account) -> Result<HeaderValue, InvalidInput> {
    if account.origin().starts_with("https://") || account.is_loopback() {
        Ok(bearer.header())
    } else {
        Err(InvalidInput::new(
            "account URL",
            account.to_string(),
            "must be https where a bearer token is used",
        ))
    }
}
