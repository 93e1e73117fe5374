//! What the system says of this process. Linux; elsewhere time is the wall's and memory unknown.

use std::fs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long it has been on a processor.
pub(crate) fn processor_time() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let begun = *BEGUN.get_or_init(Instant::now);
    first_number("/proc/self/schedstat", 0).map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// How many bytes of memory it holds: resident pages of 4 KiB.
pub(crate) fn held() -> u64 {
    first_number("/proc/self/statm", 1).unwrap_or(0) * 4096
}

fn first_number(file: &str, at: usize) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    text.split_whitespace().nth(at)?.parse().ok()
}
