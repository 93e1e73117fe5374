//! List Containers.

use blobferry_core::wire::query;
use blobferry_core::{ContainerName, ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::config::ImmutableStorage;
use crate::container::Container;
use crate::encryption::ACCOUNT_SCOPE;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::xml::Writer;

use super::blob_properties::{lease_duration, lease_status};
use super::page;

const INCLUDES: &[&str] = &["metadata", "deleted", "system"];

pub(crate) fn list_containers(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let include = page::include(ask, INCLUDES)?;
    let most = page::most(ask)?;
    let prefix = ask.query.filled(query::PREFIX).unwrap_or_default();
    let own = format!("/{}/", ask.account);
    let marker = marker(ask)?;
    let mut writer = Writer::new();
    page::open(&mut writer, ask, None);
    page::echo(
        &mut writer,
        ask,
        &[
            (query::PREFIX, "Prefix"),
            (query::MARKER, "Marker"),
            (query::MAX_RESULTS, "MaxResults"),
        ],
    );
    let immutable = state.config().immutable_storage(&ask.account);
    let mut items = Writer::new_part();
    let mut next = None;
    let named = state
        .containers_from(&ask.account, prefix.max(marker))
        .take_while(|(name, _)| name.starts_with(prefix));
    for (count, (name, container)) in named.enumerate() {
        if count == most {
            next = Some(format!("{own}{name}"));
            break;
        }
        write(
            &mut items,
            ask,
            name,
            container,
            immutable,
            include.contains("metadata"),
        );
    }
    writer.element_of("Containers", items);
    page::close(&mut writer, next.as_deref());
    Ok(Answer::ok().xml(writer.finish()))
}

/// `marker`: `/account/container`, or the container alone.
fn marker(ask: &Ask) -> Result<&str, Failure> {
    let Some(text) = ask.query.filled(query::MARKER) else {
        return Ok("");
    };
    if let Some((_, name)) = text.strip_prefix('/').and_then(|rest| rest.split_once('/')) {
        return Ok(name);
    }
    match text.parse::<ContainerName>() {
        Ok(_) => Ok(text),
        Err(_) => Err(Failure::new(ErrorCode::OUT_OF_RANGE_INPUT)),
    }
}

fn write(
    writer: &mut Writer,
    ask: &Ask,
    name: &str,
    container: &Container,
    immutable: ImmutableStorage,
    metadata: bool,
) {
    let version = ask.version;
    writer.open("Container");
    writer.element("Name", name);
    page::url(writer, ask, &[name]);
    writer.open("Properties");
    writer.element("Last-Modified", &container.modified.to_http());
    writer.element_with("Etag", |text| text.push_str(&container.etag.etag()));
    let lease = container.lease.state(ask.now);
    writer.element(
        "LeaseStatus",
        lease_status(&container.lease, ask.now).as_str(),
    );
    if version >= ServiceVersion::V2012_02_12 {
        writer.element("LeaseState", lease.as_str());
        if let Some(duration) = lease_duration(&container.lease, &lease) {
            writer.element("LeaseDuration", duration.as_str());
        }
    }
    if let Some(public) = &container.public
        && version >= ServiceVersion::V2016_05_31
    {
        writer.element("PublicAccess", public.as_str());
    }
    if version >= ServiceVersion::V2019_02_02 {
        let (scope, deny) = match &container.encryption {
            None => (ACCOUNT_SCOPE, "false"),
            Some(encryption) if encryption.deny_override => (encryption.scope.as_str(), "true"),
            Some(encryption) => (encryption.scope.as_str(), "false"),
        };
        writer.element("DefaultEncryptionScope", scope);
        writer.element("DenyEncryptionScopeOverride", deny);
    }
    if version >= ServiceVersion::V2017_11_09 {
        writer.element("HasImmutabilityPolicy", "false");
        writer.element("HasLegalHold", "false");
    }
    if version >= ServiceVersion::V2020_10_02 {
        writer.element("ImmutableStorageWithVersioningEnabled", immutable.text());
    }
    writer.close("Properties");
    if metadata {
        container.metadata.write_xml(writer);
    }
    writer.close("Container");
}
