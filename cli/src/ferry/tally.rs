//! What happened on the way, counted from a fleet's events.

use blobferry::{FleetEvent, LeaseEvent, Settled, Verify};
use serde::Serialize;

/// Events, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    /// Copies the service took on.
    pub(crate) started: u64,
    /// Pending copies that were found and watched.
    pub(crate) adopted: u64,
    /// Copies that fell under the expected rate.
    pub(crate) stalled: u64,
    /// Copies begun again.
    pub(crate) restarted: u64,
    /// Blobs whose every byte was compared and found the same.
    pub(crate) compared: u64,
    /// The most blobs under way at once.
    pub(crate) most_under_way: u64,
    /// Leases taken on sources.
    pub(crate) leases_taken: u64,
    /// Renewals of those leases.
    pub(crate) leases_renewed: u64,
    /// Of those, lost before the copy was over.
    pub(crate) leases_lost: u64,
}

impl Tally {
    /// Takes note of an event.
    pub(crate) fn note(&mut self, event: &FleetEvent) {
        match event {
            FleetEvent::Started { .. } => self.started += 1,
            FleetEvent::Adopted { .. } => self.adopted += 1,
            FleetEvent::Stalled { .. } => self.stalled += 1,
            FleetEvent::Restarting { .. } => self.restarted += 1,
            FleetEvent::Lease { event, .. } => match event {
                LeaseEvent::Held { .. } => self.leases_taken += 1,
                LeaseEvent::Renewed { .. } => self.leases_renewed += 1,
                _ => {}
            },
            FleetEvent::LeaseLost { .. } => self.leases_lost += 1,
            FleetEvent::Settled { settled, .. } => {
                let compared = matches!(
                    **settled,
                    Settled::Copied {
                        verified: Verify::Content,
                        ..
                    }
                );
                self.compared += u64::from(compared);
            }
            FleetEvent::Progress(totals) => {
                self.most_under_way = self.most_under_way.max(totals.under_way);
            }
            _ => {}
        }
    }
}
