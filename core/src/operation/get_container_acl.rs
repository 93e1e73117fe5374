//! Get Container ACL: `GET /{container}?restype=container&comp=acl`.

use http::Method;

use super::{ContainerWritten, Operation};
use crate::access_policy::AccessPolicies;
use crate::address::ContainerAddress;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::wire::{header, query};
use crate::words::PublicAccess;

/// Reads who may read a container without credentials, and its stored access policies.
///
/// For the account's owner only: no SAS permits it. Source: "Get Container ACL".
///
/// ```
/// use blobferry_core::operation::{GetContainerAcl, Operation};
/// use blobferry_core::Account;
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let logs = account.container("logs".parse()?);
/// let ask = GetContainerAcl::new(logs);
/// assert_eq!(ask.request().operation(), "Get Container ACL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetContainerAcl {
    /// Which container.
    pub container: ContainerAddress,
    /// The lease that must be on the container.
    pub lease_id: Option<LeaseId>,
}

/// What Get Container ACL answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerAcl {
    /// Who may read without credentials; absent for nobody.
    pub public_access: Option<PublicAccess>,
    /// The stored access policies.
    pub policies: AccessPolicies,
    /// ETag and time of the container's last change.
    pub container: ContainerWritten,
}

impl GetContainerAcl {
    /// With no options.
    #[must_use]
    pub fn new(container: ContainerAddress) -> Self {
        Self {
            container,
            lease_id: None,
        }
    }
}

impl Operation for GetContainerAcl {
    type Output = ContainerAcl;
    const NAME: &'static str = "Get Container ACL";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        Request::to_container(Method::GET, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "acl")
            .with(&self.lease_id)
    }

    fn parse(&self, response: &Response) -> Result<ContainerAcl, Error> {
        let container = ContainerWritten::read(response, 200)?;
        Ok(ContainerAcl {
            public_access: response.get(&header::X_MS_BLOB_PUBLIC_ACCESS)?,
            policies: AccessPolicies::from_xml(response.body())?,
            container,
        })
    }
}
