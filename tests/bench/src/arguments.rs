//! What the command line asks for.

use std::path::PathBuf;
use std::time::Duration;

use crate::Failure;

/// What is measured, and for how long.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Fewer and shorter rounds.
    pub(crate) short: bool,
    /// Fail where a goal is missed by far.
    pub(crate) check: bool,
    /// The folder with Azurite's `node_modules`.
    pub(crate) azurite: Option<PathBuf>,
    /// The `blobferry` command whose start is measured; this program's own server without.
    pub(crate) binary: Option<PathBuf>,
    /// Only these.
    only: Vec<String>,
}

impl Arguments {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut read = Self {
            short: false,
            check: false,
            azurite: None,
            binary: None,
            only: Vec::new(),
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--short" => read.short = true,
                "--check" => read.check = true,
                "--azurite" => read.azurite = words.next().map(PathBuf::from),
                "--binary" => read.binary = words.next().map(PathBuf::from),
                name if !name.starts_with('-') => read.only.push(name.to_owned()),
                other => return Err(format!("no option {other}").into()),
            }
        }
        Ok(read)
    }

    pub(crate) fn wants(&self, bench: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == bench)
    }

    /// Rounds of each measurement.
    pub(crate) fn rounds(&self) -> usize {
        if self.short { 3 } else { 9 }
    }

    /// How long one round of requests lasts.
    pub(crate) fn lasting(&self) -> Duration {
        Duration::from_millis(if self.short { 500 } else { 2_000 })
    }
}
