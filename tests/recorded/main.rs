//! Core against recorded traffic of the real service.
//!
//! Every recorded answer of the operations we have is read, and shown to lose no header and no
//! element; every request that was recorded with its headers is built again and compared, with its
//! body.

mod answer;
mod known;
mod readers;
mod request;
mod tally;
mod xml;

use std::process::ExitCode;

use blobferry_tests::recording;

use crate::tally::{Check, Tally};

fn main() -> ExitCode {
    let Some(folder) = recording::folder() else {
        println!(
            "SKIPPED: recorded traffic: no recordings here (BLOBFERRY_RECORDINGS names their folder)"
        );
        return tally::end(0, 0, 1);
    };
    let mut tally = Tally::default();
    let files = match recording::files(&folder) {
        Ok(files) if !files.is_empty() => files,
        other => {
            println!(
                "no recordings can be read in {}: {other:?}",
                folder.display()
            );
            return tally::end(0, 1, 0);
        }
    };
    for file in files {
        let read = recording::each(&file, |scenario| {
            tally.scenarios += 1;
            for step in &scenario.steps {
                tally.steps += 1;
                answer::check(&scenario, step, &mut tally);
                request::check(&scenario, step, &mut tally);
            }
        });
        if let Err(error) = read {
            let file = file.to_string_lossy();
            tally.fail(
                "recordings",
                Check::Parsed,
                "cannot be read",
                &file,
                &error.to_string(),
            );
        }
    }
    tally.print()
}
