//! Signing: the last thing that happens to a request before it leaves.

pub mod shared_key;

use bytes::Bytes;
use http::Uri;

use crate::address::{Account, QUERY};
use crate::credential::{Credential, Identities};
use crate::error::InvalidInput;
use crate::message::{Request, SignedRequest};
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;

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
/// # Errors
/// A missing or expired credential is told apart from a request that cannot be sent.
pub fn sign(
    request: &Request,
    identities: &Identities,
    version: ServiceVersion,
    now: Timestamp,
) -> Result<SignedRequest, SignError> {
    let invalid = |_| InvalidInput::new("request", String::new(), "cannot be written as HTTP");
    let account = &request.account;
    match identities.get(account) {
        Some(Credential::Anonymous) => {}
        None => return Err(SignError::Credential(account.clone())),
    }
    let mut url = format!("{}{}", account.origin(), request.path);
    for (at, (key, value)) in request.query.iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        url.push_str(key);
        url.push('=');
        url.extend(percent_encoding::utf8_percent_encode(value, QUERY));
    }
    let version = request.version.unwrap_or(version.max(request.needs));
    let mut http = http::Request::new(request.body.clone());
    *http.method_mut() = request.method.clone();
    *http.uri_mut() = Uri::try_from(url).map_err(|_| invalid(()))?;
    *http.headers_mut() = request.headers.clone();
    for (name, value) in [
        (header::X_MS_VERSION, version.as_str().to_owned()),
        (header::X_MS_DATE, now.to_http()),
    ] {
        let value =
            http::HeaderValue::from_maybe_shared(Bytes::from(value)).map_err(|_| invalid(()))?;
        http.headers_mut().insert(name, value);
    }
    if let Some(source) = &request.source {
        let value = http::HeaderValue::from_maybe_shared(Bytes::from(source.to_string()))
            .map_err(|_| invalid(()))?;
        http.headers_mut().insert(header::X_MS_COPY_SOURCE, value);
    }
    Ok(SignedRequest(http))
}

/// The URL with every SAS signature replaced by `REDACTED`.
#[must_use]
pub fn redact_url(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.eq_ignore_ascii_case("sig") => format!("{key}=REDACTED"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{before}?{}", pairs.join("&"))
}
