//! An emulator with a data directory, killed at random moments under load, started again, and asked
//! for everything it ever acknowledged.
//!
//! Run by itself (`cargo test -p blobferry-cli --test crash`): it takes minutes. `BLOBFERRY_KILLS`
//! says how often it is killed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod child;
mod http;
mod model;
mod room;
mod worker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use blobferry::Seed;

use child::Child;
use worker::Worker;

/// Clients that write at the same time, each to blobs of its own.
const WORKERS: u64 = 8;

fn kills() -> u32 {
    std::env::var("BLOBFERRY_KILLS").map_or(200, |text| {
        text.parse().expect("BLOBFERRY_KILLS is a number")
    })
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_torn_however_often_it_is_killed() {
    let kills = kills();
    let seed = std::env::var("BLOBFERRY_SEED").map_or(1, |text| text.parse().unwrap());
    let directory = std::env::temp_dir().join(format!("blobferry-crash-{}", std::process::id()));
    let mut random = Seed::new(seed);
    let mut workers: Vec<Worker> = (0..WORKERS)
        .map(|number| Worker::new(number, random.split()))
        .collect();
    let child = Child::start(&directory);
    worker::prepare(&child);
    child.kill();

    let (begun, mut startup, mut checked) = (Instant::now(), Duration::ZERO, 0);
    for kill in 0..=kills {
        let child = Child::start(&directory);
        startup = startup.max(child.startup);
        for worker in &mut workers {
            checked += worker.check(&child, kill);
        }
        if kill == kills {
            for worker in &mut workers {
                worker.await_copies(&child);
            }
            child.kill();
            break;
        }
        let (going, resting) = (AtomicBool::new(true), AtomicBool::new(false));
        // Load, and every third time a rest in which what was logged is settled, and load again.
        let phases = if kill.is_multiple_of(3) { 3 } else { 1 };
        let until = Duration::from_millis(20 + random.below(350 * phases));
        std::thread::scope(|scope| {
            for worker in &mut workers {
                let (going, resting, child) = (&going, &resting, &child);
                scope.spawn(move || worker.work(child, going, resting));
            }
            let rest = Duration::from_millis(350).min(until);
            std::thread::sleep(rest);
            resting.store(true, Ordering::SeqCst);
            let load = Duration::from_millis(700).min(until);
            std::thread::sleep(load - rest);
            resting.store(false, Ordering::SeqCst);
            std::thread::sleep(until - load);
            child.kill();
            going.store(false, Ordering::SeqCst);
        });
    }
    let acknowledged: u64 = workers.iter().map(|worker| worker.acknowledged).sum();
    let unsure: u64 = workers.iter().map(|worker| worker.unsure).sum();
    let there: u64 = workers.iter().map(|worker| worker.happened).sum();
    println!(
        "COUNTED: {kills} kills in {} s; {acknowledged} writes acknowledged; {unsure} cut off, of \
         which {there} had been done; {checked} blobs compared; slowest start {} ms",
        begun.elapsed().as_secs(),
        startup.as_millis()
    );
    assert!(acknowledged > u64::from(kills), "there was hardly any load");
    assert!(unsure > 0, "nothing was ever killed half-way");
    std::fs::remove_dir_all(&directory).unwrap();
}
