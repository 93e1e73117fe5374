//! Get Container ACL and Set Container ACL, with stored access policies.

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::auth::{Permissions, StoredPolicy};
use crate::conditions::Side;
use crate::failure::Failure;
use crate::lease::Use;
use crate::request::Ask;
use crate::state::State;
use crate::xml::{Element, Place, Writer};

use super::create_container::public_access;
use super::target;

/// The most policies of a container.
const MOST: usize = 5;
/// The longest id of a policy.
const LONGEST_ID: usize = 64;

pub(crate) fn get(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let container = target::container(state, ask)?;
    target::admit_container(container, ask, None, Some(Use::Read))?;
    if ask.version < ServiceVersion::V2015_04_05 {
        container
            .policies
            .iter()
            .try_for_each(|(_, policy)| readable_early(policy))?;
    }
    let mut writer = Writer::new();
    if container.policies.is_empty() {
        writer.empty("SignedIdentifiers");
    } else {
        writer.open("SignedIdentifiers");
        for (id, policy) in &container.policies {
            write(&mut writer, id, policy);
        }
        writer.close("SignedIdentifiers");
    }
    Ok(Answer::ok()
        .xml(writer.finish())
        .modified(&container.etag.etag(), container.modified)
        .header_if(
            header::X_MS_BLOB_PUBLIC_ACCESS,
            container.public.as_ref().map(|public| public.as_str()),
        ))
}

/// Adding and creating came with 2015-04-05; versions before cannot tell a policy that allows it.
fn readable_early(policy: &StoredPolicy) -> Result<(), Failure> {
    let letters = policy.permission.as_deref().unwrap_or_default();
    if letters.contains(['a', 'c']) {
        return Err(Failure::new(ErrorCode::FEATURE_VERSION_MISMATCH).message(
            "Stored access policy contains a permission that is not supported by this version.",
        ));
    }
    Ok(())
}

fn write(writer: &mut Writer, id: &str, policy: &StoredPolicy) {
    writer.open("SignedIdentifier");
    writer.element("Id", id);
    let moment = |text: &String| {
        Timestamp::parse_iso(text).map_or_else(|_| text.clone(), |moment| moment.to_iso_ticks(0))
    };
    let start = policy.start.as_ref().map(moment);
    let expiry = policy.expiry.as_ref().map(moment);
    if start.is_some() || expiry.is_some() || policy.permission.is_some() {
        writer.open("AccessPolicy");
        writer.element_if("Start", start.as_deref());
        writer.element_if("Expiry", expiry.as_deref());
        writer.element_if("Permission", policy.permission.as_deref());
        writer.close("AccessPolicy");
    }
    writer.close("SignedIdentifier");
}

pub(crate) fn set(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let public = public_access(ask)?;
    let policies = policies(ask)?;
    let stamp = state.stamp(ask.now);
    let container = target::container_mut(state, ask)?;
    target::admit_container(container, ask, Some(Side::Write), Some(Use::Read))?;
    container.public = public;
    container.policies = policies;
    container.touch(stamp);
    Ok(Answer::ok().modified(&stamp.tick.etag(), stamp.now))
}

fn policies(ask: &Ask) -> Result<Vec<(String, StoredPolicy)>, Failure> {
    if ask.body.is_empty() {
        return Ok(Vec::new());
    }
    let invalid = || Failure::invalid_xml(Place::NOWHERE, "");
    let document = Element::read(&ask.body)?;
    if document.name != "SignedIdentifiers" {
        return Err(invalid());
    }
    if document.children.len() > MOST {
        return Err(invalid());
    }
    document
        .children
        .iter()
        .map(|item| {
            let id = id(item).ok_or_else(|| unnamed(item, ask))?;
            read(item, id, ask).ok_or_else(invalid)
        })
        .collect()
}

fn id(item: &Element) -> Option<&str> {
    item.text_of("Id")
        .filter(|id| (1..=LONGEST_ID).contains(&id.chars().count()))
}

/// Told with the place behind the policy, as the service does.
fn unnamed(item: &Element, ask: &Ask) -> Failure {
    let behind = item.end + item.name.len() + "</>".len();
    Failure::invalid_xml(
        Place::of(&ask.body, behind),
        "Signed identifier ID cannot be empty or over 64 characters in length",
    )
}

fn read(item: &Element, id: &str, ask: &Ask) -> Option<(String, StoredPolicy)> {
    let part = |name| {
        item.child("AccessPolicy")
            .and_then(|policy| policy.text_of(name))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let policy = StoredPolicy {
        start: part("Start"),
        expiry: part("Expiry"),
        permission: part("Permission").and_then(|letters| kept(letters, ask.version)),
    };
    let is_moment = |text: &Option<String>| {
        text.as_ref()
            .is_none_or(|text| Timestamp::parse_iso(text).is_ok())
    };
    let has_letters = policy.permission.as_ref().is_none_or(|letters| {
        ask.version < ServiceVersion::V2012_02_12 || Permissions::parse(letters).is_some()
    });
    (item.name == "SignedIdentifier"
        && is_moment(&policy.start)
        && is_moment(&policy.expiry)
        && has_letters)
        .then(|| (id.to_owned(), policy))
}

/// Searching in a container came with 2021-04-10: before it the letter for it is dropped, as recorded
/// under 2019-12-12.
fn kept(letters: String, version: ServiceVersion) -> Option<String> {
    if version >= ServiceVersion::V2021_04_10 {
        return Some(letters);
    }
    Some(letters.replace('f', "")).filter(|letters| !letters.is_empty())
}
