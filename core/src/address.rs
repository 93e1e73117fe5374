//! Where things are: accounts, containers and blobs as URLs, encoded in one place.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::InvalidInput;
use crate::name::{BlobName, ContainerName};
use crate::sas::SasToken;

/// What stays as it is in a path segment: RFC 3986's unreserved characters and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
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

/// A storage account as one identity sees it: its endpoint, its name, and a label.
///
/// Two identities for the same account, such as one SAS for the source and another for the
/// destination, are two values that differ in their [label](Account::labelled). Cheap to clone.
///
/// ```
/// use blobferry_core::Account;
/// let cloud: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// assert_eq!(cloud.name(), "lighthouse");
/// let local: Account = "http://127.0.0.1:10000/devstoreaccount1".parse()?;
/// assert_eq!(local.name(), "devstoreaccount1");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(Arc<Endpoint>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Endpoint {
    name: String,
    /// `https://host:port`, no slash at the end.
    origin: String,
    /// Empty, or `/account` on hosts that serve many accounts.
    base: String,
    label: String,
}

impl Account {
    /// An account at any URL, custom domains included, where the name cannot be read from the host.
    ///
    /// # Errors
    /// `url` must be `http` or `https`, with a host and without query or fragment.
    pub fn at(url: &str, name: &str) -> Result<Self, InvalidInput> {
        let parts = UrlParts::split(url)?;
        let base = parts.path.trim_end_matches('/').to_owned();
        Ok(Self::new(name, parts.origin, base))
    }

    fn new(name: &str, origin: String, base: String) -> Self {
        Self(Arc::new(Endpoint {
            name: name.to_owned(),
            origin,
            base,
            label: String::new(),
        }))
    }

    /// The account's name, as it is signed; `-secondary` is not part of it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0
            .name
            .strip_suffix("-secondary")
            .unwrap_or(&self.0.name)
    }

    /// Scheme, host and port: `https://lighthouse.blob.core.windows.net`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// What stands before the container in a path: empty, or `/account` on shared hosts.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// Whether the endpoint is this very machine, so that nothing crosses a network.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let authority = self.0.origin.split_once("://").map_or("", |(_, rest)| rest);
        let host = host_of(authority).trim_matches(['[', ']']);
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Which of several identities for the same account this is; empty unless set.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// The same account as another identity sees it.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Self {
        Self(Arc::new(Endpoint {
            label: label.to_owned(),
            ..(*self.0).clone()
        }))
    }

    /// Whether both are the same account at the same endpoint, whoever speaks.
    #[must_use]
    pub fn is_same_account(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.name() == other.name()
                && self.0.origin == other.0.origin
                && self.0.base == other.0.base)
    }

    /// A container of this account.
    #[must_use]
    pub fn container(&self, name: ContainerName) -> ContainerAddress {
        ContainerAddress {
            account: self.clone(),
            container: name,
        }
    }
}

impl FromStr for Account {
    type Err = InvalidInput;

    fn from_str(url: &str) -> Result<Self, InvalidInput> {
        let parts = UrlParts::split(url)?;
        let (account, rest) = parts.account(url)?;
        if rest.is_empty() {
            Ok(account)
        } else {
            Err(InvalidInput::new(
                "account URL",
                redacted(url),
                "must end after the account",
            ))
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0.origin, self.0.base)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if self.0.label.is_empty() {
            Ok(())
        } else {
            write!(f, " as {}", self.0.label)
        }
    }
}

/// A container of an account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerAddress {
    /// Whose it is, and as whom it is spoken to.
    pub account: Account,
    /// Its name.
    pub container: ContainerName,
}

impl ContainerAddress {
    /// A blob of this container.
    #[must_use]
    pub fn blob(&self, name: BlobName) -> BlobAddress {
        BlobAddress {
            account: self.account.clone(),
            container: self.container.clone(),
            name,
            revision: Revision::Current,
        }
    }

    /// Path of the container, percent-encoded, with the account on shared hosts.
    #[must_use]
    pub fn path(&self) -> String {
        format!(
            "{}/{}",
            self.account.base(),
            utf8_percent_encode(self.container.as_str(), PATH)
        )
    }
}

impl fmt::Display for ContainerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.account.origin(), self.path())
    }
}

impl fmt::Debug for ContainerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Which state of a blob is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Revision {
    /// The blob as it is now.
    #[default]
    Current,
    /// A snapshot, by the time the service gave it.
    Snapshot(String),
    /// A version, by the time the service gave it. Service version 2019-12-12 and later.
    Version(String),
}

/// A blob, or one of its snapshots or versions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobAddress {
    /// Whose it is, and as whom it is spoken to.
    pub account: Account,
    /// The container it is in.
    pub container: ContainerName,
    /// Its name.
    pub name: BlobName,
    /// Which state of it.
    pub revision: Revision,
}

impl BlobAddress {
    /// The container it is in.
    #[must_use]
    pub fn in_container(&self) -> ContainerAddress {
        self.account.container(self.container.clone())
    }

    /// The same blob at another revision.
    #[must_use]
    pub fn at(&self, revision: Revision) -> Self {
        Self {
            revision,
            ..self.clone()
        }
    }

    /// Path of the blob, percent-encoded, with the account on shared hosts.
    #[must_use]
    pub fn path(&self) -> String {
        let name = self.name.as_str();
        let container = self.container.as_str();
        let mut path =
            String::with_capacity(self.account.base().len() + container.len() + name.len() + 8);
        path.push_str(self.account.base());
        path.push('/');
        path.extend(utf8_percent_encode(container, PATH));
        path.push('/');
        path.extend(utf8_percent_encode(name, PATH));
        path
    }
}

impl fmt::Display for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.account.origin(), self.path())?;
        match &self.revision {
            Revision::Current => Ok(()),
            Revision::Snapshot(time) => write!(f, "?snapshot={}", utf8_percent_encode(time, QUERY)),
            Revision::Version(time) => write!(f, "?versionid={}", utf8_percent_encode(time, QUERY)),
        }
    }
}

impl fmt::Debug for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a URL of the service means, its SAS kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// What the path names.
    pub place: Place,
    /// The SAS that stood in the query.
    pub sas: Option<SasToken>,
}

/// An account, a container, or a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The account itself.
    Account(Account),
    /// A container.
    Container(ContainerAddress),
    /// A blob.
    Blob(BlobAddress),
}

impl Place {
    /// The account it is in.
    #[must_use]
    pub fn account(&self) -> &Account {
        match self {
            Self::Account(account) => account,
            Self::Container(container) => &container.account,
            Self::Blob(blob) => &blob.account,
        }
    }
}

impl FromStr for Location {
    type Err = InvalidInput;

    fn from_str(url: &str) -> Result<Self, InvalidInput> {
        let parts = UrlParts::split(url)?;
        let (account, rest) = parts.account(url)?;
        let query = parts.query_pairs()?;
        let sas = SasToken::from_pairs(&query)?;
        let place = place(account, &decoded(rest, "blob URL")?, &query, url)?;
        Ok(Self { place, sas })
    }
}

fn place(
    account: Account,
    path: &str,
    query: &[(String, String)],
    url: &str,
) -> Result<Place, InvalidInput> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let (container, name) = match path.split_once('/') {
        _ if path.is_empty() => return Ok(Place::Account(account)),
        None | Some((_, "")) => (path.trim_end_matches('/'), None),
        Some((container, name)) => (container, Some(name)),
    };
    let address = account.container(container.parse()?);
    let Some(name) = name else {
        return Ok(Place::Container(address));
    };
    let mut blob = address.blob(name.parse()?);
    for (key, value) in query {
        blob.revision = match key.to_ascii_lowercase().as_str() {
            "snapshot" => Revision::Snapshot(value.clone()),
            "versionid" => Revision::Version(value.clone()),
            _ => continue,
        };
    }
    if query
        .iter()
        .filter(|(key, _)| matches!(key.to_ascii_lowercase().as_str(), "snapshot" | "versionid"))
        .count()
        > 1
    {
        return Err(InvalidInput::new(
            "blob URL",
            redacted(url),
            "names a snapshot and a version at once",
        ));
    }
    Ok(Place::Blob(blob))
}

/// A URL cut into the parts that matter here, with the path left encoded.
struct UrlParts<'a> {
    origin: String,
    host: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> UrlParts<'a> {
    fn split(url: &'a str) -> Result<Self, InvalidInput> {
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
        if authority.parse::<http::uri::Authority>().is_err() {
            return refuse("needs a host");
        }
        let host = host_of(authority);
        if host.is_empty() {
            return refuse("needs a host");
        }
        Ok(Self {
            origin: format!("{scheme}://{}", authority.to_ascii_lowercase()),
            host,
            path,
            query,
        })
    }

    /// The account, and what of the path comes after it.
    fn account(&self, url: &str) -> Result<(Account, &'a str), InvalidInput> {
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
        if name.is_empty() {
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

    fn query_pairs(&self) -> Result<Vec<(String, String)>, InvalidInput> {
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

/// The authority without its port.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn decoded(text: &str, what: &'static str) -> Result<String, InvalidInput> {
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
fn redacted(url: &str) -> String {
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
