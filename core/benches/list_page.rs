//! Reading a page of 5,000 blobs, against quick-xml's bare event loop over the same bytes.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use blobferry_core::operation::{ListBlobs, Operation};
use blobferry_core::{Location, Place, Response};
use bytes::Bytes;
use criterion::{Criterion, Throughput};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The parse may take this many times as long as the floor.
const GOAL: f64 = 1.7;

fn main() {
    let page = page(5000);
    let list = list();
    let response = Response::new(http::Response::new(page.clone()));
    let mut criterion = Criterion::default()
        .sample_size(20)
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut group = criterion.benchmark_group("list_page");
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("floor", |b| b.iter(|| floor(black_box(&page))));
    group.bench_function("parse", |b| b.iter(|| list.parse(black_box(&response))));
    group.bench_function("entries", |b| {
        b.iter(|| list.entries(black_box(&response)).map(Iterator::count));
    });
    group.finish();
    criterion.final_summary();
    print_ratio(&page, &list, &response);
}

/// Measures both in turn, so that a busy machine slows both, and prints the medians.
fn print_ratio(page: &Bytes, list: &ListBlobs, response: &Response) {
    let (mut floors, mut parses) = (Vec::new(), Vec::new());
    for _ in 0..41 {
        floors.push(timed(|| floor(page)));
        parses.push(timed(|| list.parse(response)));
    }
    let (floor, parse) = (median(floors), median(parses));
    println!(
        "list_page: {parse:.2} ms, floor {floor:.2} ms, ratio {:.2} (goal {GOAL:.2})",
        parse / floor
    );
}

/// How long one run takes, in milliseconds, and to free what it made.
fn timed<T>(run: impl FnOnce() -> T) -> f64 {
    let begun = Instant::now();
    drop(black_box(run()));
    begun.elapsed().as_secs_f64() * 1000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn floor(page: &Bytes) -> usize {
    let text = std::str::from_utf8(page).unwrap_or_default();
    let mut reader = Reader::from_str(text);
    let mut events = 0;
    while let Ok(event) = reader.read_event() {
        if matches!(event, Event::Eof) {
            break;
        }
        events += 1;
    }
    events
}

fn list() -> ListBlobs {
    let url = "https://lighthouse.blob.core.windows.net/logs";
    match url.parse::<Location>().map(|location| location.place) {
        Ok(Place::Container(container)) => ListBlobs::new(container),
        other => unreachable!("{other:?} is no container"),
    }
}

/// A page as the service writes it with `include=copy,metadata`.
fn page(blobs: usize) -> Bytes {
    let mut xml = String::from(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults \
         ServiceEndpoint=\"https://lighthouse.blob.core.windows.net/\" ContainerName=\"logs\"><Blobs>",
    );
    for at in 0..blobs {
        let _ = write!(
            xml,
            "<Blob><Name>2026/11/21/server-{at:05}/access.log</Name><Properties>\
             <Creation-Time>Sat, 21 Nov 2026 09:00:00 GMT</Creation-Time>\
             <Last-Modified>Sat, 21 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x8D9A1B2C3D{at:05}</Etag>\
             <Content-Length>{at}</Content-Length><Content-Type>application/octet-stream</Content-Type>\
             <Content-Encoding /><Content-Language /><Content-CRC64 />\
             <Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5><Cache-Control /><Content-Disposition />\
             <BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>\
             <AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>\
             <LeaseState>available</LeaseState><CopyId>1f812371-a41d-49e6-b123-f4b5{at:08}</CopyId>\
             <CopySource>https://beacon.blob.core.windows.net/logs/2026/11/21/server-{at:05}/access.log?sv=2021-12-02&amp;sr=b</CopySource>\
             <CopyStatus>success</CopyStatus><CopyProgress>{at}/{at}</CopyProgress>\
             <CopyCompletionTime>Sat, 21 Nov 2026 10:00:00 GMT</CopyCompletionTime>\
             <ServerEncrypted>true</ServerEncrypted></Properties>\
             <Metadata><origin>beacon</origin><run>{at}</run></Metadata><OrMetadata /></Blob>"
        );
    }
    xml.push_str("</Blobs><NextMarker>2!88!next</NextMarker></EnumerationResults>");
    Bytes::from(xml)
}
