//! How a fleet copies.

use std::time::Duration;

use crate::call::Patience;
use crate::copy::{Floor, Pace};
use crate::fleet::filter::Filter;
use crate::fleet::window::WindowOptions;
use crate::lease_id::LeaseTerm;
use crate::verify::Verify;

/// What happens to blobs the destination has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overwrite {
    /// They are overwritten.
    Always,
    /// They are left as they are.
    Never,
    /// They are overwritten unless they are the same: length, type, and stored hash where both sides
    /// have one, else written no earlier than the source.
    #[default]
    IfChanged,
}

/// How a fleet copies.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetOptions {
    /// What happens to blobs the destination has already. Default: overwritten if changed.
    pub overwrite: Overwrite,
    /// Which names are taken at all. Default: all.
    pub filter: Filter,
    /// Says what would be done, and does nothing. Default false.
    pub dry_run: bool,
    /// How many copies may be pending.
    pub window: WindowOptions,
    /// How each finished copy is checked. Default: by length.
    pub verify: Verify,
    /// How many contents are compared at once; each holds up to 8 MiB. Default 8.
    pub verifications: usize,
    /// Leases each source blob for the duration of its copy; absent for no lease. Default absent.
    pub lease_source: Option<LeaseTerm>,
    /// How often a failed copy is begun again. Default 3.
    pub restarts: u32,
    /// The first pause before a copy is begun again; it doubles from there. Default 2 s.
    pub restart_pause: Duration,
    /// How often pending copies are looked at.
    pub pace: Pace,
    /// When a copy counts as stalled; absent for never.
    pub floor: Option<Floor>,
    /// Whether cancelling leaves pending copies to the service. Default false: they are aborted.
    pub leave_on_cancel: bool,
    /// How long each request is tried.
    pub patience: Patience,
    /// How often progress is told. Default every 500 ms.
    pub tell_every: Duration,
    /// How many failures the report keeps in full; all are counted. Default 1,000.
    pub failures_kept: usize,
}

impl Default for FleetOptions {
    fn default() -> Self {
        Self {
            overwrite: Overwrite::default(),
            filter: Filter::default(),
            dry_run: false,
            window: WindowOptions::default(),
            verify: Verify::default(),
            verifications: 8,
            lease_source: None,
            restarts: 3,
            restart_pause: Duration::from_secs(2),
            pace: Pace::default(),
            floor: Some(Floor::default()),
            leave_on_cancel: false,
            patience: Patience::default(),
            tell_every: Duration::from_millis(500),
            failures_kept: 1000,
        }
    }
}
