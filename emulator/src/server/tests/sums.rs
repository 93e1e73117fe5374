//! Checksums of bodies that are hashed while they come.

use crate::hash;
use crate::server::world::{World, header};
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
