//! Driving a fleet: the one way in which `copy` and `demo` copy.

mod settled;
mod summary;
mod tally;

use blobferry::{
    Cancel, Client, Filter, Fleet, FleetEvent, FleetOptions, FleetPlan, FleetReport, Totals,
};

pub(crate) use settled::BlobShown;
pub(crate) use summary::Summary;
pub(crate) use tally::Tally;

use crate::failure::Failure;
use crate::output::Output;
use crate::output::progress::{Meter, Progress};

/// Copies what the plan says, showing how far it is.
pub(crate) async fn ferry(
    client: &Client,
    plan: FleetPlan,
    options: FleetOptions,
    cancel: &Cancel,
    output: Output,
) -> Result<(Box<FleetReport>, Tally), Failure> {
    let dry_run = options.dry_run;
    // Without a filter everything that is listed is meant.
    let unfiltered = options.filter == Filter::default();
    let fleet = Fleet::new(plan, options, client.seed());
    let meter = Meter::start(output);
    let mut tally = Tally::default();
    let driven = client.drive(fleet, cancel, |event| {
        tally.note(&event);
        match event {
            FleetEvent::Progress(totals) => meter.set(progress(&totals, unfiltered)),
            FleetEvent::Settled { name, settled } if output.is_json() || dry_run => {
                let shown = BlobShown::of(name.as_str(), &settled);
                meter.result(&shown);
            }
            _ => {}
        }
    });
    let report = driven.await;
    meter.finish();
    Ok((report.map_err(|_| Failure::interrupted())?, tally))
}

fn progress(totals: &Totals, unfiltered: bool) -> Progress {
    let (blobs, bytes) = if unfiltered {
        (totals.listed, totals.listed_bytes)
    } else {
        (totals.selected, totals.selected_bytes)
    };
    let bytes_done = totals.copied_bytes + totals.skipped_bytes + totals.under_way_bytes;
    Progress {
        blobs,
        listing: !totals.listed_all || !unfiltered,
        settled: totals.copied + totals.skipped + totals.failed + totals.cancelled,
        skipped: totals.skipped,
        failed: totals.failed,
        restarted: totals.restarted,
        pending: totals.under_way.saturating_sub(totals.arrived),
        verifying: totals.arrived,
        // Names that are given have no length until they are looked at.
        bytes: bytes.max(bytes_done),
        bytes_done,
        ..Progress::default()
    }
}
