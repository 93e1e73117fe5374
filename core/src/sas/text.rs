//! The text that a SAS signs, by kind and version.

use crate::version::ServiceVersion;

use super::SasToken;

/// The three kinds of SAS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SasKind {
    /// Reaches services and resource types of an account. Service version 2015-04-05 and later.
    Account,
    /// Reaches a container or a blob; signed with the account's key.
    Service,
    /// Reaches a container or a blob; signed with a user delegation key. Service version 2018-11-09
    /// and later.
    Delegation,
}

/// What a SAS signs besides its own parameters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signed<'a> {
    /// The account, without `-secondary`.
    pub account: &'a str,
    /// `container` or `container/blob`, decoded; empty for an account SAS.
    pub path: &'a str,
    /// The snapshot's or version's time, where one is meant.
    pub time: &'a str,
    /// The request headers that `srh` names, sorted. Service version 2026-04-06 and later.
    pub headers: &'a [(&'a str, &'a str)],
    /// The query parameters that `srq` names, sorted. Service version 2026-04-06 and later.
    pub query: &'a [(&'a str, &'a str)],
}

/// One line of the text.
enum Line {
    /// A parameter of the token, empty where absent.
    Of(&'static str),
    Account,
    Resource,
    Time,
    Headers,
    Query,
}
use Line::{Account, Headers, Of, Query, Resource, Time};

type Rows = &'static [(ServiceVersion, &'static [Line])];

const RESPONSE: [Line; 5] = [Of("rscc"), Of("rscd"), Of("rsce"), Of("rscl"), Of("rsct")];

/// The lines of each kind from a version on, newest first; what the response is to carry follows
/// from 2013-08-15 on, apart from account SAS.
const ACCOUNT: Rows = &[
    (
        ServiceVersion::V2020_12_06,
        &[
            Account,
            Of("sp"),
            Of("ss"),
            Of("srt"),
            Of("st"),
            Of("se"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("ses"),
        ],
    ),
    (
        ServiceVersion::V2009_09_19,
        &[
            Account,
            Of("sp"),
            Of("ss"),
            Of("srt"),
            Of("st"),
            Of("se"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
        ],
    ),
];
const SERVICE: Rows = &[
    (
        ServiceVersion::V2020_12_06,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("si"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
            Of("ses"),
        ],
    ),
    (
        ServiceVersion::V2018_11_09,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("si"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
        ],
    ),
    (
        ServiceVersion::V2015_04_05,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("si"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
        ],
    ),
    (
        ServiceVersion::V2012_02_12,
        &[Of("sp"), Of("st"), Of("se"), Resource, Of("si"), Of("sv")],
    ),
    (
        ServiceVersion::V2009_09_19,
        &[Of("sp"), Of("st"), Of("se"), Resource, Of("si")],
    ),
];
const DELEGATION: Rows = &[
    (
        ServiceVersion::V2026_04_06,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("skoid"),
            Of("sktid"),
            Of("skt"),
            Of("ske"),
            Of("sks"),
            Of("skv"),
            Of("saoid"),
            Of("suoid"),
            Of("scid"),
            Of("skdutid"),
            Of("sduoid"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
            Of("ses"),
            Headers,
            Query,
        ],
    ),
    (
        ServiceVersion::V2025_07_05,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("skoid"),
            Of("sktid"),
            Of("skt"),
            Of("ske"),
            Of("sks"),
            Of("skv"),
            Of("saoid"),
            Of("suoid"),
            Of("scid"),
            Of("skdutid"),
            Of("sduoid"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
            Of("ses"),
        ],
    ),
    (
        ServiceVersion::V2020_12_06,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("skoid"),
            Of("sktid"),
            Of("skt"),
            Of("ske"),
            Of("sks"),
            Of("skv"),
            Of("saoid"),
            Of("suoid"),
            Of("scid"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
            Of("ses"),
        ],
    ),
    (
        ServiceVersion::V2020_02_10,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("skoid"),
            Of("sktid"),
            Of("skt"),
            Of("ske"),
            Of("sks"),
            Of("skv"),
            Of("saoid"),
            Of("suoid"),
            Of("scid"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
        ],
    ),
    (
        ServiceVersion::V2009_09_19,
        &[
            Of("sp"),
            Of("st"),
            Of("se"),
            Resource,
            Of("skoid"),
            Of("sktid"),
            Of("skt"),
            Of("ske"),
            Of("sks"),
            Of("skv"),
            Of("sip"),
            Of("spr"),
            Of("sv"),
            Of("sr"),
            Time,
        ],
    ),
];

/// The text that a token signs: its own kind's and version's fields, all decoded.
///
/// The signature itself is no part of it, so an unsigned token's text can be asked for as well.
#[must_use]
pub fn string_to_sign(token: &SasToken, signed: &Signed<'_>) -> String {
    of_parameters(token.kind(), |name| token.get(name), signed)
}

pub(super) fn of_parameters<'a>(
    kind: SasKind,
    parameter: impl Fn(&str) -> Option<&'a str>,
    signed: &Signed<'_>,
) -> String {
    let version = parameter("sv")
        .and_then(|text| text.parse().ok())
        .unwrap_or(ServiceVersion::V2009_09_19);
    let rows = match kind {
        SasKind::Account => ACCOUNT,
        SasKind::Service => SERVICE,
        SasKind::Delegation => DELEGATION,
    };
    let lines = rows
        .iter()
        .find(|(from, _)| version >= *from)
        .map_or(&[][..], |(_, lines)| lines);
    let response: &[Line] = if kind == SasKind::Account || version < ServiceVersion::V2013_08_15 {
        &[]
    } else {
        &RESPONSE
    };
    let mut text = String::with_capacity(256);
    for line in lines.iter().chain(response) {
        match line {
            Of(name) => text.push_str(parameter(name).unwrap_or_default()),
            Account => text.push_str(signed.account),
            Resource => push_resource(&mut text, signed, version),
            Time => text.push_str(signed.time),
            Headers => signed.headers.iter().for_each(|(name, value)| {
                text.push_str(&format!("{name}:{value}\n"));
            }),
            Query => signed.query.iter().for_each(|(name, value)| {
                text.push_str(&format!("\n{name}:{value}"));
            }),
        }
        text.push('\n');
    }
    // Only an account SAS ends with a line feed.
    if kind != SasKind::Account {
        text.pop();
    }
    text
}

fn push_resource(text: &mut String, signed: &Signed<'_>, version: ServiceVersion) {
    if version >= ServiceVersion::V2015_02_21 {
        text.push_str("/blob");
    }
    text.push('/');
    text.push_str(signed.account);
    text.push('/');
    // The service keeps backslashes in names as slashes; Azure's SDKs for .NET and Java sign so too.
    text.extend(signed.path.chars().map(|c| if c == '\\' { '/' } else { c }));
}
