//! Every recorded answer is read, and shown to lose no header and no element.

use std::collections::BTreeSet;

use blobferry_core::error::UnreadableReply;
use blobferry_core::{Error, Response};
use blobferry_tests::recording::{Scenario, Step};
use http::{HeaderName, HeaderValue};

use crate::known::Known;
use crate::readers::{self, Call};
use crate::tally::{Check, Tally};
use crate::xml;

const CHECK: &str = "answers";

/// Headers of an answer that our outcomes do not carry, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("connection", "between two hops"),
    ("keep-alive", "between two hops"),
    ("transfer-encoding", "between two hops"),
    ("strict-transport-security", "for browsers"),
    ("access-control-allow-origin", "for browsers"),
    ("access-control-allow-credentials", "for browsers"),
    ("access-control-expose-headers", "for browsers"),
    ("vary", "for caches"),
    ("x-ms-write-protection", "documented nowhere"),
];

/// Headers of a success that say nothing beyond the body they describe.
const OF_THE_BODY: &[&str] = &["content-length", "content-type", "cache-control"];

/// Headers of a refusal; others describe a blob that was not asked for any more.
const OF_A_REFUSAL: &[&str] = &[
    "date",
    "retry-after",
    "server",
    "x-ms-client-request-id",
    "x-ms-copy-source-error-code",
    "x-ms-copy-source-status-code",
    "x-ms-error-code",
    "x-ms-request-id",
    "x-ms-version",
];

/// Elements that our outcomes do not carry, and why.
const LEFT_OUT_OF_BODIES: &[(&str, &str)] = &[
    (
        "EnumerationResults/Blobs/Blob/Url",
        "before version 2013-08-15; the container and the name say it",
    ),
    (
        "EnumerationResults/Containers/Container/Url",
        "before version 2013-08-15; the account and the name say it",
    ),
];

/// Headers that repeat an element of a refusal's body.
const SAID_TWICE: &[&str] = &[
    "x-ms-copy-source-error-code",
    "x-ms-copy-source-status-code",
    "x-ms-error-code",
];

/// What the service's own bodies are; a blob's content may be XML too.
const ROOTS: &[&str] = &[
    "BlockList",
    "EnumerationResults",
    "Error",
    "PageList",
    "SignedIdentifiers",
    "Tags",
    "UserDelegationKey",
];

pub(crate) fn check(scenario: &Scenario, step: &Step, tally: &mut Tally) {
    let call = match readers::read(&Call::as_sent(step)) {
        Some(Ok(known)) => known,
        None => return tally.skip(CHECK, format!("not among our operations: {}", step.op)),
        // The answer is read all the same: as that of the plainest such request.
        Some(Err(_)) => match readers::read(&Call::plainest(step)) {
            Some(Ok(known)) => known,
            Some(Err(reason)) => return tally.skip(CHECK, reason),
            None => return tally.skip(CHECK, format!("not among our operations: {}", step.op)),
        },
    };
    let Some(body) = &step.answer_body else {
        return tally.skip(CHECK, "the body was not recorded");
    };
    let mut answer = http::Response::new(body.clone());
    let Ok(status) = http::StatusCode::from_u16(step.status) else {
        let status = step.status.to_string();
        return tally.fail(
            call.name,
            Check::Parsed,
            "no HTTP status",
            &scenario.id,
            &status,
        );
    };
    *answer.status_mut() = status;
    for (name, value) in &step.answer_headers {
        // What the recorder took out was no such value on the wire.
        if matches!(value.as_str(), "REDACTED" | "CLEARED") {
            tally.skip(
                "headers",
                format!("{name}: the recorder took the value out"),
            );
            continue;
        }
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            answer.headers_mut().append(name, value);
        }
    }
    match call.read(&Response::new(answer.clone())) {
        Ok(outcome) => {
            tally.held(call.name, Check::Parsed);
            prove_headers(&call, &answer, &outcome, scenario, tally);
            prove_elements(&call, &answer, scenario, tally);
        }
        Err(Error::Reply(UnreadableReply::MissingHeader(name)))
            if scenario.id.starts_with("js/browsers/") =>
        {
            tally.skip(CHECK, format!("the browser hid {name}"));
        }
        Err(error) => {
            let what = format!("{} {error}", step.status);
            let kind = "cannot read its answer";
            tally.fail(call.name, Check::Parsed, kind, &scenario.id, &what);
        }
    }
}

/// Takes each header away, or changes it, and looks whether the outcome is another one.
fn prove_headers(
    known: &Known,
    answer: &http::Response<bytes::Bytes>,
    outcome: &str,
    scenario: &Scenario,
    tally: &mut Tally,
) {
    for (name, value) in answer.headers() {
        if value.is_empty() || !is_carried(known, answer, name) {
            continue;
        }
        let mut without = answer.clone();
        without.headers_mut().remove(name);
        // What a body says too is not missed, but must be heard.
        let mut changed = answer.clone();
        changed
            .headers_mut()
            .insert(name, HeaderValue::from_static("Changed1"));
        if [without, changed]
            .into_iter()
            .any(|answer| known.read(&Response::new(answer)).ok().as_deref() != Some(outcome))
        {
            tally.held(known.name, Check::Headers);
        } else {
            let kind = format!("drops {name} of {}", answer.status());
            let what = format!("{value:?}");
            tally.fail(known.name, Check::Headers, &kind, &scenario.id, &what);
        }
    }
}

/// Takes the first element of each name away, or changes its text, and looks whether the outcome is
/// another one.
fn prove_elements(
    known: &Known,
    answer: &http::Response<bytes::Bytes>,
    scenario: &Scenario,
    tally: &mut Tally,
) {
    let Some(body) = xml::text(answer.body()) else {
        return;
    };
    let Some(leaves) = xml::leaves(body) else {
        return tally.skip("elements", "the body is no XML");
    };
    // What a header says too is taken from there: without it, the body must be heard.
    let mut answer = answer.clone();
    for name in SAID_TWICE {
        answer.headers_mut().remove(*name);
    }
    let outcome = known.read(&Response::new(answer.clone())).ok();
    let mut seen = BTreeSet::new();
    for leaf in leaves {
        let root = leaf.path.split('/').next().unwrap_or_default();
        let is_left_out = LEFT_OUT_OF_BODIES
            .iter()
            .any(|(path, _)| *path == leaf.path);
        if !ROOTS.contains(&root) || is_left_out || !seen.insert(leaf.path.clone()) {
            continue;
        }
        let reads_otherwise = |body: String| {
            let answer = answer.clone().map(|_| body.into());
            known.read(&Response::new(answer)).ok() != outcome
        };
        if reads_otherwise(leaf.removed(body)) || reads_otherwise(leaf.changed(body)) {
            tally.held(known.name, Check::Elements);
        } else {
            let kind = format!("drops {} of {}", leaf.path, answer.status());
            tally.fail(known.name, Check::Elements, &kind, &scenario.id, &leaf.text);
        }
    }
}

fn is_carried(known: &Known, answer: &http::Response<bytes::Bytes>, name: &HeaderName) -> bool {
    let name = name.as_str();
    if LEFT_OUT.iter().any(|(left_out, _)| *left_out == name) {
        return false;
    }
    if answer.status().as_u16() >= 300 {
        return OF_A_REFUSAL.contains(&name);
    }
    let about_content = matches!(known.name, "Get Blob" | "Get Blob Properties");
    let is_length_of_body = name == "content-length" && known.name == "Get Blob";
    !is_length_of_body && (about_content || !OF_THE_BODY.contains(&name))
}
