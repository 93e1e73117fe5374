//! Heads with many headers.

use std::time::Duration;

use super::*;

fn asking(headers: usize) -> String {
    let filler: String = (1..headers).map(|n| format!("x-{n}: {n}\r\n")).collect();
    format!("GET /headers HTTP/1.1\r\nhost: x\r\n{filler}\r\n")
}

#[tokio::test]
async fn a_head_may_have_many_headers_wherever_it_comes_on_a_connection() {
    let server = started(small()).await;
    for first in [3, 99, 100, 101, 1_000, 4_096] {
        let mut stream = connected(&server).await;
        for headers in [first, 5, 3_000, 7] {
            stream.write_all(asking(headers).as_bytes()).await.unwrap();
            read_to(&mut stream, &format!("\r\n\r\n{headers} headers")).await;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_head_with_many_headers_may_come_in_drops() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    for drop in asking(300).as_bytes().chunks(150) {
        stream.write_all(drop).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    read_to(&mut stream, "\r\n\r\n300 headers").await;
    server.stop().await;
}

#[tokio::test]
async fn heads_with_many_headers_may_come_together() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let both = asking(3) + &asking(200);
    stream.write_all(both.as_bytes()).await.unwrap();
    read_to(&mut stream, "\r\n\r\n3 headers").await;
    read_to(&mut stream, "\r\n\r\n200 headers").await;
    server.stop().await;
}

#[tokio::test]
async fn room_is_made_when_the_answer_before_has_been_read() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let long = "GET /long HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(long.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    stream.write_all(asking(200).as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut read = Vec::new();
    while !read.ends_with(b"200 headers") {
        assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0);
    }
    assert!(read.len() > LONG);
    server.stop().await;
}

#[tokio::test]
async fn more_headers_than_fit_into_metadata_are_refused() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    stream.write_all(asking(4_097).as_bytes()).await.unwrap();
    let answer = read_to(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    server.stop().await;
}
