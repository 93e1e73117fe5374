//! `blobferry lease`.

use blobferry::operation::{AcquireLease, BreakPeriod, LeaseTarget};
use blobferry::{Client, LeaseId, LeaseTerm};
use serde::Serialize;

use crate::args::{LeaseAction, LeaseArgs, Term};
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::output::{Record, human};
use crate::place::Scope;
use crate::session::Session;

/// What was done to a lease.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "lease")]
struct Done {
    /// `acquired`, `renewed`, `changed`, `released` or `broken`.
    action: &'static str,
    url: String,
    /// The id it is held under.
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_id: Option<String>,
    /// Seconds until a broken lease is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_left: Option<u64>,
}

impl Record for Done {
    fn human(&self, _width: usize) -> String {
        match (&self.lease_id, self.seconds_left) {
            // The id alone, so that it can be taken into a variable.
            (Some(id), _) => format!("{id}\n"),
            (None, Some(left)) if left > 0 => {
                format!("{} {}; over in {left} s\n", self.action, self.url)
            }
            (None, _) => format!("{} {}\n", human::good(self.action), self.url),
        }
    }
}

/// Does one thing to the lease of a blob or a container.
pub(crate) async fn run(args: LeaseArgs, session: &Session) -> Result<Exit, Failure> {
    let place = args.action.place();
    let (spot, client) = session.open(&place.url, &place.side)?;
    let url = spot.scope.to_string();
    let target: LeaseTarget = match spot.scope {
        Scope::Blob(blob) => blob.into(),
        Scope::Container(container) => container.into(),
        Scope::Account(_) | Scope::Prefix(..) => {
            return Err(Failure::usage(
                "cannot lease that",
                format!("`{url}` is neither a blob nor a container"),
            )
            .advise("Name one blob, or a whole container."));
        }
    };
    let done = act(&args.action, target, url, &client).await?;
    session.output.result(&done);
    Ok(Exit::Ok)
}

async fn act(
    action: &LeaseAction,
    target: LeaseTarget,
    url: String,
    client: &Client,
) -> Result<Done, Failure> {
    let failed = |doing: &str| {
        let doing = format!("cannot {doing} the lease of {url}");
        move |error| Failure::new(doing, &error)
    };
    let (action, lease_id, seconds_left) = match action {
        LeaseAction::Acquire {
            duration,
            proposed_id,
            ..
        } => {
            let term = match duration {
                Term::Infinite => LeaseTerm::Infinite,
                Term::Seconds(seconds) => {
                    LeaseTerm::seconds(*seconds).map_err(|error| mistyped("--duration", &error))?
                }
            };
            let held = match proposed_id {
                Some(id) => {
                    let acquire = AcquireLease {
                        proposed_id: Some(lease_id_of("--proposed-id", id)?),
                        ..AcquireLease::new(target, term)
                    };
                    client.send(acquire).await
                }
                None => client.acquire_lease(target, term).await,
            };
            let held = held.map_err(failed("acquire"))?;
            ("acquired", Some(held.lease_id.to_string()), None)
        }
        LeaseAction::Renew { held, .. } => {
            let id = lease_id_of("--lease-id", &held.lease_id)?;
            let held = client.renew_lease(target, id).await;
            let held = held.map_err(failed("renew"))?;
            ("renewed", Some(held.lease_id.to_string()), None)
        }
        LeaseAction::Change {
            held, proposed_id, ..
        } => {
            let id = lease_id_of("--lease-id", &held.lease_id)?;
            let proposed = lease_id_of("--proposed-id", proposed_id)?;
            let held = client.change_lease(target, id, proposed).await;
            let held = held.map_err(failed("change"))?;
            ("changed", Some(held.lease_id.to_string()), None)
        }
        LeaseAction::Release { held, .. } => {
            let id = lease_id_of("--lease-id", &held.lease_id)?;
            let released = client.release_lease(target, id).await;
            released.map_err(failed("release"))?;
            ("released", None, None)
        }
        LeaseAction::Break { period, .. } => {
            let period = period
                .map(BreakPeriod::seconds)
                .transpose()
                .map_err(|error| mistyped("--period", &error))?;
            let broken = client.break_lease(target, period).await;
            let broken = broken.map_err(failed("break"))?;
            ("broken", None, Some(broken.remaining.as_secs()))
        }
    };
    Ok(Done {
        action,
        url,
        lease_id,
        seconds_left,
    })
}

fn lease_id_of(flag: &str, text: &str) -> Result<LeaseId, Failure> {
    text.parse().map_err(|error| mistyped(flag, &error))
}
