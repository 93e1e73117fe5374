//! What a URL names: account, container and blob, on hosts of one account and of many.

use std::borrow::Cow;
use std::net::IpAddr;

use http::request::Parts;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str};

use blobferry_core::ErrorCode;
use blobferry_core::wire::query;

use crate::config::Config;
use crate::failure::Failure;
use crate::kind::Level;
use crate::request::Query;

/// The container whose name may be left out.
const ROOT: &str = "$root";

/// What a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) account: String,
    pub(crate) secondary: bool,
    pub(crate) container: Option<String>,
    pub(crate) blob: Option<String>,
    pub(crate) level: Level,
    pub(crate) endpoint: String,
}

impl Target {
    /// What the URL of a request names.
    pub(super) fn of(config: &Config, parts: &Parts, query: &Query) -> Result<Self, Failure> {
        let scheme = if super::is_secure(parts) {
            "https"
        } else {
            "http"
        };
        let host = super::host(parts);
        let path = parts.uri.path();
        Self::read(config, scheme, host, path, query)
            .map_err(|failure| failure.about(&format!("{scheme}://{host}{path}")))
    }

    fn read(
        config: &Config,
        scheme: &str,
        host: &str,
        path: &str,
        query: &Query,
    ) -> Result<Self, Failure> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let (name, rest, base) = match account_of_host(config, host) {
            Some(name) => (Cow::Borrowed(name), path, ["", ""]),
            None => {
                let (name, rest) = path.split_once('/').unwrap_or((path, ""));
                (decoded(name, path)?, rest, ["/", name])
            }
        };
        let [slash, base] = base;
        let account = name.strip_suffix("-secondary").unwrap_or(&name);
        if !config.has_account(account) {
            return Err(unknown_account(account, path));
        }
        let (container, blob, level) = resource(rest, query)?;
        Ok(Self {
            account: account.to_owned(),
            secondary: account.len() != name.len(),
            container,
            blob,
            level,
            endpoint: [scheme, "://", host, slash, base].concat(),
        })
    }
}

/// What an absolute URL names, such as the source of a copy; absent where it is not of this
/// service or not one at all.
pub(crate) fn read_url(config: &Config, url: &str) -> Option<(Target, Query)> {
    let (scheme, rest) = url.split_once("://")?;
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let query = Query::parse(query);
    let target = Target::read(config, scheme, host, path, &query).ok()?;
    Some((target, query))
}

/// The account that a host name begins with, with its `-secondary`.
///
/// Addresses and hosts of one word serve many accounts; there it stands in the path.
fn account_of_host<'a>(config: &Config, host: &'a str) -> Option<&'a str> {
    let bare = host.rsplit_once(':').map_or(host, |(bare, _)| bare);
    if bare.starts_with('[') || bare.parse::<IpAddr>().is_ok() {
        return None;
    }
    let (first, rest) = bare.split_once('.')?;
    let account = first.strip_suffix("-secondary").unwrap_or(first);
    (config.has_account(account) || rest.starts_with("blob.")).then_some(first)
}

/// Whether a host name, without its port, begins with the name of an account.
#[cfg(feature = "server")]
pub(crate) fn is_account_host(config: &Config, host: &str) -> bool {
    account_of_host(config, host).is_some()
}

/// The name of a blob, decoded. The service keeps backslashes as slashes: recorded.
fn blob_name(text: &str, path: &str) -> Result<String, Failure> {
    let name = decoded(text, path)?.into_owned();
    Ok(if name.contains('\\') {
        name.replace('\\', "/")
    } else {
        name
    })
}

/// A path whose segments the service reads otherwise than they are sent, encoded or not: dots at the
/// end of a segment go (recorded), and `.` and `..` lead to where they would lead in a file system
/// (answers that users of such names have published). Absent for any other path.
fn canonical(path: &str) -> Option<String> {
    let may_differ = path.contains("./") || path.ends_with('.') || path.contains(['%', '\\']);
    if !may_differ {
        return None;
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let name = decoded.replace('\\', "/");
    if !(name.contains("./") || name.ends_with('.')) {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = name.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => {
                let bare = segment.trim_end_matches('.');
                // What is nothing but dots, and more than two of them, is a name.
                kept.push(if bare.is_empty() { segment } else { bare });
                continue;
            }
        }
        if is_last {
            kept.push("");
        }
    }
    let kept = kept.join("/");
    Some(percent_encoding::utf8_percent_encode(&kept, ENCODED).to_string())
}

/// What a path cannot have as it is.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%');

/// Container and blob of the path after the account.
fn resource(path: &str, query: &Query) -> Result<(Option<String>, Option<String>, Level), Failure> {
    let canonical = canonical(path);
    let path = canonical.as_deref().unwrap_or(path);
    if path.is_empty() {
        return Ok((None, None, Level::Service));
    }
    let of_container = query
        .get(query::RESTYPE)
        .is_some_and(|restype| !restype.is_empty());
    match path.split_once('/') {
        None if of_container => Ok((
            Some(decoded(path, path)?.into_owned()),
            None,
            Level::Container,
        )),
        None => Ok((
            Some(ROOT.to_owned()),
            Some(blob_name(path, path)?),
            Level::Blob,
        )),
        Some((container, "")) if of_container => Ok((
            Some(decoded(container, path)?.into_owned()),
            None,
            Level::Container,
        )),
        Some((_, "")) => Err(invalid_uri(path)),
        Some((container, blob)) => Ok((
            Some(decoded(container, path)?.into_owned()),
            Some(blob_name(blob, path)?),
            Level::Blob,
        )),
    }
}

fn decoded<'a>(text: &'a str, path: &str) -> Result<Cow<'a, str>, Failure> {
    if !text.as_bytes().contains(&b'%') {
        return Ok(Cow::Borrowed(text));
    }
    percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| invalid_uri(path))
}

fn invalid_uri(path: &str) -> Failure {
    Failure::new(ErrorCode::INVALID_URI).detail("UriPath", path)
}

fn unknown_account(account: &str, path: &str) -> Failure {
    if account.is_empty() {
        return invalid_uri(path);
    }
    Failure::new(ErrorCode::AUTHENTICATION_FAILED).detail(
        "AuthenticationErrorDetail",
        format!("Cannot find the claimed account when trying to GetProperties for the account {account}."),
    )
}
