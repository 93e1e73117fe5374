//! Set Container Metadata: `PUT /{container}?restype=container&comp=metadata`.

use http::Method;

use super::{ContainerWritten, Operation};
use crate::address::ContainerAddress;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::metadata::Metadata;
use crate::time::Timestamp;
use crate::wire::{header, query};

/// Replaces all of a container's metadata; none clears it.
///
/// Source: "Set Container Metadata".
///
/// ```
/// use blobferry_core::operation::{Operation, SetContainerMetadata};
/// use blobferry_core::{Account, Metadata};
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let logs = account.container("logs".parse()?);
/// let set = SetContainerMetadata::new(logs, Metadata::new([("origin", "north")])?);
/// assert_eq!(set.request().operation(), "Set Container Metadata");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetContainerMetadata {
    /// Which container.
    pub container: ContainerAddress,
    /// The metadata, all of it.
    pub metadata: Metadata,
    /// The lease on the container, where there is one.
    pub lease_id: Option<LeaseId>,
    /// Only if the container was changed after this moment.
    pub if_modified_since: Option<Timestamp>,
}

impl SetContainerMetadata {
    /// This metadata, with no options.
    #[must_use]
    pub fn new(container: ContainerAddress, metadata: Metadata) -> Self {
        Self {
            container,
            metadata,
            lease_id: None,
            if_modified_since: None,
        }
    }
}

impl Operation for SetContainerMetadata {
    type Output = ContainerWritten;
    const NAME: &'static str = "Set Container Metadata";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_container(Method::PUT, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "metadata")
            .with(&self.metadata)
            .with(&self.lease_id)
            .text_if(
                header::IF_MODIFIED_SINCE,
                self.if_modified_since.map(Timestamp::to_http),
            )
    }

    fn parse(&self, response: &Response) -> Result<ContainerWritten, Error> {
        ContainerWritten::read(response, 200)
    }
}
