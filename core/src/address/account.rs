//! A storage account: where it is, what it is called, and who speaks.

use core::cmp::Ordering;
use core::net::IpAddr;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::InvalidInput;
use crate::name::ContainerName;

use super::ContainerAddress;
use super::origin::Origin;
use super::url::{UrlParts, host_of, is_plain_path, redacted};

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
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Account(Arc<Endpoint>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Endpoint {
    name: String,
    origin: Origin,
    /// Empty, or `/account` on hosts that serve many accounts.
    base: String,
    label: String,
}

impl Account {
    /// An account at any URL, custom domains included, where the name cannot be read from the host.
    ///
    /// # Errors
    /// `url` must be `http` or `https`, with a host and without query or fragment; `name` holds letters,
    /// digits and dashes.
    pub fn at(url: &str, name: &str) -> Result<Self, InvalidInput> {
        if !is_plain_path(name) || name.is_empty() || name.contains('/') {
            return Err(InvalidInput::new(
                "account name",
                name,
                "must be letters, digits and dashes",
            ));
        }
        let parts = UrlParts::split(url)?;
        let base = parts.path.trim_end_matches('/').to_owned();
        if !is_plain_path(&base) || url.contains(['?', '#']) {
            return Err(InvalidInput::new(
                "account URL",
                redacted(url),
                "must end after a path of unreserved characters",
            ));
        }
        Ok(Self::new(name, parts.origin, base))
    }

    pub(super) fn new(name: &str, origin: Origin, base: String) -> Self {
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
        self.0.origin.as_str()
    }

    /// The beginning of every URL of the account; its path is still open.
    pub(crate) fn uri_parts(&self) -> http::uri::Parts {
        self.0.origin.parts()
    }

    /// What stands before the container in a path: empty, or `/account` on shared hosts.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// Whether the endpoint is this very machine, so that nothing crosses a network.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let authority = self.origin().split_once("://").map_or("", |(_, rest)| rest);
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

/// By name first; the same value is found without reading it.
impl Ord for Account {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Account {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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
        write!(f, "{}{}", self.origin(), self.0.base)
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
