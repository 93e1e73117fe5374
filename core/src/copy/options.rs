//! How a copy is watched and ended.

use crate::call::Patience;
use crate::copy::{Floor, Pace};

/// How a copy is watched and ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOptions {
    /// How long each request is tried.
    pub patience: Patience,
    /// How often the copy is looked at; absent where somebody else looks and tells
    /// ([`CopyJob::observe`](crate::copy::CopyJob::observe)).
    pub pace: Option<Pace>,
    /// When it counts as stalled; absent for never.
    pub floor: Option<Floor>,
    /// Whether a pending copy of the same source is taken over instead of refused. Default true.
    pub adopt: bool,
    /// Whether cancelling leaves the copy pending instead of aborting it. Default false.
    pub leave_on_cancel: bool,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self {
            patience: Patience::default(),
            pace: Some(Pace::default()),
            floor: Some(Floor::default()),
            adopt: true,
            leave_on_cancel: false,
        }
    }
}
