//! Checksums of bodies that are hashed while they come.

use crate::hash;
use crate::server::world::{World, header};
use blobferry_core::ServiceVersion;
use bytes::Bytes;
use http::Method;

/// Several portions, and a rest.
fn long() -> String {
    "a lamp in the attic, ".repeat(150_000)
}

#[tokio::test]
async fn a_long_body_is_answered_with_its_own_checksums() {
    let world = World::new().await;
    let body = long();
    let bytes = Bytes::from(body.clone());
    let (md5, crc64) = (hash::md5([&bytes]), hash::crc64([&bytes]));
    let answer = world.send(Method::PUT, Some("lamp"), &body).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(header(&answer, "content-md5"), hash::base64(&md5));
    assert_eq!(header(&answer, "x-ms-content-crc64"), hash::base64(&crc64));
    let read = world.send(Method::GET, Some("lamp"), "").await;
    assert!(read.ends_with(&body));
    assert_eq!(header(&read, "content-md5"), hash::base64(&md5));
    world.stop().await;
}

#[tokio::test]
async fn a_long_body_with_the_checksum_of_another_is_refused() {
    let world = World::new().await;
    let other = Bytes::from_static(b"another");
    let md5 = hash::base64(&hash::md5([&other]));
    let crc64 = hash::base64(&hash::crc64([&other]));
    for (name, value, code) in [
        ("content-md5", &md5, "Md5Mismatch"),
        ("x-ms-content-crc64", &crc64, "Crc64Mismatch"),
    ] {
        let headers = [("x-ms-blob-type", "BlockBlob"), (name, value.as_str())];
        let answer = world.ask(Method::PUT, "lamp", &headers, &long()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(header(&answer, "x-ms-error-code"), code);
        let block = [(name, value.as_str())];
        let query = "lamp?comp=block&blockid=AAAA";
        let answer = world.ask(Method::PUT, query, &block, &long()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(header(&answer, "x-ms-error-code"), code);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_structured_message_may_be_longer_than_the_content_that_an_operation_takes() {
    const MOST: usize = 4 << 20;
    let mut world = World::new().await;
    world.version = ServiceVersion::V2026_04_06;
    let page_blob = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "8388608"),
    ];
    let answer = world.ask(Method::PUT, "pages", &page_blob, "").await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    for (length, status) in [(MOST, 201), (MOST + 512, 413)] {
        // One segment without checksums; every length in it is ASCII.
        let mut message = vec![1];
        message.extend_from_slice(&(length as u64 + 23).to_le_bytes());
        message.extend_from_slice(&[0, 0, 1, 0, 1, 0]);
        message.extend_from_slice(&(length as u64).to_le_bytes());
        message.resize(length + 23, b'x');
        let range = format!("bytes=0-{}", length - 1);
        let headers = [
            ("x-ms-page-write", "update"),
            ("x-ms-range", &range),
            ("x-ms-structured-body", "XSM/1.0"),
            ("x-ms-structured-content-length", &length.to_string()),
        ];
        let message = String::from_utf8(message).unwrap();
        let answer = world
            .ask(Method::PUT, "pages?comp=page", &headers, &message)
            .await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    world.stop().await;
}
