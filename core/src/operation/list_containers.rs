//! List Containers: `GET /?comp=list`.

use http::Method;

use super::{MaxResults, Operation, accept};
use crate::address::Account;
use crate::error::{Error, UnreadableReply};
use crate::etag::ETag;
use crate::header_text::HeaderText;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::properties::LeaseProperties;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::query;
use crate::words::{ContainerInclude, PublicAccess};
use crate::xml::bad;
use crate::xml::pull::{Node, Pull};

/// Lists containers in the order of their names, a page at a time.
///
/// Source: "List Containers".
///
/// ```
/// use blobferry_core::Account;
/// use blobferry_core::operation::{ListContainers, Operation};
/// let account: Account = "https://south.blob.core.windows.net".parse()?;
/// let list = ListContainers { prefix: Some("log".to_owned()), ..ListContainers::new(account) };
/// assert_eq!(list.request().operation(), "List Containers");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListContainers {
    /// Which account.
    pub account: Account,
    /// Only names that begin so.
    pub prefix: Option<String>,
    /// Where to go on: the `next_marker` of the page before.
    pub marker: Option<String>,
    /// The most containers on a page.
    pub max_results: Option<MaxResults>,
    /// What is listed besides the base.
    pub include: Vec<ContainerInclude>,
}

/// A page of containers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ContainerPage {
    /// The account's URL.
    pub service_endpoint: Option<String>,
    /// The prefix asked for.
    pub prefix: Option<String>,
    /// The marker asked for.
    pub marker: Option<String>,
    /// The most containers asked for.
    pub max_results: Option<u32>,
    /// The containers, in order.
    pub containers: Vec<ContainerItem>,
    /// Where the next page begins; nothing on the last one.
    pub next_marker: Option<String>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

/// A container in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ContainerItem {
    /// Its name.
    pub name: String,
    /// Names a deleted container, to restore it. Version 2019-12-12 and later.
    pub version: Option<String>,
    /// Whether it is soft-deleted.
    pub deleted: bool,
    /// Which state of it this is about.
    pub etag: Option<ETag>,
    /// When it or its metadata last changed.
    pub last_modified: Option<Timestamp>,
    /// Its lease.
    pub lease: LeaseProperties,
    /// Who may read it without credentials. Version 2016-05-31 and later.
    pub public_access: Option<PublicAccess>,
    /// Whether blobs in it may be under an immutability policy. Version 2017-11-09 and later.
    pub has_immutability_policy: Option<bool>,
    /// Whether it is held. Version 2017-11-09 and later.
    pub has_legal_hold: Option<bool>,
    /// Whether its versions can be immutable one by one.
    pub immutable_versions: Option<bool>,
    /// The scope new blobs are encrypted with.
    pub default_encryption_scope: Option<HeaderText>,
    /// Whether blobs must be encrypted with that scope.
    pub deny_encryption_scope_override: Option<bool>,
    /// When it was deleted.
    pub deleted_time: Option<Timestamp>,
    /// For how many days it can still be restored.
    pub remaining_retention_days: Option<u32>,
    /// Its metadata, where asked for.
    pub metadata: Metadata,
}

impl ListContainers {
    /// A listing of all containers, from the beginning.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self {
            account,
            prefix: None,
            marker: None,
            max_results: None,
            include: Vec::new(),
        }
    }
}

impl Operation for ListContainers {
    type Output = ContainerPage;
    const NAME: &'static str = "List Containers";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::List;

    fn request(&self) -> Request {
        let include: Vec<_> = self.include.iter().map(ContainerInclude::as_str).collect();
        let request = Request::to_account(Method::GET, &self.account)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "list")
            .query_if(query::PREFIX, self.prefix.clone())
            .query_if(query::MARKER, self.marker.clone())
            .query_if(
                query::MAX_RESULTS,
                self.max_results.map(|max| max.get().to_string()),
            )
            .query_if(
                query::INCLUDE,
                (!include.is_empty()).then(|| include.join(",")),
            );
        self.include.iter().map(needs).fold(request, Request::needs)
    }

    fn parse(&self, response: &Response) -> Result<ContainerPage, Error> {
        accept(response, &[200])?;
        let mut page = read_page(response.body())?;
        page.receipt = Receipt::of(response);
        Ok(page)
    }
}

fn needs(include: &ContainerInclude) -> ServiceVersion {
    match include {
        ContainerInclude::Metadata | ContainerInclude::Other(_) => ServiceVersion::V2009_09_19,
        ContainerInclude::Deleted => ServiceVersion::V2019_12_12,
        ContainerInclude::System => ServiceVersion::V2021_02_12,
    }
}

fn read_page(body: &[u8]) -> Result<ContainerPage, UnreadableReply> {
    let mut pull = Pull::new(body)?;
    let mut page = ContainerPage::default();
    match pull.next()? {
        Node::Open(root) if root.name == "EnumerationResults" => {
            page.service_endpoint = root.attribute("ServiceEndpoint");
        }
        _ => return Err(bad("it is no listing")),
    }
    while let Some(name) = child(&mut pull)? {
        match name {
            "Prefix" => page.prefix = pull.value(name)?,
            "Marker" => page.marker = pull.value(name)?,
            "MaxResults" => page.max_results = pull.value(name)?,
            "NextMarker" => page.next_marker = pull.value(name)?,
            "Containers" => {
                while child(&mut pull)?.is_some() {
                    page.containers.push(read_container(&mut pull)?);
                }
            }
            _ => pull.skip()?,
        }
    }
    Ok(page)
}

fn read_container(pull: &mut Pull<'_>) -> Result<ContainerItem, UnreadableReply> {
    let mut item = ContainerItem::default();
    while let Some(name) = child(pull)? {
        match name {
            "Name" => item.name = pull.leaf()?.into_owned(),
            "Version" => item.version = pull.value(name)?,
            "Deleted" => item.deleted = pull.value(name)?.unwrap_or(false),
            "Properties" => {
                while let Some(name) = child(pull)? {
                    read_property(name, pull, &mut item)?;
                }
            }
            "Metadata" => {
                while let Some(name) = child(pull)? {
                    let value = pull.leaf()?;
                    item.metadata.push(name, &value);
                }
            }
            _ => pull.skip()?,
        }
    }
    if item.name.is_empty() {
        return Err(bad("a container has no name"));
    }
    Ok(item)
}

fn read_property(
    name: &str,
    pull: &mut Pull<'_>,
    item: &mut ContainerItem,
) -> Result<(), UnreadableReply> {
    match name {
        "Last-Modified" => item.last_modified = pull.value(name)?,
        "Etag" => item.etag = pull.value(name)?,
        "LeaseStatus" => item.lease.status = pull.value(name)?,
        "LeaseState" => item.lease.state = pull.value(name)?,
        "LeaseDuration" => item.lease.duration = pull.value(name)?,
        "PublicAccess" => item.public_access = pull.value(name)?,
        "HasImmutabilityPolicy" => item.has_immutability_policy = pull.value(name)?,
        "HasLegalHold" => item.has_legal_hold = pull.value(name)?,
        "ImmutableStorageWithVersioningEnabled" => item.immutable_versions = pull.value(name)?,
        "DefaultEncryptionScope" => item.default_encryption_scope = pull.value(name)?,
        "DenyEncryptionScopeOverride" => {
            item.deny_encryption_scope_override = pull.value(name)?;
        }
        "DeletedTime" => item.deleted_time = pull.value(name)?,
        "RemainingRetentionDays" => item.remaining_retention_days = pull.value(name)?,
        _ => pull.skip()?,
    }
    Ok(())
}

/// The name of the next element within this one; nothing at its end.
fn child<'a>(pull: &mut Pull<'a>) -> Result<Option<&'a str>, UnreadableReply> {
    match pull.next()? {
        Node::Open(start) => Ok(Some(start.name)),
        Node::Close => Ok(None),
        Node::End => Err(bad("it ends before the listing does")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::LeaseState;

    const PAGE: &str = "<EnumerationResults ServiceEndpoint=\"https://a/\"><Prefix>l</Prefix>\
        <Containers><Container><Name>logs</Name><Version>v</Version><Deleted>true</Deleted>\
        <Properties><Etag>\"0x8\"</Etag><LeaseState>available</LeaseState>\
        <PublicAccess>blob</PublicAccess><HasLegalHold>false</HasLegalHold>\
        <RemainingRetentionDays>3</RemainingRetentionDays><New>1</New></Properties>\
        <Metadata><k>v</k></Metadata></Container></Containers><NextMarker>/a/m</NextMarker></EnumerationResults>";

    #[test]
    fn every_element_finds_its_place() {
        let page = read_page(PAGE.as_bytes()).unwrap();
        assert_eq!(page.next_marker.as_deref(), Some("/a/m"));
        let [item] = page.containers.as_slice() else {
            panic!("{page:?}");
        };
        assert_eq!((item.name.as_str(), item.deleted), ("logs", true));
        assert_eq!(item.lease.state, Some(LeaseState::Available));
        assert_eq!(item.public_access, Some(PublicAccess::Blob));
        assert_eq!(item.has_legal_hold, Some(false));
        assert_eq!(item.remaining_retention_days, Some(3));
        assert_eq!(item.metadata.get("k"), Some("v"));
    }

    #[test]
    fn a_page_that_is_cut_off_anywhere_is_refused() {
        for end in 0..PAGE.len() {
            assert!(read_page(&PAGE.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}
