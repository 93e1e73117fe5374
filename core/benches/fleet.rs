//! 100,000 blobs from one account to another, on virtual time, against the least service that can
//! answer a fleet. Goal: 1.5 s for engine, machines, signing and parsing together.
//!
//! Processor time is what counts, since other work on the machine does not change it; the service's
//! share is in it and is told. Memory is shown for a tenth of the blobs and for all of them, under
//! the same window.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark whose own service is wrong had better stop"
)]

mod fleet {
    pub(crate) mod drive;
    pub(crate) mod process;
    pub(crate) mod service;
}

use std::process::Command;
use std::time::Duration;

use blobferry_core::{Fleet, FleetOptions, FleetPlan, FleetReport, Seed, WindowOptions};

use fleet::drive::{Cost, NOON, account, drive};
use fleet::service::Service;

const BLOBS: usize = 100_000;
/// Tells a child how many blobs to copy and under which window, to see what it holds.
const HOLD: &str = "FLEET_HOLD";

fn copy_everything(blobs: usize, window: WindowOptions) -> (Box<FleetReport>, Cost) {
    let accounts = ["lighthouse", "harbour"].map(account);
    let [source, destination] = &accounts;
    let plan = FleetPlan::container(
        source.container("logs".parse().expect("a name")),
        destination.container("logs".parse().expect("a name")),
    );
    let options = FleetOptions {
        window,
        ..FleetOptions::default()
    };
    let mut service = Service::new(blobs, Duration::from_secs(20), NOON);
    let fleet = Fleet::new(plan, options, Seed::new(1));
    let (report, cost) = drive(fleet, accounts, &mut service);
    assert_eq!(report.totals.copied, blobs as u64);
    assert!(report.is_clean());
    (report, cost)
}

fn main() {
    if let Some((blobs, window)) = held_for() {
        let (_, cost) = copy_everything(blobs, window);
        return println!("{}", cost.peak);
    }
    let wide = WindowOptions {
        first: 5_000,
        most: 10_000,
    };
    let mut runs: Vec<_> = (0..5).map(|_| copy_everything(BLOBS, wide)).collect();
    runs.sort_by_key(|(_, cost)| cost.all);
    let (report, cost) = &runs[0];
    let exchanges: u64 = report.requests.values().sum();
    println!(
        "fleet: {:.2} s for 100,000 blobs (goal 1.50 s), {exchanges} exchanges, peak held {} MiB",
        cost.all.as_secs_f64(),
        peak(BLOBS, wide) >> 20,
    );
    println!(
        "fleet: of that the service in the benchmark took {:.2} s; {:.2} s in the middle of 5 runs",
        cost.service.as_secs_f64(),
        runs[2].1.all.as_secs_f64(),
    );
    println!(
        "fleet: peak held by a window of {}: {} MiB for 10,000 blobs, {} MiB for 100,000",
        WindowOptions::default().most,
        peak(BLOBS / 10, WindowOptions::default()) >> 20,
        peak(BLOBS, WindowOptions::default()) >> 20,
    );
}

/// What a process of its own holds at most to copy that many, since memory given back stays with the
/// process.
fn peak(blobs: usize, window: WindowOptions) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let child = Command::new(program)
        .env(HOLD, format!("{blobs} {} {}", window.first, window.most))
        .output();
    let said = child.expect("itself again").stdout;
    let said = String::from_utf8(said).expect("a number");
    said.trim().parse().expect("a number")
}

/// What this process is to copy, where it is such a child.
fn held_for() -> Option<(usize, WindowOptions)> {
    let said = std::env::var(HOLD).ok()?;
    let mut numbers = said.split(' ');
    let blobs = numbers.next()?.parse().ok()?;
    let mut number = || numbers.next()?.parse().ok();
    let (first, most) = (number()?, number()?);
    Some((blobs, WindowOptions { first, most }))
}
