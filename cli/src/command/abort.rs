//! `blobferry abort`.

use blobferry::operation::AbortCopyBlob;
use blobferry::words::CopyStatus;
use blobferry::{AbortOnly, BlobAddress, CopyId, LeaseId, Sweep, SweepEvent, SweepTask};
use serde::Serialize;

use crate::args::AbortArgs;
use crate::copies::{CopyShown, look};
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::interrupt;
use crate::output::{Record, human};
use crate::place::Scope;
use crate::session::Session;

/// A copy that was to be aborted.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "abort")]
struct Aborted {
    name: String,
    copy_id: String,
    /// `aborted`, `over` (it had ended before), `would abort` or `failed`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

impl Record for Aborted {
    fn human(&self, width: usize) -> String {
        let name = human::plain(&self.name);
        let mut text = format!(
            "  {:<11}  {name}  {}\n",
            self.outcome,
            human::dim(&self.copy_id)
        );
        if let Some(error) = &self.error {
            text.push_str(&error.human(width));
        }
        text
    }
}

/// The sum at the end.
#[derive(Debug, Default, Serialize)]
#[serde(tag = "type", rename = "aborts")]
struct Sum {
    aborted: u64,
    over: u64,
    failed: u64,
    dry_run: bool,
}

impl Record for Sum {
    fn human(&self, _width: usize) -> String {
        let done = if self.dry_run {
            "would be aborted"
        } else {
            "aborted"
        };
        let mut text = format!(
            "{} {done}",
            human::counted(self.aborted, "copy").replace("copys", "copies")
        );
        if self.over > 0 {
            text.push_str(&format!(", {} had ended before", human::count(self.over)));
        }
        if self.failed > 0 {
            text.push_str(&format!(
                ", {}",
                human::bad(format!("{} failed", self.failed))
            ));
        }
        text.push('\n');
        text
    }
}

/// Aborts what is pending under a place.
pub(crate) async fn run(args: AbortArgs, session: &Session) -> Result<Exit, Failure> {
    let copy_id = args
        .copy_id
        .as_deref()
        .map(str::parse::<CopyId>)
        .transpose();
    let copy_id = copy_id.map_err(|error| mistyped("--copy-id", &error))?;
    let lease_id = args
        .lease_id
        .as_deref()
        .map(str::parse::<LeaseId>)
        .transpose();
    let lease_id = lease_id.map_err(|error| mistyped("--lease-id", &error))?;
    let (spot, client) = session.open(&args.url, &args.side)?;
    let output = session.output;
    let mut sum = Sum {
        dry_run: args.dry_run,
        ..Sum::default()
    };
    if args.dry_run {
        let cancel = interrupt::listen(output, "nothing was aborted");
        look(&client, &spot.scope, &cancel, |name, _, copy| {
            let meant = copy_id.as_ref().is_none_or(|id| *id == copy.id);
            if copy.status == CopyStatus::Pending && meant {
                sum.aborted += 1;
                output.result(&Aborted {
                    name: name.to_owned(),
                    copy_id: copy.id.to_string(),
                    outcome: "would abort",
                    error: None,
                });
            }
        })
        .await?;
        output.result(&sum);
        return Ok(Exit::Ok);
    }
    let (container, prefix) = match spot.scope {
        Scope::Blob(blob) => {
            let aborted = one(&client, blob, copy_id, lease_id).await?;
            output.result(&aborted);
            return Ok(Exit::Ok);
        }
        Scope::Container(container) => (container, String::new()),
        Scope::Prefix(container, prefix) => (container, prefix),
        Scope::Account(account) => {
            return Err(
                Failure::usage("cannot abort that", format!("`{account}` is an account"))
                    .advise("Name a container, a prefix that ends in `/`, or a blob."),
            );
        }
    };
    if lease_id.is_some() {
        return Err(
            Failure::usage("cannot read --lease-id", "a lease belongs to one blob")
                .advise("Name the blob, or leave --lease-id out."),
        );
    }
    let cancel = interrupt::listen(output, "aborts under way are waited for");
    let place = container.to_string();
    let only = AbortOnly {
        copy_id,
        ..AbortOnly::default()
    };
    let task = SweepTask::Abort(only);
    let sweep = Sweep::new(
        container,
        &prefix,
        task,
        client.patience().clone(),
        client.seed(),
    );
    let driven = client.drive(sweep, &cancel, |event| {
        if let SweepEvent::Aborted {
            name,
            copy_id,
            result,
        } = event
        {
            let (outcome, error) = match result {
                Ok(true) => ("aborted", None),
                Ok(false) => ("over", None),
                Err(error) => (
                    "failed",
                    Some(Failure::new(format!("cannot abort {name}"), &error)),
                ),
            };
            match outcome {
                "aborted" => sum.aborted += 1,
                "over" => sum.over += 1,
                _ => sum.failed += 1,
            }
            output.result(&Aborted {
                name: name.to_string(),
                copy_id: copy_id.to_string(),
                outcome,
                error,
            });
        }
    });
    let report = driven.await.map_err(|_| Failure::interrupted())?;
    output.result(&sum);
    match report.error {
        Some(error) => Err(Failure::new(format!("cannot list {place}"), &error)),
        None if report.cancelled => Ok(Exit::Interrupted),
        None if sum.failed > 0 => Ok(Exit::SomeFailed),
        None => Ok(Exit::Ok),
    }
}

/// Aborts the copy of one blob: the one named, or whichever is pending.
async fn one(
    client: &blobferry::Client,
    blob: BlobAddress,
    copy_id: Option<CopyId>,
    lease_id: Option<LeaseId>,
) -> Result<Aborted, Failure> {
    let doing = format!("cannot abort the copy of {blob}");
    let copy_id = match copy_id {
        Some(id) => id,
        None => {
            let mut pending = None;
            let scope = Scope::Blob(blob.clone());
            look(
                client,
                &scope,
                &blobferry::Cancel::new(),
                |name, _, copy| {
                    pending = Some((
                        copy.id.clone(),
                        copy.status == CopyStatus::Pending,
                        CopyShown::of(name, copy),
                    ));
                },
            )
            .await?;
            match pending {
                Some((id, true, _)) => id,
                Some((_, false, copy)) => {
                    return Err(Failure::local(
                        doing,
                        format!("its last copy is over: {}", copy.status),
                        Exit::Conflict,
                    ));
                }
                None => {
                    return Err(Failure::local(
                        doing,
                        "no copy was made to it",
                        Exit::Conflict,
                    ));
                }
            }
        }
    };
    let name = blob.name.to_string();
    let abort = AbortCopyBlob {
        lease_id,
        ..AbortCopyBlob::new(blob, copy_id.clone())
    };
    let aborted = client.abort_copy(abort).await;
    aborted.map_err(|error| Failure::new(doing, &error))?;
    Ok(Aborted {
        name,
        copy_id: copy_id.to_string(),
        outcome: "aborted",
        error: None,
    })
}
