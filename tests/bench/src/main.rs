//! The emulator beside its floors and beside Azurite, in one run on one machine. See README.md.

mod arguments;
mod bulk;
mod durable;
mod floor;
mod list;
mod load;
mod million;
mod peers;
mod process;
mod rate;
mod report;
mod requests;
mod start;

use std::process::ExitCode;

use arguments::Arguments;
use report::Report;

/// Whatever ends a benchmark before its figure.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let outcome = match words.next().as_deref() {
        Some("serve") => floor::emulator(words.next().as_deref(), words.next().as_deref()),
        Some("floor") => floor::answers(),
        Some("loopback") => floor::loopback(),
        _ => run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("blobferry-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let mut report = Report::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for (name, bench) in BENCHES {
        if arguments.wants(name) {
            bench(&arguments, &runtime, &mut report)?;
        }
    }
    report.finish(arguments.check)
}

type Bench = fn(&Arguments, &tokio::runtime::Runtime, &mut Report) -> Result<(), Failure>;

const BENCHES: &[(&str, Bench)] = &[
    ("rate", rate::rate),
    ("list", list::list),
    ("bulk", bulk::bulk),
    ("start", start::start),
    ("million", million::million),
    ("durable", durable::durable),
];
