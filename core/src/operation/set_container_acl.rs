//! Set Container ACL: `PUT /{container}?restype=container&comp=acl`.

use http::Method;

use super::{ContainerWritten, Operation};
use crate::access_policy::AccessPolicies;
use crate::address::ContainerAddress;
use crate::conditions::ContainerConditions;
use crate::error::Error;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::wire::query;
use crate::words::PublicAccess;

/// Says who may read a container without credentials, and replaces its stored access policies.
///
/// A SAS that names a policy that is gone no longer works. A change takes up to 30 seconds to be in
/// force. For the account's owner only: no SAS permits it. Source: "Set Container ACL".
///
/// ```
/// use blobferry_core::operation::{Operation, SetContainerAcl};
/// use blobferry_core::{AccessPolicies, AccessPolicy, Account};
/// let account: Account = "https://lighthouse.blob.core.windows.net".parse()?;
/// let logs = account.container("logs".parse()?);
/// let policies = AccessPolicies::new([AccessPolicy::new("partners", "rl")?])?;
/// let set = SetContainerAcl::new(logs, policies);
/// assert_eq!(set.request().operation(), "Set Container ACL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetContainerAcl {
    /// Which container.
    pub container: ContainerAddress,
    /// Who may read without credentials; absent for nobody.
    pub public_access: Option<PublicAccess>,
    /// The stored access policies, all of them.
    pub policies: AccessPolicies,
    /// The lease on the container, where there is one.
    pub lease_id: Option<LeaseId>,
    /// When it must, or must not, have been changed.
    pub conditions: ContainerConditions,
}

impl SetContainerAcl {
    /// Private, with these policies and no options.
    #[must_use]
    pub fn new(container: ContainerAddress, policies: AccessPolicies) -> Self {
        Self {
            container,
            public_access: None,
            policies,
            lease_id: None,
            conditions: ContainerConditions::default(),
        }
    }
}

impl Operation for SetContainerAcl {
    type Output = ContainerWritten;
    const NAME: &'static str = "Set Container ACL";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_container(Method::PUT, &self.container)
            .of(Self::NAME, Self::URGENCY)
            .query(query::COMP, "acl")
            .xml(self.policies.to_xml())
            .with(&self.public_access)
            .with(&self.lease_id)
            .with(&self.conditions)
    }

    fn parse(&self, response: &Response) -> Result<ContainerWritten, Error> {
        ContainerWritten::read(response, 200)
    }
}
