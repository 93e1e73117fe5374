//! Create Container: `PUT /{container}?restype=container`.

use http::Method;

use super::{ContainerWritten, Operation};
use crate::address::ContainerAddress;
use crate::error::Error;
use crate::header_text::HeaderText;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::part::Part;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::PublicAccess;

/// Creates a container.
///
/// For at least 30 seconds after a container was deleted its name is refused with 409
/// `ContainerBeingDeleted`. Source: "Create Container".
///
/// ```
/// use blobferry_core::operation::{CreateContainer, Operation};
/// use blobferry_core::Account;
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let logs = account.container("logs".parse()?);
/// let create = CreateContainer::new(logs);
/// assert_eq!(create.request().operation(), "Create Container");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateContainer {
    /// Which container.
    pub container: ContainerAddress,
    /// Its metadata.
    pub metadata: Metadata,
    /// Who may read it without credentials; nobody if not given.
    pub public_access: Option<PublicAccess>,
    /// What its blobs are encrypted with if they do not say. Version 2019-02-02 and later.
    pub default_encryption_scope: Option<HeaderText>,
    /// Whether its blobs may not say otherwise; only together with a default scope.
    pub deny_encryption_scope_override: Option<bool>,
}

impl CreateContainer {
    /// A private container without metadata.
    #[must_use]
    pub fn new(container: ContainerAddress) -> Self {
        Self {
            container,
            metadata: Metadata::default(),
            public_access: None,
            default_encryption_scope: None,
            deny_encryption_scope_override: None,
        }
    }
}

/// `x-ms-default-encryption-scope`.
struct DefaultScope<'a>(&'a HeaderText);

impl Part for DefaultScope<'_> {
    fn add_to(&self, request: Request) -> Request {
        request
            .text(header::X_MS_DEFAULT_ENCRYPTION_SCOPE, self.0.as_str())
            .needs(ServiceVersion::V2019_02_02)
    }
}

/// `x-ms-blob-public-access`.
impl Part for PublicAccess {
    fn add_to(&self, request: Request) -> Request {
        request.text(header::X_MS_BLOB_PUBLIC_ACCESS, self.as_str())
    }
}

impl Operation for CreateContainer {
    type Output = ContainerWritten;
    const NAME: &'static str = "Create Container";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_container(Method::PUT, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.metadata)
            .with(&self.public_access)
            .with(&self.default_encryption_scope.as_ref().map(DefaultScope))
            .flag_if(
                header::X_MS_DENY_ENCRYPTION_SCOPE_OVERRIDE,
                self.deny_encryption_scope_override,
            )
    }

    fn parse(&self, response: &Response) -> Result<ContainerWritten, Error> {
        ContainerWritten::read(response, 201)
    }
}
