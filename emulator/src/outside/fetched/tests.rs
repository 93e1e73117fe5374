use http::HeaderValue;

use super::*;
use crate::operation::tests::ask;

fn fetched(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> Fetched {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Fetched::Answer(Arc::new(response))
}

fn asked(kind: Kind, headers: &[(&'static str, &'static str)]) -> Ask {
    let mut asked = ask(kind);
    for (name, value) in headers {
        let name = HeaderName::from_static(name);
        asked.headers.insert(name, HeaderValue::from_static(value));
    }
    asked
}

#[test]
fn the_length_of_a_copy_is_told_by_a_part_or_by_the_whole() {
    let asked = asked(Kind::CopyBlob, &[]);
    for (status, headers, total) in [
        (206, &[("content-range", "bytes 0-0/123")][..], Some(123)),
        (200, &[("content-length", "456")], Some(456)),
        (206, &[("content-range", "bytes 0-0/*")], None),
        (206, &[("content-length", "1")], None),
        (200, &[], None),
    ] {
        let found = fetched(status, headers, "").found(&asked, Side::CopySource);
        assert_eq!(found.ok().map(|found| found.total), total, "{headers:?}");
    }
}

#[test]
fn a_plain_source_is_a_block_blob_and_carries_its_headers() {
    let headers = [
        ("content-length", "5"),
        ("content-type", "text/css"),
        ("content-encoding", "gzip"),
        ("cache-control", "no-cache"),
        ("content-md5", "Q2h1Y2sgSW50ZWdyaXR5IQ=="),
        ("x-ms-meta-a", "1"),
        ("etag", "\"1\""),
    ];
    let asked = asked(Kind::CopyBlob, &[]);
    let found = fetched(200, &headers, "")
        .found(&asked, Side::CopySource)
        .unwrap();
    assert_eq!(found.blob.kind(), BlobType::Block);
    assert!(!found.is_blob);
    let described = &found.blob.headers;
    assert_eq!(described.content_type.as_deref(), Some("text/css"));
    assert_eq!(described.encoding.as_deref(), Some("gzip"));
    assert_eq!(described.cache_control.as_deref(), Some("no-cache"));
    assert_eq!(described.md5.as_deref(), Some("Q2h1Y2sgSW50ZWdyaXR5IQ=="));
    assert!(!found.blob.metadata.is_empty());
    assert_eq!(found.etag.as_deref(), Some("\"1\""));
}

#[test]
fn a_blob_keeps_its_type() {
    let asked = asked(Kind::CopyBlob, &[]);
    for (kind, length) in [("PageBlob", 1024), ("AppendBlob", 0), ("BlockBlob", 0)] {
        let headers = [
            ("content-range", "bytes 0-0/1024"),
            ("x-ms-blob-type", kind),
        ];
        let found = fetched(206, &headers, "")
            .found(&asked, Side::CopySource)
            .unwrap();
        assert_eq!(found.blob.kind().as_str(), kind);
        assert_eq!((found.total, found.blob.content.len()), (1024, length));
        assert!(found.is_blob);
    }
}

#[test]
fn a_place_that_knows_no_ranges_is_cut_here() {
    let asked = asked(Kind::PutBlockFromUrl, &[("x-ms-source-range", "bytes=2-3")]);
    for (status, body) in [(200, "012345"), (206, "23")] {
        let found = fetched(status, &[], body)
            .found(&asked, Side::ReadSource)
            .unwrap();
        assert_eq!(found.blob.content.read_all().unwrap(), "23");
    }
}

#[test]
fn what_a_source_refuses_is_told_by_its_code_or_by_its_status() {
    let mut asked = asked(Kind::PutBlobFromUrl, &[]);
    asked.version = blobferry_core::ServiceVersion::V2024_08_04;
    let xml = "<Error><Code>BlobArchived</Code><Message>Cold.\nRequestId:x</Message></Error>";
    for (status, headers, body, code, message) in [
        (
            404,
            &[("x-ms-error-code", "BlobNotFound")][..],
            "",
            "BlobNotFound",
            "The specified blob does not exist.",
        ),
        (
            409,
            &[("x-ms-request-id", "x")],
            xml,
            "BlobArchived",
            "Cold.",
        ),
        // What is no storage service of Azure's has no code, whatever its body looks like.
        (403, &[], xml, "", "Forbidden"),
        (404, &[], "<html>", "", "Not Found"),
        (403, &[("x-ms-error-code", "<script>")], "", "", "Forbidden"),
    ] {
        let refused = fetched(status, headers, body).found(&asked, Side::ReadSource);
        let failure = refused.err().unwrap();
        let parts = failure.parts();
        assert_eq!(parts.status.as_u16(), status);
        assert_eq!(parts.code, ErrorCode::CANNOT_VERIFY_COPY_SOURCE);
        let told = parts
            .details
            .iter()
            .find(|(name, _)| *name == "CopySourceErrorCode")
            .map_or("", |(_, code)| code);
        assert_eq!(told, code, "{parts:?}");
        assert_eq!(parts.message, message);
    }
}

#[test]
fn a_source_that_does_not_answer_is_an_error_of_its_own() {
    for (kind, why, status, code) in [
        (
            Kind::CopyBlob,
            Unreadable::Refused,
            404,
            ErrorCode::CANNOT_VERIFY_COPY_SOURCE,
        ),
        (
            Kind::CopyBlob,
            Unreadable::Unreachable,
            500,
            ErrorCode::CANNOT_VERIFY_COPY_SOURCE,
        ),
        (
            Kind::CopyBlobFromUrl,
            Unreadable::TooLong,
            409,
            ErrorCode::CANNOT_VERIFY_COPY_SOURCE,
        ),
        (
            Kind::PutBlockFromUrl,
            Unreadable::TooLong,
            409,
            ErrorCode::CANNOT_VERIFY_COPY_SOURCE,
        ),
    ] {
        let refused = Fetched::Unreadable(why).found(&asked(kind, &[]), Side::ReadSource);
        let failure = refused.err().unwrap();
        assert_eq!(failure.parts().status.as_u16(), status, "{kind:?} {why:?}");
        assert_eq!(failure.code(), &code);
    }
}
