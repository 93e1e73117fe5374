//! Requests a second: Put Blob, Get Blob Properties, Copy Blob.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::Failure;
use crate::arguments::Arguments;
use crate::load::{self, Line};
use crate::peers;
use crate::process::Process;
use crate::report::{Goal, Report, median};
use crate::requests::{KIBIBYTE, Raw, Writer};

/// Different blobs of a round.
const BLOBS: usize = 2_048;

/// One of the three.
struct Work {
    name: &'static str,
    write: fn(&Writer, usize) -> Result<Raw, Failure>,
    /// How many times Azurite.
    azurite: f64,
    /// Seen of azurite-rs, which skips the checks, on another machine: said beside ours, not judged.
    azurite_rs: u32,
}

const WORKS: [Work; 3] = [
    Work {
        name: "Put Blob 1 KiB",
        write: |writer, at| writer.put(&format!("box/put-{at}"), &KIBIBYTE),
        azurite: 20.0,
        azurite_rs: 38_000,
    },
    Work {
        name: "Get Blob Properties",
        write: |writer, at| writer.properties(&format!("box/held-{}", at % 64)),
        azurite: 8.0,
        azurite_rs: 45_000,
    },
    Work {
        name: "Copy Blob 1 KiB",
        write: |writer, at| writer.copy(&format!("box/copy-{at}"), "box/held-0"),
        azurite: 20.0,
        azurite_rs: 53_000,
    },
];

/// Rate and processor time of each request, by round.
#[derive(Default)]
struct Seen {
    rates: Vec<f64>,
    micros: Vec<f64>,
}

pub(crate) fn rate(
    arguments: &Arguments,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    report.say("requests a second, 32 keep-alive connections, Shared Key verified");
    let ours = Process::own("serve", "")?;
    prepare(runtime, &ours)?;
    let floor = Process::own("floor", &heads(runtime, &ours)?)?;
    let azurite = peers::azurite(arguments, report)?;
    if let Some(azurite) = &azurite {
        prepare(runtime, azurite)?;
    }
    for work in &WORKS {
        let (mut own, mut bare, mut peer) = (Seen::default(), Seen::default(), Seen::default());
        for _ in 0..arguments.rounds() {
            let lasting = arguments.lasting();
            own.round(runtime, &ours, work, lasting)?;
            bare.round(runtime, &floor, work, lasting)?;
            if let Some(azurite) = &azurite {
                peer.round(runtime, azurite, work, lasting)?;
            }
        }
        tell(report, work, own, bare, peer);
    }
    Ok(())
}

impl Seen {
    fn round(
        &mut self,
        runtime: &Runtime,
        server: &Process,
        work: &Work,
        lasting: Duration,
    ) -> Result<(), Failure> {
        let writer = Writer::new(server.addr)?;
        let requests: Result<Vec<Raw>, Failure> =
            (0..BLOBS).map(|at| (work.write)(&writer, at)).collect();
        let before = server.cpu()?;
        let rate = load::rate(runtime, server.addr, &Arc::new(requests?), lasting)?;
        let spent = server.cpu()?.saturating_sub(before);
        self.rates.push(rate);
        self.micros
            .push(spent.as_secs_f64() * 1e6 / (rate * lasting.as_secs_f64()));
        Ok(())
    }
}

/// A container and blobs to ask for.
fn prepare(runtime: &Runtime, server: &Process) -> Result<(), Failure> {
    let writer = Writer::new(server.addr)?;
    load::once(runtime, server.addr, vec![writer.create_container("box")?])?;
    let blobs: Result<Vec<Raw>, Failure> = (0..64)
        .map(|at| writer.put(&format!("box/held-{at}"), &KIBIBYTE))
        .collect();
    load::once(runtime, server.addr, blobs?)?;
    Ok(())
}

/// The heads of our answers, for the floor to repeat.
fn heads(runtime: &Runtime, server: &Process) -> Result<String, Failure> {
    let writer = Writer::new(server.addr)?;
    runtime.block_on(async {
        let mut line = Line::open(server.addr).await?;
        let mut text = String::new();
        for work in &WORKS {
            let request = (work.write)(&writer, 0)?;
            let (head, _) = line.ask(&request).await?;
            let head = String::from_utf8(head.to_vec())?;
            let lines = head.trim_end().lines().skip(1);
            text.extend(lines.flat_map(|line| [line, "\n"]));
            text.push('\n');
        }
        text.push('0');
        Ok(text)
    })
}

fn tell(report: &mut Report, work: &Work, own: Seen, bare: Seen, peer: Seen) {
    let name = work.name;
    let ratios = own
        .rates
        .iter()
        .zip(&bare.rates)
        .map(|(own, bare)| own / bare);
    let ratio = median(ratios.collect());
    let (own_rate, own_micros) = (median(own.rates), median(own.micros));
    let (bare_rate, bare_micros) = (median(bare.rates), median(bare.micros));
    report.say(&format!(
        "  {name}: {own_rate:.0}/s at {own_micros:.1} µs of CPU; bare hyper {bare_rate:.0}/s at \
         {bare_micros:.1} µs; azurite-rs was seen at {}/s elsewhere",
        work.azurite_rs
    ));
    report.judge(
        &format!("{name} / bare hyper"),
        ratio,
        "",
        Goal::AtLeast(0.6),
    );
    if !peer.rates.is_empty() {
        let (rate, micros) = (median(peer.rates), median(peer.micros));
        report.say(&format!(
            "    Azurite: {rate:.0}/s at {micros:.1} µs of CPU"
        ));
        let goal = Goal::AtLeast(work.azurite);
        report.judge(&format!("{name} / Azurite"), own_rate / rate, "×", goal);
    }
}
