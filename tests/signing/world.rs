//! An emulated service with one container, asked without a wire.

use blobferry_core::operation::{CreateContainer, GetUserDelegationKey, PutBlob, SetContainerAcl};
use blobferry_core::sas::{DelegationKey, Permissions, SasToken, ServiceSas, Terms};
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_core::sign::sign;
use blobferry_core::words::PublicAccess;
use blobferry_core::{
    AccessPolicies, AccessPolicy, Account, Bearer, BlobAddress, ContainerAddress, Credential,
    Identities, InvalidInput, Operation, Request, ServiceVersion, Timestamp,
};
use blobferry_emulator::{Config, DEV_KEY, Service};
use bytes::Bytes;

/// Unsigned claims `{"oid":"o","tid":"t","exp":4102444800}`, which the emulator believes.
const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJvaWQiOiJvIiwidGlkIjoidCIsImV4cCI6NDEwMjQ0NDgwMH0.AA";
const POLICY: &str = "reading";

pub(crate) struct World {
    service: Service,
    pub(crate) container: ContainerAddress,
}

impl World {
    /// A host that serves many accounts.
    pub(crate) fn shared() -> Self {
        Self::at("http://127.0.0.1:10000/devstoreaccount1")
    }

    /// Both styles of URL.
    pub(crate) fn both() -> [Self; 2] {
        [
            Self::shared(),
            Self::at("https://devstoreaccount1.blob.localhost:10000"),
        ]
    }

    fn at(url: &str) -> Self {
        let account: Account = url.parse().unwrap();
        let world = Self {
            service: Service::new(Config::new()),
            container: account.container("box".parse().unwrap()),
        };
        world.own(&CreateContainer::new(world.container.clone()));
        let mut policy = AccessPolicy::new(POLICY, "r").unwrap();
        policy.expiry = Some(world.end());
        world.own(&SetContainerAcl {
            public_access: Some(PublicAccess::Blob),
            ..SetContainerAcl::new(
                world.container.clone(),
                AccessPolicies::new([policy]).unwrap(),
            )
        });
        world
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::parse_iso("2026-11-21T10:00:00Z").unwrap()
    }

    pub(crate) fn end(&self) -> Timestamp {
        Timestamp::parse_iso("2026-11-25T10:00:00Z").unwrap()
    }

    pub(crate) fn key(&self) -> SharedKey {
        SharedKey::new(DEV_KEY).unwrap()
    }

    pub(crate) fn bearer(&self) -> Bearer {
        Bearer::new(TOKEN, None).unwrap()
    }

    /// A blob of this name, holding `lantern`.
    pub(crate) fn write(&self, name: &str) -> BlobAddress {
        let blob = self.container.blob(name.parse().unwrap());
        self.own(&PutBlob::block(blob.clone(), "lantern"));
        blob
    }

    /// What the service answers to the request of whom the credential speaks for.
    pub(crate) fn ask(
        &self,
        request: &Request,
        credential: &Credential,
        version: ServiceVersion,
    ) -> http::Response<Bytes> {
        let account = self.container.account.clone();
        let identities = Identities::new().with(account, credential.clone());
        let signed = sign(request, &identities, version, self.now()).unwrap();
        self.service.respond(self.now(), signed.into_http())
    }

    /// A SAS under the stored policy, which says `r` and until when.
    pub(crate) fn policy_sas(
        &self,
        blob: &BlobAddress,
        terms: Terms,
    ) -> Result<SasToken, InvalidInput> {
        let sas = ServiceSas {
            policy: Some(POLICY.to_owned()),
            ..ServiceSas::new(blob.clone(), terms)
        };
        sas.sign(&self.key())
    }

    pub(crate) fn delegation_key(&self, version: ServiceVersion) -> DelegationKey {
        let ask = GetUserDelegationKey::new(self.container.account.clone(), self.end());
        let answer = self.ask(&ask.request(), &self.bearer().into(), version);
        let key = ask.parse(&blobferry_core::Response::new(answer)).unwrap();
        DelegationKey {
            object_id: key.signed_oid,
            tenant_id: key.signed_tid,
            start: Timestamp::parse_iso(&key.signed_start).unwrap(),
            expiry: Timestamp::parse_iso(&key.signed_expiry).unwrap(),
            service: key.signed_service,
            version: key.signed_version.parse().unwrap(),
            value: SharedKey::new(&key.value).unwrap(),
        }
    }

    /// Terms for reading, in one version.
    pub(crate) fn terms(&self, version: ServiceVersion) -> Terms {
        Terms {
            version,
            ..Terms::until(self.end(), Permissions::READ)
        }
    }

    fn own<O: Operation>(&self, operation: &O) {
        let answer = self.ask(
            &operation.request(),
            &self.key().into(),
            ServiceVersion::DEFAULT,
        );
        assert!(answer.status().is_success(), "{:?}", answer.body());
    }
}

/// A name for every printable ASCII character, and some that need more bytes.
pub(crate) fn names() -> impl Iterator<Item = String> {
    let ascii = (' '..='~').map(|letter| format!("a{letter}b"));
    let others = [
        "ü/漢字/🚢",
        "e\u{301}",
        "\u{a0}x",
        "%2F%25%",
        "a+b c",
        "a//b",
        "x?sig=1&sp=r#f",
    ];
    ascii.chain(others.map(str::to_owned))
}
