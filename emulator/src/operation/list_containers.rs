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
use crate::state::{State, read_version, write_version};
use crate::xml::{Writer, tag};

use super::blob_properties::{lease_duration, lease_status};
use super::page;

/// In seconds.
const DAY: u64 = 24 * 3600;

/// Containers that the service itself writes to, which are listed for those who ask for `system`.
const SYSTEM: &[&str] = &["$blobchangefeed", "$logs"];

/// Source: "List Containers".
const INCLUDES: &page::Words = &[
    ("metadata", ServiceVersion::V2009_09_19),
    ("deleted", ServiceVersion::V2019_12_12),
    ("system", ServiceVersion::V2020_10_02),
];

pub(crate) fn list_containers(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let include = page::include(ask, INCLUDES)?;
    let most = page::most(ask)?;
    let prefix = ask.query.filled(query::PREFIX).unwrap_or_default();
    let own = format!("/{}/", ask.account);
    let marker = Marker::read(ask)?;
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
    let system = include.contains("system");
    let found = found(state, ask, (prefix, &marker), include.contains("deleted"))
        .filter(|(name, _)| system || !SYSTEM.contains(name));
    let metadata = include.contains("metadata");
    let next = writer.around("Containers", |items| {
        for (count, (name, container)) in found.enumerate() {
            if count == most {
                let place = Marker::of(name, container);
                return Some(format!("{own}{}", place.write()));
            }
            write(items, ask, (name, container), immutable, metadata);
        }
        None
    });
    page::close(&mut writer, next.as_deref());
    Ok(Answer::ok().xml(writer.finish()))
}

/// Where a listing goes on: at a name, and among the deleted containers of that name, which come
/// before the one that is there.
#[derive(Debug, PartialEq, Eq)]
struct Marker {
    name: String,
    deleted: Option<u64>,
}

impl Marker {
    /// `marker`: `/account/container`, or the container alone.
    fn read(ask: &Ask) -> Result<Option<Self>, Failure> {
        let Some(text) = ask.query.filled(query::MARKER) else {
            return Ok(None);
        };
        let own = text.strip_prefix('/').and_then(|rest| rest.split_once('/'));
        let (name, deleted) = match own.map(|(_, name)| name.split_once('/').ok_or(name)) {
            Some(Ok((name, version))) => (name, read_version(version)),
            Some(Err(name)) => (name, None),
            None if text.parse::<ContainerName>().is_ok() => (text, None),
            None => return Err(Failure::new(ErrorCode::OUT_OF_RANGE_INPUT)),
        };
        Ok(Some(Self {
            name: name.to_owned(),
            deleted,
        }))
    }

    fn of(name: &str, container: &Container) -> Self {
        Self {
            name: name.to_owned(),
            deleted: container.deleted.as_ref().map(|_| container.id),
        }
    }

    fn write(&self) -> String {
        match self.deleted {
            Some(id) => format!("{}/{}", self.name, write_version(id)),
            None => self.name.clone(),
        }
    }
}

/// What is listed, by name; deleted ones of a name first, the oldest before the others.
fn found<'a>(
    state: &'a State,
    ask: &'a Ask,
    (prefix, marker): (&'a str, &'a Option<Marker>),
    with_deleted: bool,
) -> impl Iterator<Item = (&'a str, &'a Container)> {
    let begin = marker.as_ref().map_or("", |marker| marker.name.as_str());
    let start = prefix.max(begin);
    // A marker that names no deleted container is past those of its name.
    let first = match marker.as_ref().filter(|marker| marker.name == start) {
        None => 0,
        Some(marker) => marker.deleted.unwrap_or(u64::MAX),
    };
    let mut live = state
        .containers_from(&ask.account, start)
        .map(|(name, container)| (name.as_str(), container))
        .peekable();
    let mut deleted = with_deleted
        .then(|| state.deleted_from(&ask.account, (start.to_owned(), first)))
        .into_iter()
        .flatten()
        .filter(|(_, container)| !container.is_forgotten(ask.now))
        .map(|((name, _), container)| (name.as_str(), container))
        .peekable();
    std::iter::from_fn(move || match (live.peek(), deleted.peek()) {
        (Some((there, _)), Some((gone, _))) if there < gone => live.next(),
        (_, Some(_)) => deleted.next(),
        (_, None) => live.next(),
    })
    .take_while(move |(name, _)| name.starts_with(prefix))
}

fn write(
    writer: &mut Writer,
    ask: &Ask,
    (name, container): (&str, &Container),
    immutable: ImmutableStorage,
    metadata: bool,
) {
    let version = ask.version;
    let deleted = &container.deleted;
    writer.open("Container");
    writer.element("Name", name);
    if deleted.is_some() {
        writer.raw("<Deleted>true</Deleted>");
        writer.element("Version", &write_version(container.id));
    }
    page::url(writer, ask, &[name]);
    writer.open("Properties");
    writer.element("Last-Modified", &container.modified.to_http());
    writer.with(tag!("Etag"), |text| text.push_str(&container.etag.etag()));
    // Leases on containers came with this version.
    if version >= ServiceVersion::V2012_02_12 {
        let lease = container.lease.state(ask.now);
        let status = lease_status(&container.lease, ask.now);
        writer.element("LeaseStatus", status.as_str());
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
    if let Some(deleted) = deleted {
        writer.element("DeletedTime", &deleted.since.to_http());
        let left = deleted.until.since(ask.now).as_secs().div_ceil(DAY);
        writer.element("RemainingRetentionDays", &left.to_string());
    }
    writer.close("Properties");
    if metadata {
        container.metadata.write_xml(writer);
    }
    writer.close("Container");
}
