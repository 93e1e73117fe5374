//! User delegation keys: issued without being kept, because their value follows from their fields.
//!
//! Source: "Get User Delegation Key".

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use super::{Holdings, bearer, mac, refusal};
use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::{Ask, Query};
use crate::xml::Place;

/// The longest a key may live.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// What a key is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    object_id: String,
    tenant_id: String,
    start: String,
    expiry: String,
    service: String,
    version: String,
    delegated_tenant: String,
}

impl Fields {
    /// The fields that a SAS repeats.
    pub(super) fn of_sas(query: &Query) -> Self {
        let get = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            object_id: get("skoid"),
            tenant_id: get("sktid"),
            start: get("skt"),
            expiry: get("ske"),
            service: get("sks"),
            version: get("skv"),
            delegated_tenant: get("skdutid"),
        }
    }

    /// Whether the key is of now.
    pub(super) fn check_time(&self, now: Timestamp) -> Result<(), Failure> {
        let read = |name: &str, text: &str| {
            Timestamp::parse_iso(text)
                .map_err(|_| refusal::not_authentic(format!("{name} is not well formed: '{text}'")))
        };
        let start = read("skt", &self.start)?;
        let expiry = read("ske", &self.expiry)?;
        if start <= now && now < expiry && self.service == "b" {
            Ok(())
        } else {
            Err(refusal::out_of_time(
                "key time frame",
                Some(start),
                expiry,
                now,
            ))
        }
    }

    /// The key itself: nobody can make one without the account's.
    pub(super) fn value(&self, account_key: &[u8]) -> Vec<u8> {
        let text = [
            "user delegation key",
            &self.object_id,
            &self.tenant_id,
            &self.start,
            &self.expiry,
            &self.service,
            &self.version,
            &self.delegated_tenant,
        ]
        .join("\n");
        mac::sign(account_key, text.as_bytes())
    }
}

/// Answers Get User Delegation Key.
pub(crate) fn issue(holdings: &impl Holdings, ask: &Ask) -> Result<Answer, Failure> {
    let key = holdings
        .config()
        .delegating(&ask.account)
        .ok_or_else(|| Failure::new(ErrorCode::RESOURCE_NOT_FOUND))?;
    let fields = wanted(ask)?;
    let value = BASE64_STANDARD.encode(fields.value(key));
    let mut body = String::with_capacity(640);
    body.push_str("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey>");
    for (name, text) in [
        ("SignedOid", &fields.object_id),
        ("SignedTid", &fields.tenant_id),
        ("SignedStart", &fields.start),
        ("SignedExpiry", &fields.expiry),
        ("SignedService", &fields.service),
        ("SignedVersion", &fields.version),
        ("SignedDelegatedUserTid", &fields.delegated_tenant),
        ("Value", &value),
    ] {
        if !text.is_empty() {
            body.push_str(&format!("<{name}>{text}</{name}>"));
        }
    }
    body.push_str("</UserDelegationKey>");
    Ok(Answer::ok().xml(body))
}

/// What the body asks for, for whom the token speaks.
fn wanted(ask: &Ask) -> Result<Fields, Failure> {
    let body =
        std::str::from_utf8(&ask.body).map_err(|_| Failure::invalid_xml(Place::NOWHERE, ""))?;
    if !body.contains("<KeyInfo") {
        return Err(Failure::invalid_xml(Place::NOWHERE, ""));
    }
    let expiry_text = element(body, "Expiry")
        .ok_or_else(|| Failure::new(ErrorCode::MISSING_REQUIRED_XML_NODE))?;
    let expiry = moment("Expiry", expiry_text)?;
    let start = match element(body, "Start").filter(|text| !text.is_empty()) {
        Some(text) => moment("Start", text)?,
        None => ask.now,
    };
    if expiry <= start || expiry <= ask.now || expiry.since(ask.now) > LONGEST {
        return Err(invalid_node("Expiry", expiry_text));
    }
    let token = ask
        .header(&header::AUTHORIZATION)
        .and_then(super::bearer_token)
        .unwrap_or_default();
    Ok(Fields {
        object_id: bearer::object_id(token)
            .filter(is_plain)
            .unwrap_or_else(nobody),
        tenant_id: bearer::tenant_id(token)
            .filter(is_plain)
            .unwrap_or_else(nobody),
        start: start.to_iso(),
        expiry: expiry.to_iso(),
        service: "b".to_owned(),
        version: ask.version.as_str().to_owned(),
        delegated_tenant: element(body, "DelegatedUserTid")
            .filter(|_| ask.version >= ServiceVersion::V2026_04_06)
            .map(str::to_owned)
            .filter(is_plain)
            .unwrap_or_default(),
    })
}

/// Ids are letters, digits and hyphens; anything else could break out of the answer's XML.
#[expect(clippy::ptr_arg, reason = "the shape that Option::filter calls")]
fn is_plain(text: &String) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn nobody() -> String {
    "00000000-0000-0000-0000-000000000000".to_owned()
}

fn moment(name: &str, text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse_iso(text).map_err(|_| invalid_node(name, text))
}

fn invalid_node(name: &str, value: &str) -> Failure {
    Failure::new(ErrorCode::INVALID_XML_NODE_VALUE)
        .detail("XmlNodeName", name)
        .detail("XmlNodeValue", value)
}

/// The text of an element that has no attributes and no children.
fn element<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    Some(rest.split_once("</")?.0.trim())
}
