//! Building and signing one Copy Blob, against the one HMAC that it cannot do without.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench may fail"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use blobferry_core::operation::CopyBlob;
use blobferry_core::sas::SasToken;
use blobferry_core::sign::shared_key::{Parts, SharedKey, string_to_sign};
use blobferry_core::sign::sign;
use blobferry_core::{
    BlobAddress, Identities, Location, Operation, Place, ServiceVersion, Timestamp,
};
use criterion::{Criterion, criterion_group, criterion_main};

const SAS: &str = "sv=2021-12-02&sr=c&sp=rl&se=2026-12-31T00%3A00%3A00Z&sig=bGFtcGxpZ2h0LWxhbXBsaWdodC1sYW1wbGlnaHQtMTI%3D";

fn blob(url: &str) -> BlobAddress {
    match url.parse::<Location>().unwrap().place {
        Place::Blob(blob) => blob,
        place => unreachable!("{place:?} is no blob"),
    }
}

/// Mean time of a call in seconds, over 20 ms.
fn mean(call: &dyn Fn()) -> f64 {
    let (begin, mut calls) = (Instant::now(), 0_u32);
    while begin.elapsed() < Duration::from_millis(20) {
        for _ in 0..100 {
            call();
        }
        calls += 100;
    }
    begin.elapsed().as_secs_f64() / f64::from(calls)
}

/// Measures both in turn, so that whoever else wants the machine disturbs both; the round in the middle.
fn compare(whole: &dyn Fn(), floor: &dyn Fn()) -> (f64, f64) {
    let mut rounds: Vec<(f64, f64)> = (0..51).map(|_| (mean(whole), mean(floor))).collect();
    rounds.sort_by(|(a, b), (c, d)| (a / b).total_cmp(&(c / d)));
    rounds[rounds.len() / 2]
}

fn bench(criterion: &mut Criterion) {
    let source = blob("https://lighthouse.blob.core.windows.net/lamps/2026/11/21/00001.png");
    let destination = blob("https://harbour.blob.core.windows.net/lamps/2026/11/21/00001.png");
    let key = SharedKey::new(SharedKey::DEVELOPMENT).unwrap();
    let identities = Identities::new()
        .with(source.account.clone(), SAS.parse::<SasToken>().unwrap())
        .with(destination.account.clone(), key.clone());
    let now = Timestamp::parse_iso("2026-11-21T10:00:00Z").unwrap();
    let version = ServiceVersion::DEFAULT;
    let operation = CopyBlob::new(destination.clone(), source);
    let signed = sign(&operation.request(), &identities, version, now).unwrap();
    let text = string_to_sign(&Parts {
        method: signed.method(),
        headers: signed.headers(),
        account: destination.account.name(),
        path: signed.uri().path(),
        query: &[],
        version,
        content_length: 0,
    });
    let whole = || {
        black_box(sign(&black_box(&operation).request(), &identities, version, now).unwrap());
    };
    let floor = || {
        black_box(key.sign(black_box(&text)));
    };
    criterion.bench_function("copy_blob/build_and_sign", |bencher| bencher.iter(whole));
    criterion.bench_function("copy_blob/one_hmac", |bencher| bencher.iter(floor));
    let (whole, floor) = compare(&whole, &floor);
    println!(
        "sign_copy: {:.2} µs, floor {:.2} µs, ratio {:.2} (goal 4.00)",
        whole * 1e6,
        floor * 1e6,
        whole / floor
    );
}

criterion_group!(benches, bench);
criterion_main!(benches);
