//! `blobferry status`, and `wait`: looking at copies, once or until none is pending.

use std::time::{Duration, Instant};

use blobferry::{Cancel, Client};

use crate::args::{StatusArgs, WaitArgs};
use crate::copies::{CopyShown, Counts, look};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::progress::{Meter, Progress};
use crate::place::Scope;
use crate::session::Session;

/// Shows the copies under a place; with `--watch`, again until none is pending.
pub(crate) async fn status(args: StatusArgs, session: &Session) -> Result<Exit, Failure> {
    let (spot, client) = session.open(&args.url, &args.side)?;
    let cancel = interrupt::listen(session.output, "the copies go on");
    if args.watch {
        watch(&client, &spot.scope, &cancel, session, args.interval, None).await?;
    }
    let shown = |copy: &CopyShown| {
        let asked = args.all || !args.only.is_empty() || matches!(spot.scope, Scope::Blob(_));
        copy.is_among(&args.only) && (asked || copy.status != "success")
    };
    let counts = look(&client, &spot.scope, &cancel, |name, _, copy| {
        let copy = CopyShown::of(name, copy);
        if shown(&copy) {
            session.output.result(&copy);
        }
    })
    .await?;
    session.output.result(&counts);
    Ok(ending(&cancel, Exit::Ok))
}

/// Waits until no copy is pending.
pub(crate) async fn wait(args: WaitArgs, session: &Session) -> Result<Exit, Failure> {
    let (spot, client) = session.open(&args.url, &args.side)?;
    let cancel = interrupt::listen(session.output, "the copies go on");
    watch(
        &client,
        &spot.scope,
        &cancel,
        session,
        args.interval,
        args.patience,
    )
    .await?;
    let counts = look(&client, &spot.scope, &cancel, |name, _, copy| {
        let copy = CopyShown::of(name, copy);
        if copy.status != "success" {
            session.output.result(&copy);
        }
    })
    .await?;
    session.output.result(&counts);
    let clean = counts.pending + counts.failed + counts.aborted == 0;
    Ok(ending(
        &cancel,
        if clean { Exit::Ok } else { Exit::SomeFailed },
    ))
}

fn ending(cancel: &Cancel, exit: Exit) -> Exit {
    if cancel.is_requested() {
        Exit::Interrupted
    } else {
        exit
    }
}

/// Looks again and again, showing how far the pending copies are, until none is pending, patience
/// ends, or the user has had enough.
async fn watch(
    client: &Client,
    scope: &Scope,
    cancel: &Cancel,
    session: &Session,
    interval: Duration,
    patience: Option<Duration>,
) -> Result<(), Failure> {
    let begun = Instant::now();
    let meter = Meter::start(session.output);
    let mut most = Counts::default();
    loop {
        let counts = look(client, scope, cancel, |_, _, _| {}).await?;
        // What was pending at first and is no longer has been done.
        most.pending = most.pending.max(counts.pending);
        most.bytes = most.bytes.max(counts.bytes);
        meter.set(Progress {
            blobs: most.pending,
            settled: most.pending.saturating_sub(counts.pending),
            failed: counts.failed + counts.aborted,
            pending: counts.pending,
            bytes: most.bytes,
            bytes_done: most
                .bytes
                .saturating_sub(counts.bytes.saturating_sub(counts.bytes_copied)),
            ..Progress::default()
        });
        let left = patience.map(|patience| patience.saturating_sub(begun.elapsed()));
        if counts.pending == 0 || left == Some(Duration::ZERO) || cancel.is_requested() {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(interval.min(left.unwrap_or(interval))) => {}
            () = cancel.requested() => break,
        }
    }
    meter.finish();
    Ok(())
}
