//! How fast asynchronous copies are.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How fast asynchronous copies into an account are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyPace {
    /// Copies from the same account.
    pub same_account: Pace,
    /// Copies from other accounts and from outside, and incremental copies.
    pub other_account: Pace,
}

/// A delay and a speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// How long a copy is pending before its first byte.
    pub latency: Duration,
    /// Bytes a second after that; absent means all at once.
    pub bytes_per_second: Option<u64>,
}

impl Pace {
    /// Finished within the request.
    pub const AT_ONCE: Self = Self {
        latency: Duration::ZERO,
        bytes_per_second: None,
    };
}

impl Default for CopyPace {
    /// As the service is usually met: small copies inside one account are finished in the request,
    /// others stay pending long enough to be seen and aborted.
    fn default() -> Self {
        Self {
            same_account: Pace {
                latency: Duration::ZERO,
                bytes_per_second: Some(256 << 20),
            },
            other_account: Pace {
                latency: Duration::from_millis(1000),
                bytes_per_second: Some(64 << 20),
            },
        }
    }
}
