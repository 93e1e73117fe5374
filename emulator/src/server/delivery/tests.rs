use std::time::{Duration, Instant};

use http::Method;
use tokio::io::AsyncReadExt as _;

use crate::server::world::World;

#[tokio::test]
async fn refusals_come_in_the_services_words_and_nothing_is_done() {
    let world = World::new().await;
    for (fault, status, header) in [
        ("internal-error", "500", "x-ms-error-code: InternalError"),
        ("timed-out", "500", "x-ms-error-code: OperationTimedOut"),
        ("server-busy,retry-after=7", "503", "retry-after: 7"),
    ] {
        world.fault(&format!("{fault},count=1"));
        let answer = world.send(Method::PUT, Some("a"), "x").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(answer.contains(header), "{answer}");
    }
    let answer = world.send(Method::GET, Some("a"), "").await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

#[tokio::test]
async fn a_connection_dropped_before_the_work_leaves_nothing_and_after_it_all() {
    let world = World::new().await;
    for (fault, status) in [("drop-before", "404"), ("drop-after", "200")] {
        world.fault(&format!("{fault},count=1"));
        assert_eq!(world.send(Method::PUT, Some(fault), "x").await, "");
        let answer = world.send(Method::GET, Some(fault), "").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn silence_lasts_until_the_client_gives_up_or_the_server_stops() {
    let world = World::new().await;
    world.fault("silence-before,blob=before");
    world.fault("silence-after,blob=after,count=1");
    let mut before = world.sent(Method::PUT, Some("before"), "x").await;
    let mut after = world.sent(Method::PUT, Some("after"), "x").await;
    let mut byte = [0];
    let patience = Duration::from_millis(100);
    assert!(
        tokio::time::timeout(patience, before.read(&mut byte))
            .await
            .is_err()
    );
    assert!(
        tokio::time::timeout(patience, after.read(&mut byte))
            .await
            .is_err()
    );
    let answer = world.send(Method::GET, Some("after"), "").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    world.server.stop().await;
    assert_eq!(before.read(&mut byte).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_truncated_body_has_its_whole_length_told_and_half_of_it_sent() {
    let world = World::new().await;
    world.send(Method::PUT, Some("a"), "0123456789").await;
    world.fault("truncate,at=50");
    let answer = world.send(Method::GET, Some("a"), "").await;
    assert!(answer.contains("content-length: 10\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n01234"), "{answer}");
    // An answer without a body is lost.
    assert_eq!(world.send(Method::PUT, Some("a"), "x").await, "");
}

#[tokio::test]
async fn a_slow_body_comes_whole_in_its_time() {
    let world = World::new().await;
    let body = "0123456789".repeat(10);
    world.send(Method::PUT, Some("a"), &body).await;
    world.fault("slow,rate=250,method=GET,count=1");
    world.fault("late,by=0.2,method=GET");
    let begun = Instant::now();
    let answer = world.send(Method::GET, Some("a"), "").await;
    assert!(answer.ends_with(&body), "{answer}");
    // Three pauses between four parts.
    assert!(
        begun.elapsed() >= Duration::from_millis(290),
        "{:?}",
        begun.elapsed()
    );
    let begun = Instant::now();
    let answer = world.ask(Method::GET, "a", &[], "").await;
    assert!(answer.ends_with(&body), "{answer}");
    assert!(begun.elapsed() >= Duration::from_millis(200));
}
