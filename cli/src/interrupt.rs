//! Ctrl-C and SIGTERM: once winds down in order, twice leaves at once.

use blobferry::Cancel;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Listens for signals from now on; the handle is cancelled by the first of them.
pub(crate) fn listen(output: Output, what_happens: &'static str) -> Cancel {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    tokio::spawn(async move {
        let Ok(mut signals) = Signals::listen() else {
            return;
        };
        signals.next().await;
        output.note(&format!(
            "interrupted: {what_happens}; once more leaves at once"
        ));
        asked.cancel();
        signals.next().await;
        #[expect(clippy::exit, reason = "the second signal means now")]
        std::process::exit(i32::from(Exit::Interrupted.code()));
    });
    cancel
}

/// Waits for an answer that changes nothing, unless a signal comes first.
pub(crate) async fn unless<T>(
    cancel: &Cancel,
    answer: impl Future<Output = T>,
) -> Result<T, Failure> {
    tokio::select! {
        answer = answer => Ok(answer),
        () = cancel.requested() => Err(Failure::interrupted()),
    }
}

/// Signals that mean the end.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
