//! Requests that few clients send, and what is no request.

use crate::server::world::World;
use crate::{Config, DEV_ACCOUNT, Limits};

/// Path and query of a URL.
fn path_of(url: &str) -> &str {
    let at = url.find("/devstoreaccount1").unwrap();
    &url[at..]
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    head.split("\r\n")
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Status, and the code or the text of the page.
fn outcome(answer: &str) -> (u16, &str) {
    let status = answer.get(9..12).unwrap().parse().unwrap();
    let code = header(answer, "x-ms-error-code").or_else(|| {
        let (_, text) = answer.split_once("<hr><p>")?;
        text.split_once("</p>").map(|(text, _)| text)
    });
    if header(answer, "server") == Some("Microsoft-HTTPAPI/2.0") {
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let told = header(answer, "content-length").unwrap();
        assert_eq!(told, body.len().to_string(), "{answer}");
        assert_eq!(
            header(answer, "content-type"),
            Some("text/html; charset=us-ascii")
        );
        assert_eq!(header(answer, "connection"), Some("close"));
        assert!(header(answer, "date").is_some(), "{answer}");
    }
    (status, code.unwrap_or_default())
}

#[tokio::test]
async fn what_is_no_request_is_answered_as_by_the_web_server_of_the_service() {
    let limits = Limits {
        header_bytes: 80 << 10,
        ..Limits::default()
    };
    let world = World::serving(Config::new(), limits.into()).await;
    const URL: &str = "HTTP Error 400. The request URL is invalid.";
    const HOST: &str = "HTTP Error 400. The request hostname is invalid.";
    const BAD: &str = "HTTP Error 400. The request is badly formed.";
    let long_url = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(66_000));
    let long_head = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "x".repeat(90_000)
    );
    let lines = |count| "x: y\r\n".repeat(count);
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", lines(5_000));
    for (text, expected) in [
        ("nonsense\r\n\r\n", (400, BAD)),
        ("GET / HTTP/9.9\r\nhost: x\r\n\r\n", (400, BAD)),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", (400, BAD)),
        ("GET /a b HTTP/1.1\r\nhost: x\r\n\r\n", (400, BAD)),
        ("GET / HTTP/1.1\r\n\r\n", (400, HOST)),
        ("GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n", (400, HOST)),
        ("GET / HTTP/1.1\r\nhost:\r\n\r\n", (400, HOST)),
        ("GET / HTTP/1.0\r\nhost: \r\n\r\n", (400, HOST)),
        ("GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", (400, HOST)),
        ("GET / HTTP/1.1\r\nhost: a b\r\n\r\n", (400, HOST)),
        (
            "GET /devstoreaccount1/box/%zz HTTP/1.1\r\nhost: x\r\n\r\n",
            (400, URL),
        ),
        (
            "GET /devstoreaccount1/box/%00 HTTP/1.1\r\nhost: x\r\n\r\n",
            (400, URL),
        ),
        (
            &long_url,
            (414, "HTTP Error 414. The request URL is too long."),
        ),
        (
            &long_head,
            (
                400,
                "HTTP Error 400. The size of the request headers is too long.",
            ),
        ),
        (
            &many,
            (
                400,
                "HTTP Error 400. The size of the request headers is too long.",
            ),
        ),
    ] {
        let answer = world.raw(text).await;
        let shown = text.get(..60.min(text.len())).unwrap();
        assert_eq!(outcome(&answer), expected, "{shown}: {answer}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_body_that_comes_in_what_are_no_chunks_is_answered() {
    let world = World::new().await;
    let blob = world.sas_url("lamp", "rwc");
    let blob = path_of(&blob);
    const BAD: (u16, &str) = (400, "HTTP Error 400. The request is badly formed.");
    const CODING: (u16, &str) = (
        501,
        "HTTP Error 501. The request transfer encoding type is not supported.",
    );
    for (coding, body, expected) in [
        ("chunked", "5\r\nhello\r\n0\r\n\r\n", (201, "")),
        (
            "Chunked",
            "5;quality=1\r\nhello\r\n0\r\nx: y\r\n\r\n",
            (201, ""),
        ),
        ("chunked", "-5\r\nhello\r\n0\r\n\r\n", BAD),
        ("chunked", "0x5\r\nhello\r\n0\r\n\r\n", BAD),
        ("chunked", "5\nhello\n0\n\n", BAD),
        ("chunked", "5\r\nhello, world\r\n0\r\n\r\n", BAD),
        ("chunked", "FFFFFFFFFFFFFFFFF\r\nhello\r\n", BAD),
        ("gzip, chunked", "5\r\nhello\r\n0\r\n\r\n", CODING),
        (
            "identity\r\ntransfer-encoding: chunked",
            "0\r\n\r\n",
            CODING,
        ),
    ] {
        let request = format!(
            "PUT {blob} HTTP/1.1\r\nhost: x\r\nx-ms-version: 2024-08-04\r\nconnection: close\r\n\
             x-ms-blob-type: BlockBlob\r\ntransfer-encoding: {coding}\r\n\r\n{body}"
        );
        let answer = world.raw(&request).await;
        assert_eq!(outcome(&answer), expected, "{coding:?} {body:?}: {answer}");
    }
    world.stop().await;
}

#[tokio::test]
async fn unusual_requests_are_answered() {
    let world = World::new().await;
    let blob = world.sas_url("lamp", "rwc");
    let blob = path_of(&blob);
    let rest = "host: x\r\nx-ms-version: 2024-08-04\r\nconnection: close";
    let put = |head: &str, body: &str| {
        format!(
            "PUT {blob} HTTP/1.1\r\n{rest}\r\nx-ms-blob-type: BlockBlob\r\n{head}\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let twice = put("x-ms-meta-a: 1\r\nx-ms-meta-A: 2\r\n", "text");
    assert_eq!(outcome(&world.raw(&twice).await), (400, "InvalidMetadata"));
    let request = put("x-ms-meta-a: 1\r\nx-ms-meta-empty:\r\n", "text");
    assert_eq!(outcome(&world.raw(&request).await), (201, ""));
    let absolute = format!("GET http://127.0.0.1:1{blob} HTTP/1.1\r\n{rest}\r\n\r\n");
    let read = world.raw(&absolute).await;
    assert_eq!(outcome(&read), (200, ""));
    assert!(
        read.to_ascii_lowercase().contains("\r\nx-ms-meta-a: 1\r\n"),
        "{read}"
    );
    for (line, expected) in [
        (
            format!("GET {blob}&no=such&%zz HTTP/1.1\r\n{rest}"),
            (200, ""),
        ),
        (
            format!("GET {blob} HTTP/1.0\r\nx-ms-version: 2024-08-04"),
            (200, ""),
        ),
        (
            format!("GET {} HTTP/1.1\r\n{rest}\r\nrange:", blob),
            (200, ""),
        ),
        (
            format!("PATCH {blob} HTTP/1.1\r\n{rest}"),
            (405, "UnsupportedHttpVerb"),
        ),
        (
            format!("DANCE {blob} HTTP/1.1\r\n{rest}"),
            (400, "InvalidHttpVerb"),
        ),
        (
            format!("HEAD /{DEV_ACCOUNT}/box/%FF HTTP/1.1\r\n{rest}"),
            (400, "InvalidUri"),
        ),
        (
            format!("HEAD {} HTTP/1.1\r\n{rest}", blob.replace("lamp", "none")),
            (404, "BlobNotFound"),
        ),
        (
            format!("GET {} HTTP/1.1\r\n{rest}", blob.replace("lamp", "a//b")),
            (404, "BlobNotFound"),
        ),
        (
            format!("GET {} HTTP/1.1\r\n{rest}", blob.replace("lamp", "a%2Fb")),
            (404, "BlobNotFound"),
        ),
        (
            format!("GET {} HTTP/1.1\r\n{rest}", blob.replace("lamp", "a/../b")),
            (404, "BlobNotFound"),
        ),
    ] {
        let answer = world.raw(&format!("{line}\r\n\r\n")).await;
        assert_eq!(outcome(&answer), expected, "{line}: {answer}");
        if line.starts_with("HEAD") {
            assert!(answer.ends_with("\r\n\r\n"), "{answer}");
        }
        if line.starts_with("PATCH") {
            assert_eq!(header(&answer, "allow"), Some("DELETE,GET,HEAD,PUT"));
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn content_in_chunks_is_taken_unless_its_length_is_asked_for() {
    let chunked = |blob: &str, query: &str| {
        format!(
            "PUT {blob}{query} HTTP/1.1\r\nhost: x\r\nx-ms-version: 2024-08-04\r\n\
             x-ms-blob-type: BlockBlob\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n\
             4\r\ntext\r\n0\r\n\r\n"
        )
    };
    let metadata = "&comp=metadata";
    for (config, expected) in [
        (Config::new(), (201, "")),
        (
            Config::new().needs_content_length(),
            (411, "MissingContentLengthHeader"),
        ),
    ] {
        let world = World::with(config).await;
        let blob = world.sas_url("lamp", "rwc");
        let blob = path_of(&blob);
        let block = "&comp=block&blockid=MQ==";
        for query in ["", block] {
            let answer = world.raw(&chunked(blob, query)).await;
            assert_eq!(outcome(&answer), expected, "{query}: {answer}");
            let named = answer.contains("<HeaderName>Content-Length</HeaderName>");
            assert_eq!(named, expected.0 == 411);
        }
        let kind = [("x-ms-blob-type", "BlockBlob")];
        world.ask(http::Method::PUT, "lamp", &kind, "text").await;
        let empty = chunked(blob, metadata).replace("4\r\ntext\r\n", "");
        assert_eq!(outcome(&world.raw(&empty).await), (200, ""));
        world.stop().await;
    }
}
