//! A page of a listing: 5,000 blobs with metadata and copy properties.

use std::time::Instant;

use tokio::runtime::Runtime;

use crate::Failure;
use crate::arguments::Arguments;
use crate::load::{self, Line};
use crate::peers;
use crate::process::Process;
use crate::report::{Goal, Report, median};
use crate::requests::{KIBIBYTE, Raw, Writer};

/// Milliseconds of one page: by the clock, and of CPU.
#[derive(Default)]
struct Seen {
    clock: Vec<f64>,
    cpu: Vec<f64>,
}

pub(crate) fn list(
    arguments: &Arguments,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    report.say("List Blobs, a page of 5,000 copied blobs with metadata and copy");
    let ours = Process::own("serve", "")?;
    prepare(runtime, &ours, 5_000)?;
    let length = page_length(runtime, &ours)?;
    let floor = Process::own("floor", &format!("\n\n\n\n\n\n{length}"))?;
    let azurite = peers::azurite(arguments, report)?;
    if let Some(azurite) = &azurite {
        prepare(runtime, azurite, 5_000)?;
    }
    let (mut own, mut bare, mut peer) = (Seen::default(), Seen::default(), Seen::default());
    for _ in 0..arguments.rounds() {
        own.round(runtime, &ours, 10)?;
        bare.round(runtime, &floor, 10)?;
        if let Some(azurite) = &azurite {
            peer.round(runtime, azurite, 1)?;
        }
    }
    let ratios = own
        .clock
        .iter()
        .zip(&bare.clock)
        .map(|(own, bare)| own / bare);
    let ratio = median(ratios.collect());
    let (clock, cpu) = (median(own.clock), median(own.cpu));
    report.say(&format!(
        "  page of {length} bytes: {clock:.2} ms, {cpu:.2} ms of CPU; the same bytes from bare hyper \
         {:.2} ms, {:.2} ms of CPU",
        median(bare.clock),
        median(bare.cpu)
    ));
    report.judge("List Blobs / same bytes", ratio, "×", Goal::AtMost(3.0));
    report.judge("List Blobs CPU", cpu, " ms", Goal::AtMost(10.0));
    if !peer.clock.is_empty() {
        let (clock, cpu) = (median(peer.clock), median(peer.cpu));
        report.say(&format!("    Azurite: {clock:.1} ms, {cpu:.1} ms of CPU"));
    }
    Ok(())
}

impl Seen {
    fn round(&mut self, runtime: &Runtime, server: &Process, pages: u32) -> Result<(), Failure> {
        let request = Writer::new(server.addr)?.list("box", None)?;
        runtime.block_on(async {
            let mut line = Line::open(server.addr).await?;
            line.ask(&request).await?;
            let (before, begun) = (server.cpu()?, Instant::now());
            for _ in 0..pages {
                line.ask(&request).await?;
            }
            let pages = f64::from(pages);
            self.clock.push(begun.elapsed().as_secs_f64() * 1e3 / pages);
            let spent = server.cpu()?.saturating_sub(before);
            self.cpu.push(spent.as_secs_f64() * 1e3 / pages);
            Ok(())
        })
    }
}

/// A container of blobs that were all copied.
fn prepare(runtime: &Runtime, server: &Process, blobs: usize) -> Result<(), Failure> {
    let writer = Writer::new(server.addr)?;
    for container in ["box", "source"] {
        load::once(
            runtime,
            server.addr,
            vec![writer.create_container(container)?],
        )?;
    }
    let source = writer.put("source/lamp", &KIBIBYTE)?;
    load::once(runtime, server.addr, vec![source])?;
    let copies: Result<Vec<Raw>, Failure> = (0..blobs)
        .map(|at| writer.copy(&format!("box/2026/11/21/lamp-{at:05}.png"), "source/lamp"))
        .collect();
    load::once(runtime, server.addr, copies?)?;
    Ok(())
}

fn page_length(runtime: &Runtime, server: &Process) -> Result<usize, Failure> {
    let request = Writer::new(server.addr)?.list("box", None)?;
    runtime.block_on(async {
        let mut line = Line::open(server.addr).await?;
        Ok(line.ask(&request).await?.1)
    })
}
