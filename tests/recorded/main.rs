//! Core against recorded traffic of the real service.
//!
//! Every recorded answer of the operations we have is read, and shown to lose no header; every
//! request that was recorded with its headers is built again and compared.

mod answer;
mod known;
mod readers;
mod request;
mod tally;

use std::process::ExitCode;

use blobferry_tests::recording;

use crate::tally::Tally;

fn main() -> ExitCode {
    let Some(folder) = recording::folder() else {
        println!("SKIPPED: no recordings beside the repository (set BLOBFERRY_SHARED); 1 skipped");
        return ExitCode::SUCCESS;
    };
    let mut tally = Tally::default();
    let files = match recording::files(&folder) {
        Ok(files) if !files.is_empty() => files,
        other => {
            println!(
                "FAILED: no recordings can be read in {}: {other:?}",
                folder.display()
            );
            return ExitCode::FAILURE;
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
            tally.fail("reading", &file.to_string_lossy(), &error.to_string());
        }
    }
    tally.print()
}
