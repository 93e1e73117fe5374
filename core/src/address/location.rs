//! Reading a URL: what it names, and the SAS in it.

use std::str::FromStr;

use crate::error::InvalidInput;
use crate::sas::SasToken;

use super::url::{UrlParts, decoded, redacted};
use super::{Account, BlobAddress, ContainerAddress, Revision};

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
