//! Answers that do not wait for the body.

use super::*;

#[tokio::test]
async fn a_client_that_waits_to_go_on_is_refused_instead() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let head =
        "PUT /forbidden HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(!answer.contains("100 Continue"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn a_long_body_is_refused_before_it_comes_and_the_connection_goes_on_after_it() {
    let server = started(Limits::default()).await;
    let mut stream = connected(&server).await;
    let head = "PUT /forbidden HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_to(&mut stream, "AuthenticationFailed").await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    stream.write_all(&[b'x'; 1_000_000]).await.unwrap();
    let next = "GET /next HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(next.as_bytes()).await.unwrap();
    read_to(&mut stream, "/next 0").await;
    server.stop().await;
}

#[tokio::test]
async fn a_body_without_a_length_is_answered_as_by_the_web_server_of_the_service() {
    let server = started(small()).await;
    for method in ["PUT", "POST"] {
        let mut stream = connected(&server).await;
        let request = format!("{method} /l HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 411 "), "{answer}");
        assert!(answer.contains("server: Microsoft-HTTPAPI/2.0"), "{answer}");
        assert!(answer.contains("content-length: 344"), "{answer}");
    }
    let mut stream = connected(&server).await;
    let delete = "DELETE /d HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(delete.as_bytes()).await.unwrap();
    read_to(&mut stream, "/d 0").await;
    server.stop().await;
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused_and_one_below_is_not() {
    let server = started(Limits {
        header_bytes: 16 << 10,
        ..small()
    })
    .await;
    for (length, status) in [(12 << 10, "200"), (20 << 10, "400")] {
        let mut stream = connected(&server).await;
        let filler = "f".repeat(length);
        let request = format!("GET /h HTTP/1.1\r\nhost: x\r\nx-f: {filler}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_to(&mut stream, "\r\n\r\n").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn as_much_metadata_as_the_service_takes_finds_room_in_the_head() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let metadata: String = (0..400)
        .map(|n| format!("x-ms-meta-m{n:03}: {n:015}\r\n"))
        .collect();
    let request = format!("GET /m HTTP/1.1\r\nhost: x\r\n{metadata}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    read_to(&mut stream, "/m 0").await;
    server.stop().await;
}
