//! A service to send anything to, and what must hold of whatever it answers.

use blobferry_core::Timestamp;
use blobferry_core::sas::{AccountSas, Permissions, Terms};
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_emulator::{AccountKind, Config, DEV_ACCOUNT, DEV_KEY, Service};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use std::sync::LazyLock;
use std::time::Duration;

/// When every request comes.
pub const NOW: Timestamp = Timestamp::from_millis(1_640_000_000_000);

/// A SAS that opens everything.
pub static SAS: LazyLock<String> = LazyLock::new(|| {
    let expiry = Timestamp::from_millis(1_640_003_600_000);
    let letters: Permissions = "rwdxylactfi".parse().expect("letters");
    let key = SharedKey::new(DEV_KEY).expect("a key");
    let sas = AccountSas::new(DEV_ACCOUNT, Terms::until(expiry, letters));
    sas.sign(&key).expect("a SAS").expose().to_owned()
});

/// The longest page blob that is asked for: what is read is joined into one piece.
const LONGEST: u64 = 1 << 20;

/// A service with a blob of each type in `box`: `b`, `p` and `a`.
pub fn service() -> Service {
    let service = Service::new(Config::new());
    let kinds = ["BlockBlob", "PageBlob", "AppendBlob"];
    send(&service, "PUT", "box?restype=container", &[("x-ms-blob-public-access", "blob")]);
    for (name, kind) in ["b", "p", "a"].into_iter().zip(kinds) {
        let headers = [("x-ms-blob-type", kind), ("x-ms-blob-content-length", "1024")];
        let used = if kind == "PageBlob" { 2 } else { 1 };
        send(&service, "PUT", &format!("box/{name}?"), &headers[..used]);
    }
    service
}

/// Makes the account one of some kind, that keeps track of some things.
pub fn vary(service: &Service, number: usize) {
    let mut settings = service.account_settings(DEV_ACCOUNT).expect("an account");
    settings.kind = AccountKind::ALL[number % AccountKind::ALL.len()];
    settings.last_access_tracking = number % 2 == 1;
    settings.protection.versions = number % 3 == 1;
    settings.container_deletion = Duration::from_secs(30 * (number as u64 % 2));
    service.set_account_settings(DEV_ACCOUNT, settings).expect("settings");
}

fn send(service: &Service, method: &str, target: &str, headers: &[(&str, &str)]) {
    let url = format!("http://127.0.0.1/devstoreaccount1/{target}&{}", *SAS);
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = service.respond(NOW, request.body(Bytes::new()).expect("a request"));
    assert_eq!(answer.status(), 201, "{target}");
}

/// Reads a request: a letter that says whether the SAS is added, the method, the target after the
/// host, header lines, an empty line, the body. Absent where HTTP itself has no such request.
pub fn request(text: &[u8]) -> Option<Request<Bytes>> {
    let (head, body) = match text.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&text[..at], &text[at + 2..]),
        None => (text, &b""[..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut words = lines.next()?.splitn(3, |byte| *byte == b' ');
    let trusted = words.next()? == b"s";
    let method = Method::from_bytes(words.next()?).ok()?;
    let mut target = std::str::from_utf8(words.next()?).ok()?.to_owned();
    if trusted {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(&SAS);
    }
    let mut request = Request::builder().method(method).uri(format!("http://127.0.0.1{target}"));
    for line in lines {
        let at = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..at]).ok()?;
        let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii()).ok()?;
        if name == "x-ms-blob-content-length"
            && value.to_str().ok()?.parse::<u64>().is_ok_and(|length| length > LONGEST)
        {
            return None;
        }
        request = request.header(name, value);
    }
    request.body(Bytes::copy_from_slice(body)).ok()
}

/// What holds of every answer.
pub fn is_sound(is_head: bool, answer: &Response<Bytes>) {
    let headers = answer.headers();
    assert!(headers.contains_key("x-ms-request-id"));
    assert!(headers.contains_key("date"));
    let length = headers.get("content-length").and_then(|value| value.to_str().ok());
    if let Some(length) = length.filter(|_| !is_head) {
        assert_eq!(length, answer.body().len().to_string());
    }
    let status = answer.status();
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{answer:?}");
    if is_head || status == StatusCode::NOT_MODIFIED {
        assert!(answer.body().is_empty());
    } else if status.as_u16() >= 400 {
        let body = std::str::from_utf8(answer.body()).expect("an error is text");
        assert!(body.contains("<Error><Code>") && body.ends_with("</Error>"), "{body}");
    }
}
