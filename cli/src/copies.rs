//! Copies that stand under a place, as records.

use blobferry::operation::GetBlobProperties;
use blobferry::words::CopyStatus;
use blobferry::{
    BlobProperties, Cancel, Client, CopyProperties, Error, Sweep, SweepEvent, SweepTask,
};
use serde::Serialize;

use crate::args::CopyState;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{Record, human};
use crate::place::Scope;

/// One copy, as its destination shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename = "copy")]
pub(crate) struct CopyShown {
    pub(crate) name: String,
    pub(crate) copy_id: String,
    /// `pending`, `success`, `failed` or `aborted`.
    pub(crate) status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes_copied: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<u64>,
    /// Without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) completed: Option<String>,
    /// The service's words about a copy that ended badly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl CopyShown {
    pub(crate) fn of(name: &str, copy: &CopyProperties) -> Self {
        Self {
            name: name.to_owned(),
            copy_id: copy.id.to_string(),
            status: copy.status.to_string(),
            bytes_copied: copy.progress.map(|progress| progress.copied),
            bytes: copy.progress.map(|progress| progress.total),
            source: copy
                .source
                .as_deref()
                .map(|url| url.split('?').next().unwrap_or(url).to_owned()),
            completed: copy.completion_time.map(|time| time.to_iso()),
            reason: copy.description.as_ref().map(ToString::to_string),
        }
    }

    /// Whether it is one of those asked for; none asked for means all.
    pub(crate) fn is_among(&self, only: &[CopyState]) -> bool {
        only.is_empty() || only.iter().any(|state| state.as_str() == self.status)
    }
}

impl Record for CopyShown {
    fn human(&self, width: usize) -> String {
        let status = format!("{:<7}", self.status);
        let status = match self.status.as_str() {
            "success" => human::good(status),
            "pending" => human::moving(status),
            _ => human::bad(status),
        };
        let far = match (self.bytes_copied, self.bytes) {
            (Some(copied), Some(all)) if copied != all => {
                format!("{} / {}", human::bytes(copied), human::bytes(all))
            }
            (_, Some(all)) => human::bytes(all),
            _ => String::new(),
        };
        let room = width.saturating_sub(2 + 7 + 2 + 19 + 2 + 2 + 36);
        let name = human::plain(&self.name);
        let mut text = if room >= 20 {
            let name = human::fitted(&name, room);
            let pad = room
                .min(WIDE)
                .saturating_sub(unicode_width::UnicodeWidthStr::width(name.as_str()));
            format!(
                "  {status}  {name}{}  {far:>19}  {}\n",
                " ".repeat(pad),
                human::dim(&self.copy_id)
            )
        } else {
            let name = human::fitted(&name, width.saturating_sub(13 + 19));
            format!(
                "  {status}  {far:>19}  {name}\n           {}\n",
                human::dim(&self.copy_id)
            )
        };
        if let Some(reason) = &self.reason {
            text.push_str(&format!("           {}\n", human::plain(reason)));
        }
        text
    }
}

/// What names are filled up to where there is room for more.
const WIDE: usize = 48;

/// How many copies stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "copies")]
pub(crate) struct Counts {
    /// Blobs looked at.
    pub(crate) blobs: u64,
    pub(crate) pending: u64,
    pub(crate) success: u64,
    pub(crate) failed: u64,
    pub(crate) aborted: u64,
    /// Bytes the pending copies have done, and have to do.
    pub(crate) bytes_copied: u64,
    pub(crate) bytes: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, copy: &CopyProperties) {
        match copy.status {
            CopyStatus::Pending => {
                self.pending += 1;
                let progress = copy.progress.unwrap_or_default();
                self.bytes_copied += progress.copied;
                self.bytes += progress.total;
            }
            CopyStatus::Success => self.success += 1,
            CopyStatus::Failed => self.failed += 1,
            CopyStatus::Aborted => self.aborted += 1,
            CopyStatus::Other(_) => {}
        }
    }
}

impl Record for Counts {
    fn human(&self, _width: usize) -> String {
        let mut parts = vec![
            human::moving(format!("{} pending", human::count(self.pending))),
            human::good(format!("{} succeeded", human::count(self.success))),
        ];
        for (number, what) in [(self.failed, "failed"), (self.aborted, "aborted")] {
            let text = format!("{} {what}", human::count(number));
            parts.push(if number > 0 { human::bad(text) } else { text });
        }
        let mut text = format!(
            "{}, of {}",
            parts.join(" · "),
            human::counted(self.blobs, "blob")
        );
        if self.pending > 0 {
            text.push_str(&format!(
                "; {} of {} pending bytes done",
                human::bytes(self.bytes_copied),
                human::bytes(self.bytes)
            ));
        }
        text.push('\n');
        text
    }
}

/// Looks at every copy under a place once, and counts.
pub(crate) async fn look(
    client: &Client,
    scope: &Scope,
    cancel: &Cancel,
    mut found: impl FnMut(&str, &BlobProperties, &CopyProperties),
) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let failed = |error: &Error| Failure::new(format!("cannot look at {scope}"), error);
    let (container, prefix) = match scope {
        Scope::Account(account) => {
            return Err(Failure::usage(
                "cannot look at that",
                format!("`{account}` is an account"),
            )
            .advise("Name a container, a prefix that ends in `/`, or a blob."));
        }
        Scope::Blob(blob) => {
            let ask = client.send(GetBlobProperties::new(blob.clone()));
            let properties = interrupt::unless(cancel, ask).await?;
            let seen = properties.map_err(|error| failed(&error))?;
            counts.blobs = 1;
            if let Some(copy) = &seen.copy {
                counts.add(copy);
                found(blob.name.as_str(), &seen, copy);
            }
            return Ok(counts);
        }
        Scope::Container(container) => (container, ""),
        Scope::Prefix(container, prefix) => (container, prefix.as_str()),
    };
    let sweep = Sweep::new(
        container.clone(),
        prefix,
        SweepTask::Look,
        client.patience().clone(),
        client.seed(),
    );
    let driven = client.drive(sweep, cancel, |event| {
        if let SweepEvent::Found { name, properties } = event
            && let Some(copy) = &properties.copy
        {
            counts.add(copy);
            found(&name, &properties, copy);
        }
    });
    let report = driven.await.map_err(|_| Failure::interrupted())?;
    counts.blobs = report.listed;
    match &report.error {
        Some(error) => Err(failed(error)),
        None => Ok(counts),
    }
}
