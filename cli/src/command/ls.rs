//! `blobferry ls`.

use blobferry::operation::{BlobItem, ContainerItem, ListBlobs, ListContainers};
use blobferry::words::{LeaseState, ListInclude};
use blobferry::{Account, Cancel, Client, ContainerAddress};
use serde::Serialize;

use crate::args::LsArgs;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{Record, human};
use crate::place::Scope;
use crate::session::Session;

/// One line of a listing.
#[derive(Debug, Default, Serialize)]
#[serde(tag = "type", rename = "entry")]
struct Entry {
    /// `container`, `prefix` or `blob`.
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blob_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(skip)]
    long: bool,
}

impl Entry {
    fn container(item: &ContainerItem, long: bool) -> Self {
        Self {
            kind: "container",
            name: item.name.clone(),
            last_modified: item.last_modified.map(|time| time.to_iso()),
            etag: item.etag.as_ref().map(ToString::to_string),
            lease_state: item.lease.state.as_ref().map(ToString::to_string),
            deleted: item.deleted,
            long,
            ..Self::default()
        }
    }

    fn blob(item: &BlobItem, long: bool) -> Self {
        let properties = &item.properties;
        let copy = properties.copy.as_ref();
        Self {
            kind: "blob",
            name: item.name.to_string(),
            bytes: properties.content_length,
            blob_type: properties.blob_type.as_ref().map(ToString::to_string),
            tier: properties.tier.tier.as_ref().map(ToString::to_string),
            last_modified: properties.last_modified.map(|time| time.to_iso()),
            etag: properties.etag.as_ref().map(ToString::to_string),
            lease_state: properties.lease.state.as_ref().map(ToString::to_string),
            copy_id: copy.map(|copy| copy.id.to_string()),
            copy_status: copy.map(|copy| copy.status.to_string()),
            snapshot: properties.snapshot.as_deref().map(str::to_owned),
            version_id: properties.version_id.as_deref().map(str::to_owned),
            deleted: item.deleted,
            long,
        }
    }

    /// What is worth a word: leases, copies, deletion.
    fn remarks(&self) -> String {
        let leased = self
            .lease_state
            .as_deref()
            .filter(|state| *state != LeaseState::Available.as_str());
        let copy = self
            .copy_status
            .as_ref()
            .map(|status| format!("copy {status}"));
        let snapshot = self
            .snapshot
            .as_ref()
            .map(|time| format!("snapshot {time}"));
        let version = self
            .version_id
            .as_ref()
            .map(|time| format!("version {time}"));
        let deleted = self.deleted.then(|| "deleted".to_owned());
        let said = [leased.map(str::to_owned), copy, snapshot, version, deleted];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Record for Entry {
    fn human(&self, _width: usize) -> String {
        let mut name = human::plain(&self.name);
        if self.kind == "container" {
            name.push('/');
        }
        if self.kind != "blob" {
            name = human::moving(name);
        }
        let size = self.bytes.map(human::bytes).unwrap_or_default();
        if !self.long {
            return format!("{size:>9}  {name}\n");
        }
        let short = self
            .blob_type
            .as_deref()
            .map(|kind| kind.trim_end_matches("Blob").to_lowercase());
        let time = self.last_modified.as_deref().unwrap_or_default();
        let remarks = self.remarks();
        let remarks = if remarks.is_empty() {
            remarks
        } else {
            format!("  {}", human::dim(remarks))
        };
        format!(
            "{size:>9}  {:<6}  {:<7}  {time:<20}  {name}{remarks}\n",
            short.unwrap_or_default(),
            self.tier.as_deref().unwrap_or_default(),
        )
    }
}

/// Lists what is there.
pub(crate) async fn run(args: LsArgs, session: &Session) -> Result<Exit, Failure> {
    let (spot, client) = session.open(&args.url, &args.side)?;
    let cancel = interrupt::listen(session.output, "the listing is not complete");
    let mut room = args.limit.unwrap_or(u64::MAX);
    match &spot.scope {
        Scope::Account(account) => {
            containers(&client, account, &args, session, &cancel, &mut room).await?
        }
        Scope::Container(container) => {
            blobs(&client, container, "", &args, session, &cancel, &mut room).await?;
        }
        Scope::Prefix(container, prefix) => {
            blobs(
                &client, container, prefix, &args, session, &cancel, &mut room,
            )
            .await?;
        }
        // A name without `/` at its end may begin many names, as in a shell's listing of `name*`.
        Scope::Blob(blob) => {
            let (container, prefix) = (blob.in_container(), blob.name.as_str());
            let before = room;
            blobs(
                &client, &container, prefix, &args, session, &cancel, &mut room,
            )
            .await?;
            if room == before && !cancel.is_requested() {
                return Err(Failure::local(
                    format!("cannot list {blob}"),
                    "no blob's name begins so",
                    Exit::NotFound,
                )
                .advise("Check the name; names are sensitive to case."));
            }
        }
    }
    Ok(if cancel.is_requested() {
        Exit::Interrupted
    } else {
        Exit::Ok
    })
}

async fn containers(
    client: &Client,
    account: &Account,
    args: &LsArgs,
    session: &Session,
    cancel: &Cancel,
    room: &mut u64,
) -> Result<(), Failure> {
    let mut list = ListContainers::new(account.clone());
    loop {
        let page = interrupt::unless(cancel, client.send(list.clone())).await?;
        let page = page.map_err(|error| Failure::new(format!("cannot list {account}/"), &error))?;
        for item in &page.containers {
            if *room == 0 {
                return Ok(());
            }
            *room -= 1;
            session.output.result(&Entry::container(item, args.long));
        }
        list.marker = page.next_marker.clone().filter(|marker| !marker.is_empty());
        if list.marker.is_none() || cancel.is_requested() {
            return Ok(());
        }
    }
}

async fn blobs(
    client: &Client,
    container: &ContainerAddress,
    prefix: &str,
    args: &LsArgs,
    session: &Session,
    cancel: &Cancel,
    room: &mut u64,
) -> Result<(), Failure> {
    let wanted = [
        (true, ListInclude::Copy),
        (args.snapshots, ListInclude::Snapshots),
        (args.versions, ListInclude::Versions),
        (args.deleted, ListInclude::Deleted),
    ];
    let mut list = ListBlobs {
        prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
        // The service lists snapshots only flat.
        delimiter: (!args.recursive && !args.snapshots).then(|| "/".to_owned()),
        include: wanted
            .into_iter()
            .filter(|(asked, _)| *asked)
            .map(|(_, what)| what)
            .collect(),
        ..ListBlobs::new(container.clone())
    };
    loop {
        let page = interrupt::unless(cancel, client.send(list.clone())).await?;
        let page =
            page.map_err(|error| Failure::new(format!("cannot list {container}"), &error))?;
        let prefixes = page.prefixes.iter().map(|name| Entry {
            kind: "prefix",
            name: name.clone(),
            long: args.long,
            ..Entry::default()
        });
        let items = page.blobs.iter().map(|item| Entry::blob(item, args.long));
        for entry in prefixes.chain(items) {
            if *room == 0 {
                return Ok(());
            }
            *room -= 1;
            session.output.result(&entry);
        }
        list.marker = page.next_marker().map(str::to_owned);
        if list.marker.is_none() || cancel.is_requested() {
            return Ok(());
        }
    }
}
