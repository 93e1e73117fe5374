//! Restore Container: `PUT /{container}?restype=container&comp=undelete`.

use http::Method;

use super::{Operation, accept};
use crate::address::ContainerAddress;
use crate::error::Error;
use crate::header_text::HeaderText;
use crate::message::{Request, Response, Urgency};
use crate::name::ContainerName;
use crate::receipt::Receipt;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Brings back a soft-deleted container with everything in it.
///
/// Version 2019-12-12 and later. Source: "Restore Container".
///
/// ```
/// use blobferry_core::operation::{Operation, RestoreContainer};
/// use blobferry_core::Account;
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let logs = account.container("logs".parse()?);
/// let restore = RestoreContainer::new(logs, "01D60F8BB59A4652".parse()?);
/// assert_eq!(restore.request().operation(), "Restore Container");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreContainer {
    /// What it is to be called; its old name unless that is taken.
    pub container: ContainerAddress,
    /// What it was called.
    pub deleted_name: ContainerName,
    /// Which of the containers of that name, as a listing with `include=deleted` says.
    pub deleted_version: HeaderText,
}

impl RestoreContainer {
    /// Under its old name.
    #[must_use]
    pub fn new(container: ContainerAddress, deleted_version: HeaderText) -> Self {
        Self {
            deleted_name: container.container.clone(),
            container,
            deleted_version,
        }
    }
}

impl Operation for RestoreContainer {
    type Output = Receipt;
    const NAME: &'static str = "Restore Container";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_container(Method::PUT, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2019_12_12)
            .query(query::COMP, "undelete")
            .text(
                header::X_MS_DELETED_CONTAINER_NAME,
                self.deleted_name.as_str(),
            )
            .text(
                header::X_MS_DELETED_CONTAINER_VERSION,
                self.deleted_version.as_str(),
            )
    }

    fn parse(&self, response: &Response) -> Result<Receipt, Error> {
        accept(response, &[201])?;
        Ok(Receipt::of(response))
    }
}
