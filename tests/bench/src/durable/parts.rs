//! Blobs of very many parts in a data directory: whether the last part costs what the first did.

use std::time::Instant;

use tokio::runtime::Runtime;

use super::Directory;
use crate::Failure;
use crate::load::{self, Line};
use crate::process::Process;
use crate::report::{Goal, Report, median};
use crate::requests::{Raw, Writer};

/// Parts that are timed together.
const LOT: usize = 1_000;
/// How far apart pages are: each has a range of its own, anywhere in a large blob.
const APART: u64 = 128 << 10;

pub(super) fn parts(count: usize, runtime: &Runtime, report: &mut Report) -> Result<(), Failure> {
    let directory = Directory::new("parts")?;
    let server = Process::keeping(&directory.0)?;
    let writer = Writer::new(server.addr)?;
    let pages = count as u64;
    for request in [
        writer.create_container("box")?,
        writer.put_append_blob("box/append")?,
        writer.put_page_blob("box/page", pages * APART)?,
    ] {
        load::once(runtime, server.addr, vec![request])?;
    }
    let ids: Vec<String> = (0..count).map(|number| format!("{number:08}")).collect();
    let body = [b'p'; 512];
    let block = |at: usize| match ids.get(at) {
        Some(id) => writer.put_block("box/block", id, &body),
        None => Err("there is no such block".into()),
    };
    // In no order, as clients that write in parallel have none.
    let page = |at: usize| writer.put_page("box/page", at as u64 * 7_919 % pages * APART, &body);
    let append = |_: usize| writer.append_block("box/append", &body);
    type Part<'a> = (&'a str, &'a dyn Fn(usize) -> Result<Raw, Failure>);
    let kinds: [Part<'_>; 3] = [
        ("Put Block", &block),
        ("Append Block", &append),
        ("Put Page", &page),
    ];
    for (name, part) in kinds {
        let mut lots = Vec::new();
        for first in (0..count).step_by(LOT) {
            let requests: Result<Vec<Raw>, Failure> = (first..first + LOT).map(part).collect();
            let requests = requests?;
            let begun = Instant::now();
            load::once(runtime, server.addr, requests)?;
            lots.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let tenth = (lots.len() / 10).max(2);
        let first = median(lots.iter().take(tenth).copied().collect());
        let last = median(lots.iter().rev().take(tenth).copied().collect());
        report.say(&format!(
            "  {count} × {name} to one blob: {first:.0} ms for 1,000 at first, {last:.0} ms at last"
        ));
        let what = format!("{name}, the last thousand / the first");
        report.judge(&what, last / first, "", Goal::AtMost(1.5));
    }
    let list = writer.put_block_list("box/block", &ids)?;
    let begun = Instant::now();
    load::once(runtime, server.addr, vec![list])?;
    let committed = begun.elapsed().as_secs_f64() * 1e3;
    drop(server);
    let begun = Instant::now();
    let server = Process::keeping(&directory.0)?;
    let request = Writer::new(server.addr)?.properties("box/block")?;
    runtime.block_on(async { Line::open(server.addr).await?.ask(&request).await.map(drop) })?;
    let started = begun.elapsed().as_secs_f64() * 1e3;
    report.say(&format!(
        "  Put Block List of {count} blocks: {committed:.0} ms; after kill -9 the first answer comes \
         after {started:.0} ms, with {:.0} MiB on disk",
        directory.used()?
    ));
    Ok(())
}
