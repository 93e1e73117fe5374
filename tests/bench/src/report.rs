//! Figures, each with its floor, its ratio and its goal.

use crate::Failure;

/// A goal missed by more than this part of it fails `--check`; less is the machine's noise.
const BY_FAR: f64 = 0.25;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn holds(self, value: f64, slack: f64) -> bool {
        match self {
            Self::AtLeast(goal) => value >= goal * (1.0 - slack),
            Self::AtMost(goal) => value <= goal * (1.0 + slack),
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(goal) => write!(f, ">= {goal}"),
            Self::AtMost(goal) => write!(f, "<= {goal}"),
        }
    }
}

/// Everything measured so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    missed: Vec<String>,
    missed_by_far: Vec<String>,
}

impl Report {
    /// A line of words.
    pub(crate) fn say(&mut self, line: &str) {
        println!("{line}");
    }

    /// A figure that has a goal.
    pub(crate) fn judge(&mut self, what: &str, value: f64, unit: &str, goal: Goal) {
        let met = goal.holds(value, 0.0);
        let verdict = if met { "met" } else { "MISSED" };
        println!("    {what}: {value:.2}{unit} (goal {goal}) {verdict}");
        if !met {
            self.missed.push(what.to_owned());
        }
        if !goal.holds(value, BY_FAR) {
            self.missed_by_far.push(what.to_owned());
        }
    }

    /// The last line, and whether all is well.
    pub(crate) fn finish(self, check: bool) -> Result<(), Failure> {
        if self.missed.is_empty() {
            println!("every goal met");
        } else {
            println!("missed: {}", self.missed.join("; "));
        }
        if check && !self.missed_by_far.is_empty() {
            return Err(format!("missed by far: {}", self.missed_by_far.join("; ")).into());
        }
        Ok(())
    }
}

/// The one in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
