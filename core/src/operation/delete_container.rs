//! Delete Container: `DELETE /{container}?restype=container`.

use http::Method;

use super::{Operation, accept};
use crate::address::ContainerAddress;
use crate::conditions::ContainerConditions;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;

/// Deletes a container with everything in it.
///
/// Leases on its blobs do not protect it; a lease on the container does. Source: "Delete Container".
///
/// ```
/// use blobferry_core::operation::{DeleteContainer, Operation};
/// use blobferry_core::Account;
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let logs = account.container("logs".parse()?);
/// let delete = DeleteContainer::new(logs);
/// assert_eq!(delete.request().operation(), "Delete Container");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteContainer {
    /// Which container.
    pub container: ContainerAddress,
    /// The lease on the container, where there is one.
    pub lease_id: Option<LeaseId>,
    /// When it must, or must not, have been changed.
    pub conditions: ContainerConditions,
}

impl DeleteContainer {
    /// With no options.
    #[must_use]
    pub fn new(container: ContainerAddress) -> Self {
        Self {
            container,
            lease_id: None,
            conditions: ContainerConditions::default(),
        }
    }
}

impl Operation for DeleteContainer {
    type Output = Receipt;
    const NAME: &'static str = "Delete Container";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_container(Method::DELETE, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.lease_id)
            .with(&self.conditions)
    }

    fn parse(&self, response: &Response) -> Result<Receipt, Error> {
        accept(response, &[202])?;
        Ok(Receipt::of(response))
    }
}
