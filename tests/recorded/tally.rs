//! Counts, and what they come to.

use std::collections::BTreeMap;
use std::process::ExitCode;

/// What was checked, skipped and found wrong.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) scenarios: usize,
    pub(crate) steps: usize,
    /// Header values that were taken away to see whether anybody notices.
    pub(crate) headers: usize,
    operations: BTreeMap<String, [usize; 2]>,
    skipped: BTreeMap<(&'static str, String), usize>,
    failed: BTreeMap<String, Vec<String>>,
}

impl Tally {
    /// An answer was read.
    pub(crate) fn parsed(&mut self, operation: &str) {
        self.operations.entry(operation.to_owned()).or_default()[0] += 1;
    }

    /// A request was built again.
    pub(crate) fn rebuilt(&mut self, operation: &str) {
        self.operations.entry(operation.to_owned()).or_default()[1] += 1;
    }

    /// A step was left out of a check.
    pub(crate) fn skip(&mut self, check: &'static str, reason: impl Into<String>) {
        *self.skipped.entry((check, reason.into())).or_default() += 1;
    }

    /// Something is wrong.
    pub(crate) fn fail(&mut self, kind: &str, place: &str, what: &str) {
        let entry = self.failed.entry(kind.to_owned()).or_default();
        entry.push(format!("{place}: {what}"));
    }

    /// Prints everything; fails if anything is wrong or nothing was checked.
    pub(crate) fn print(self) -> ExitCode {
        println!("{:<28} {:>8} {:>8}", "operation", "parsed", "rebuilt");
        let mut sums = [0, 0];
        for (operation, counts) in &self.operations {
            println!("{operation:<28} {:>8} {:>8}", counts[0], counts[1]);
            sums = [sums[0] + counts[0], sums[1] + counts[1]];
        }
        println!("{:<28} {:>8} {:>8}", "all", sums[0], sums[1]);
        for ((check, reason), count) in &self.skipped {
            println!("skipped {count:>6} in {check}: {reason}");
        }
        for (kind, places) in &self.failed {
            println!("FAILED {:>6} {kind}", places.len());
            for place in places.iter().take(6) {
                println!("    {place}");
            }
        }
        let failed: usize = self.failed.values().map(Vec::len).sum();
        let skipped: usize = self.skipped.values().sum();
        println!(
            "recorded traffic: {} scenarios, {} steps; {} answers parsed, {} headers proven, {} requests rebuilt; {skipped} skipped, {failed} failed",
            self.scenarios, self.steps, sums[0], self.headers, sums[1],
        );
        if failed == 0 && sums[0] > 0 && sums[1] > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
