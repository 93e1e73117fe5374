//! From nothing to the first answer, and what an idle server holds.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::Failure;
use crate::arguments::Arguments;
use crate::load::Line;
use crate::peers;
use crate::process::{Process, free_addr};
use crate::report::{Goal, Report, median};
use crate::requests::Writer;

const MIB: f64 = 1_048_576.0;

/// Milliseconds and MiB, by round.
#[derive(Default)]
struct Seen {
    millis: Vec<f64>,
    memory: Vec<f64>,
}

pub(crate) fn start(
    arguments: &Arguments,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    report.say("start to first answer, and idle memory");
    let (mut own, mut peer) = (Seen::default(), Seen::default());
    for _ in 0..arguments.rounds() {
        own.round(runtime, |addr| match &arguments.binary {
            Some(binary) => {
                let mut command = Command::new(binary);
                command.args(["emulator", "--port", &addr.port().to_string()]);
                Ok(command)
            }
            None => {
                let mut command = Command::new(std::env::current_exe()?);
                command.args(["serve", &addr.port().to_string()]);
                Ok(command)
            }
        })?;
        if let Some(folder) = &arguments.azurite {
            peer.round(runtime, |addr| Ok(peers::command(folder, addr)))?;
        }
    }
    let who = match arguments.binary {
        Some(_) => "blobferry emulator",
        None => "the emulator as a library",
    };
    let (millis, memory) = (median(own.millis), median(own.memory));
    report.say(&format!("  {who}: {millis:.1} ms, {memory:.1} MiB"));
    report.judge("start", millis, " ms", Goal::AtMost(15.0));
    report.judge("idle memory", memory, " MiB", Goal::AtMost(10.0));
    if peer.millis.is_empty() {
        report.say("!!! AZURITE IS NOT INSTALLED: its figures are missing from this run");
    } else {
        let (millis, memory) = (median(peer.millis), median(peer.memory));
        report.say(&format!("    Azurite: {millis:.0} ms, {memory:.0} MiB"));
    }
    Ok(())
}

impl Seen {
    fn round(
        &mut self,
        runtime: &Runtime,
        command: impl Fn(SocketAddr) -> Result<Command, Failure>,
    ) -> Result<(), Failure> {
        let addr = free_addr()?;
        let request = Writer::new(addr)?.create_container("box")?;
        let begun = Instant::now();
        let server = Process::other(&mut command(addr)?, addr)?;
        runtime.block_on(async { Line::open(addr).await?.ask(&request).await.map(drop) })?;
        self.millis.push(begun.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(100));
        #[expect(
            clippy::cast_precision_loss,
            reason = "memory is well under 2^53 bytes"
        )]
        self.memory.push(server.memory()? as f64 / MIB);
        Ok(())
    }
}
