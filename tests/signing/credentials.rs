//! Every kind of credential, good for reading one blob.

use blobferry_core::sas::{AccountSas, DelegationSas, ServiceSas, Terms};
use blobferry_core::{BlobAddress, Credential, ServiceVersion};

use crate::world::World;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Key,
    Account,
    Container,
    Blob,
    Policy,
    DelegationContainer,
    DelegationBlob,
    Bearer,
    Anonymous,
}

impl Kind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Key,
        Self::Account,
        Self::Container,
        Self::Blob,
        Self::Policy,
        Self::DelegationContainer,
        Self::DelegationBlob,
        Self::Bearer,
        Self::Anonymous,
    ];

    /// The kinds that are a SAS.
    pub(crate) const SIGNED: [Self; 6] = [
        Self::Account,
        Self::Container,
        Self::Blob,
        Self::Policy,
        Self::DelegationContainer,
        Self::DelegationBlob,
    ];

    /// The first version that has it.
    fn since(self) -> ServiceVersion {
        match self {
            Self::Account => ServiceVersion::V2015_04_05,
            Self::Bearer => ServiceVersion::V2017_11_09,
            Self::DelegationContainer | Self::DelegationBlob => ServiceVersion::V2018_11_09,
            _ => ServiceVersion::V2015_02_21,
        }
    }
}

/// The credential; none where the version does not have its kind.
pub(crate) fn mint(
    kind: Kind,
    world: &World,
    blob: &BlobAddress,
    version: ServiceVersion,
) -> Option<Credential> {
    if version < kind.since() {
        return None;
    }
    let (key, terms, container) = (world.key(), world.terms(version), blob.in_container());
    let sas = match kind {
        Kind::Key => return Some(key.into()),
        Kind::Bearer => return Some(world.bearer().into()),
        Kind::Anonymous => return Some(Credential::Anonymous),
        Kind::Account => AccountSas::new(blob.account.name(), terms).sign(&key),
        Kind::Container => ServiceSas::new(container, terms).sign(&key),
        Kind::Blob => ServiceSas::new(blob.clone(), terms).sign(&key),
        Kind::Policy => {
            let open = Terms {
                version,
                ..Terms::default()
            };
            world.policy_sas(blob, open)
        }
        Kind::DelegationContainer => {
            DelegationSas::new(container, terms).sign(&world.delegation_key(version))
        }
        Kind::DelegationBlob => {
            DelegationSas::new(blob.clone(), terms).sign(&world.delegation_key(version))
        }
    };
    Some(sas.unwrap().into())
}
