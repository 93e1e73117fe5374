//! What the tests of authorization share, and authorization as a whole.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderValue, Request};

use blobferry_core::Timestamp;

use super::*;
use crate::config::{DEV_ACCOUNT, DEV_KEY};
use crate::read;

/// The moment at which the tests happen.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_640_000_000_000);

/// Two accounts, one container of each kind of access, one policy.
pub(super) struct World {
    pub(super) config: Config,
    pub(super) policies: BTreeMap<&'static str, StoredPolicy>,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            config: Config::new().account("second", "c2Vjb25k").unwrap(),
            policies: BTreeMap::new(),
        }
    }

    pub(super) fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Ask {
        let mut builder = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            builder = builder.header(*name, HeaderValue::from_str(value).unwrap());
        }
        let parts = builder.body(()).unwrap().into_parts().0;
        read::read(self, NOW, parts, Bytes::new()).outcome.unwrap()
    }

    /// Status and code of the refusal; absent where the request may pass.
    pub(super) fn refusal(&self, mut ask: Ask) -> Option<(u16, String)> {
        authorize(self, &mut ask).err().map(|failure| {
            (
                failure.parts().status.as_u16(),
                failure.code().as_str().to_owned(),
            )
        })
    }

    /// The reason that stands in the refusal's body.
    pub(super) fn reason(&self, mut ask: Ask) -> String {
        let failure = authorize(self, &mut ask).unwrap_err();
        failure
            .parts()
            .details
            .iter()
            .find(|(name, _)| *name == "AuthenticationErrorDetail")
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }
}

impl Holdings for World {
    fn config(&self) -> &Config {
        &self.config
    }
    fn public_access(&self, _: &str, container: &str) -> Option<PublicAccess> {
        match container {
            "open" => Some(PublicAccess::Container),
            "blobs" => Some(PublicAccess::Blob),
            _ => None,
        }
    }
    fn policy(&self, _: &str, _: &str, id: &str) -> Option<StoredPolicy> {
        self.policies.get(id).cloned()
    }
    fn default_version(&self, _: &str) -> Option<ServiceVersion> {
        None
    }
}

/// A token that anybody could have made.
pub(crate) fn token(expiry: i64) -> String {
    let claims = format!(r#"{{"oid":"11-22","tid":"33-44","exp":{expiry}}}"#);
    format!(
        "{}.{}.c2ln",
        BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#),
        BASE64_URL_SAFE_NO_PAD.encode(claims)
    )
}

/// Signs with the development account's key.
pub(crate) fn dev_signature(text: &str) -> String {
    let key = BASE64_STANDARD.decode(DEV_KEY).unwrap();
    BASE64_STANDARD.encode(mac::sign(&key, text.as_bytes()))
}

pub(super) fn url(rest: &str) -> String {
    format!("http://127.0.0.1:10000/{DEV_ACCOUNT}{rest}")
}

fn fails(status: u16, code: &str) -> Option<(u16, String)> {
    Some((status, code.to_owned()))
}

#[test]
fn public_containers_open_what_their_level_says() {
    let world = World::new();
    for (rest, method, refused) in [
        ("/open/b", "GET", false),
        ("/open/b", "HEAD", false),
        ("/open?restype=container&comp=list", "GET", false),
        ("/open?restype=container", "GET", false),
        ("/open/b", "PUT", true),
        ("/blobs/b", "GET", false),
        ("/blobs?restype=container&comp=list", "GET", true),
        ("/private/b", "GET", true),
    ] {
        for (version, answer) in [
            ("2019-07-07", fails(404, "ResourceNotFound")),
            ("2019-12-12", fails(401, "NoAuthenticationInformation")),
        ] {
            let ask = world.ask(method, &url(rest), &[("x-ms-version", version)]);
            let expected = if refused { answer } else { None };
            assert_eq!(world.refusal(ask), expected, "{method} {rest} {version}");
        }
    }
}

#[test]
fn public_access_tells_nothing_of_tags() {
    let world = World::new();
    for (rest, headers) in [
        ("/open/b", vec![("x-ms-if-tags", "a='b'")]),
        ("/blobs/b", vec![("x-ms-if-tags", "a='b'")]),
        ("/open?restype=container&comp=list&include=tags", vec![]),
        ("/open?restype=container&comp=list&include=%20tags", vec![]),
        ("/open/b?comp=tags", vec![]),
    ] {
        let ask = world.ask(
            "GET",
            &url(rest),
            &[&headers[..], &[("x-ms-version", "2021-12-02")]].concat(),
        );
        let refused = fails(401, "NoAuthenticationInformation");
        assert_eq!(world.refusal(ask), refused, "{rest}");
    }
}

#[test]
fn an_anonymous_refusal_says_where_to_get_a_token() {
    let world = World::new();
    let mut ask = world.ask("GET", &url("/private/b"), &[("x-ms-version", "2020-10-02")]);
    let failure = authorize(&world, &mut ask).unwrap_err();
    assert!(
        failure
            .parts()
            .headers
            .contains_key(header::WWW_AUTHENTICATE)
    );
}

#[test]
fn what_cannot_be_read_as_authorization_is_malformed() {
    let world = World::new();
    for value in [
        "",
        "SharedKey",
        "SharedKey nocolon",
        "Basic dTpw",
        "Bearer x.y",
    ] {
        let ask = world.ask(
            "GET",
            &url("/c/b"),
            &[("x-ms-version", "2021-12-02"), ("authorization", value)],
        );
        assert_eq!(
            world.refusal(ask),
            fails(400, "InvalidAuthenticationInfo"),
            "{value}"
        );
    }
}

#[test]
fn a_bearer_token_is_the_owners_from_2017_11_09() {
    let world = World::new();
    let value = format!("Bearer {}", token(NOW.as_secs() + 60));
    for (version, expected) in [
        ("2017-07-29", fails(400, "InvalidAuthenticationInfo")),
        ("2017-11-09", None),
    ] {
        let ask = world.ask(
            "PUT",
            &url("/c/b"),
            &[("x-ms-version", version), ("authorization", &value)],
        );
        assert_eq!(world.refusal(ask), expected);
    }
}

#[test]
fn the_secondary_endpoint_only_reads() {
    let world = World::new();
    let value = format!("Bearer {}", token(NOW.as_secs() + 60));
    let headers = [
        ("x-ms-version", "2021-12-02"),
        ("authorization", value.as_str()),
    ];
    let secondary = "http://127.0.0.1/devstoreaccount1-secondary/c/b";
    assert_eq!(world.refusal(world.ask("GET", secondary, &headers)), None);
    assert_eq!(
        world.refusal(world.ask("PUT", secondary, &headers)),
        fails(403, "InsufficientAccountPermissions")
    );
}
