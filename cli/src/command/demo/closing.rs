//! The closing table: what was done, in numbers that were counted and not assumed.

use std::collections::BTreeMap;
use std::time::Duration;

use blobferry::operation::ListBlobs;
use blobferry::words::LeaseState;
use blobferry::{Client, ContainerAddress};
use serde::Serialize;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::ferry::{Summary, Tally};
use crate::output::{Record, human};

/// What the demo did.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "demo")]
pub(super) struct Closing {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) counted: Counted,
    pub(super) tally: Tally,
    /// Copies that somebody who listed the destination saw pending.
    pub(super) seen_pending: u64,
    pub(super) put_seconds: f64,
    pub(super) copy_seconds: f64,
    pub(super) seconds: f64,
    pub(super) summary: Summary,
}

/// What listings of both sides show at the end.
#[derive(Debug, Default, Serialize)]
pub(super) struct Counted {
    pub(super) blobs: u64,
    pub(super) bytes: u64,
    /// Blobs of the destination by type.
    pub(super) by_type: BTreeMap<String, u64>,
    /// Blobs of either side that are still leased.
    pub(super) leased: u64,
}

impl Counted {
    pub(super) async fn look(
        client: &Client,
        source: &ContainerAddress,
        destination: &ContainerAddress,
    ) -> Result<Self, Failure> {
        let mut counted = Self::default();
        for container in [source, destination] {
            let mut list = ListBlobs::new(container.clone());
            loop {
                let page = client.send(list.clone()).await;
                let page =
                    page.map_err(|error| Failure::new(format!("cannot list {container}"), &error))?;
                for item in &page.blobs {
                    let properties = &item.properties;
                    let leased = properties.lease.state == Some(LeaseState::Leased);
                    counted.leased += u64::from(leased);
                    if container == destination {
                        counted.blobs += 1;
                        counted.bytes += properties.content_length.unwrap_or(0);
                        let kind = properties.blob_type.as_ref().map(ToString::to_string);
                        *counted.by_type.entry(kind.unwrap_or_default()).or_default() += 1;
                    }
                }
                list.marker = page.next_marker().map(str::to_owned);
                if list.marker.is_none() {
                    break;
                }
            }
        }
        Ok(counted)
    }
}

impl Closing {
    pub(super) fn exit(&self) -> Exit {
        match self.summary.exit_code {
            Exit::Ok if self.counted.leased > 0 => Exit::SomeFailed,
            exit => exit,
        }
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let (tally, counted, sum) = (&self.tally, &self.counted, &self.summary);
        let n = human::count;
        let types: Vec<String> = counted
            .by_type
            .iter()
            .map(|(kind, number)| {
                format!(
                    "{} {}",
                    n(*number),
                    kind.trim_end_matches("Blob").to_lowercase()
                )
            })
            .collect();
        let failed = if sum.failed > 0 {
            human::bad(format!("{} failed", n(sum.failed)))
        } else {
            "0 failed".to_owned()
        };
        let leased = if counted.leased > 0 {
            human::bad(format!("{} still leased", n(counted.leased)))
        } else {
            "0 still leased, both sides listed".to_owned()
        };
        let returned = tally
            .leases_taken
            .saturating_sub(tally.leases_lost + sum.leases_left_count);
        let time = |seconds: f64| human::duration(Duration::from_secs_f64(seconds));
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "shown with three digits"
        )]
        let rate = (sum.copied_bytes as f64 / self.copy_seconds.max(0.001)) as u64;
        vec![
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            (
                "blobs",
                format!("{} · {}", n(counted.blobs), types.join(", ")),
            ),
            (
                "bytes",
                format!("{} · {}/s", human::bytes(counted.bytes), human::bytes(rate)),
            ),
            (
                "copies",
                format!(
                    "{} started · {} seen pending · {} begun again · {failed}",
                    n(tally.started),
                    n(self.seen_pending),
                    n(tally.restarted)
                ),
            ),
            (
                "verified",
                format!("{} by length and content", n(tally.compared)),
            ),
            (
                "leases",
                format!(
                    "{} taken · {} given back · {leased}",
                    n(tally.leases_taken),
                    n(returned)
                ),
            ),
            (
                "time",
                format!(
                    "{} put · {} copied and verified · {} in all",
                    time(self.put_seconds),
                    time(self.copy_seconds),
                    time(self.seconds)
                ),
            ),
        ]
    }

    /// Requests of the copy by operation, the most frequent first.
    fn requests(&self) -> Vec<(u64, &'static str)> {
        let mut requests: Vec<_> = self
            .summary
            .requests
            .iter()
            .map(|(operation, number)| (*number, *operation))
            .collect();
        requests.sort_by_key(|(number, operation)| (std::cmp::Reverse(*number), *operation));
        requests
    }
}

impl Record for Closing {
    fn human(&self, width: usize) -> String {
        let mut text = self.summary.human(width);
        text.push('\n');
        for (what, value) in self.rows() {
            text.push_str(&format!(
                "  {}  {value}\n",
                human::dim(format!("{what:<8}"))
            ));
        }
        let requests = self.requests();
        let all: u64 = requests.iter().map(|(number, _)| number).sum();
        text.push_str(&format!(
            "  {}  {}\n",
            human::dim("requests"),
            human::count(all)
        ));
        for (number, operation) in requests {
            text.push_str(&format!(
                "            {:>7}  {operation}\n",
                human::count(number)
            ));
        }
        text
    }
}
