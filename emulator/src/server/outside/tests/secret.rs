//! What opens a source outside: tokens and keys, which go to it and nowhere else.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use blobferry_core::ServiceVersion;

use super::*;
#[cfg(feature = "jwks")]
use crate::Bearer;

/// A token that nobody has signed.
fn token(world: &World, seconds: i64) -> String {
    let expiry = world.service.clock().now().as_secs() + seconds;
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"oid":"me","tid":"home","exp":{expiry}}}"#);
    format!("{}.{}.c2ln", encode(r#"{"alg":"RS256"}"#), encode(&claims))
}

/// The URL of the source, with nothing that opens it.
fn bare(from: &World) -> String {
    let url = from.sas_url("source", "r");
    url.split('?').next().unwrap().to_owned()
}

async fn put(to: &World, url: &str, extra: &[(&'static str, &str)]) -> String {
    let mut headers = vec![("x-ms-copy-source", url), ("x-ms-blob-type", "BlockBlob")];
    headers.extend_from_slice(extra);
    to.ask(Method::PUT, "copy", &headers, "").await
}

const TOKEN: &str = "x-ms-copy-source-authorization";

#[tokio::test]
async fn a_token_goes_to_the_source_which_judges_it() {
    let (from, to) = two().await;
    from.send(Method::PUT, Some("source"), "text").await;
    let url = bare(&from);
    let good = token(&from, 60);
    let expired = token(&from, -1);
    for (value, status, code, of_source) in [
        (format!("Bearer {good}"), "201", "", ""),
        (format!("bearer {good}"), "201", "", ""),
        (
            format!("Bearer {expired}"),
            "401",
            "CannotVerifyCopySource",
            "InvalidAuthenticationInfo",
        ),
        (
            "Bearer x".to_owned(),
            "400",
            "CannotVerifyCopySource",
            "InvalidAuthenticationInfo",
        ),
        ("Basic eDp5".to_owned(), "400", "InvalidHeaderValue", ""),
    ] {
        let answer = put(&to, &url, &[(TOKEN, &value)]).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert_eq!(header(&answer, "x-ms-error-code"), code, "{answer}");
        assert_eq!(header(&answer, "x-ms-copy-source-error-code"), of_source);
        assert!(!answer.contains("eDp5"), "{answer}");
    }
    let answer = put(&to, &url, &[]).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    // An asynchronous copy takes no token.
    let value = format!("Bearer {good}");
    let headers = [("x-ms-copy-source", &*url), (TOKEN, &value)];
    let answer = to.ask(Method::PUT, "copy", &headers, "").await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(header(&answer, "x-ms-error-code"), "CannotVerifyCopySource");
}

#[tokio::test]
async fn another_scheme_than_bearer_goes_nowhere() {
    let (from, to) = two().await;
    let asked = || from.service.stats(from.service.clock().now()).requests;
    let before = asked();
    let answer = put(&to, &bare(&from), &[(TOKEN, "Basic eDp5")]).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(asked(), before);
}

#[cfg(feature = "jwks")]
#[tokio::test]
async fn a_source_that_verifies_tokens_takes_none_that_nobody_signed() {
    use crate::auth::{keys, minted};
    let strict = Config::new().bearer(Bearer::Strict(keys()));
    let (from, to) = (World::with(strict).await, World::new().await);
    from.send(Method::PUT, Some("source"), "text").await;
    let expiry = from.service.clock().now().as_secs() + 60;
    let signed = minted(&format!(
        r#"{{"iss":"https://sts.windows.net/home/","tid":"home","oid":"me",
        "aud":"https://storage.azure.com","exp":{expiry}}}"#
    ));
    for (token, status) in [(signed, "201"), (token(&from, 60), "401")] {
        let answer = put(&to, &bare(&from), &[(TOKEN, &format!("Bearer {token}"))]).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}

/// A key of 32 zeros, and its hash.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const HASH: &str = "Zmh6rfhivXdsj8GLjp+OIAiXFIVu4jOzkCpZHQ1fKSU=";

#[tokio::test]
async fn a_key_for_the_source_goes_to_it_from_2026_04_06() {
    let (mut from, mut to) = two().await;
    from.version = ServiceVersion::V2026_04_06;
    to.version = ServiceVersion::V2026_04_06;
    let own = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-encryption-key", KEY),
        ("x-ms-encryption-key-sha256", HASH),
        ("x-ms-encryption-algorithm", "AES256"),
    ];
    let made = from.ask(Method::PUT, "source", &own, "text").await;
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    let url = from.sas_url("source", "r");
    let key = [
        ("x-ms-source-encryption-key", KEY),
        ("x-ms-source-encryption-key-sha256", HASH),
        ("x-ms-source-encryption-algorithm", "AES256"),
    ];
    let with = put(&to, &url, &key).await;
    assert!(with.starts_with("HTTP/1.1 201 "), "{with}");
    assert_eq!(header(&with, "x-ms-encryption-key-sha256"), "");
    let without = put(&to, &url, &[]).await;
    assert!(without.starts_with("HTTP/1.1 409 "), "{without}");
    assert_eq!(
        header(&without, "x-ms-copy-source-error-code"),
        "BlobUsesCustomerSpecifiedEncryption"
    );
    let wrong = [("x-ms-source-encryption-key", "AAAA"), key[1], key[2]];
    let wrong = put(&to, &url, &wrong).await;
    assert!(wrong.starts_with("HTTP/1.1 400 "), "{wrong}");
    to.version = ServiceVersion::V2026_02_06;
    let before = put(&to, &url, &key).await;
    assert!(before.starts_with("HTTP/1.1 409 "), "{before}");
}

#[tokio::test]
async fn a_file_request_intent_is_backup_from_2025_07_05() {
    let (from, mut to) = two().await;
    from.send(Method::PUT, Some("source"), "text").await;
    let url = from.sas_url("source", "r");
    for (version, intent, status) in [
        (ServiceVersion::V2025_07_05, "backup", "201"),
        (ServiceVersion::V2025_07_05, "other", "400"),
        (ServiceVersion::V2024_08_04, "other", "201"),
    ] {
        to.version = version;
        let answer = put(&to, &url, &[("x-ms-file-request-intent", intent)]).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}
