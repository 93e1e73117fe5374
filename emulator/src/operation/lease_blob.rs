//! Lease Blob: acquire, renew, change, release, break.

use std::time::Duration;

use http::{HeaderName, StatusCode};

use blobferry_core::wire::header;
use blobferry_core::words::LeaseState;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::failure::Failure;
use crate::lease::{Action, Lease, Told};
use crate::request::Ask;
use crate::state::State;
use crate::tick::Tick;

use super::target;

pub(crate) fn lease_blob(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let action = action(ask)?;
    let fresh = state.fresh_id();
    let blob = target::writable(state, ask)?;
    breaks_once(&blob.lease, &action, ask)?;
    let told = blob.lease.act(&action, || fresh, ask.now)?;
    Ok(answer(ask, &action, &told, blob.etag, blob.modified))
}

/// Before 2012-02-12 a lease that is broken, or about to be, cannot be broken again.
fn breaks_once(lease: &Lease, action: &Action, ask: &Ask) -> Result<(), Failure> {
    let broken = matches!(
        lease.state(ask.now),
        LeaseState::Breaking | LeaseState::Broken
    );
    match action {
        Action::Break { .. } if broken && ask.version < ServiceVersion::V2012_02_12 => {
            Err(Failure::new(ErrorCode::LEASE_ALREADY_BROKEN))
        }
        _ => Ok(()),
    }
}

/// Does what is asked to a lease that is not a blob's.
pub(crate) fn act(
    lease: &mut Lease,
    action: &Action,
    fresh: String,
    now: Timestamp,
) -> Result<Told, Failure> {
    Ok(lease.act(action, || fresh, now)?)
}

/// What is asked of a lease.
pub(crate) fn action(ask: &Ask) -> Result<Action, Failure> {
    let name = header::X_MS_LEASE_ACTION;
    let word = ask
        .header(&name)
        .ok_or_else(|| Failure::missing_header(&name))?;
    let id =
        || target::lease_id(ask)?.ok_or_else(|| Failure::missing_header(&header::X_MS_LEASE_ID));
    let proposed = || target::uuid(ask, &header::X_MS_PROPOSED_LEASE_ID);
    Ok(match word.to_ascii_lowercase().as_str() {
        "acquire" => Action::Acquire {
            term: term(ask)?,
            proposed: proposed()?,
        },
        "renew" => Action::Renew { id: id()? },
        "change" if ask.version >= ServiceVersion::V2012_02_12 => Action::Change {
            id: id()?,
            proposed: proposed()?
                .ok_or_else(|| Failure::missing_header(&header::X_MS_PROPOSED_LEASE_ID))?,
        },
        "release" => Action::Release { id: id()? },
        "break" => Action::Break {
            period: seconds(ask, &header::X_MS_LEASE_BREAK_PERIOD, 0..=60)?,
        },
        _ => return Err(Failure::invalid_header(&name, word)),
    })
}

/// `x-ms-lease-duration`: 15 to 60 seconds, or -1 for infinite. Before 2012-02-12 it is one minute.
fn term(ask: &Ask) -> Result<Option<Duration>, Failure> {
    let name = header::X_MS_LEASE_DURATION;
    if ask.version < ServiceVersion::V2012_02_12 {
        return Ok(Some(Duration::from_secs(60)));
    }
    match ask.header(&name) {
        None => Err(Failure::missing_header(&name)),
        Some("-1") => Ok(None),
        Some(_) => seconds(ask, &name, 15..=60),
    }
}

fn seconds(
    ask: &Ask,
    name: &HeaderName,
    range: std::ops::RangeInclusive<u64>,
) -> Result<Option<Duration>, Failure> {
    ask.header(name)
        .map(|text| {
            text.parse()
                .ok()
                .filter(|seconds| range.contains(seconds))
                .map(Duration::from_secs)
                .ok_or_else(|| Failure::invalid_header(name, text))
        })
        .transpose()
}

/// What a lease operation answers, on blobs and containers.
pub(crate) fn answer(
    ask: &Ask,
    action: &Action,
    told: &Told,
    etag: Tick,
    modified: Timestamp,
) -> Answer {
    let status = match action {
        Action::Acquire { .. } => StatusCode::CREATED,
        Action::Break { .. } => StatusCode::ACCEPTED,
        Action::Renew { .. } | Action::Change { .. } | Action::Release { .. } => StatusCode::OK,
    };
    let mut answer = Answer::new(status);
    if ask.version >= ServiceVersion::V2013_08_15 {
        answer = answer.modified(&etag.etag(), modified);
    }
    match told {
        Told::Id(id) => answer.header(header::X_MS_LEASE_ID, id),
        Told::Remaining(left) => answer.number(header::X_MS_LEASE_TIME, left.as_secs()),
        Told::Nothing => answer,
    }
}
