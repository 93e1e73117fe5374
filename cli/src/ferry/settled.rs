//! How one blob ended, in words.

use blobferry::{
    CopyOutcome, CopyReason, Difference, Error, ForeignCopy, LeaseOutcome, RefuseReason, Settled,
    SkipReason, Verdict, Verified, Verify,
};
use serde::Serialize;

use crate::exit_code::Exit;
use crate::failure::{Failure, exit_of};
use crate::output::{Record, human};

/// One blob of a copy, as a record.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "blob")]
pub(crate) struct BlobShown {
    /// Its name on the source.
    pub(crate) name: String,
    /// `copied`, `skipped`, `failed`, `cancelled`; on a dry run `would copy`, `would watch`, `would
    /// skip`, `would fail`.
    pub(crate) outcome: &'static str,
    /// Why, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<u64>,
    /// `none`, `length`, `md5` or `content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verified: Option<&'static str>,
    /// Whether a former run had started the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) adopted: Option<bool>,
    /// The service's own words, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Failure>,
}

impl BlobShown {
    pub(crate) fn of(name: &str, settled: &Settled) -> Self {
        let (outcome, reason) = words(settled);
        let mut shown = Self {
            name: name.to_string(),
            outcome,
            reason,
            bytes: None,
            verified: None,
            adopted: None,
            error: settled
                .error()
                .map(|error| Failure::new(format!("cannot copy {name}"), error)),
        };
        if let Settled::Copied {
            bytes,
            adopted,
            verified,
        } = settled
        {
            shown.bytes = Some(*bytes);
            shown.adopted = Some(*adopted);
            shown.verified = Some(verification(*verified));
        }
        shown
    }

    /// What to do about it.
    fn advice(&self) -> Option<&str> {
        self.error.as_ref()?.advice.as_deref()
    }
}

impl Record for BlobShown {
    fn human(&self, width: usize) -> String {
        let outcome = format!("{:<11}", self.outcome);
        let outcome = match self.outcome {
            "failed" | "would fail" => human::bad(outcome),
            "copied" | "would copy" => human::good(outcome),
            _ => outcome,
        };
        let name = human::fitted(&human::plain(&self.name), width.saturating_sub(15));
        let mut text = format!("  {outcome}  {name}");
        let error = self.error.as_ref().map(|error| &*error.message);
        match (error.or(self.reason.as_deref()), self.outcome) {
            (Some(why), "failed" | "would fail") => {
                text.push_str(&format!("\n               {}", human::plain(why)));
            }
            (Some(why), _) => text.push_str(&human::dim(format!("  {why}"))),
            (None, _) => {}
        }
        if let Some(advice) = self.advice() {
            text.push_str(&format!("\n               {} {advice}", human::moving("→")));
        }
        text.push('\n');
        text
    }
}

/// What the process would end with if this blob were all.
pub(crate) fn exit_of_blob(settled: &Settled) -> Exit {
    match (settled, settled.error()) {
        (_, Some(error)) => exit_of(error),
        (Settled::Refused(_) | Settled::NotCopied(CopyOutcome::Occupied(_)), None) => {
            Exit::Conflict
        }
        _ => Exit::SomeFailed,
    }
}

pub(crate) fn verification(verify: Verify) -> &'static str {
    match verify {
        Verify::None => "none",
        Verify::Length => "length",
        Verify::Md5 => "md5",
        Verify::Content => "content",
    }
}

fn words(settled: &Settled) -> (&'static str, Option<String>) {
    let failed = |reason: String| ("failed", Some(reason));
    match settled {
        Settled::Copied { .. } => ("copied", None),
        Settled::Skipped(reason) => ("skipped", Some(skipped(*reason).to_owned())),
        Settled::Planned(verdict) => planned(verdict),
        Settled::Refused(reason) => failed(refused(reason)),
        Settled::NotCopied(outcome) => not_copied(outcome),
        Settled::Unverified(verified) => failed(unverified(verified)),
        Settled::NotLeased(outcome) => failed(not_leased(outcome)),
        Settled::Unreadable(error) => failed(error.to_string()),
        Settled::NotBegun => ("cancelled", Some("not begun".to_owned())),
        _ => failed("it ended in a way this version does not know".to_owned()),
    }
}

fn skipped(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Exists => "there already",
        SkipReason::Current => "the same already",
        _ => "left as it is",
    }
}

fn planned(verdict: &Verdict) -> (&'static str, Option<String>) {
    match verdict {
        Verdict::Copy(reason) => {
            let why = match reason {
                CopyReason::New => "new",
                CopyReason::Overwrite => "overwrites what is there",
                CopyReason::Changed => "changed",
                CopyReason::Unfinished => "an earlier copy did not succeed",
                _ => "to be copied",
            };
            ("would copy", Some(why.to_owned()))
        }
        Verdict::Skip(reason) => ("would skip", Some(skipped(*reason).to_owned())),
        Verdict::Adopt(id) => ("would watch", Some(format!("copy {id} is pending"))),
        Verdict::Refuse(reason) => ("would fail", Some(refused(reason))),
        _ => ("would fail", None),
    }
}

fn refused(reason: &RefuseReason) -> String {
    match reason {
        RefuseReason::Occupied(copy) => occupied(copy),
        RefuseReason::OtherType => {
            "the destination has a blob of another type; delete it first, or copy to another name"
                .to_owned()
        }
        _ => "it cannot be copied there".to_owned(),
    }
}

fn occupied(copy: &ForeignCopy) -> String {
    let mut text = format!("somebody else's copy {} is pending there", copy.copy_id);
    if let Some(source) = &copy.source {
        text.push_str(&format!(", from {source}"));
    }
    if let Some(progress) = copy.progress {
        text.push_str(&format!(
            ", {} of {} done",
            human::bytes(progress.copied),
            human::bytes(progress.total)
        ));
    }
    text.push_str("; wait for it (`blobferry wait`) or end it (`blobferry abort`)");
    text
}

fn not_copied(outcome: &CopyOutcome) -> (&'static str, Option<String>) {
    let failed = |text: String| ("failed", Some(text));
    match outcome {
        CopyOutcome::Left { copy_id } => {
            ("cancelled", Some(format!("copy {copy_id} is left pending")))
        }
        CopyOutcome::Aborted { copy_id: None } => ("cancelled", Some("not begun".to_owned())),
        CopyOutcome::Aborted { .. } => ("cancelled", Some("its copy was aborted".to_owned())),
        CopyOutcome::Failed { copy_id, reason } => failed(match reason {
            Some(reason) => format!("copy {copy_id} failed: {reason}"),
            None => format!("copy {copy_id} failed"),
        }),
        CopyOutcome::Superseded { copy_id, .. } => failed(format!(
            "copy {copy_id} is no longer there: somebody else wrote to the destination"
        )),
        CopyOutcome::DestinationGone { copy_id } => {
            failed(format!("the destination of copy {copy_id} was deleted"))
        }
        CopyOutcome::Occupied(copy) => failed(occupied(copy)),
        CopyOutcome::Refused(error) => failed(error.to_string()),
        CopyOutcome::Lost { copy_id, error } => failed(lost(copy_id.as_ref(), error)),
        CopyOutcome::Succeeded(_) => ("copied", None),
        _ => failed("its copy ended in a way this version does not know".to_owned()),
    }
}

fn lost(copy_id: Option<&blobferry::CopyId>, error: &Error) -> String {
    match copy_id {
        Some(id) => format!("copy {id} may still be pending: {error}"),
        None => format!("a copy may be pending: {error}"),
    }
}

fn unverified(verified: &Verified) -> String {
    match verified {
        Verified::Different(Difference::Length {
            source,
            destination,
        }) => {
            format!("copied, but the source has {source} bytes and the destination {destination}")
        }
        Verified::Different(Difference::Md5) => "copied, but the stored hashes differ".to_owned(),
        Verified::Different(Difference::Content { at }) => {
            format!("copied, but byte {at} differs")
        }
        Verified::SourceChanged => "the source changed while it was compared".to_owned(),
        Verified::DestinationChanged => "the destination changed while it was compared".to_owned(),
        Verified::Unknown(error) => format!("copied, but it could not be compared: {error}"),
        _ => "copied, but not verified".to_owned(),
    }
}

fn not_leased(outcome: &LeaseOutcome) -> String {
    match outcome {
        LeaseOutcome::Refused(error) => format!("the source could not be leased: {error}"),
        LeaseOutcome::Lost { error, .. } => format!("the source's lease was lost: {error}"),
        LeaseOutcome::Kept { id, error, .. } => {
            format!("the source's lease {id} could not be given back: {error}")
        }
        LeaseOutcome::Released => "the source's lease was given back too early".to_owned(),
        _ => "the source's lease ended in a way this version does not know".to_owned(),
    }
}
