//! Get Container Properties: `GET /{container}?restype=container`.

use http::Method;

use super::{Operation, accept};
use crate::address::ContainerAddress;
use crate::error::Error;
use crate::etag::ETag;
use crate::header_text::HeaderText;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::properties::LeaseProperties;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::wire::{header, query};
use crate::words::PublicAccess;

/// Asks for a container's properties and metadata.
///
/// Source: "Get Container Properties", "Get Container Metadata".
///
/// ```
/// use blobferry_core::operation::{GetContainerProperties, Operation};
/// use blobferry_core::Account;
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let ask = GetContainerProperties::new(account.container("logs".parse()?));
/// assert_eq!(ask.request().operation(), "Get Container Properties");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetContainerProperties {
    /// Which container.
    pub container: ContainerAddress,
    /// The lease that must be on the container.
    pub lease_id: Option<LeaseId>,
    /// Asks for metadata, ETag and time alone: Get Container Metadata.
    pub metadata_only: bool,
}

/// What the service says of a container.
///
/// Absent is what was not said: old versions leave out what came later.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerProperties {
    /// Which state of the container this is about.
    pub etag: ETag,
    /// When the container, not its blobs, last changed. Whole seconds.
    pub last_modified: Timestamp,
    /// Its metadata.
    pub metadata: Metadata,
    /// Its lease.
    pub lease: LeaseProperties,
    /// Who may read it without credentials; absent for nobody. Version 2016-05-31 and later.
    pub public_access: Option<PublicAccess>,
    /// Whether an immutability policy is set. Version 2017-11-09 and later.
    pub has_immutability_policy: Option<bool>,
    /// Whether it is under legal hold. Version 2017-11-09 and later.
    pub has_legal_hold: Option<bool>,
    /// Whether its versions can be immutable each by itself.
    pub immutable_versions: Option<bool>,
    /// What its blobs are encrypted with if they do not say. Version 2019-02-02 and later.
    pub default_encryption_scope: Option<HeaderText>,
    /// Whether its blobs may not say otherwise.
    pub deny_encryption_scope_override: Option<bool>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl GetContainerProperties {
    /// All of them, with no options.
    #[must_use]
    pub fn new(container: ContainerAddress) -> Self {
        Self {
            container,
            lease_id: None,
            metadata_only: false,
        }
    }
}

impl Operation for GetContainerProperties {
    type Output = ContainerProperties;
    const NAME: &'static str = "Get Container Properties";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    /// By GET, not HEAD: there is no body but that of a refusal, which says more than its headers.
    fn request(&self) -> Request {
        Request::to_container(Method::GET, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .query_if(query::COMP, self.metadata_only.then_some("metadata"))
            .with(&self.lease_id)
    }

    fn parse(&self, response: &Response) -> Result<ContainerProperties, Error> {
        accept(response, &[200])?;
        Ok(ContainerProperties {
            etag: response.need(&header::ETAG)?,
            last_modified: response.need(&header::LAST_MODIFIED)?,
            metadata: Metadata::heard(response.headers()),
            lease: LeaseProperties::heard(response)?,
            public_access: response.get(&header::X_MS_BLOB_PUBLIC_ACCESS)?,
            has_immutability_policy: response.get(&header::X_MS_HAS_IMMUTABILITY_POLICY)?,
            has_legal_hold: response.get(&header::X_MS_HAS_LEGAL_HOLD)?,
            immutable_versions: response
                .get(&header::X_MS_IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED)?,
            default_encryption_scope: response.get(&header::X_MS_DEFAULT_ENCRYPTION_SCOPE)?,
            deny_encryption_scope_override: response
                .get(&header::X_MS_DENY_ENCRYPTION_SCOPE_OVERRIDE)?,
            receipt: Receipt::of(response),
        })
    }
}
