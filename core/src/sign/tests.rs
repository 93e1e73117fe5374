use http::HeaderName;
use proptest::prelude::*;

use super::*;
use crate::address::{BlobAddress, Location, Place};
use crate::message::SourceProof;
use crate::sas::SasToken;
use crate::source::CopySource;

const SECRET: &str = "c2VjcmV0LXNlY3JldA==";
const SAS: &str =
    "sv=2021-12-02&sr=c&sp=r&se=2026-12-31T00%3A00%3A00Z&sig=c2VjcmV0LXNlY3JldA%3D%3D";

fn blob(url: &str) -> BlobAddress {
    match url.parse::<Location>().unwrap().place {
        Place::Blob(blob) => blob,
        _ => panic!("names no blob"),
    }
}

fn now() -> Timestamp {
    Timestamp::parse_iso("2026-11-21T10:00:00Z").unwrap()
}

fn key() -> Credential {
    SharedKey::new(SECRET).unwrap().into()
}

fn sas() -> Credential {
    SAS.parse::<SasToken>().unwrap().into()
}

fn bearer() -> Credential {
    Bearer::new(SECRET, None).unwrap().into()
}

const DESTINATION: &str = "https://bbb.blob.core.windows.net/dst/x";

fn copy(
    source: &str,
    from: Option<Credential>,
    to: Credential,
    proof: SourceProof,
) -> Result<SignedRequest, SignError> {
    copy_at(source, from, to, proof, ServiceVersion::DEFAULT)
}

fn copy_at(
    source: &str,
    from: Option<Credential>,
    to: Credential,
    proof: SourceProof,
    version: ServiceVersion,
) -> Result<SignedRequest, SignError> {
    let (source, destination) = (blob(source), blob(DESTINATION));
    let mut identities = Identities::new();
    if let Some(from) = from {
        identities.set(source.account.clone(), from);
    }
    identities.set(destination.account.clone(), to);
    let request = Request::to_blob(Method::PUT, &destination)
        .source(CopySource::Blob(source))
        .source_proof(proof);
    sign(&request, &identities, version, now())
}

fn header_of(signed: &SignedRequest, name: HeaderName) -> Option<&str> {
    signed
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}

fn source_of(signed: &SignedRequest) -> &str {
    header_of(signed, header::X_MS_COPY_SOURCE).unwrap()
}

const SAME: &str = "https://bbb.blob.core.windows.net/src/y";
const OTHER: &str = "https://aaa.blob.core.windows.net/src/y";

#[test]
fn a_source_of_the_same_account_is_covered_by_the_requests_key_or_token() {
    for credential in [key(), bearer()] {
        let signed = copy(SAME, None, credential, SourceProof::Covered).unwrap();
        assert_eq!(source_of(&signed), SAME);
    }
}

#[test]
fn a_source_under_another_key_gets_a_token_for_two_weeks() {
    for (url, proof) in [(OTHER, SourceProof::Covered), (SAME, SourceProof::Own)] {
        let signed = copy(url, Some(key()), key(), proof).unwrap();
        let (place, query) = source_of(&signed).split_once('?').unwrap();
        assert_eq!(place, url);
        let minted: SasToken = query.parse().unwrap();
        assert_eq!((minted.get("sp"), minted.get("sr")), (Some("r"), Some("b")));
        assert_eq!(minted.get("st"), Some("2026-11-21T09:45:00Z"));
        assert_eq!(minted.get("se"), Some("2026-12-05T10:00:00Z"));
    }
}

#[test]
fn a_sas_is_added_to_the_source_and_its_snapshot() {
    let signed = copy(OTHER, Some(sas()), key(), SourceProof::Covered).unwrap();
    assert_eq!(source_of(&signed), format!("{OTHER}?{SAS}"));
    let signed = copy(
        &format!("{OTHER}?snapshot=2"),
        Some(sas()),
        key(),
        SourceProof::Covered,
    )
    .unwrap();
    assert_eq!(source_of(&signed), format!("{OTHER}?snapshot=2&{SAS}"));
}

#[test]
fn a_token_for_the_source_travels_only_where_the_operation_takes_it() {
    let signed = copy(OTHER, Some(bearer()), key(), SourceProof::OwnOrToken).unwrap();
    let header = signed
        .headers()
        .get(header::X_MS_COPY_SOURCE_AUTHORIZATION)
        .unwrap();
    assert!(header.is_sensitive());
    let refused = copy(OTHER, Some(bearer()), key(), SourceProof::Covered).unwrap_err();
    assert!(
        refused.to_string().contains("bearer token cannot travel"),
        "{refused}"
    );
}

#[test]
fn a_missing_or_expired_credential_names_its_account() {
    let expired = "sp=r&se=2026-11-21T10:00:00Z&sig=AA"
        .parse::<SasToken>()
        .unwrap();
    let old = Bearer::new("t", Some(now())).unwrap();
    for from in [None, Some(expired.into()), Some(old.into())] {
        let refused = copy(OTHER, from, key(), SourceProof::Covered).unwrap_err();
        assert_eq!(refused, SignError::Credential(blob(OTHER).account));
    }
}

#[test]
fn old_versions_name_the_source_by_account_and_path() {
    let old = ServiceVersion::V2011_08_18;
    let signed = copy_at(SAME, None, key(), SourceProof::Covered, old).unwrap();
    assert_eq!(source_of(&signed), "/bbb/src/y");
    assert!(copy_at(OTHER, Some(sas()), key(), SourceProof::Covered, old).is_err());
}

#[test]
fn a_source_that_grows_too_long_with_its_sas_is_refused() {
    let long = format!("{OTHER}{}", "%C3%A4".repeat(330));
    let refused = copy(&long, Some(sas()), key(), SourceProof::Covered).unwrap_err();
    assert!(matches!(refused, SignError::Invalid(_)));
}

#[test]
fn a_bearer_token_crosses_no_network_in_the_clear() {
    for (url, good) in [
        ("http://aaa.blob.core.windows.net/src/y", false),
        ("http://127.0.0.1:10000/aaa/src/y", true),
        ("http://localhost:10000/aaa/src/y", true),
    ] {
        let address = blob(url);
        let identities = Identities::new().with(address.account.clone(), bearer());
        let request = Request::to_blob(Method::GET, &address);
        let signed = sign(&request, &identities, ServiceVersion::DEFAULT, now());
        assert_eq!(signed.is_ok(), good, "{url}");
    }
}

#[test]
fn what_is_signed_is_what_is_sent() {
    let address = blob("http://127.0.0.1:10000/devstoreaccount1-secondary/src/a%20b");
    let identities = Identities::new().with(address.account.clone(), key());
    let request = Request::to_blob(Method::GET, &address).query("comp", "block list/ä");
    let signed = sign(&request, &identities, ServiceVersion::DEFAULT, now()).unwrap();
    assert_eq!(
        signed.uri().to_string(),
        "http://127.0.0.1:10000/devstoreaccount1-secondary/src/a%20b?comp=block%20list%2F%C3%A4"
    );
    let text = string_to_sign(&Parts {
        method: &Method::GET,
        headers: signed.headers(),
        account: "devstoreaccount1",
        path: "/devstoreaccount1/src/a%20b",
        query: &[("comp", "block list/ä")],
        version: ServiceVersion::DEFAULT,
        content_length: 0,
    });
    let expected = format!(
        "SharedKey devstoreaccount1:{}",
        SharedKey::new(SECRET).unwrap().sign(&text)
    );
    assert_eq!(
        header_of(&signed, header::AUTHORIZATION),
        Some(expected.as_str())
    );
}

#[test]
fn signatures_are_redacted_wherever_a_url_stands() {
    for (text, shown) in [
        ("https://a/b?sig=abc", "https://a/b?sig=REDACTED"),
        (
            "https://a/b?SIG=abc%3D&sp=r",
            "https://a/b?SIG=REDACTED&sp=r",
        ),
        (
            "see <https://a/b?sp=r&sig=a/b+c=> and https://c/?sig=d.",
            "see <https://a/b?sp=r&sig=REDACTED> and https://c/?sig=REDACTED",
        ),
        (
            "u=https%3A%2F%2Fa%3Fsig%3Dabc",
            "u=https%3A%2F%2Fa%3Fsig%3DREDACTED",
        ),
        ("https://a/design=1/b", "https://a/design=1/b"),
    ] {
        assert_eq!(redact_url(text), shown);
    }
}

proptest! {
    #[test]
    fn names_survive_signing_and_no_secret_is_printed(name in "\\PC{1,60}", which in 0..3_u8) {
        let Ok(name) = name.parse() else { return Ok(()) };
        let address = blob(OTHER).in_container().blob(name);
        let credential = match which { 0 => key(), 1 => sas(), _ => bearer() };
        let identities = Identities::new().with(address.account.clone(), credential);
        let request = Request::to_blob(Method::PUT, &address).source(CopySource::Blob(address.clone()));
        let request = request.source_proof(SourceProof::OwnOrToken);
        let signed = sign(&request, &identities, ServiceVersion::DEFAULT, now());
        let printed = format!("{signed:?} {identities:?} {request:?}");
        prop_assert!(!printed.contains("c2VjcmV0"), "{printed}");
        if let Ok(signed) = signed {
            let headers = format!("{:?}", signed.headers());
            prop_assert!(!headers.contains("c2VjcmV0"), "shows a secret");
            let read: Location = signed.uri().to_string().parse().unwrap();
            prop_assert_eq!(read.place, Place::Blob(address));
        }
    }
}
