//! URLs as text: cut into parts, encoded and decoded, and shown without secrets.

use core::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str};

use crate::error::InvalidInput;

use super::Account;
use super::origin::Origin;

/// What stays as it is in a path segment: RFC 3986's unreserved characters and the slash.
pub(super) const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');
/// What stays as it is in a query value: RFC 3986's unreserved characters.
pub(crate) const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A URL cut into the parts that matter here, with the path left encoded.
pub(super) struct UrlParts<'a> {
    pub(super) origin: Origin,
    host: &'a str,
    pub(super) path: &'a str,
    query: Option<&'a str>,
}

impl<'a> UrlParts<'a> {
    pub(super) fn split(url: &'a str) -> Result<Self, InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("URL", redacted(url), rule));
        let Some((scheme, rest)) = url.split_once("://") else {
            return refuse("must begin with http:// or https://");
        };
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return refuse("must begin with http:// or https://");
        }
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (before_query, query) = rest
            .split_once('?')
            .map_or((rest, None), |(before, query)| (before, Some(query)));
        let end = before_query.find('/').unwrap_or(before_query.len());
        let (authority, path) = before_query.split_at(end);
        if authority.contains('@') {
            return refuse("must not carry a user name or password");
        }
        let Some(origin) = Origin::new(scheme == "https", authority) else {
            return refuse("needs a host");
        };
        let host = host_of(authority);
        let name = host.trim_matches(['[', ']']);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if name.is_empty() || !(name.bytes().all(plain) || name.parse::<IpAddr>().is_ok()) {
            return refuse("needs a host: a name or an address");
        }
        Ok(Self {
            origin,
            host,
            path,
            query,
        })
    }

    /// The account, and what of the path comes after it.
    pub(super) fn account(&self, url: &str) -> Result<(Account, &'a str), InvalidInput> {
        let host = self.host.trim_matches(['[', ']']);
        let shared = host.parse::<IpAddr>().is_ok() || !host.contains('.');
        if !shared {
            let name = host
                .split('.')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let rest = if self.path == "/" { "" } else { self.path };
            return Ok((
                Account::new(&name, self.origin.clone(), String::new()),
                rest,
            ));
        }
        let path = self.path.strip_prefix('/').unwrap_or_default();
        let (name, rest) = path.find('/').map_or((path, ""), |at| path.split_at(at));
        if name.is_empty() || !is_plain_path(name) {
            return Err(InvalidInput::new(
                "URL",
                redacted(url),
                "needs the account as the first part of the path on a host without account names",
            ));
        }
        let rest = if rest == "/" { "" } else { rest };
        Ok((
            Account::new(name, self.origin.clone(), format!("/{name}")),
            rest,
        ))
    }

    pub(super) fn query_pairs(&self) -> Result<Vec<(String, String)>, InvalidInput> {
        let Some(query) = self.query else {
            return Ok(Vec::new());
        };
        query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decoded(key, "query")?, decoded(value, "query")?))
            })
            .collect()
    }
}

/// Whether a path can stand before the container: unreserved characters and what is encoded.
pub(super) fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
    path.bytes().all(plain)
}

/// The authority without its port.
pub(super) fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

pub(super) fn decoded(text: &str, what: &'static str) -> Result<String, InvalidInput> {
    percent_decode_str(text)
        .decode_utf8()
        .map(|text| text.into_owned())
        .map_err(|_| {
            InvalidInput::new(
                what,
                String::new(),
                "must be UTF-8 under its percent encoding",
            )
        })
}

/// The URL without its query, where secrets stand.
pub(super) fn redacted(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let shown = url.get(..end).unwrap_or_default();
    match (shown.find("://"), shown.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!(
                "{}…{}",
                shown.get(..scheme + 3).unwrap_or_default(),
                shown.get(at..).unwrap_or_default()
            )
        }
        _ => shown.to_owned(),
    }
}
