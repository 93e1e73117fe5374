//! Counts, and what they come to.

use std::collections::BTreeMap;
use std::process::ExitCode;

/// What is held against the recordings, for each operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Check {
    /// Every recorded answer can be read.
    Parsed,
    /// No header of an answer is lost.
    Headers,
    /// No element of an answer's body is lost.
    Elements,
    /// The recorded request is what we would have sent.
    Rebuilt,
}

const CHECKS: [(Check, &str); 4] = [
    (Check::Parsed, "parsed"),
    (Check::Headers, "headers"),
    (Check::Elements, "elements"),
    (Check::Rebuilt, "rebuilt"),
];

/// What was checked, skipped and found wrong.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) scenarios: usize,
    pub(crate) steps: usize,
    operations: BTreeMap<String, BTreeMap<Check, Count>>,
    skipped: BTreeMap<(&'static str, String), usize>,
    wrong: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    held: usize,
    failed: usize,
}

impl Tally {
    /// A check held once more.
    pub(crate) fn held(&mut self, operation: &str, check: Check) {
        self.count(operation, check).held += 1;
    }

    /// A step was left out of a check.
    pub(crate) fn skip(&mut self, check: &'static str, reason: impl Into<String>) {
        *self.skipped.entry((check, reason.into())).or_default() += 1;
    }

    /// A check did not hold: `kind` says how, `place` and `what` where.
    pub(crate) fn fail(
        &mut self,
        operation: &str,
        check: Check,
        kind: &str,
        place: &str,
        what: &str,
    ) {
        self.count(operation, check).failed += 1;
        let entry = self.wrong.entry(format!("{operation}: {kind}"));
        entry.or_default().push(format!("{place}: {what}"));
    }

    fn count(&mut self, operation: &str, check: Check) -> &mut Count {
        let counts = self.operations.entry(operation.to_owned()).or_default();
        counts.entry(check).or_default()
    }

    /// Prints everything, and ends as cargo's own harness does: a test is one check of one operation.
    pub(crate) fn print(self) -> ExitCode {
        self.print_table();
        for ((check, reason), count) in &self.skipped {
            println!("skipped {count:>6} in {check}: {reason}");
        }
        for (kind, places) in &self.wrong {
            println!("FAILED {:>6} {kind}", places.len());
            for place in places.iter().take(6) {
                println!("    {place}");
            }
        }
        let sums = CHECKS.map(|(check, _)| self.sum(check));
        let [parsed, headers, elements, rebuilt] = sums;
        println!(
            "COUNTED: recorded traffic: {} scenarios, {} steps, {parsed} answers parsed, {headers} headers proven, {elements} elements proven, {rebuilt} requests rebuilt, {} skipped",
            self.scenarios,
            self.steps,
            self.skipped.values().sum::<usize>(),
        );
        let counts = || self.operations.values().flat_map(BTreeMap::values);
        let failed = counts().filter(|count| count.failed > 0).count();
        // A check that found nothing to look at proves nothing.
        let idle = sums.iter().filter(|sum| **sum == 0).count();
        end(
            counts()
                .filter(|count| count.failed == 0 && count.held > 0)
                .count(),
            failed + idle,
            0,
        )
    }

    fn print_table(&self) {
        let heads: String = CHECKS
            .iter()
            .map(|(_, word)| format!(" {word:>8}"))
            .collect();
        println!("{:<28}{heads}", "operation");
        for (operation, counts) in &self.operations {
            let held = |check| counts.get(check).map_or(0, |count| count.held);
            let held: String = CHECKS
                .iter()
                .map(|(check, _)| format!(" {:>8}", held(check)))
                .collect();
            println!("{operation:<28}{held}");
        }
        let sums: String = CHECKS
            .iter()
            .map(|(check, _)| format!(" {:>8}", self.sum(*check)))
            .collect();
        println!("{:<28}{sums}", "all");
    }

    fn sum(&self, check: Check) -> usize {
        let counts = self
            .operations
            .values()
            .filter_map(|counts| counts.get(&check));
        counts.map(|count| count.held).sum()
    }
}

/// The last line of cargo's own harness, which `tests/run` counts by.
pub(crate) fn end(passed: usize, failed: usize, ignored: usize) -> ExitCode {
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "test result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; 0 filtered out"
    );
    ExitCode::from(u8::from(failed > 0))
}
