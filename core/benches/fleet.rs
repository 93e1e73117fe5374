//! 100,000 blobs from one account to another, on virtual time, against the least service that can
//! answer a fleet. Goal: 1.5 s for engine, machines, signing and parsing together.

mod fleet {
    pub(crate) mod service;
}

use std::time::Duration;

use blobferry_core::{Fleet, FleetOptions, FleetPlan, Seed, WindowOptions};
use criterion::{Criterion, criterion_group, criterion_main};

use fleet::service::{Service, account, drive};

fn copy_everything(blobs: usize) -> usize {
    let [source, destination] = ["lighthouse", "harbour"].map(account);
    let plan = FleetPlan::container(
        source.container("logs".parse().expect("a name")),
        destination.container("logs".parse().expect("a name")),
    );
    let options = FleetOptions {
        window: WindowOptions {
            first: 5_000,
            most: 10_000,
        },
        ..FleetOptions::default()
    };
    let mut service = Service::new(blobs, Duration::from_secs(20));
    let report = drive(Fleet::new(plan, options, Seed::new(1)), &mut service);
    assert_eq!(report.totals.copied, blobs as u64);
    assert!(report.is_clean());
    report.requests.values().sum::<u64>() as usize
}

fn fleet(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fleet");
    group.sample_size(10);
    group.bench_function("100,000 blobs", |bencher| {
        bencher.iter(|| copy_everything(100_000));
    });
    group.finish();
}

criterion_group!(benches, fleet);
criterion_main!(benches);
