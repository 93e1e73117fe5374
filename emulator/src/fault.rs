//! Faults: what goes wrong on purpose, and when.

mod course;
mod glob;
mod text;

pub use course::Delivery;
pub use text::InvalidFault;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use blobferry_core::Seed;

use crate::kind::Kind;
use crate::request::Ask;
use glob::Glob;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// 500 `InternalError` instead of the work.
    InternalError,
    /// 503 `ServerBusy` instead of the work, with `Retry-After` in seconds where it is given.
    ServerBusy {
        /// Seconds.
        retry_after: Option<u32>,
    },
    /// 500 `OperationTimedOut` instead of the work.
    TimedOut,
    /// The connection ends without an answer; nothing was done.
    DropBefore,
    /// The connection ends without an answer; the work was done.
    DropAfter,
    /// No answer comes, nothing was done, and the connection stays open until the client gives up.
    SilenceBefore,
    /// No answer comes, the work was done, and the connection stays open until the client gives up.
    SilenceAfter,
    /// The answer's body breaks off. An answer without one is lost, as by [`DropAfter`](Self::DropAfter).
    Truncate {
        /// How much of the body arrives, in percent, 0 to 99.
        at: u8,
    },
    /// The answer's body comes slowly, in the machine's time.
    Slow {
        /// At least 1.
        bytes_per_second: u64,
    },
    /// The answer comes late, in the machine's time.
    Late {
        /// By how much.
        by: Duration,
    },
    /// An asynchronous copy finds its source changed, and fails.
    CopySourceChanged {
        /// How far it gets, in percent, 0 to 100.
        at: u8,
    },
    /// An asynchronous copy fails.
    CopyFails {
        /// How far it gets, in percent, 0 to 100.
        at: u8,
    },
    /// An asynchronous copy cannot read its source for a while, says so in its description, and
    /// goes on later.
    CopyRetries {
        /// How far it gets before, in percent, 0 to 100.
        at: u8,
        /// How long it stands still.
        pause: Duration,
    },
}

/// Something that goes wrong, for which requests, and how often.
///
/// It can be written as text, `EFFECT[,NAME=VALUE]...`; `emulator/CONTROL.md` has the grammar.
///
/// ```
/// use blobferry_emulator::{Effect, Fault};
/// let fault: Fault = "server-busy,retry-after=2,operation=Put*,blob=logs/*,probability=0.1".parse()?;
/// assert_eq!(fault.effect, Effect::ServerBusy { retry_after: Some(2) });
/// assert_eq!(fault, Fault::new(fault.effect).operation("Put*").blob("logs/*").probability(0.1));
/// # Ok::<(), blobferry_emulator::InvalidFault>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub effect: Effect,
    /// Names of operations, such as `PutBlob`, in which `*` stands for anything; absent for all.
    pub operation: Option<String>,
    /// HTTP methods, likewise.
    pub method: Option<String>,
    /// Accounts, likewise.
    pub account: Option<String>,
    /// Containers, likewise.
    pub container: Option<String>,
    /// Blobs, likewise. Unlike the others, the case of letters counts here.
    pub blob: Option<String>,
    /// How likely it is for each request, 0 to 1.
    pub probability: f64,
    /// How many fitting requests are let through first.
    pub skip: u64,
    /// How often it happens at most; absent for no end.
    pub count: Option<u64>,
}

impl Fault {
    /// For every request that it can happen to.
    #[must_use]
    pub const fn new(effect: Effect) -> Self {
        Self {
            effect,
            operation: None,
            method: None,
            account: None,
            container: None,
            blob: None,
            probability: 1.0,
            skip: 0,
            count: None,
        }
    }

    /// Only for operations of this name; `*` stands for anything.
    #[must_use]
    pub fn operation(mut self, pattern: &str) -> Self {
        self.operation = Some(pattern.to_owned());
        self
    }

    /// Only for this HTTP method.
    #[must_use]
    pub fn method(mut self, pattern: &str) -> Self {
        self.method = Some(pattern.to_owned());
        self
    }

    /// Only for requests to this account.
    #[must_use]
    pub fn account(mut self, pattern: &str) -> Self {
        self.account = Some(pattern.to_owned());
        self
    }

    /// Only for requests to this container or what is in it.
    #[must_use]
    pub fn container(mut self, pattern: &str) -> Self {
        self.container = Some(pattern.to_owned());
        self
    }

    /// Only for requests to this blob.
    #[must_use]
    pub fn blob(mut self, pattern: &str) -> Self {
        self.blob = Some(pattern.to_owned());
        self
    }

    /// How likely it is, 0 to 1.
    #[must_use]
    pub const fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Lets the first fitting requests through.
    #[must_use]
    pub const fn skip(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// Happens so often at most.
    #[must_use]
    pub const fn count(mut self, times: u64) -> Self {
        self.count = Some(times);
        self
    }

    fn fits(&self, asked: &Asked<'_>) -> bool {
        let of_copy = matches!(
            self.effect,
            Effect::CopySourceChanged { .. }
                | Effect::CopyFails { .. }
                | Effect::CopyRetries { .. }
        );
        let fits = |pattern: &Option<String>, glob: Glob, name: Option<&str>| {
            pattern
                .as_deref()
                .is_none_or(|pattern| name.is_some_and(|name| glob.fits(pattern, name)))
        };
        (!of_copy || matches!(asked.kind, Kind::CopyBlob | Kind::IncrementalCopyBlob))
            && fits(&self.method, Glob::AnyCase, Some(asked.method))
            && fits(&self.account, Glob::AnyCase, Some(asked.account))
            && fits(&self.container, Glob::AnyCase, asked.container)
            && fits(&self.blob, Glob::Exact, asked.blob)
            && fits(
                &self.operation,
                Glob::AnyCase,
                Some(&format!("{:?}", asked.kind)),
            )
    }
}

/// What a fault looks at in a request.
struct Asked<'a> {
    kind: Kind,
    method: &'a str,
    account: &'a str,
    container: Option<&'a str>,
    blob: Option<&'a str>,
}

/// The faults of a service. The same seed and the same requests meet the same faults: each fault
/// draws by itself, once for every request that fits it.
///
/// ```
/// use blobferry_emulator::{Config, Effect, Fault, Service};
/// let service = Service::new(Config::new());
/// let id = service.faults().add(Fault::new(Effect::DropAfter).operation("CopyBlob").count(1));
/// assert_eq!(service.faults().list().len(), 1);
/// assert!(service.faults().remove(id));
/// ```
#[derive(Debug)]
pub struct Faults {
    /// Spares requests the lock while there are none.
    any: AtomicBool,
    armed: Mutex<All>,
}

#[derive(Debug)]
struct All {
    seed: u64,
    added: u64,
    faults: Vec<(Armed, Seed)>,
}

/// A fault of a service, and how often it has happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Armed {
    /// By which it is taken away.
    pub id: u64,
    /// The fault.
    pub fault: Fault,
    /// How many requests fitted it.
    pub seen: u64,
    /// How often it happened.
    pub happened: u64,
}

impl Faults {
    pub(crate) const fn new(seed: u64) -> Self {
        Self {
            any: AtomicBool::new(false),
            armed: Mutex::new(All {
                seed,
                added: 0,
                faults: Vec::new(),
            }),
        }
    }

    /// Adds a fault behind those there are, and returns the id by which it can be taken away.
    pub fn add(&self, fault: Fault) -> u64 {
        let mut all = self.lock();
        all.added += 1;
        let id = all.added;
        // A sequence of its own, so that one fault's draws do not depend on another's.
        let seed = Seed::new(all.seed ^ id.wrapping_mul(0xA076_1D64_78BD_642F)).split();
        let armed = Armed {
            id,
            fault,
            seen: 0,
            happened: 0,
        };
        all.faults.push((armed, seed));
        self.any.store(true, Ordering::Release);
        id
    }

    /// Takes a fault away; false where there is no such fault.
    pub fn remove(&self, id: u64) -> bool {
        let mut all = self.lock();
        let before = all.faults.len();
        all.faults.retain(|(armed, _)| armed.id != id);
        self.any.store(!all.faults.is_empty(), Ordering::Release);
        all.faults.len() != before
    }

    /// Takes all faults away.
    pub fn clear(&self) {
        self.lock().faults.clear();
        self.any.store(false, Ordering::Release);
    }

    /// Takes all faults away and begins anew with a seed.
    pub fn restart(&self, seed: u64) {
        let mut all = self.lock();
        all.faults.clear();
        all.added = 0;
        all.seed = seed;
        self.any.store(false, Ordering::Release);
    }

    /// The faults there are, in the order in which they are tried.
    #[must_use]
    pub fn list(&self) -> Vec<Armed> {
        self.lock()
            .faults
            .iter()
            .map(|(armed, _)| armed.clone())
            .collect()
    }

    /// What goes wrong with a request. The first fault that happens is the only one; those behind it
    /// do not see the request.
    pub(crate) fn draw(&self, ask: &Ask) -> Option<Effect> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        self.lock().draw(&Asked {
            kind: ask.kind,
            method: ask.method.as_str(),
            account: &ask.account,
            container: ask.container.as_deref(),
            blob: ask.blob.as_deref(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl All {
    fn draw(&mut self, asked: &Asked<'_>) -> Option<Effect> {
        self.faults.iter_mut().find_map(|(armed, seed)| {
            if !armed.fault.fits(asked) {
                return None;
            }
            armed.seen += 1;
            let is_over = armed
                .fault
                .count
                .is_some_and(|count| armed.happened >= count);
            if armed.seen <= armed.fault.skip || is_over || !chance(seed, armed.fault.probability) {
                return None;
            }
            armed.happened += 1;
            Some(armed.fault.effect)
        })
    }
}

/// Draws once, whatever the probability.
fn chance(seed: &mut Seed, probability: f64) -> bool {
    /// As many as a float tells apart.
    const STEPS: u32 = 1 << 24;
    let drawn = seed.below(u64::from(STEPS));
    u32::try_from(drawn).is_ok_and(|drawn| f64::from(drawn) < probability * f64::from(STEPS))
}

#[cfg(test)]
mod tests;
