//! Many small blobs, each written twice: memory for each, and the cost of listing them.

use std::time::Instant;

use tokio::runtime::Runtime;

use crate::Failure;
use crate::arguments::Arguments;
use crate::load::{self, Line};
use crate::process::Process;
use crate::report::{Goal, Report, median};
use crate::requests::{KIBIBYTE, Raw, Writer};

/// Requests written ahead at once.
const BATCH: usize = 20_000;

pub(crate) fn million(
    arguments: &Arguments,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    let blobs = if arguments.short { 100_000 } else { 1_000_000 };
    report.say(&format!(
        "{blobs} blobs of 1 KiB in memory, each written twice"
    ));
    let ours = Process::own("serve", "")?;
    let writer = Writer::new(ours.addr)?;
    load::once(runtime, ours.addr, vec![writer.create_container("box")?])?;
    fill(runtime, &ours, 10_000)?;
    let small = median(pages(runtime, &ours, 2)?);
    let idle = ours.memory()?;
    fill(runtime, &ours, blobs)?;
    let once = ours.memory()?;
    fill(runtime, &ours, blobs)?;
    let twice = ours.memory()?;
    let times = pages(runtime, &ours, usize::MAX)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "memory is well under 2^53 bytes"
    )]
    let payloads = |memory: u64| memory as f64 / (blobs as f64 * 1024.0);
    report.say(&format!(
        "  {:.2} × the payload after one write of each, {:.2} × after the second ({:.2} before)",
        payloads(once),
        payloads(twice),
        payloads(idle)
    ));
    report.judge("memory / payload", payloads(twice), "×", Goal::AtMost(2.0));
    let (count, whole) = (times.len(), median(times));
    report.say(&format!(
        "  {count} pages of 5,000: {whole:.2} ms each; among 10,000 blobs {small:.2} ms"
    ));
    report.judge(
        "page among many / among few",
        whole / small,
        "×",
        Goal::AtMost(1.5),
    );
    Ok(())
}

fn fill(runtime: &Runtime, server: &Process, blobs: usize) -> Result<(), Failure> {
    for first in (0..blobs).step_by(BATCH) {
        let writer = Writer::new(server.addr)?;
        let batch: Result<Vec<Raw>, Failure> = (first..blobs.min(first + BATCH))
            .map(|at| writer.put(&format!("box/2026/11/21/lamp-{at:07}.png"), &KIBIBYTE))
            .collect();
        load::once(runtime, server.addr, batch?)?;
    }
    Ok(())
}

/// Milliseconds of each page, up to so many.
fn pages(runtime: &Runtime, server: &Process, most: usize) -> Result<Vec<f64>, Failure> {
    runtime.block_on(async {
        let mut line = Line::open(server.addr).await?;
        let mut times = Vec::new();
        let mut marker: Option<String> = None;
        while times.len() < most {
            let request = Writer::new(server.addr)?.list("box", marker.as_deref())?;
            let begun = Instant::now();
            let page = line.fetch(&request).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            let text = String::from_utf8(page)?;
            marker = text
                .rsplit_once("<NextMarker>")
                .and_then(|(_, rest)| rest.split_once("</NextMarker>"))
                .map(|(marker, _)| marker.to_owned());
            if marker.is_none() {
                break;
            }
        }
        Ok(times)
    })
}
