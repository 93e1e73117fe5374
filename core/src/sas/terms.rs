//! What every SAS says: what for, from when to when, from where, and how.

use core::net::IpAddr;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::error::InvalidInput;
use crate::sign::shared_key::SharedKey;
use crate::time::Timestamp;
use crate::version::ServiceVersion;

use super::text::of_parameters;
use super::{Permissions, SasKind, SasToken, Signed};

/// The terms that the three kinds of SAS share. `Default` gives nothing: it has to be said what is
/// allowed and until when, here or by a stored policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// What is allowed; required unless the stored policy says it.
    pub permissions: Option<Permissions>,
    /// From when; at once where absent. Clocks differ: a few minutes in the past is wise.
    pub start: Option<Timestamp>,
    /// Until when; required unless the stored policy says it.
    pub expiry: Option<Timestamp>,
    /// Over which protocols; both where absent. Service version 2015-04-05 and later.
    pub protocol: Option<Protocol>,
    /// From where; from anywhere where absent. Service version 2015-04-05 and later.
    pub ip: Option<IpRange>,
    /// Encryption scope of what is written. Service version 2020-12-06 and later.
    pub encryption_scope: Option<String>,
    /// The version whose rules the token follows.
    pub version: ServiceVersion,
}

/// Over which protocols a SAS may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `https`
    HttpsOnly,
    /// `https,http`
    HttpsOrHttp,
}

/// An IPv4 address, or a range of them, from which a SAS may be used.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IpRange {
    first: IpAddr,
    last: IpAddr,
}

impl FromStr for IpRange {
    type Err = InvalidInput;

    /// Reads `1.2.3.4` or `1.2.3.4-1.2.3.9`.
    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let refuse = || {
            InvalidInput::new(
                "IP range",
                text,
                "must be an address, or two joined by a dash, in order",
            )
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let first: IpAddr = first.parse().map_err(|_| refuse())?;
        let last: IpAddr = last.parse().map_err(|_| refuse())?;
        if first.is_ipv4() == last.is_ipv4() && first <= last {
            Ok(Self { first, last })
        } else {
            Err(refuse())
        }
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

impl fmt::Debug for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Before 2012-02-12, a SAS without a stored policy lived at most one hour.
const OLD_LIFE: Duration = Duration::from_secs(60 * 60);

impl Terms {
    /// What is allowed and until when; everything else is left open.
    #[must_use]
    pub fn until(expiry: Timestamp, permissions: Permissions) -> Self {
        Self {
            permissions: Some(permissions),
            expiry: Some(expiry),
            ..Self::default()
        }
    }

    /// Checks what no kind of SAS may break; `policy` may say what is left out.
    pub(super) fn check(&self, policy: bool) -> Result<(), InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("shared access signature", "", rule));
        if !policy && self.permissions.is_none_or(Permissions::is_empty) {
            return refuse("needs permissions, or a stored policy");
        }
        if !policy && self.expiry.is_none() {
            return refuse("needs an expiry, or a stored policy");
        }
        if let (Some(start), Some(expiry)) = (self.start, self.expiry)
            && start.as_secs() >= expiry.as_secs()
        {
            return refuse("must begin before it ends");
        }
        let (version, early) = (self.version, ServiceVersion::V2015_04_05);
        if version < early && (self.protocol.is_some() || self.ip.is_some()) {
            return refuse("protocol and address need version 2015-04-05 or later");
        }
        if version < ServiceVersion::V2020_12_06 && self.encryption_scope.is_some() {
            return refuse("an encryption scope needs version 2020-12-06 or later");
        }
        if version < ServiceVersion::V2012_02_12
            && !policy
            && let Some(expiry) = self.expiry
            && self
                .start
                .is_none_or(|start| expiry.since(start) > OLD_LIFE)
        {
            return refuse(
                "needs a start at most one hour before its expiry, before version 2012-02-12",
            );
        }
        Ok(())
    }

    /// The parameters of these terms, in the order tokens are usually written.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::with_capacity(12);
        if self.version >= ServiceVersion::V2012_02_12 {
            push(&mut pairs, "sv", Some(self.version));
        }
        push(&mut pairs, "st", self.start.map(Timestamp::to_iso));
        push(&mut pairs, "se", self.expiry.map(Timestamp::to_iso));
        push(&mut pairs, "sp", self.permissions);
        push(&mut pairs, "sip", self.ip);
        push(
            &mut pairs,
            "spr",
            self.protocol.map(|protocol| match protocol {
                Protocol::HttpsOnly => "https",
                Protocol::HttpsOrHttp => "https,http",
            }),
        );
        push(&mut pairs, "ses", self.encryption_scope.as_ref());
        pairs
    }
}

pub(super) fn push(pairs: &mut Vec<(String, String)>, name: &str, value: Option<impl ToString>) {
    if let Some(value) = value {
        pairs.push((name.to_owned(), value.to_string()));
    }
}

/// Signs the parameters and makes the token of them.
pub(super) fn seal(
    mut pairs: Vec<(String, String)>,
    kind: SasKind,
    signed: &Signed<'_>,
    key: &SharedKey,
) -> SasToken {
    let parameter = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    let signature = key.sign(&of_parameters(kind, parameter, signed));
    pairs.push(("sig".to_owned(), signature));
    SasToken::new(pairs)
}
