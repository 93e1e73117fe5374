use bytes::Bytes;
use http::{Request, Response};

use blobferry_core::Timestamp;
use blobferry_core::sas::{AccountSas, Permissions, Terms};
use blobferry_core::sign::shared_key::SharedKey;

use super::*;
use crate::config::{Config, DEV_ACCOUNT, DEV_KEY};

const NOW: Timestamp = Timestamp::from_millis(1_640_000_000_000);
const RULES: &str = "<StorageServiceProperties><Cors><CorsRule>\
    <AllowedOrigins>http://a.com</AllowedOrigins><AllowedMethods>GET,PUT</AllowedMethods>\
    <AllowedHeaders>x-ms-*</AllowedHeaders><ExposedHeaders>*</ExposedHeaders>\
    <MaxAgeInSeconds>60</MaxAgeInSeconds></CorsRule></Cors></StorageServiceProperties>";

fn ask(
    service: &Service,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &'static str,
) -> Response<Bytes> {
    let terms = Terms::until(
        Timestamp::from_millis(1_640_003_600_000),
        "rwdlac".parse::<Permissions>().unwrap(),
    );
    let key = SharedKey::new(DEV_KEY).unwrap();
    let sas = AccountSas::new(DEV_ACCOUNT, terms).sign(&key).unwrap();
    let url = format!(
        "http://127.0.0.1/devstoreaccount1/{target}&{}",
        sas.expose()
    );
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.respond(
        NOW,
        request.body(Bytes::from_static(body.as_bytes())).unwrap(),
    )
}

fn set(service: &Service, body: &'static str) {
    let target = "?restype=service&comp=properties";
    assert_eq!(ask(service, "PUT", target, &[], body).status(), 202);
}

const FROM: (&str, &str) = ("origin", "http://a.com");

#[test]
fn without_rules_browsers_are_told_nothing() {
    let service = Service::new(Config::new());
    let answer = ask(&service, "GET", "?comp=list", &[FROM], "");
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
    assert!(!answer.headers().contains_key("vary"));
    let preflight = [FROM, ("access-control-request-method", "GET")];
    let answer = ask(&service, "OPTIONS", "box/blob?", &preflight, "");
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.headers()["x-ms-error-code"], "CorsPreflightFailure");
}

#[test]
fn answers_and_refusals_speak_to_the_origin_until_the_rules_go() {
    let service = Service::new(Config::new());
    set(&service, RULES);
    for (method, target, status) in [
        ("GET", "?comp=list", 200),
        ("GET", "box/blob?", 404),
        ("PUT", "box?restype=container", 201),
        ("GET", "?comp=dance", 400),
    ] {
        let answer = ask(&service, method, target, &[FROM], "");
        assert_eq!(answer.status(), status, "{method} {target}");
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "http://a.com");
        let exposed = headers["access-control-expose-headers"].to_str().unwrap();
        let begin = "x-ms-request-id,Server,x-ms-version";
        assert!(exposed.starts_with(begin), "{exposed}");
        assert_eq!(exposed.contains("x-ms-error-code"), status >= 400);
        assert_eq!(headers.contains_key("vary"), method == "GET");
    }
    let answer = ask(&service, "GET", "?comp=list", &[], "");
    assert_eq!(answer.headers()["vary"], "Origin");

    let preflight = [
        FROM,
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "x-ms-blob-type"),
    ];
    let answer = ask(&service, "OPTIONS", "nobox/blob?", &preflight, "");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-methods"], "PUT");
    assert_eq!(answer.headers()["content-length"], "0");

    set(
        &service,
        "<StorageServiceProperties><Cors/></StorageServiceProperties>",
    );
    let answer = ask(&service, "GET", "?comp=list", &[FROM], "");
    assert!(!answer.headers().contains_key("vary"));
}
