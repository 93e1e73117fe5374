use super::*;
use crate::config::DEV_ACCOUNT;

fn ask(service: &Service, version: &str) -> Response<Bytes> {
    let request = Request::get("http://127.0.0.1/devstoreaccount1/c/b")
        .header("x-ms-version", version)
        .body(Bytes::new())
        .unwrap();
    service.respond(Timestamp::from_millis(0), request)
}

#[test]
fn the_same_seed_and_requests_give_the_same_answers() {
    let answers = |seed| {
        let service = Service::new(Config::new().seed(seed));
        [ask(&service, "2021-12-02"), ask(&service, "2021-12-02")]
            .map(|answer| (answer.headers().clone(), answer.into_body()))
    };
    assert_eq!(answers(1), answers(1));
    assert_ne!(answers(1), answers(2));
    let [first, second] = answers(1);
    assert_ne!(first.0["x-ms-request-id"], second.0["x-ms-request-id"]);
}

#[test]
fn an_unreadable_request_is_answered_under_the_newest_rules() {
    let answer = ask(&Service::new(Config::new()), "1999-01-01");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["x-ms-error-code"], "InvalidHeaderValue");
    let body = std::str::from_utf8(answer.body()).unwrap();
    assert!(body.contains("<HeaderName>x-ms-version</HeaderName><HeaderValue>1999-01-01<"));
}

#[test]
fn a_connection_string_names_endpoint_and_key() {
    let service = Service::new(Config::new());
    let addr = "127.0.0.1:10000".parse().unwrap();
    let text = service.connection_string(DEV_ACCOUNT, addr).unwrap();
    assert!(text.contains("AccountName=devstoreaccount1;AccountKey=Eby8"));
    assert!(text.contains("BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"));
    assert_eq!(service.connection_string("nobody", addr), None);
}

#[test]
fn a_key_that_was_replaced_opens_nothing_any_more() {
    let config = Config::new();
    let service = Service::new(config.clone());
    let addr = "127.0.0.1:10000".parse().unwrap();
    let old = service.key(DEV_ACCOUNT, KeyName::Key1).unwrap();
    let passes = |service: &Service, key: &str| {
        use blobferry_core::sign::{self, shared_key::SharedKey};
        let account: blobferry_core::Account =
            "http://127.0.0.1:10000/devstoreaccount1".parse().unwrap();
        let identities =
            blobferry_core::Identities::new().with(account.clone(), SharedKey::new(key).unwrap());
        let now = Timestamp::from_millis(1_640_000_000_000);
        let unsigned =
            blobferry_core::Request::to_account(http::Method::GET, &account).query("comp", "list");
        let signed = sign::sign(&unsigned, &identities, ServiceVersion::DEFAULT, now).unwrap();
        service.respond(now, signed.into_http()).status() == 200
    };
    assert!(passes(&service, &old));
    let new = service.regenerate_key(DEV_ACCOUNT, KeyName::Key1).unwrap();
    assert!(passes(&service, &new) && !passes(&service, &old));
    let text = service.connection_string(DEV_ACCOUNT, addr).unwrap();
    assert!(text.contains(&new));
    service.set_key(DEV_ACCOUNT, KeyName::Key2, &old).unwrap();
    assert!(passes(&service, &new) && passes(&service, &old));
    assert_eq!(service.regenerate_key("nobody", KeyName::Key1), None);
    // Another service of the same configuration has its own keys.
    assert!(passes(&Service::new(config), &old));
}

/// Core signs by its reading of the documents, this crate verifies by its own.
#[test]
fn what_core_signs_is_accepted_in_every_version_and_for_every_name() {
    use blobferry_core::sign::{self, shared_key::SharedKey};
    use blobferry_core::{Account, BlobName, ContainerName, Identities, Request as Unsigned};
    use http::{HeaderName, HeaderValue, Method};

    let now = Timestamp::from_millis(1_640_000_000_000);
    let service = Service::new(Config::new());
    let account: Account = "http://127.0.0.1:10000/devstoreaccount1".parse().unwrap();
    let key = SharedKey::new(crate::config::DEV_KEY).unwrap();
    let identities = Identities::new().with(account.clone(), key);
    let container = account.container("box".parse::<ContainerName>().unwrap());
    let sent = |unsigned: &Unsigned, version: ServiceVersion| {
        let signed = sign::sign(unsigned, &identities, version, now).unwrap();
        service.respond(now, signed.into_http()).status().as_u16()
    };
    let create = Unsigned::to_container(Method::PUT, &container);
    assert_eq!(sent(&create, ServiceVersion::DEFAULT), 201);
    for version in [
        "2011-08-18",
        "2014-02-14",
        "2016-05-31",
        "2021-12-02",
        "2026-06-06",
    ] {
        for name in ["plain", "a b+c%2F", "ü/漢字/🚢", "q?&=#", "dots.x/..."] {
            let blob = container.blob(name.parse::<BlobName>().unwrap());
            let mut put = Unsigned::to_blob(Method::PUT, &blob)
                .query("timeout", "20")
                .body(Bytes::from_static(b"text"));
            for (name, value) in [
                ("x-ms-blob-type", "BlockBlob"),
                ("content-type", "text/plain"),
                ("x-ms-meta-a_b", "1"),
                ("x-ms-meta-ab", " two  words "),
                ("x-ms-meta-a1", "3"),
            ] {
                let name = HeaderName::from_static(name);
                put = put.header(name, HeaderValue::from_static(value));
            }
            let version = version.parse().unwrap();
            assert_eq!(sent(&put, version), 201, "{name} {version}");
            let delete = Unsigned::to_blob(Method::DELETE, &blob);
            assert_eq!(sent(&delete, version), 202, "{name} {version}");
        }
    }
}

#[test]
fn a_body_longer_than_any_memory_is_not_put_into_one_piece() {
    use blobferry_core::sas::{AccountSas, Permissions, Terms};
    use blobferry_core::sign::shared_key::SharedKey;
    let now = Timestamp::from_millis(1_640_000_000_000);
    let letters: Permissions = "rwc".parse().unwrap();
    let terms = Terms::until(Timestamp::from_millis(1_640_003_600_000), letters);
    let key = SharedKey::new(crate::config::DEV_KEY).unwrap();
    let sas = AccountSas::new(DEV_ACCOUNT, terms).sign(&key).unwrap();
    let service = Service::new(Config::new());
    for (method, target, status) in [
        ("PUT", "box?restype=container", 201),
        ("PUT", "box/huge?", 201),
        ("GET", "box/huge?", 500),
        ("HEAD", "box/huge?", 200),
    ] {
        let url = format!("http://127.0.0.1/{DEV_ACCOUNT}/{target}&{}", sas.expose());
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("x-ms-blob-type", "PageBlob")
            .header("x-ms-blob-content-length", "8796093022208")
            .body(Bytes::new());
        let answer = service.respond(now, request.unwrap());
        assert_eq!(answer.status(), status, "{method} {target}");
        assert!(answer.body().is_empty());
    }
}

#[test]
fn a_snapshot_that_is_no_time_is_refused_before_all_else() {
    let service = Service::new(Config::new());
    let request = Request::get("http://127.0.0.1/devstoreaccount1/c/b?snapshot=1")
        .header("x-ms-version", "2021-12-02")
        .body(Bytes::new())
        .unwrap();
    let answer = service.respond(Timestamp::from_millis(0), request);
    assert_eq!(answer.status(), 400);
    for absent in ["x-ms-error-code", "x-ms-version"] {
        assert!(!answer.headers().contains_key(absent));
    }
    let body = std::str::from_utf8(answer.body()).unwrap();
    assert!(body.contains("<QueryParameterName>snapshot<"), "{body}");
}

#[test]
fn a_blob_of_the_root_container_needs_no_container_in_its_url() {
    use blobferry_core::sas::{AccountSas, Permissions, Terms};
    use blobferry_core::sign::shared_key::SharedKey;
    let now = Timestamp::from_millis(1_640_000_000_000);
    let service = Service::new(Config::new());
    let letters: Permissions = "rwdlact".parse().unwrap();
    let terms = Terms::until(Timestamp::from_millis(1_640_003_600_000), letters);
    let key = SharedKey::new(crate::config::DEV_KEY).unwrap();
    let sas = AccountSas::new(DEV_ACCOUNT, terms).sign(&key).unwrap();
    let send = |method: &str, rest: &str, headers: &[(&str, &str)], body: &'static str| {
        let joint = if rest.contains('?') { '&' } else { '?' };
        let sas = sas.expose();
        let url = format!("http://127.0.0.1:10000/{DEV_ACCOUNT}/{rest}{joint}{sas}");
        let mut request = Request::builder().method(method).uri(url);
        request = request.header("x-ms-version", "2021-12-02");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = service.respond(
            now,
            request.body(Bytes::from_static(body.as_bytes())).unwrap(),
        );
        let code = answer.headers().get("x-ms-error-code");
        let code = code.map(|code| code.to_str().unwrap().to_owned());
        (answer.status().as_u16(), code.unwrap_or_default())
    };
    let block = ("x-ms-blob-type", "BlockBlob");
    let source = format!(
        "http://127.0.0.1:10000/{DEV_ACCOUNT}/root.txt?{}",
        sas.expose()
    );
    let lease = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
    ];
    let broken = [
        ("x-ms-lease-action", "break"),
        ("x-ms-lease-break-period", "0"),
    ];
    let tags = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
    let ok = |status| (status, String::new());
    let missing = (404, "ContainerNotFound".to_owned());
    assert_eq!(send("PUT", "root.txt", &[block], "text"), missing);
    assert_eq!(send("PUT", "$root?restype=container", &[], ""), ok(201));
    for (method, rest, headers, body, status) in [
        ("PUT", "root.txt", &[block][..], "text", 201),
        ("GET", "root.txt", &[], "", 200),
        ("HEAD", "root.txt?comp=metadata", &[], "", 200),
        (
            "PUT",
            "root.txt?comp=metadata",
            &[("x-ms-meta-a", "b")],
            "",
            200,
        ),
        ("PUT", "root.txt?comp=tags", &[], tags, 204),
        ("GET", "root.txt?comp=tags", &[], "", 200),
        ("PUT", "root.txt?comp=snapshot", &[], "", 201),
        ("PUT", "root.txt?comp=lease", &lease, "", 201),
        ("PUT", "root.txt?comp=lease", &broken, "", 202),
        ("PUT", "copy.txt", &[("x-ms-copy-source", &source)], "", 202),
        ("PUT", "parts.txt?comp=block&blockid=MQ==", &[], "text", 201),
        ("GET", "$root/copy.txt", &[], "", 200),
        ("GET", "$root?restype=container&comp=list", &[], "", 200),
        ("DELETE", "copy.txt", &[], "", 202),
    ] {
        assert_eq!(
            send(method, rest, headers, body),
            ok(status),
            "{method} {rest}"
        );
    }
    assert_eq!(
        send("GET", "copy.txt", &[], ""),
        (404, "BlobNotFound".to_owned())
    );
}

/// Said by the head alone, so that nothing of that length has to come.
#[cfg(feature = "server")]
#[test]
fn a_body_is_refused_from_the_first_byte_that_is_too_many() {
    use blobferry_core::sas::{AccountSas, Permissions, Terms};
    use blobferry_core::sign::shared_key::SharedKey;
    let now = Timestamp::from_millis(1_700_000_000_000);
    let letters: Permissions = "rwdlac".parse().unwrap();
    let terms = Terms::until(Timestamp::from_millis(1_700_003_600_000), letters);
    let key = SharedKey::new(crate::config::DEV_KEY).unwrap();
    let sas = AccountSas::new(DEV_ACCOUNT, terms).sign(&key).unwrap();
    let service = Service::new(Config::new());
    let admit = |version: &str, comp: &str, length: u64| {
        let sas = sas.expose();
        let url = format!("http://127.0.0.1/{DEV_ACCOUNT}/box/blob?{comp}&{sas}");
        let request = Request::put(url)
            .header("x-ms-version", version)
            .header("x-ms-blob-type", "BlockBlob")
            .header("content-length", length)
            .body(())
            .unwrap();
        let admitted = service.admit(now, &request.into_parts().0);
        admitted
            .map(drop)
            .map_err(|answer| answer.status().as_u16())
    };
    for (version, comp, mebibytes) in [
        ("2015-12-11", "", 64),
        ("2016-05-31", "", 256),
        ("2019-07-07", "", 256),
        ("2019-12-12", "", 5_000),
        ("2015-12-11", "comp=block&blockid=AAAA", 4),
        ("2016-05-31", "comp=block&blockid=AAAA", 100),
        ("2019-12-12", "comp=block&blockid=AAAA", 4_000),
        ("2015-12-11", "comp=appendblock", 4),
        ("2021-12-02", "comp=appendblock", 4),
        ("2022-11-02", "comp=appendblock", 100),
        ("2015-12-11", "comp=page", 4),
        ("2026-06-06", "comp=page", 4),
    ] {
        assert_eq!(
            admit(version, comp, mebibytes << 20),
            Ok(()),
            "{version} {comp}"
        );
        let refused = admit(version, comp, (mebibytes << 20) + 1);
        assert_eq!(refused, Err(413), "{version} {comp}");
    }
}
