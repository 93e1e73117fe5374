//! Clients that are slow, in time that runs only while everybody waits.

use std::time::Duration;

use super::*;

/// Short limits, which still are long beside what a test takes.
fn short() -> Limits {
    Limits {
        headers: Duration::from_secs(10),
        idle: Duration::from_secs(100),
        pause: Duration::from_secs(20),
        slowest: 100,
        patience: Duration::from_secs(5),
        ..Limits::default()
    }
}

/// Waits for the other end to close; says what it said, and how long it took.
async fn closed(stream: &mut TcpStream) -> (String, u64) {
    let since = tokio::time::Instant::now();
    let mut rest = Vec::new();
    drop(stream.read_to_end(&mut rest).await);
    (
        String::from_utf8_lossy(&rest).into_owned(),
        since.elapsed().as_secs(),
    )
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_has_longer_than_one_with_half_a_head() {
    let server = started(short()).await;
    for (begun, seconds) in [("", 99..=101), ("GET /s HTTP/1.1\r\nhost:", 9..=11)] {
        let mut stream = connected(&server).await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        let (said, took) = closed(&mut stream).await;
        assert!(seconds.contains(&took), "{begun:?}: {took}");
        assert_eq!(said, "");
    }
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_head_gains_no_time_by_coming_in_drops() {
    let server = started(short()).await;
    let mut stream = connected(&server).await;
    let first = "GET /first HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(first.as_bytes()).await.unwrap();
    read_to(&mut stream, "/first 0").await;
    // After an answer, and after a rest, the same holds.
    tokio::time::sleep(Duration::from_secs(50)).await;
    let since = tokio::time::Instant::now();
    while stream.write_all(b"G").await.is_ok() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(since.elapsed().as_secs() < 15);
    }
    let took = since.elapsed().as_secs();
    assert!((9..=14).contains(&took), "{took}");
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_in_drops_is_cut_off_and_one_of_the_least_speed_is_not() {
    let server = started(short()).await;
    for (drops, served) in [(3, false), (150, true)] {
        let mut stream = connected(&server).await;
        let head = format!(
            "PUT /b HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
            drops * 60
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut sent = 0;
        for _ in 0..60 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            sent += usize::from(stream.write_all(&vec![b'x'; drops]).await.is_ok());
        }
        let (said, _) = closed(&mut stream).await;
        assert_eq!(said.starts_with("HTTP/1.1 200"), served, "{sent} {said}");
        assert_eq!(sent == 60, served);
    }
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_reads_is_given_up() {
    let server = started(short()).await;
    let mut stream = connected(&server).await;
    let many = "GET /long HTTP/1.1\r\nhost: x\r\n\r\n".repeat(4);
    stream.write_all(many.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let mut read = 0;
    let mut some = vec![0; 1 << 20];
    while let Ok(length @ 1..) = stream.read(&mut some).await {
        read += length;
    }
    assert!(read < 4 * LONG, "{read}");
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn bodies_beyond_all_room_are_answered_busy_and_come_through_later() {
    let server = started(Limits {
        buffered: 1 << 20,
        ..short()
    })
    .await;
    let head = format!(
        "PUT /r HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        1 << 20
    );
    let half = vec![b'x'; 1 << 19];
    let mut holding = Vec::new();
    for _ in 0..2 {
        let mut stream = connected(&server).await;
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&half).await.unwrap();
        holding.push(stream);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut third = connected(&server).await;
    third.write_all(head.as_bytes()).await.unwrap();
    third.write_all(&half).await.unwrap();
    let answer = read_to(&mut third, "ServerBusy").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    for stream in &mut holding {
        stream.write_all(&half).await.unwrap();
        read_to(stream, "/r 1048576").await;
    }
    third.write_all(&half).await.unwrap();
    third.write_all(head.as_bytes()).await.unwrap();
    third.write_all(&half).await.unwrap();
    third.write_all(&half).await.unwrap();
    read_to(&mut third, "/r 1048576").await;
    server.stop().await;
}
