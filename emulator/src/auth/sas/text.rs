//! The texts that the kinds of SAS sign, by version.

use blobferry_core::ServiceVersion;

use super::{Sas, SasKind};
use crate::kind::Level;
use crate::request::Ask;

const HEADERS: [&str; 5] = ["rscc", "rscd", "rsce", "rscl", "rsct"];

/// The text to sign of a SAS in the place of a request.
pub(super) fn to_sign(sas: &Sas<'_>, ask: &Ask) -> String {
    match sas.kind {
        SasKind::Account => account(sas, &ask.account),
        SasKind::Service => service(sas, ask),
        SasKind::Delegation => delegation(sas, ask),
    }
}

fn account(sas: &Sas<'_>, account: &str) -> String {
    let mut text = format!("{account}\n");
    for name in ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"] {
        push(&mut text, sas.get(name));
    }
    if sas.version >= ServiceVersion::V2020_12_06 {
        push(&mut text, sas.get("ses"));
    }
    text
}

fn service(sas: &Sas<'_>, ask: &Ask) -> String {
    let mut text = String::new();
    for name in ["sp", "st", "se"] {
        push(&mut text, sas.get(name));
    }
    push(&mut text, &resource(sas, ask));
    push(&mut text, sas.get("si"));
    if sas.version >= ServiceVersion::V2015_04_05 {
        push(&mut text, sas.get("sip"));
        push(&mut text, sas.get("spr"));
    }
    if sas.version >= ServiceVersion::V2012_02_12 {
        push(&mut text, sas.get("sv"));
    }
    if sas.version >= ServiceVersion::V2018_11_09 {
        push(&mut text, sas.get("sr"));
        push(&mut text, time(sas, ask));
    }
    if sas.version >= ServiceVersion::V2020_12_06 {
        push(&mut text, sas.get("ses"));
    }
    if sas.version >= ServiceVersion::V2013_08_15 {
        for name in HEADERS {
            push(&mut text, sas.get(name));
        }
    }
    text.pop();
    text
}

fn delegation(sas: &Sas<'_>, ask: &Ask) -> String {
    let mut text = String::new();
    for name in ["sp", "st", "se"] {
        push(&mut text, sas.get(name));
    }
    push(&mut text, &resource(sas, ask));
    for name in ["skoid", "sktid", "skt", "ske", "sks", "skv"] {
        push(&mut text, sas.get(name));
    }
    if sas.version >= ServiceVersion::V2020_02_10 {
        for name in ["saoid", "suoid", "scid"] {
            push(&mut text, sas.get(name));
        }
    }
    if sas.version >= ServiceVersion::V2025_07_05 {
        for name in ["skdutid", "sduoid"] {
            push(&mut text, sas.get(name));
        }
    }
    for name in ["sip", "spr", "sv", "sr"] {
        push(&mut text, sas.get(name));
    }
    push(&mut text, time(sas, ask));
    if sas.version >= ServiceVersion::V2020_12_06 {
        push(&mut text, sas.get("ses"));
    }
    if sas.version >= ServiceVersion::V2026_04_06 {
        push(&mut text, &signed_headers(sas, ask));
        push(&mut text, &signed_query(sas, ask));
    }
    for name in HEADERS {
        push(&mut text, sas.get(name));
    }
    text.pop();
    text
}

fn push(text: &mut String, field: &str) {
    text.push_str(field);
    text.push('\n');
}

/// `/blob/account/container[/blob]`, without `/blob` before 2015-02-21.
fn resource(sas: &Sas<'_>, ask: &Ask) -> String {
    let service = if sas.version >= ServiceVersion::V2015_02_21 {
        "/blob"
    } else {
        ""
    };
    let container = format!("{service}/{}/{}", ask.account, ask.container_name());
    match sas.get("sr") {
        "c" => container,
        "d" => {
            let directory = directory(ask, sas.get("sdd")).unwrap_or_default();
            format!("{container}/{directory}")
        }
        _ if ask.kind.level() == Level::Blob => format!("{container}/{}", ask.blob_name()),
        _ => container,
    }
}

/// The first `depth` parts of a blob's name, where it has as many.
pub(super) fn directory<'a>(ask: &'a Ask, depth: &str) -> Option<&'a str> {
    let depth: usize = depth.parse().ok().filter(|depth| *depth > 0)?;
    let name = ask.blob_name();
    let slashes = name.match_indices('/').map(|(end, _)| end);
    let end = slashes.chain([name.len()]).nth(depth - 1)?;
    name.get(..end)
}

/// The snapshot's or version's time, where the SAS is for one.
fn time<'a>(sas: &Sas<'_>, ask: &'a Ask) -> &'a str {
    match sas.get("sr") {
        "bs" => ask.query.get("snapshot"),
        "bv" => ask.query.get("versionid"),
        _ => None,
    }
    .unwrap_or_default()
}

/// The names in a list, in its order: clients sign in the order in which they name.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|name| !name.is_empty())
}

/// The request headers that `srh` names, as `name:value` lines.
fn signed_headers(sas: &Sas<'_>, ask: &Ask) -> String {
    names(sas.get("srh"))
        .map(|name| {
            let value = (*ask.headers)
                .get(name)
                .and_then(|value| value.to_str().ok());
            format!("{name}:{}\n", value.unwrap_or_default())
        })
        .collect()
}

/// The query parameters that `srq` names, each on a line of its own.
fn signed_query(sas: &Sas<'_>, ask: &Ask) -> String {
    names(sas.get("srq"))
        .map(|name| format!("\n{name}:{}", ask.query.get(name).unwrap_or_default()))
        .collect()
}
