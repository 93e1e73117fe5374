//! 256 MiB in and out, against a copy of memory through loopback.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use blobferry_emulator::{Config, Service};
use tokio::runtime::Runtime;

use crate::Failure;
use crate::arguments::Arguments;
use crate::load::{self, Line};
use crate::process::{Process, own_cpu};
use crate::report::{Goal, Report, median};
use crate::requests::{self, Writer};

const MIB: usize = 1 << 20;
const LENGTH: usize = 256 * MIB;
const BLOCK: usize = 8 * MIB;

/// Seconds, by round.
#[derive(Default)]
struct Seen {
    put: Vec<f64>,
    blocks: Vec<f64>,
    get: Vec<f64>,
    taken: Vec<f64>,
    sent: Vec<f64>,
}

pub(crate) fn bulk(
    arguments: &Arguments,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    report.say("256 MiB through one connection");
    let ours = Process::own("serve", "")?;
    let floor = Process::own("loopback", "")?;
    let writer = Writer::new(ours.addr)?;
    load::once(runtime, ours.addr, vec![writer.create_container("box")?])?;
    let body = vec![b'b'; LENGTH];
    let put = writer.put("box/whole", &body)?;
    let get = writer.get("box/whole")?;
    let mut seen = Seen::default();
    for _ in 0..arguments.rounds().min(5) {
        seen.put.push(timed(runtime, &ours, &[&put])?);
        seen.get.push(timed(runtime, &ours, &[&get])?);
        seen.blocks.push(in_blocks(runtime, &ours, &writer, &body)?);
        seen.taken.push(through(&floor, b't', &body)?);
        seen.sent.push(through(&floor, b's', &body)?);
    }
    let (taken, sent) = (median(seen.taken), median(seen.sent));
    let hashing = median(
        (0..3)
            .map(|_| hashed(&writer, &put))
            .collect::<Result<_, _>>()?,
    );
    let put = median(seen.put);
    report.say(&format!(
        "  the checksums that Put Blob must tell: {:.0} MiB/s on one core; with another core that \
         receives meanwhile, at best {:.2} of loopback; Put Blob is at {:.2} of what they allow",
        256.0 / hashing,
        (taken / hashing).min(1.0),
        hashing.max(taken) / put
    ));
    for (name, seconds, floor) in [
        ("Put Blob 256 MiB", put, taken),
        (
            "Put Block 32 × 8 MiB and its list",
            median(seen.blocks),
            taken,
        ),
        ("Get Blob 256 MiB", median(seen.get), sent),
    ] {
        let speed = |seconds: f64| 256.0 / seconds;
        report.say(&format!(
            "  {name}: {:.0} MiB/s; memory through loopback {:.0} MiB/s",
            speed(seconds),
            speed(floor)
        ));
        report.judge(
            &format!("{name} / loopback"),
            floor / seconds,
            "",
            Goal::AtLeast(0.6),
        );
    }
    Ok(())
}

/// Seconds of CPU that a service without a socket takes for a body that is there already: nearly all
/// of it goes into MD5, which one core must find in one piece.
fn hashed(writer: &Writer, put: &[u8]) -> Result<f64, Failure> {
    let service = Service::new(Config::new());
    let container = requests::read(&writer.create_container("box")?)?;
    let put = requests::read(put)?;
    let now = service.clock().now();
    drop(service.respond(now, container));
    let begun = own_cpu()?;
    let answer = service.respond(now, put);
    if !answer.status().is_success() {
        return Err(format!("refused: {}", answer.status()).into());
    }
    Ok((own_cpu()? - begun).as_secs_f64())
}

/// Sends requests one after the other.
fn timed(runtime: &Runtime, server: &Process, requests: &[&[u8]]) -> Result<f64, Failure> {
    runtime.block_on(async {
        let mut line = Line::open(server.addr).await?;
        let begun = Instant::now();
        for request in requests {
            line.ask(request).await?;
        }
        Ok(begun.elapsed().as_secs_f64())
    })
}

fn in_blocks(
    runtime: &Runtime,
    server: &Process,
    writer: &Writer,
    body: &[u8],
) -> Result<f64, Failure> {
    let ids: Vec<String> = (0..LENGTH / BLOCK).map(|at| format!("{at:04}")).collect();
    let mut requests = Vec::new();
    for (id, block) in ids.iter().zip(body.chunks(BLOCK)) {
        requests.push(writer.put_block("box/blocks", id, block)?);
    }
    requests.push(writer.put_block_list("box/blocks", &ids)?);
    let requests: Vec<&[u8]> = requests.iter().map(Vec::as_slice).collect();
    timed(runtime, server, &requests)
}

/// Memory to memory, with nothing in between.
fn through(floor: &Process, way: u8, body: &[u8]) -> Result<f64, Failure> {
    let mut stream = TcpStream::connect(floor.addr)?;
    stream.set_nodelay(true)?;
    let mut order = vec![way];
    order.extend_from_slice(&u64::try_from(body.len())?.to_le_bytes());
    stream.write_all(&order)?;
    stream.read_exact(&mut [0])?;
    let begun = Instant::now();
    if way == b't' {
        stream.write_all(body)?;
        stream.read_exact(&mut [0])?;
    } else {
        let mut buffer = vec![0; 256 << 10];
        stream.write_all(b"!")?;
        let mut left = body.len();
        while left > 0 {
            match stream.read(&mut buffer)? {
                0 => return Err("loopback broke off".into()),
                read => left = left.saturating_sub(read),
            }
        }
    }
    Ok(begun.elapsed().as_secs_f64())
}
