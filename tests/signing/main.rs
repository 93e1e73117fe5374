//! What core signs, the emulator verifies by its own reading: every kind of credential, the versions in
//! which a text to sign changed, and names of every printable character.

#![expect(
    clippy::unwrap_used,
    reason = "what a test writes down is right, and a failure is a finding"
)]

mod credentials;
mod world;

use blobferry_core::operation::{GetBlob, GetBlobMetadata, PutBlob};
use blobferry_core::sas::{SasToken, Terms};
use blobferry_core::{Credential, Operation, Request, ServiceVersion};
use http::Method;

use credentials::{Kind, mint};
use world::{World, names};

/// Each changed what is signed, or which SAS there are.
const VERSIONS: [&str; 7] = [
    "2015-02-21",
    "2018-11-09",
    "2019-12-12",
    "2020-12-06",
    "2021-12-02",
    "2025-07-05",
    "2026-04-06",
];

fn versions() -> impl Iterator<Item = ServiceVersion> {
    VERSIONS.into_iter().map(|version| version.parse().unwrap())
}

#[test]
fn every_credential_reads_every_name_in_every_version() {
    for world in World::both() {
        let written: Vec<_> = names().map(|name| world.write(&name)).collect();
        for version in versions() {
            for kind in Kind::ALL {
                for blob in &written {
                    let Some(credential) = mint(kind, &world, blob, version) else {
                        continue;
                    };
                    let request = GetBlob::new(blob.clone()).request();
                    let answer = world.ask(&request, &credential, version);
                    let what = format!("{kind:?} {version} {blob}");
                    assert_eq!(answer.status(), 200, "{what}: {:?}", answer.body());
                    assert_eq!(answer.body(), "lantern", "{what}");
                }
            }
        }
    }
}

#[test]
fn a_changed_signature_opens_nothing() {
    for world in World::both() {
        let blob = world.write("a b/ü");
        for version in versions() {
            for kind in Kind::SIGNED {
                let Some(Credential::Sas(sas)) = mint(kind, &world, &blob, version) else {
                    continue;
                };
                for (key, _) in sas.pairs() {
                    let Some(forged) = forged(&sas, key) else {
                        continue;
                    };
                    let request = GetBlob::new(blob.clone()).request();
                    let status = world.ask(&request, &forged.into(), version).status();
                    assert!(
                        status.is_client_error(),
                        "{kind:?} {version} {key}: {status}"
                    );
                }
            }
        }
    }
}

/// The token with another value for one parameter; none where it would say the same.
fn forged(sas: &SasToken, key: &str) -> Option<SasToken> {
    let value = match key {
        "sig" => "AAAA",
        "sp" => "rw",
        "st" => "2020-01-01T00:00:00Z",
        "se" => "2030-01-01T00:00:00Z",
        "ske" => "2026-11-29T00:00:00Z",
        "skt" => "2026-11-01T00:00:00Z",
        "sv" => "2022-11-02",
        "skoid" | "sktid" => "00000000-0000-0000-0000-000000000000",
        "ss" => "bf",
        "srt" => "co",
        _ => return None,
    };
    let pairs: Vec<String> = sas
        .pairs()
        .iter()
        .map(|(name, old)| format!("{name}={}", if name == key { value } else { old }))
        .map(|pair| pair.replace('+', "%2B"))
        .collect();
    pairs.join("&").parse().ok()
}

#[test]
fn parameters_in_capitals_are_signed_and_read_as_any() {
    for world in World::both() {
        let blob = world.write("x");
        for version in versions() {
            let request = Request::to_blob(Method::GET, &blob)
                .query("COMP", "metadata")
                .query("TimeOut", "20");
            let answer = world.ask(&request, &world.key().into(), version);
            assert_eq!(answer.status(), 200, "{version}: {:?}", answer.body());
        }
        let version = ServiceVersion::DEFAULT;
        let Some(Credential::Sas(sas)) = mint(Kind::Blob, &world, &blob, version) else {
            unreachable!("a blob SAS can be minted");
        };
        let capitals: Vec<String> = sas
            .expose()
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(key, value)| format!("{}={value}", key.to_ascii_uppercase()))
            .collect();
        let capitals: SasToken = capitals.join("&").parse().unwrap();
        let request = GetBlobMetadata::new(blob).request();
        let answer = world.ask(&request, &capitals.into(), version);
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
    }
}

#[test]
fn a_token_that_allows_nothing_or_says_a_thing_twice_is_refused() {
    let world = World::shared();
    let blob = world.write("x");
    let version = ServiceVersion::DEFAULT;
    let Some(Credential::Sas(sas)) = mint(Kind::Blob, &world, &blob, version) else {
        unreachable!("a blob SAS can be minted");
    };
    assert!(
        sas.expose()
            .replace("sp=r", "sp=")
            .parse::<SasToken>()
            .is_err()
    );
    let request = GetBlob::new(blob.clone()).request();

    // The policy says what is allowed and until when: neither may be said again.
    let twice = Terms {
        permissions: Some("r".parse().unwrap()),
        ..Terms::default()
    };
    let twice = world.policy_sas(&blob, twice).unwrap();
    let answer = world.ask(&request, &twice.into(), version);
    assert_eq!(answer.status(), 403, "{:?}", answer.body());
}

#[test]
fn a_token_to_read_does_not_write() {
    let world = World::shared();
    let blob = world.write("x");
    for version in versions() {
        for kind in Kind::SIGNED {
            let Some(credential) = mint(kind, &world, &blob, version) else {
                continue;
            };
            let request = PutBlob::block(blob.clone(), "dark").request();
            let status = world.ask(&request, &credential, version).status();
            // Before 2015-04-05 a SAS that does not reach is answered as if nothing were there.
            let expected = match version < ServiceVersion::V2015_04_05 {
                true => 404,
                false => 403,
            };
            assert_eq!(status, expected, "{kind:?} {version}");
        }
    }
}
