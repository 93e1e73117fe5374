//! Faults as text: `EFFECT[,NAME=VALUE]...`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Effect, Fault};
use crate::fault::glob::Glob;
use crate::kind::Kind;

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFault(String);

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFault {}

const EFFECTS: &str = "internal-error, server-busy, timed-out, drop-before, drop-after, \
    silence-before, silence-after, truncate, slow, late, copy-source-changed, copy-fails, copy-retries";

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let (effect, rest) = text.split_once(',').unwrap_or((text, ""));
        let pairs = rest
            .split(',')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair
                    .split_once('=')
                    .ok_or_else(|| InvalidFault(format!("`{pair}` is not NAME=VALUE")))?;
                Ok((name.trim().to_owned(), value.to_owned()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::of_pairs(effect.trim(), pairs)
    }
}

impl Fault {
    /// A fault from its effect's name and named values, each at most once.
    pub(crate) fn of_pairs(
        effect: &str,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, InvalidFault> {
        let mut given = Given(pairs);
        let mut fault = Self::new(read_effect(effect, &mut given)?);
        fault.operation = given.take("operation");
        fault.method = given.take("method");
        fault.account = given.take("account");
        fault.container = given.take("container");
        fault.blob = given.take("blob");
        if let Some(pattern) = &fault.operation
            && !Kind::all().any(|kind| Glob::AnyCase.fits(pattern, &format!("{kind:?}")))
        {
            return Err(InvalidFault(format!("no operation is named `{pattern}`")));
        }
        if let Some(text) = given.take("probability") {
            fault.probability = text
                .parse()
                .ok()
                .filter(|share| (0.0..=1.0).contains(share))
                .ok_or_else(|| wrong("probability", &text, "a number from 0 to 1"))?;
        }
        if let Some(skip) = given.number("skip")? {
            fault.skip = skip;
        }
        fault.count = given.number("count")?;
        match given.0.first() {
            None => Ok(fault),
            Some((name, _)) => Err(InvalidFault(format!(
                "`{effect}` takes no `{name}`, or takes it once"
            ))),
        }
    }

    /// The name of the effect, and the values it was made of.
    pub(crate) fn pairs(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let (effect, mut pairs) = write_effect(self.effect);
        for (name, value) in [
            ("operation", &self.operation),
            ("method", &self.method),
            ("account", &self.account),
            ("container", &self.container),
            ("blob", &self.blob),
        ] {
            if let Some(value) = value {
                pairs.push((name, value.clone()));
            }
        }
        if self.probability < 1.0 {
            pairs.push(("probability", self.probability.to_string()));
        }
        if self.skip > 0 {
            pairs.push(("skip", self.skip.to_string()));
        }
        if let Some(count) = self.count {
            pairs.push(("count", count.to_string()));
        }
        (effect, pairs)
    }
}

/// As it is read; a pattern with a comma in it has no such form.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (effect, pairs) = self.pairs();
        f.write_str(effect)?;
        for (name, value) in pairs {
            write!(f, ",{name}={value}")?;
        }
        Ok(())
    }
}

fn read_effect(name: &str, given: &mut Given) -> Result<Effect, InvalidFault> {
    Ok(match name {
        "internal-error" => Effect::InternalError,
        "server-busy" => Effect::ServerBusy {
            retry_after: given
                .number("retry-after")?
                .map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
        },
        "timed-out" => Effect::TimedOut,
        "drop-before" => Effect::DropBefore,
        "drop-after" => Effect::DropAfter,
        "silence-before" => Effect::SilenceBefore,
        "silence-after" => Effect::SilenceAfter,
        "truncate" => Effect::Truncate {
            at: given.percent(99)?,
        },
        "slow" => Effect::Slow {
            bytes_per_second: given
                .number("rate")?
                .filter(|rate| *rate > 0)
                .ok_or_else(|| InvalidFault("`slow` needs rate=BYTES a second".to_owned()))?,
        },
        "late" => Effect::Late {
            by: given
                .seconds("by")?
                .ok_or_else(|| InvalidFault("`late` needs by=SECONDS".to_owned()))?,
        },
        "copy-source-changed" => Effect::CopySourceChanged {
            at: given.percent(100)?,
        },
        "copy-fails" => Effect::CopyFails {
            at: given.percent(100)?,
        },
        "copy-retries" => Effect::CopyRetries {
            at: given.percent(100)?,
            pause: given.seconds("pause")?.unwrap_or(Duration::from_secs(30)),
        },
        other => {
            return Err(InvalidFault(format!(
                "`{other}` is no fault; there are {EFFECTS}"
            )));
        }
    })
}

fn write_effect(effect: Effect) -> (&'static str, Vec<(&'static str, String)>) {
    match effect {
        Effect::InternalError => ("internal-error", vec![]),
        Effect::ServerBusy { retry_after } => (
            "server-busy",
            retry_after
                .map(|seconds| ("retry-after", seconds.to_string()))
                .into_iter()
                .collect(),
        ),
        Effect::TimedOut => ("timed-out", vec![]),
        Effect::DropBefore => ("drop-before", vec![]),
        Effect::DropAfter => ("drop-after", vec![]),
        Effect::SilenceBefore => ("silence-before", vec![]),
        Effect::SilenceAfter => ("silence-after", vec![]),
        Effect::Truncate { at } => ("truncate", vec![("at", at.to_string())]),
        Effect::Slow { bytes_per_second } => ("slow", vec![("rate", bytes_per_second.to_string())]),
        Effect::Late { by } => ("late", vec![("by", by.as_secs_f64().to_string())]),
        Effect::CopySourceChanged { at } => ("copy-source-changed", vec![("at", at.to_string())]),
        Effect::CopyFails { at } => ("copy-fails", vec![("at", at.to_string())]),
        Effect::CopyRetries { at, pause } => (
            "copy-retries",
            vec![
                ("at", at.to_string()),
                ("pause", pause.as_secs_f64().to_string()),
            ],
        ),
    }
}

/// Values that nobody has read yet.
struct Given(Vec<(String, String)>);

impl Given {
    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    fn number(&mut self, name: &str) -> Result<Option<u64>, InvalidFault> {
        self.take(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| wrong(name, &text, "a whole number"))
            })
            .transpose()
    }

    /// Half of the way unless given.
    fn percent(&mut self, most: u8) -> Result<u8, InvalidFault> {
        let Some(text) = self.take("at") else {
            return Ok(50);
        };
        text.trim_end_matches('%')
            .parse()
            .ok()
            .filter(|percent| *percent <= most)
            .ok_or_else(|| wrong("at", &text, "a whole percentage in range"))
    }

    fn seconds(&mut self, name: &str) -> Result<Option<Duration>, InvalidFault> {
        self.take(name)
            .map(|text| {
                text.parse()
                    .ok()
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                    .ok_or_else(|| wrong(name, &text, "a number of seconds"))
            })
            .transpose()
    }
}

fn wrong(name: &str, text: &str, wanted: &str) -> InvalidFault {
    InvalidFault(format!("`{name}={text}`: must be {wanted}"))
}
