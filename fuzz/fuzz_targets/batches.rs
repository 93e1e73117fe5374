//! Batches: whatever the multipart body holds, the answer is one, with an answer to each request.
#![no_main]

use blobferry_fuzz::emulator::{NOW, SAS, is_sound, service};
use bytes::Bytes;
use http::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // In a seed `@` stands for the SAS.
    let mut body = Vec::new();
    for byte in data {
        match byte {
            b'@' => body.extend_from_slice(SAS.as_bytes()),
            other => body.push(*other),
        }
    }
    let url = format!("http://127.0.0.1/devstoreaccount1/?comp=batch&{}", *SAS);
    let request = Request::post(url)
        .header("x-ms-version", "2021-12-02")
        .header("content-type", "multipart/mixed; boundary=b")
        .body(Bytes::from(body))
        .expect("a request");
    let answer = service().respond(NOW, request);
    is_sound(false, &answer);
    assert_eq!(answer.status(), 202);
    let kind = answer.headers()["content-type"].to_str().expect("a type");
    let boundary = kind.strip_prefix("multipart/mixed; boundary=").expect("a boundary");
    let text = String::from_utf8_lossy(answer.body());
    assert!(text.ends_with(&format!("--{boundary}--")));
    let parts = text.matches(&format!("--{boundary}\r\n")).count();
    assert!((1..=256).contains(&parts));
    assert_eq!(text.matches("\r\nHTTP/1.1 ").count(), parts);
});
