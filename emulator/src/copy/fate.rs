//! What a fault has in store for a copy.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::Timestamp;

use super::Run;

/// Where a copy meets its fate, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fate {
    /// Bytes.
    pub(crate) at: u64,
    pub(crate) turn: Turn,
}

/// What happens to it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Turn {
    /// It fails because its source is another.
    SourceChanges,
    /// It fails.
    Fails,
    /// It cannot read its source for so long.
    Pauses(Duration),
}

impl Fate {
    /// When a copy that has so many bytes gets there.
    pub(super) fn met(&self, run: Run, copied: u64) -> Timestamp {
        run.due(self.at.saturating_sub(copied))
    }

    /// For how long it stands still there.
    pub(super) fn pause(&self) -> Duration {
        match self.turn {
            Turn::Pauses(pause) => pause,
            Turn::SourceChanges | Turn::Fails => Duration::ZERO,
        }
    }

    /// Why it ends there; absent where it goes on.
    pub(super) fn end(&self) -> Option<&'static str> {
        match self.turn {
            Turn::SourceChanges => Some(super::description::SOURCE_CHANGED),
            Turn::Fails => Some(super::description::FAILED),
            Turn::Pauses(_) => None,
        }
    }
}
