//! How long it takes to bring a blob back from the archive.

use std::time::Duration;

use blobferry_core::words::RehydratePriority;

/// How long a blob is on its way out of the archive tier, by the clock of the service.
///
/// Source: "Blob rehydration from the archive tier", which promises up to 15 hours for standard
/// priority, and speaks of under one hour for high priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rehydration {
    /// With standard priority.
    pub standard: Duration,
    /// With high priority.
    pub high: Duration,
}

impl Rehydration {
    /// Finished within the request.
    pub const AT_ONCE: Self = Self {
        standard: Duration::ZERO,
        high: Duration::ZERO,
    };

    /// How long it takes with a priority.
    pub(crate) fn time(self, priority: &RehydratePriority) -> Duration {
        match priority {
            RehydratePriority::High => self.high,
            RehydratePriority::Standard | RehydratePriority::Other(_) => self.standard,
        }
    }
}

impl Default for Rehydration {
    fn default() -> Self {
        Self {
            standard: Duration::from_secs(15 * 3600),
            high: Duration::from_secs(3600),
        }
    }
}
