//! Every request that was recorded with its headers is built again.

use std::collections::BTreeMap;

use blobferry_core::sign::sign;
use blobferry_core::{Credential, Identities, ServiceVersion, Timestamp};
use blobferry_tests::recording::{Scenario, Step};
use percent_encoding::percent_decode_str;

use crate::readers::{self, Call};
use crate::tally::{Check, Tally};
use crate::xml::{self, Leaf};

const CHECK: &str = "requests";

/// Headers that are not an operation's, and whose they are.
const NOT_OURS: &[(&str, &str)] = &[
    (":method", "the recorder"),
    (
        "accept",
        "the recorded client; the service answers in one form",
    ),
    ("accept-charset", "the recorded client"),
    ("accept-encoding", "the transport"),
    ("accept-language", "a browser"),
    ("authorization", "the signer"),
    ("cache-control", "the recorded client"),
    ("commandname", "the recorded client"),
    ("connection", "the transport"),
    ("content-length", "the transport"),
    ("dataserviceversion", "the recorded client"),
    ("expect", "the transport"),
    ("host", "the transport"),
    ("maxdataserviceversion", "the recorded client"),
    ("origin", "a browser"),
    ("parametersetname", "the recorded client"),
    ("pragma", "the recorded client"),
    ("referer", "a browser"),
    ("request-id", "the recorded client's tracing"),
    ("sec-ch-ua", "a browser"),
    ("sec-ch-ua-mobile", "a browser"),
    ("sec-ch-ua-platform", "a browser"),
    ("sec-fetch-dest", "a browser"),
    ("sec-fetch-mode", "a browser"),
    ("sec-fetch-site", "a browser"),
    ("te", "the transport"),
    ("traceparent", "the recorded client's tracing"),
    ("transfer-encoding", "the transport"),
    ("user-agent", "the driver"),
    ("x-custom-header", "the recorded test"),
    ("x-ms-client-request-id", "the engine"),
    ("x-ms-copy-source-authorization", "the signer"),
    ("x-ms-date", "the signer"),
    ("date", "the signer"),
    ("x-ms-encryption-key", "redacted in the recording"),
    (
        "x-ms-encryption-key-sha256",
        "names a key that was redacted",
    ),
    (
        "x-ms-return-client-request-id",
        "no header of the Blob service",
    ),
    ("x-ms-useragent", "a browser's driver"),
];

/// Query parameters that are the signer's: those of a SAS.
const SAS: &[&str] = &[
    "api-version",
    "rscc",
    "rscd",
    "rsce",
    "rscl",
    "rsct",
    "saoid",
    "scid",
    "sdd",
    "se",
    "ses",
    "si",
    "sig",
    "sip",
    "ske",
    "skoid",
    "sks",
    "skt",
    "sktid",
    "skv",
    "sp",
    "spr",
    "sr",
    "srt",
    "ss",
    "st",
    "suoid",
    "sv",
    "tn",
];

/// Operations that ask the same by GET and by HEAD.
const EITHER: &[&str] = &["Get Account Information", "Get Blob Metadata"];

pub(crate) fn check(scenario: &Scenario, step: &Step, tally: &mut Tally) {
    if !scenario.full_headers {
        return tally.skip(CHECK, "request headers were not recorded");
    }
    if step.query_lost {
        return tally.skip(CHECK, "the query was not recorded");
    }
    let call = Call::as_sent(step);
    let known = match readers::read(&call) {
        Some(Ok(known)) => known,
        Some(Err(reason)) => return tally.skip(CHECK, reason),
        None => return tally.skip(CHECK, format!("not among our operations: {}", step.op)),
    };
    let mut request = known.request.clone();
    if let Some(seconds) = call.query("timeout") {
        match seconds.parse() {
            Ok(seconds) => request = request.server_timeout(seconds),
            Err(_) => return tally.skip(CHECK, "refused at construction: timeout"),
        }
    }
    let version = step.headers.get("x-ms-version");
    let version = version
        .and_then(|version| version.parse::<ServiceVersion>().ok())
        .unwrap_or_default();
    let request = request.version(version);
    let identities = Identities::new().with(request.account().clone(), Credential::Anonymous);
    let signed = match sign(&request, &identities, version, Timestamp::from_millis(0)) {
        Ok(signed) => signed,
        Err(error) => {
            let what = error.to_string();
            return tally.fail(
                known.name,
                Check::Rebuilt,
                "cannot be signed",
                &scenario.id,
                &what,
            );
        }
    };
    let mut ours = BTreeMap::from([("method".to_owned(), signed.method().to_string())]);
    put_url(&mut ours, &signed.uri().to_string());
    for (name, value) in signed.headers() {
        put_header(&mut ours, name.as_str(), value.to_str().unwrap_or_default());
    }
    let mut theirs = BTreeMap::from([("method".to_owned(), step.method.clone())]);
    put_url(&mut theirs, &step.url);
    for (name, value) in &step.headers {
        put_header(&mut theirs, name, value);
    }
    if known.name != "Put Blob" {
        // Only there the content type is kept; elsewhere it repeats what the body is.
        ours.remove("header content-type");
        theirs.remove("header content-type");
    }
    if known.request.operation() == known.name && EITHER.contains(&known.name) {
        ours.remove("method");
        theirs.remove("method");
    }
    put_body(&mut ours, &mut theirs, signed.body(), step);
    forgive(&mut ours, &mut theirs);
    if ours == theirs {
        tally.held(known.name, Check::Rebuilt);
        return;
    }
    for key in ours
        .keys()
        .chain(theirs.keys())
        .collect::<std::collections::BTreeSet<_>>()
    {
        let (our, their) = (ours.get(key), theirs.get(key));
        if our != their {
            let kind = format!("differs in {key}");
            let what = format!("ours {our:?}, recorded {their:?}");
            tally.fail(known.name, Check::Rebuilt, &kind, &scenario.id, &what);
        }
    }
}

/// Path and query, decoded: recorders encode more or less than is needed.
fn put_url(parts: &mut BTreeMap<String, String>, url: &str) {
    let call = readers::split(url);
    parts.insert("path".to_owned(), call.path);
    for (name, value) in call.query {
        let lower = name.to_ascii_lowercase();
        if !SAS.contains(&lower.as_str()) {
            parts.insert(format!("query {lower}"), value);
        }
    }
}

fn put_header(parts: &mut BTreeMap<String, String>, name: &str, value: &str) {
    if NOT_OURS.iter().all(|(not_ours, _)| *not_ours != name) {
        parts.insert(format!("header {name}"), value.to_owned());
    }
}

/// XML by its elements in order, all else byte for byte.
fn put_body(
    ours: &mut BTreeMap<String, String>,
    theirs: &mut BTreeMap<String, String>,
    our_body: &[u8],
    step: &Step,
) {
    let Some(their_body) = &step.body else {
        return;
    };
    let is_xml = our_body.starts_with(b"<?xml ");
    for (parts, body) in [(ours, our_body), (theirs, their_body)] {
        let elements = xml::text(body).filter(|_| is_xml).and_then(xml::leaves);
        let shown = match elements {
            Some(leaves) => leaves.iter().map(element).collect(),
            None => body.escape_ascii().to_string(),
        };
        parts.insert("body".to_owned(), shown);
    }
}

/// An element as it is compared: dates may be written more or less finely.
fn element(leaf: &Leaf) -> String {
    match Timestamp::parse_iso(&leaf.text) {
        Ok(date) => format!("{}={date}\n", leaf.path),
        Err(_) => format!("{}={}\n", leaf.path, leaf.text),
    }
}

/// What is another way to say the same.
fn forgive(ours: &mut BTreeMap<String, String>, theirs: &mut BTreeMap<String, String>) {
    for parts in [&mut *ours, &mut *theirs] {
        // Empty is absent, for the service as for us.
        parts.retain(|key, value| !(value.is_empty() && key.starts_with("header x-ms-")));
        parts.retain(|key, value| !(value.is_empty() && key.starts_with("query ")));
        parts.retain(|key, value| !(value.is_empty() && key == "header content-type"));
        // Tags may be encoded more or less.
        if let Some(tags) = parts.get_mut("header x-ms-tags") {
            *tags = percent_decode_str(tags).decode_utf8_lossy().into_owned();
        }
        if let Some(kind) = parts.get_mut("query deletetype") {
            kind.make_ascii_lowercase();
        }
        // `x-ms-range` wins over `Range` and means the same.
        if let Some(range) = parts.remove("header range") {
            parts.entry("header x-ms-range".to_owned()).or_insert(range);
        }
    }
    // Python writes its `True`; the service reads either.
    if let Some(sync) = theirs.get_mut("header x-ms-requires-sync") {
        sync.make_ascii_lowercase();
    }
    // A recorder that clears versions leaves ours.
    if theirs
        .get("header x-ms-version")
        .is_none_or(|version| version.parse::<ServiceVersion>().is_err())
    {
        theirs.remove("header x-ms-version");
        ours.remove("header x-ms-version");
    }
}
