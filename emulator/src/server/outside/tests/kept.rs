//! Copies from outside that outlive the process.

use super::*;
use crate::store::tests::{Disk, Scratch};

const MIB: usize = 1 << 20;

/// A server whose copies from outside come at 4 MiB a second of a clock that stands still.
async fn slow_in(scratch: &Scratch, clock: &Clock) -> World {
    let pace = Pace {
        latency: Duration::ZERO,
        bytes_per_second: Some(4 << 20),
    };
    let config = Config::new().clock(clock.clone()).copy_pace(CopyPace {
        same_account: Pace::AT_ONCE,
        other_account: pace,
    });
    let world = World::open(config, scratch.path()).await;
    // What is in the log is all there is, so that the directory can be looked at any time.
    world.service.disk().unwrap().set(Disk::FULL_SETTLING);
    world
}

/// Text without two equal KiB.
fn text(length: usize) -> String {
    let lines = (0..length.div_ceil(1024)).map(|number| format!("{number:01024}"));
    let mut text: String = lines.collect();
    text.truncate(length);
    text
}

/// The id of a block.
fn id(number: usize) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(format!("{number:03}"))
}

fn asked(world: &World) -> u64 {
    world.service.stats(world.service.clock().now()).requests
}

async fn body(world: &World, blob: &str) -> String {
    let read = world.ask(Method::GET, blob, &[], "").await;
    read.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// Ends a server as a kill does, and goes on with what is in its directory.
async fn killed(world: World, scratch: Scratch, clock: &Clock) -> (World, Scratch) {
    let left = scratch.as_if_killed();
    world.stop().await;
    (slow_in(&left, clock).await, left)
}

async fn progress(world: &World, blob: &str, value: &str) -> String {
    when(world, blob, "x-ms-copy-progress", value).await
}

#[tokio::test]
async fn a_copy_goes_on_where_it_was_and_asks_for_no_range_again() {
    let from = World::new().await;
    let text = text(18 * MIB);
    let mut ids = String::new();
    for number in 0..18 {
        let id = id(number);
        let block = format!("block?comp=block&blockid={id}");
        let part = &text[number * MIB..][..MIB];
        from.ask(Method::PUT, &block, &[], part).await;
        ids += &format!("<Latest>{id}</Latest>");
    }
    let ids = format!("<BlockList>{ids}</BlockList>");
    from.ask(Method::PUT, "block?comp=blocklist", &[], &ids)
        .await;
    let appends = [("x-ms-blob-type", "AppendBlob")];
    from.ask(Method::PUT, "append", &appends, "").await;
    for number in 0..6 {
        let part = &text[number * 3 * MIB..][..3 * MIB];
        let answer = from
            .ask(Method::PUT, "append?comp=appendblock", &[], part)
            .await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    for (blob, more) in [("block", 1), ("append", 0)] {
        let clock = Clock::frozen_at(Clock::system().now());
        let scratch = Scratch::new();
        let to = slow_in(&scratch, &clock).await;
        to.copy("copy", &from.sas_url(blob, "r")).await;
        clock.advance(Duration::from_secs(2));
        progress(&to, "copy", "8388608/18874368").await;
        let (to, scratch) = killed(to, scratch, &clock).await;
        let before = asked(&from);
        let head = to.ask(Method::HEAD, "copy", &[], "").await;
        assert_eq!(
            header(&head, "x-ms-copy-progress"),
            "8388608/18874368",
            "{head}"
        );
        assert_eq!(header(&head, "x-ms-copy-status"), "pending");
        assert_eq!(header(&head, "content-length"), "0");
        clock.advance(Duration::from_secs(1));
        progress(&to, "copy", "12582912/18874368").await;
        assert_eq!(asked(&from) - before, 1);
        let (to, scratch) = killed(to, scratch, &clock).await;
        clock.advance(Duration::from_secs(9));
        let head = ended(&to, "copy").await;
        assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
        assert_eq!(asked(&from) - before, 3 + more, "{blob}");
        assert!(body(&to, "copy").await == text);
        if blob == "block" {
            let blocks = to.ask(Method::GET, "copy?comp=blocklist", &[], "").await;
            assert_eq!(blocks.matches("<Size>1048576</Size>").count(), 18);
            // Of a block that is taken over, nothing else stays.
            let list = format!("<BlockList><Committed>{}</Committed></BlockList>", id(2));
            to.ask(Method::PUT, "copy?comp=blocklist", &[], &list).await;
            assert!(body(&to, "copy").await == text[2 * MIB..][..MIB]);
        }
        drop(to);
        drop(scratch);
    }
}

#[tokio::test]
async fn pages_that_came_are_there_again_and_are_seen_while_the_rest_comes() {
    let from = World::new().await;
    let length = (16 * MIB).to_string();
    let page = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", &*length),
    ];
    from.ask(Method::PUT, "page", &page, "").await;
    let text = text(4 * MIB);
    for start in [0, 8 * MIB, 12 * MIB] {
        let range = format!("bytes={start}-{}", start + 4 * MIB - 1);
        let written = [("x-ms-page-write", "update"), ("x-ms-range", &*range)];
        let answer = from
            .ask(Method::PUT, "page?comp=page", &written, &text)
            .await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    let clock = Clock::frozen_at(Clock::system().now());
    let scratch = Scratch::new();
    let to = slow_in(&scratch, &clock).await;
    to.copy("copy", &from.sas_url("page", "r")).await;
    clock.advance(Duration::from_secs(3));
    progress(&to, "copy", "12582912/16777216").await;
    let (to, _scratch) = killed(to, scratch, &clock).await;
    let before = asked(&from);
    progress(&to, "copy", "12582912/16777216").await;
    let seen = body(&to, "copy").await;
    assert!(seen[..4 * MIB] == text && seen[8 * MIB..12 * MIB] == text);
    assert!(seen[12 * MIB..].bytes().all(|byte| byte == 0));
    clock.advance(Duration::from_secs(1));
    let head = ended(&to, "copy").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
    // The list of pages, and the last range.
    assert_eq!(asked(&from) - before, 2);
    let whole = body(&to, "copy").await;
    assert!(whole == body(&from, "page").await);
    let ranges = to.ask(Method::GET, "copy?comp=pagelist", &[], "").await;
    assert_eq!(ranges.matches("<PageRange>").count(), 2, "{ranges}");
}

#[tokio::test]
async fn a_source_that_changed_while_nobody_ran_fails_the_copy_and_frees_what_came() {
    let from = World::new().await;
    from.send(Method::PUT, Some("source"), &text(13 * MIB))
        .await;
    let clock = Clock::frozen_at(Clock::system().now());
    let scratch = Scratch::new();
    let to = slow_in(&scratch, &clock).await;
    to.copy("copy", &from.sas_url("source", "r")).await;
    clock.advance(Duration::from_secs(2));
    progress(&to, "copy", "8388608/13631488").await;
    let (to, scratch) = killed(to, scratch, &clock).await;
    from.send(Method::PUT, Some("source"), &text(13 * MIB))
        .await;
    clock.advance(Duration::from_secs(1));
    let head = when(&to, "copy", "x-ms-copy-status", "failed").await;
    assert_eq!(
        header(&head, "x-ms-copy-status-description"),
        "412 ConditionNotMet \"Copy failed when reading the source.\""
    );
    assert_eq!(header(&head, "x-ms-copy-progress"), "8388608/13631488");
    assert_eq!(header(&head, "content-length"), "0");
    frees(&scratch).await;
}

/// What came of a copy that is over goes, moments later.
async fn frees(scratch: &Scratch) {
    for _ in 0..500 {
        if scratch.content() < 1 << 20 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} bytes are left", scratch.content());
}

#[tokio::test]
async fn what_came_of_an_aborted_copy_is_freed_also_after_a_restart() {
    let from = World::new().await;
    from.send(Method::PUT, Some("source"), &text(13 * MIB))
        .await;
    for restarts in [false, true] {
        let clock = Clock::frozen_at(Clock::system().now());
        let mut scratch = Scratch::new();
        let mut to = slow_in(&scratch, &clock).await;
        let started = to.copy("copy", &from.sas_url("source", "r")).await;
        clock.advance(Duration::from_secs(2));
        progress(&to, "copy", "8388608/13631488").await;
        assert_eq!(scratch.content(), 13 << 20);
        if restarts {
            (to, scratch) = killed(to, scratch, &clock).await;
            assert_eq!(scratch.content(), 13 << 20);
        }
        let id = header(&started, "x-ms-copy-id");
        let abort = format!("copy?comp=copy&copyid={id}");
        let action = [("x-ms-copy-action", "abort")];
        let aborted = to.ask(Method::PUT, &abort, &action, "").await;
        assert!(aborted.starts_with("HTTP/1.1 204 "), "{aborted}");
        frees(&scratch).await;
    }
}

#[tokio::test]
async fn a_source_without_ranges_is_read_from_its_beginning_after_a_restart() {
    let addr = place(|_| {
        let text = text(9 * MIB);
        let length = text.len();
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\netag: \"1\"\r\n\r\n{text}")
    })
    .await;
    let clock = Clock::frozen_at(Clock::system().now());
    let scratch = Scratch::new();
    let to = slow_in(&scratch, &clock).await;
    let started = to.copy("copy", &format!("http://{addr}/a")).await;
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    clock.advance(Duration::from_secs(1));
    let (to, _scratch) = killed(to, scratch, &clock).await;
    clock.advance(Duration::from_secs(9));
    let head = ended(&to, "copy").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
    assert!(body(&to, "copy").await == text(9 * MIB));
}
