//! Minting a service SAS. Source: "Create a service SAS".

use crate::address::{BlobAddress, ContainerAddress, Revision};
use crate::error::InvalidInput;
use crate::sign::shared_key::SharedKey;
use crate::version::ServiceVersion;

use super::terms::{push, seal};
use super::{Permissions, SasKind, SasToken, Signed, Terms};

/// What a service or user delegation SAS reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SasTarget {
    /// A container and all blobs in it.
    Container(ContainerAddress),
    /// One blob, snapshot (2018-11-09 and later) or version (2019-12-12 and later).
    Blob(BlobAddress),
}

impl From<ContainerAddress> for SasTarget {
    fn from(container: ContainerAddress) -> Self {
        Self::Container(container)
    }
}

impl From<BlobAddress> for SasTarget {
    fn from(blob: BlobAddress) -> Self {
        Self::Blob(blob)
    }
}

impl SasTarget {
    pub(super) fn account(&self) -> &str {
        match self {
            Self::Container(container) => container.account.name(),
            Self::Blob(blob) => blob.account.name(),
        }
    }

    /// The value of `sr`.
    pub(super) fn letter(&self) -> &'static str {
        match self {
            Self::Container(_) => "c",
            Self::Blob(blob) => match blob.revision {
                Revision::Current => "b",
                Revision::Snapshot(_) => "bs",
                Revision::Version(_) => "bv",
            },
        }
    }

    /// `container` or `container/blob`, decoded.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Container(container) => container.container.to_string(),
            Self::Blob(blob) => format!("{}/{}", blob.container, blob.name),
        }
    }

    pub(super) fn time(&self) -> &str {
        match self {
            Self::Container(_) => "",
            Self::Blob(blob) => match &blob.revision {
                Revision::Current => "",
                Revision::Snapshot(time) | Revision::Version(time) => time,
            },
        }
    }

    /// Checks that the terms suit what is reached.
    pub(super) fn check(&self, terms: &Terms) -> Result<(), InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("shared access signature", "", rule));
        let lists = Permissions::LIST;
        let Self::Blob(blob) = self else {
            return Ok(());
        };
        if terms.permissions.is_some_and(|given| given.contains(lists)) {
            return refuse("listing (`l`) is not for a single blob");
        }
        match blob.revision {
            Revision::Snapshot(_) if terms.version < ServiceVersion::V2018_11_09 => {
                refuse("a snapshot needs version 2018-11-09 or later")
            }
            Revision::Version(_) if terms.version < ServiceVersion::V2019_12_12 => {
                refuse("a version of a blob needs version 2019-12-12 or later")
            }
            _ => Ok(()),
        }
    }
}

/// A service SAS to be minted.
///
/// ```
/// use blobferry_core::{Location, Place, Timestamp};
/// use blobferry_core::sas::{Permissions, ServiceSas, Terms};
/// use blobferry_core::sign::shared_key::SharedKey;
/// let location: Location = "https://lighthouse.blob.core.windows.net/lamps/1.png".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!("the URL names a blob") };
/// let end = Timestamp::parse_iso("2026-12-31T00:00:00Z")?;
/// let sas = ServiceSas::new(blob, Terms::until(end, Permissions::READ))
///     .sign(&SharedKey::new("bGFtcA==")?)?;
/// assert_eq!((sas.get("sr"), sas.get("sp")), (Some("b"), Some("r")));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSas {
    /// What it reaches.
    pub target: SasTarget,
    /// What is allowed, until when. What the stored policy says is left out here.
    pub terms: Terms,
    /// A stored access policy of the container.
    pub policy: Option<String>,
    /// Headers the answer is to carry. Service version 2013-08-15 and later.
    pub response: ResponseHeaders,
}

/// Headers that the answer to a request with the SAS carries in place of the blob's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseHeaders {
    /// `rscc`
    pub cache_control: Option<String>,
    /// `rscd`
    pub content_disposition: Option<String>,
    /// `rsce`
    pub content_encoding: Option<String>,
    /// `rscl`
    pub content_language: Option<String>,
    /// `rsct`
    pub content_type: Option<String>,
}

impl ResponseHeaders {
    fn parameters(&self) -> [(&'static str, Option<&String>); 5] {
        [
            ("rscc", self.cache_control.as_ref()),
            ("rscd", self.content_disposition.as_ref()),
            ("rsce", self.content_encoding.as_ref()),
            ("rscl", self.content_language.as_ref()),
            ("rsct", self.content_type.as_ref()),
        ]
    }
}

impl ServiceSas {
    /// Reaches a container or a blob on these terms.
    #[must_use]
    pub fn new(target: impl Into<SasTarget>, terms: Terms) -> Self {
        Self {
            target: target.into(),
            terms,
            policy: None,
            response: ResponseHeaders::default(),
        }
    }

    /// Mints the token with the account's key.
    ///
    /// # Errors
    /// Without a stored policy, permissions and an expiry are required; the start comes before the
    /// expiry; snapshots, versions, protocol, address and encryption scope need their versions.
    pub fn sign(&self, key: &SharedKey) -> Result<SasToken, InvalidInput> {
        self.terms.check(self.policy.is_some())?;
        self.target.check(&self.terms)?;
        if self
            .policy
            .as_ref()
            .is_some_and(|name| name.is_empty() || name.chars().count() > 64)
        {
            return Err(InvalidInput::new(
                "stored policy",
                "",
                "must have 1 to 64 characters",
            ));
        }
        let mut pairs = self.terms.pairs();
        push(&mut pairs, "sr", Some(self.target.letter()));
        push(&mut pairs, "si", self.policy.as_ref());
        for (name, value) in self.response.parameters() {
            if value.is_some() && self.terms.version < ServiceVersion::V2013_08_15 {
                return Err(InvalidInput::new(
                    "shared access signature",
                    "",
                    "headers of the answer need version 2013-08-15 or later",
                ));
            }
            push(&mut pairs, name, value);
        }
        let path = self.target.path();
        let signed = Signed {
            account: self.target.account(),
            path: &path,
            time: self.target.time(),
            ..Signed::default()
        };
        Ok(seal(pairs, SasKind::Service, &signed, key))
    }
}
