use super::super::tests::{NOW, World, token, url};
use super::*;

fn asking(world: &World, kind: Kind, version: &str, caller: Caller) -> Ask {
    let (rest, extra): (_, &[(&str, &str)]) = match kind {
        Kind::CopyBlob => ("/c/b", &[]),
        Kind::CopyBlobFromUrl => ("/c/b", &[("x-ms-requires-sync", "true")]),
        Kind::AppendBlockFromUrl => ("/c/b?comp=appendblock", &[]),
        _ => ("/c/b?comp=block", &[]),
    };
    let mut headers = vec![("x-ms-version", version), ("x-ms-copy-source", "x")];
    headers.extend_from_slice(extra);
    let mut ask = world.ask("PUT", &url(rest), &headers);
    assert_eq!(ask.kind, kind);
    ask.caller = caller;
    ask
}

fn outcome(world: &World, ask: &Ask, source: &str) -> Result<SourceRef, (u16, String)> {
    authorize_source(world, source, ask).map_err(|failure| {
        (
            failure.parts().status.as_u16(),
            failure.code().as_str().to_owned(),
        )
    })
}

#[test]
fn the_own_key_opens_sources_of_the_same_account_to_copy_blob_only() {
    let world = World::new();
    let same = url("/s/a%20b?snapshot=2021-12-20T00:00:00.0000000Z");
    let other = "http://127.0.0.1:10000/second/s/a";
    for (kind, caller, source, passes) in [
        (Kind::CopyBlob, Caller::SharedKey, same.as_str(), true),
        (Kind::CopyBlob, Caller::Bearer, &same, true),
        (Kind::CopyBlob, Caller::Sas, &same, false),
        (Kind::CopyBlob, Caller::SharedKey, other, false),
        (Kind::CopyBlobFromUrl, Caller::SharedKey, &same, false),
        (Kind::PutBlockFromUrl, Caller::SharedKey, &same, false),
    ] {
        let ask = asking(&world, kind, "2021-12-02", caller);
        let found = outcome(&world, &ask, source);
        if passes {
            let found = found.unwrap();
            assert_eq!(
                (found.container.as_str(), found.blob.as_str()),
                ("s", "a b")
            );
            assert_eq!(
                found.snapshot.as_deref(),
                Some("2021-12-20T00:00:00.0000000Z")
            );
            assert!(found.same_account && found.tags);
        } else {
            assert_eq!(
                found,
                Err((401, "CannotVerifyCopySource".into())),
                "{kind:?} {caller:?}"
            );
        }
    }
}

#[test]
fn public_sources_open_to_everybody() {
    let world = World::new();
    let ask = asking(
        &world,
        Kind::CopyBlobFromUrl,
        "2021-12-02",
        Caller::SharedKey,
    );
    for source in [
        "http://second.blob.localhost:10000/open/a",
        "https://second.blob.core.windows.net/blobs/a",
        "http://127.0.0.1:10000/second/blobs/a",
    ] {
        let found = outcome(&world, &ask, source).unwrap();
        assert_eq!(found.account, "second");
        assert!(!found.same_account && !found.tags);
    }
}

#[test]
fn a_token_for_the_source_opens_it() {
    let world = World::new();
    let mut ask = asking(
        &world,
        Kind::CopyBlobFromUrl,
        "2021-12-02",
        Caller::SharedKey,
    );
    let value = format!("Bearer {}", token(NOW.as_secs() + 1))
        .parse()
        .unwrap();
    ask.headers
        .insert(header::X_MS_COPY_SOURCE_AUTHORIZATION, value);
    assert!(outcome(&world, &ask, "http://127.0.0.1/second/s/a").is_ok());
    let value = format!("Bearer {}", token(NOW.as_secs())).parse().unwrap();
    ask.headers
        .insert(header::X_MS_COPY_SOURCE_AUTHORIZATION, value);
    assert_eq!(
        outcome(&world, &ask, "http://127.0.0.1/second/s/a"),
        Err((401, "CannotVerifyCopySource".into()))
    );
}

/// What comes of a private source of another account with this value of the header.
fn with_token(
    world: &World,
    kind: Kind,
    version: &str,
    value: Option<&str>,
) -> Result<SourceRef, (u16, String)> {
    let mut ask = asking(world, kind, version, Caller::SharedKey);
    if let Some(value) = value {
        let name = header::X_MS_COPY_SOURCE_AUTHORIZATION;
        ask.headers.insert(name, value.parse().unwrap());
    }
    outcome(world, &ask, "http://127.0.0.1/second/s/a")
}

#[test]
fn a_token_for_the_source_is_of_one_scheme_from_one_version_and_for_writes_from_urls() {
    let world = World::new();
    let good = format!("Bearer {}", token(NOW.as_secs() + 1));
    let lower = format!("bearer {}", token(NOW.as_secs() + 1));
    let expired = format!("Bearer {}", token(NOW.as_secs()));
    let unverified = |status| Err((status, "CannotVerifyCopySource"));
    let malformed = Err((400, "InvalidHeaderValue"));
    for (kind, version, value, expected) in [
        (Kind::PutBlockFromUrl, "2020-10-02", Some(&*good), Ok(())),
        (Kind::AppendBlockFromUrl, "2020-10-02", Some(&lower), Ok(())),
        (
            Kind::PutBlockFromUrl,
            "2020-10-02",
            Some(&expired),
            unverified(401),
        ),
        (Kind::PutBlockFromUrl, "2020-10-02", None, unverified(401)),
        (
            Kind::PutBlockFromUrl,
            "2020-10-02",
            Some("Bearer x"),
            unverified(400),
        ),
        (
            Kind::PutBlockFromUrl,
            "2020-10-02",
            Some("SharedKey a:b"),
            malformed,
        ),
        (
            Kind::CopyBlobFromUrl,
            "2020-10-02",
            Some("Bearer"),
            malformed,
        ),
        // Before, and elsewhere, the header means nothing.
        (
            Kind::PutBlockFromUrl,
            "2020-08-04",
            Some(&good),
            unverified(401),
        ),
        (
            Kind::PutBlockFromUrl,
            "2020-08-04",
            Some("Basic x"),
            unverified(401),
        ),
        (Kind::CopyBlob, "2024-08-04", Some(&good), unverified(401)),
        (
            Kind::CopyBlob,
            "2024-08-04",
            Some("Basic x"),
            unverified(401),
        ),
    ] {
        let found = with_token(&world, kind, version, value).map(drop);
        let expected = expected.map_err(|(status, code): (u16, &str)| (status, code.to_owned()));
        assert_eq!(found, expected, "{kind:?} {version} {value:?}");
    }
}

#[cfg(feature = "jwks")]
#[test]
fn a_token_for_the_source_must_be_signed_and_meant_for_its_account_where_that_is_asked() {
    use crate::auth::{keys, minted};
    let mut world = World::new();
    world.config = world.config.bearer(crate::Bearer::Strict(keys()));
    let claims = |audience: &str, expiry: i64| {
        format!(
            r#"{{"iss":"https://sts.windows.net/home/","tid":"home","oid":"me",
            "aud":"{audience}","exp":{}}}"#,
            NOW.as_secs() + expiry
        )
    };
    let source = "https://second.blob.core.windows.net";
    let destination = "https://devstoreaccount1.blob.core.windows.net";
    let unsigned = token(NOW.as_secs() + 1);
    for (token, passes) in [
        (minted(&claims(source, 1)), true),
        (minted(&claims("https://storage.azure.com/", 1)), true),
        (minted(&claims(source, 0)), false),
        // It is the source that it opens.
        (minted(&claims(destination, 1)), false),
        (unsigned, false),
    ] {
        let value = format!("Bearer {token}");
        let found = with_token(&world, Kind::PutBlockFromUrl, "2024-08-04", Some(&value));
        if passes {
            assert!(found.is_ok_and(|found| found.tags));
        } else {
            assert_eq!(found, Err((401, "CannotVerifyCopySource".into())));
        }
    }
}

#[test]
fn a_sas_for_https_opens_a_source_whose_url_says_https() {
    use blobferry_core::sas::{AccountSas, Protocol, Terms};
    use blobferry_core::sign::shared_key::SharedKey;
    let world = World::new();
    let ask = asking(
        &world,
        Kind::PutBlockFromUrl,
        "2024-08-04",
        Caller::SharedKey,
    );
    let end = NOW + std::time::Duration::from_secs(60);
    let terms = Terms {
        protocol: Some(Protocol::HttpsOnly),
        ..Terms::until(end, "r".parse().unwrap())
    };
    let key = SharedKey::new("c2Vjb25k").unwrap();
    let sas = AccountSas::new("second", terms).sign(&key).unwrap();
    let source = |scheme: &str| format!("{scheme}://127.0.0.1/second/s/a?{}", sas.expose());
    assert!(authorize_source(&world, &source("https"), &ask).is_ok());
    let told = authorize_source(&world, &source("http"), &ask).unwrap_err();
    assert_eq!(
        told.parts().headers[header::X_MS_COPY_SOURCE_ERROR_CODE],
        "AuthorizationProtocolMismatch"
    );
}

#[test]
fn conditions_on_the_tags_of_a_source_need_to_be_allowed_to_read_them() {
    use blobferry_core::sas::{AccountSas, Terms};
    use blobferry_core::sign::shared_key::SharedKey;
    let world = World::new();
    let end = NOW + std::time::Duration::from_secs(60);
    let key = SharedKey::new("c2Vjb25k").unwrap();
    let signed = |letters: &str| {
        let terms = Terms::until(end, letters.parse().unwrap());
        let sas = AccountSas::new("second", terms).sign(&key).unwrap();
        format!("http://127.0.0.1/second/s/a?{}", sas.expose())
    };
    let public = "http://127.0.0.1/second/open/a".to_owned();
    for (source, told) in [
        (signed("rt"), Ok(())),
        (signed("r"), Err((403, "CannotVerifyCopySource".into()))),
        (public, Err((401, "CannotVerifyCopySource".into()))),
        (url("/s/a"), Ok(())),
    ] {
        let mut ask = asking(&world, Kind::CopyBlob, "2021-12-02", Caller::SharedKey);
        assert!(outcome(&world, &ask, &source).is_ok(), "{source}");
        let condition = "a='b'".parse().unwrap();
        ask.headers.insert(header::X_MS_SOURCE_IF_TAGS, condition);
        let found = outcome(&world, &ask, &source).map(drop);
        assert_eq!(found, told, "{source}");
    }
}

#[test]
fn a_source_refuses_under_its_own_status() {
    let world = World::new();
    for (version, source, expected) in [
        ("2019-02-02", "http://127.0.0.1/second/s/a", 404),
        ("2021-12-02", "http://127.0.0.1/second/s/a", 401),
        (
            "2021-12-02",
            "http://127.0.0.1/second/s/a?sv=2021-12-02&sr=b&sp=r&se=2030-01-01&sig=AAAA",
            403,
        ),
        ("2021-12-02", "https://example.org/file", 404),
    ] {
        let ask = asking(&world, Kind::PutBlockFromUrl, version, Caller::SharedKey);
        assert_eq!(
            outcome(&world, &ask, source),
            Err((expected, "CannotVerifyCopySource".into())),
            "{source}"
        );
    }
}

#[test]
fn what_is_no_url_of_a_blob_is_an_invalid_header() {
    let world = World::new();
    let ask = asking(&world, Kind::CopyBlob, "2021-12-02", Caller::SharedKey);
    for source in [
        "",
        "nonsense",
        "/devstoreaccount1/s/a",
        "http://127.0.0.1/second/?comp=list",
    ] {
        assert_eq!(
            outcome(&world, &ask, source),
            Err((400, "InvalidHeaderValue".into())),
            "{source}"
        );
    }
}

#[test]
fn a_path_was_a_source_before_2012_02_12() {
    let world = World::new();
    let ask = asking(&world, Kind::CopyBlob, "2011-08-18", Caller::SharedKey);
    let found = outcome(&world, &ask, "/devstoreaccount1/s/a").unwrap();
    assert_eq!((found.container.as_str(), found.blob.as_str()), ("s", "a"));
}

#[test]
fn the_sources_own_answer_is_told_from_2024_08_04() {
    let world = World::new();
    let missing = Failure::new(ErrorCode::BLOB_NOT_FOUND);
    for (version, told) in [("2021-12-02", false), ("2024-08-04", true)] {
        let ask = asking(&world, Kind::PutBlockFromUrl, version, Caller::SharedKey);
        let failure = cannot_verify(&ask, &missing);
        assert_eq!(failure.parts().status, StatusCode::NOT_FOUND);
        let headers = &failure.parts().headers;
        assert_eq!(
            headers.contains_key(header::X_MS_COPY_SOURCE_STATUS_CODE),
            told
        );
        if told {
            assert_eq!(headers[header::X_MS_COPY_SOURCE_ERROR_CODE], "BlobNotFound");
            let detail = ("CopySourceStatusCode", "404".to_owned());
            assert!(failure.parts().details.contains(&detail));
        }
    }
    let ask = asking(
        &world,
        Kind::AppendBlockFromUrl,
        "2021-12-02",
        Caller::SharedKey,
    );
    assert!(
        cannot_verify(&ask, &missing)
            .parts()
            .message
            .starts_with("Could not verify")
    );
}
