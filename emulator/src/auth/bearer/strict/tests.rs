use std::sync::OnceLock;

use blobferry_core::{ErrorCode, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

use super::*;
use crate::auth::bearer::{challenge, verify};
use crate::config::{Bearer, Config};

/// An RSA key that nobody has any more, and a token that it signed.
const RSA_N: &str = "vUOHQxbK0qrlhKt1s-tLE35XDHLwO58jqEjIoEXaRLVYTxCCEezsidWMeGUFo8e3Z2PkO-oFUx3Nrt1QVbaGqnjtGw\
    OsVS9VWI6cPPWQeeeVbdPMDnTGGDtrXxb3lJ9PD_gun8qW1FQgPkPFg0yaOzf7KtM9fm2s-\
    O5bcgMD_gSDJFa_ZqtCilqomhxpj-hFBaqQ0oEzI2DU2w8prbMhluOd1bZTEQ4D-\
    ZEPEFqdYXnoxIc_IYIe1zzamZQvJORrOvqn93WDIr9D_48Hh9nCgw6NHYFh0fKrNHFbgOTa3UmYMGvetFIGGkQCKds\
    A6B3gemcs8jesdLpCsoV5xccYBQ";
const RSA_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL3N0cy53aW5kb3dzLm5ldC9ob21lLyIsI\
    nRpZCI6ImhvbWUiLCJvaWQiOiJtZSIsImF1ZCI6Imh0dHBzOi8vc3RvcmFnZS5henVyZS5jb20iLCJleHAiOjIwMDB\
    9.Dsrj2mWA-\
    12XdRTWdtTmLii_UC3l9v0oQAgxX2Zids70kmqeA4MBmIv50iCz8IJicu6ChWl40aufsTOdSRM1fF9ZwnpFtx4j2HS\
    bIK1wZ2zj_cBhVFAIYWZN430w_pTjgXySBd7dG06Z5FJJFR6NWAgVjjPj3Mo4usK7hD9tymGT0M748iWBHg2ltDijy\
    BICYWmi5H-\
    ATG4L3WhebiSQyBG4yuPiIRBT6ICw5Kqb3HHMgPC5k4BNagHZYJTZwEprQgBJcktjkSq3mobs6WybWutaMpSn5ENVa\
    V4Yj_9HTI0oezci5k5qSomZsTnayXp6WTEhK1phDS_A8Dg1NEzNTQ";

/// A token with these claims, which [`keys`] verify.
pub(crate) fn minted(claims: &str) -> String {
    signed(signer(), EC, claims)
}

fn signer() -> &'static EcdsaKeyPair {
    static MADE: OnceLock<EcdsaKeyPair> = OnceLock::new();
    MADE.get_or_init(fresh)
}

fn fresh() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap()
}

/// Both keys, as an identity provider publishes them.
pub(crate) fn keys() -> Jwks {
    let point = signer().public_key().as_ref();
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let text = format!(
        r#"{{"keys":[{{"kty":"oct","k":"AA"}},
            {{"kty":"EC","crv":"P-256","kid":"ec","use":"sig","x":"{}","y":"{}"}},
            {{"kty":"RSA","kid":"rsa","n":"{RSA_N}","e":"AQAB"}}]}}"#,
        encode(&point[1..33]),
        encode(&point[33..]),
    );
    Jwks::read(&text).unwrap()
}

fn signed(by: &EcdsaKeyPair, header: &str, claims: &str) -> String {
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let text = format!("{}.{}", encode(header), encode(claims));
    let signature = by.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

const EC: &str = r#"{"alg":"ES256","kid":"ec"}"#;
const GOOD: &str = r#"{"iss":"https://sts.windows.net/home/","tid":"home","oid":"me",
    "aud":"https://storage.azure.com","nbf":900,"exp":2000}"#;

/// The detail of the refusal at second 1000; empty where the token opens the account.
fn reason(keys: Jwks, token: &str) -> String {
    let config = Config::new().bearer(Bearer::Strict(keys));
    let now = Timestamp::from_millis(1_000_000);
    match verify(&config, "devstoreaccount1", token, now) {
        Ok(()) => String::new(),
        Err(failure) => {
            assert_eq!(failure.code(), &ErrorCode::INVALID_AUTHENTICATION_INFO);
            assert_eq!(failure.parts().status, 401);
            assert!(failure.parts().headers.contains_key("www-authenticate"));
            failure.parts().details[0].1.clone()
        }
    }
}

#[test]
fn tokens_of_both_kinds_of_keys_are_accepted() {
    assert_eq!(reason(keys(), &signed(signer(), EC, GOOD)), "");
    assert_eq!(
        reason(keys(), &signed(signer(), r#"{"alg":"ES256"}"#, GOOD)),
        ""
    );
    assert_eq!(reason(keys(), RSA_TOKEN), "");
}

#[test]
fn a_token_that_another_signed_or_that_was_changed_is_not() {
    let good = signed(signer(), EC, GOOD);
    let (text, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = text.split_once('.').unwrap();
    let other = BASE64_URL_SAFE_NO_PAD.encode(GOOD.replace("me", "you"));
    let rsa_text = RSA_TOKEN.rsplit_once('.').unwrap().0;
    for token in [
        signed(&fresh(), EC, GOOD),
        format!("{header}.{other}.{signature}"),
        format!("{text}."),
        format!("{text}.AAAA"),
        format!("{rsa_text}.{signature}"),
        // What the token says of its algorithm and its key must be so.
        signed(signer(), r#"{"alg":"none","kid":"ec"}"#, GOOD),
        signed(signer(), r#"{"alg":"HS256","kid":"ec"}"#, GOOD),
        signed(signer(), r#"{"alg":"RS256","kid":"ec"}"#, GOOD),
        signed(signer(), r#"{"alg":"ES256","kid":"rsa"}"#, GOOD),
        signed(signer(), r#"{"alg":"ES256","kid":"unknown"}"#, GOOD),
    ] {
        let reason = reason(keys(), &token);
        assert!(
            reason.starts_with("Signature validation failed."),
            "{reason}"
        );
    }
}

#[test]
fn issuer_audience_and_lifetime_are_as_the_service_wants_them() {
    let rows = [
        (
            "sts.windows.net/home/",
            "login.microsoftonline.com/home/v2.0",
            "",
        ),
        ("sts.windows.net/home/", "sts.windows.net/other/", "Issuer"),
        ("sts.windows.net/home/", "evil.example/home/", "Issuer"),
        (r#""tid":"home","#, "", "Issuer"),
        (
            "https://storage.azure.com",
            "https://storage.azure.com/",
            "",
        ),
        (
            "https://storage.azure.com",
            "https://devstoreaccount1.blob.core.windows.net",
            "",
        ),
        (
            "https://storage.azure.com",
            "https://other.blob.core.windows.net",
            "Audience",
        ),
        (
            "https://storage.azure.com",
            "https://graph.microsoft.com",
            "Audience",
        ),
        (r#""aud":"https://storage.azure.com","#, "", "Audience"),
        ("2000", "1000", "Lifetime"),
        ("900", "1301", "Lifetime"),
        ("900", "1300", ""),
        (r#""nbf":900,"#, "", ""),
    ];
    for (from, to, expected) in rows {
        let claims = GOOD.replace(from, to);
        assert_ne!(claims, GOOD);
        let reason = reason(keys(), &signed(signer(), EC, &claims));
        let part = reason.split(' ').next().unwrap();
        assert_eq!(part, expected, "{from} -> {to}: {reason}");
    }
}

#[test]
fn one_tenant_may_be_the_only_one_and_is_told_to_who_asks_without_a_token() {
    let token = signed(signer(), EC, GOOD);
    assert_eq!(reason(keys().tenant("home"), &token), "");
    let refused = reason(keys().tenant("other"), &token);
    assert!(refused.starts_with("Issuer"), "{refused}");
    let config = Config::new().bearer(Bearer::Strict(keys().tenant("home")));
    assert_eq!(
        challenge(&config),
        "Bearer authorization_uri=https://login.microsoftonline.com/home/oauth2/authorize \
         resource_id=https://storage.azure.com"
    );
}

#[test]
fn what_holds_no_usable_key_is_no_key_set() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"keys":[]}"#,
        r#"{"keys":[{"kty":"oct","k":"AA"}]}"#,
    ] {
        assert!(Jwks::read(text).is_err(), "{text}");
    }
}

#[test]
fn a_user_delegation_key_is_for_whom_a_verified_token_speaks() {
    let config = Config::new().bearer(Bearer::Strict(keys()));
    let service = crate::Service::new(config);
    let asked = |token: &str| {
        let url = "http://127.0.0.1/devstoreaccount1?restype=service&comp=userdelegationkey";
        let request = http::Request::post(url)
            .header("x-ms-version", "2021-12-02")
            .header("authorization", format!("Bearer {token}"))
            .body(bytes::Bytes::from_static(
                b"<KeyInfo><Start></Start><Expiry>1970-01-01T01:00:00Z</Expiry></KeyInfo>",
            ))
            .unwrap();
        service.respond(Timestamp::from_millis(1_000_000), request)
    };
    let answer = asked(&signed(signer(), EC, GOOD));
    assert_eq!(answer.status(), 200);
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(
        body.contains("<SignedOid>me</SignedOid><SignedTid>home</SignedTid>"),
        "{body}"
    );
    assert_eq!(asked(&signed(&fresh(), EC, GOOD)).status(), 401);
}
