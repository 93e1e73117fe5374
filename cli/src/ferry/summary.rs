//! The end of a copy: what was done, what failed, and what is left behind.

use std::collections::BTreeMap;

use blobferry::{FleetReport, LeaseOutcome};
use serde::Serialize;

use super::settled::{BlobShown, exit_of_blob};
use super::tally::Tally;
use crate::exit_code::Exit;
use crate::output::{Record, human};

/// Failures shown to people; all are told as JSON.
const SHOWN: usize = 20;

/// What a copy did.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "summary")]
pub(crate) struct Summary {
    pub(crate) blobs: u64,
    pub(crate) bytes: u64,
    pub(crate) copied: u64,
    pub(crate) copied_bytes: u64,
    /// Of the copied ones, those a former run had started.
    pub(crate) adopted: u64,
    pub(crate) skipped: u64,
    pub(crate) failed: u64,
    /// Aborted, left pending or not begun because of an interruption.
    pub(crate) cancelled: u64,
    pub(crate) restarted: u64,
    pub(crate) leases_taken: u64,
    /// Leases that could not be given back.
    pub(crate) leases_left: Vec<LeaseLeft>,
    pub(crate) leases_left_count: u64,
    /// Destinations on which a copy may still be pending.
    pub(crate) pending_left: Vec<String>,
    pub(crate) pending_left_count: u64,
    /// Requests by operation.
    pub(crate) requests: BTreeMap<&'static str, u64>,
    pub(crate) seconds: f64,
    pub(crate) dry_run: bool,
    pub(crate) interrupted: bool,
    #[serde(serialize_with = "exit_number")]
    pub(crate) exit_code: Exit,
    /// Told one by one before.
    #[serde(skip)]
    failures: Vec<BlobShown>,
}

/// A lease that is still out.
#[derive(Debug, Serialize)]
pub(crate) struct LeaseLeft {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lease_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<String>,
}

fn exit_number<S: serde::Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(exit.code())
}

impl Summary {
    pub(crate) fn of(report: &FleetReport, tally: &Tally, dry_run: bool) -> Self {
        let totals = &report.totals;
        Self {
            blobs: totals.selected,
            bytes: totals.selected_bytes.max(totals.copied_bytes),
            copied: totals.copied,
            copied_bytes: totals.copied_bytes,
            adopted: totals.adopted,
            skipped: totals.skipped,
            failed: totals.failed,
            cancelled: totals.cancelled,
            restarted: totals.restarted,
            leases_taken: tally.leases_taken,
            leases_left: report.leases_kept.iter().map(lease_left).collect(),
            leases_left_count: report.leases_kept_count,
            pending_left: report
                .left_pending
                .iter()
                .map(ToString::to_string)
                .collect(),
            pending_left_count: report.left_pending_count,
            requests: report.requests.clone(),
            seconds: report.ended.since(report.begun).as_secs_f64(),
            dry_run,
            interrupted: report.cancelled,
            exit_code: exit(report),
            failures: report
                .failures
                .iter()
                .map(|failure| BlobShown::of(&failure.name, &failure.settled))
                .collect(),
        }
    }

    fn headline(&self) -> String {
        let copied = human::counted(self.copied, "blob");
        let bytes = human::bytes(self.copied_bytes);
        let time = human::duration(std::time::Duration::from_secs_f64(self.seconds));
        let done = match self.copied {
            0 => "nothing copied".to_owned(),
            _ => format!("{copied}, {bytes} copied in {time}"),
        };
        if self.dry_run {
            format!(
                "{} looked at, nothing done",
                human::counted(self.blobs, "blob")
            )
        } else if self.interrupted {
            format!("{} {done}, then interrupted", human::warning("■"))
        } else if self.failed > 0 {
            let failed = format!("{} failed", human::counted(self.failed, "blob"));
            format!("{}; {done}", human::bad(failed))
        } else if self.blobs == 0 && self.exit_code == Exit::Ok {
            "no blob there that is meant; nothing copied".to_owned()
        } else if self.exit_code == Exit::Ok {
            format!("{} {done}", human::good("✔"))
        } else {
            done
        }
    }

    fn remarks(&self) -> Option<String> {
        let said: Vec<String> = [
            (self.skipped, "there already"),
            (self.adopted, "begun by an earlier run"),
            (self.restarted, "begun again"),
            (self.cancelled, "cancelled"),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", human::count(number)))
        .collect();
        (!said.is_empty()).then(|| said.join(" · "))
    }
}

impl Record for Summary {
    fn human(&self, width: usize) -> String {
        let mut text = String::new();
        for failure in self.failures.iter().take(SHOWN) {
            text.push_str(&failure.human(width));
        }
        let more = self.failed.saturating_sub(SHOWN as u64);
        if more > 0 {
            text.push_str(&format!(
                "  … and {} more; --output json names them all\n",
                human::count(more)
            ));
        }
        for lease in &self.leases_left {
            let until = match &lease.until {
                Some(until) => format!("until {until}"),
                None => "until it is broken".to_owned(),
            };
            text.push_str(&format!(
                "{}: {} is still leased {until}{}\n",
                human::warning("warning"),
                human::plain(&lease.name),
                lease
                    .lease_id
                    .as_deref()
                    .map(|id| format!(", under {id}"))
                    .unwrap_or_default(),
            ));
        }
        for name in &self.pending_left {
            text.push_str(&format!(
                "{}: a copy may still be pending on {}\n",
                human::warning("warning"),
                human::plain(name)
            ));
        }
        let requests: u64 = self.requests.values().sum();
        text.push_str(&format!(
            "{}, with {}\n",
            self.headline(),
            human::counted(requests, "request")
        ));
        if let Some(remarks) = self.remarks() {
            text.push_str(&format!("  {remarks}\n"));
        }
        text
    }
}

fn lease_left(kept: &blobferry::KeptLease) -> LeaseLeft {
    let (lease_id, until) = match &kept.outcome {
        LeaseOutcome::Kept { id, until, .. } => (Some(id.to_string()), *until),
        _ => (None, None),
    };
    LeaseLeft {
        name: kept.name.to_string(),
        lease_id,
        until: until.map(|time| time.to_iso()),
    }
}

/// One reason for everything is that reason's code; otherwise some failed.
fn exit(report: &FleetReport) -> Exit {
    if report.cancelled {
        return Exit::Interrupted;
    }
    if report.is_clean() {
        return Exit::Ok;
    }
    let mut reasons = report
        .failures
        .iter()
        .map(|failure| exit_of_blob(&failure.settled));
    let all_failed = report.totals.copied + report.totals.skipped == 0;
    match reasons.next() {
        Some(first) if all_failed && reasons.all(|other| other == first) => first,
        _ => Exit::SomeFailed,
    }
}
