//! Somebody who only looks on: which copies are pending, as a listing shows them.

use std::collections::BTreeSet;
use std::time::Duration;

use blobferry::words::CopyStatus;
use blobferry::{Cancel, Client, ContainerAddress};
use tokio::task::JoinHandle;

use crate::copies::look;
use crate::place::Scope;

/// Looks at a container again and again.
#[derive(Debug)]
pub(super) struct Observer {
    cancel: Cancel,
    looking: JoinHandle<u64>,
}

impl Observer {
    pub(super) fn start(client: Client, container: ContainerAddress) -> Self {
        let cancel = Cancel::new();
        let ended = cancel.clone();
        let looking = tokio::spawn(async move {
            let mut seen = BTreeSet::new();
            let scope = Scope::Container(container);
            while !ended.is_requested() {
                let looked = look(&client, &scope, &ended, |name, _, copy| {
                    if copy.status == CopyStatus::Pending {
                        seen.insert(name.to_owned());
                    }
                });
                // What it cannot see it does not count.
                drop(looked.await);
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_millis(300)) => {}
                    () = ended.requested() => {}
                }
            }
            u64::try_from(seen.len()).unwrap_or(u64::MAX)
        });
        Self { cancel, looking }
    }

    /// How many copies it has seen pending.
    pub(super) async fn finish(self) -> u64 {
        self.cancel.cancel();
        self.looking.await.unwrap_or(0)
    }
}
