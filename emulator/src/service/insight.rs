//! What the service holds, for those who test with it.

use std::sync::atomic::Ordering;

use blobferry_core::Timestamp;

use super::{Service, browser};
use crate::config::CopyPace;

/// What a service holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Requests read since the service began, a batch counted as one.
    pub requests: u64,
    /// Accounts.
    pub accounts: usize,
    /// Containers of all accounts.
    pub containers: usize,
    /// Names of blobs in them; snapshots and what is deleted but kept go by their blob's.
    pub blobs: usize,
    /// Copies under way.
    pub pending_copies: Vec<PendingCopy>,
}

/// An asynchronous copy under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCopy {
    /// `x-ms-copy-id`.
    pub id: String,
    /// The account that is copied into.
    pub account: String,
    /// The container that is copied into.
    pub container: String,
    /// The blob that is copied into.
    pub blob: String,
    /// Bytes copied.
    pub copied: u64,
    /// Bytes of the source.
    pub total: u64,
    /// `x-ms-copy-status-description`, while a copy tries again.
    pub description: Option<String>,
}

impl Service {
    /// What the service holds at a moment.
    #[must_use]
    pub fn stats(&self, now: Timestamp) -> Stats {
        let mut state = self.lock();
        state.settle(now);
        state.forget_overdue(now);
        state.discard_blocks(now);
        // What cannot be written down now is written down with the next change.
        drop(state.remember());
        let (accounts, containers, blobs) = state.count();
        let pending_copies = state
            .copies
            .all()
            .filter_map(|job| {
                let copy = state.blob(&job.destination)?.copy.as_ref()?;
                Some(PendingCopy {
                    id: job.id.clone(),
                    account: job.destination.account.clone(),
                    container: job.destination.container.clone(),
                    blob: job.destination.blob.clone(),
                    copied: copy.progress(now),
                    total: copy.total,
                    description: copy.description(now).map(std::borrow::Cow::into_owned),
                })
            })
            .collect();
        Stats {
            requests: self.answered.load(Ordering::Relaxed),
            accounts,
            containers,
            blobs,
            pending_copies,
        }
    }

    /// Forgets every container, copy and service property. Accounts, clock, copy pace and faults
    /// stay as they are.
    pub fn reset(&self) {
        self.lock().clear();
        browser::note(self);
    }

    /// How fast copies into an account are; absent where there is no such account.
    #[must_use]
    pub fn copy_pace(&self, account: &str) -> Option<CopyPace> {
        self.config
            .has_account(account)
            .then(|| self.lock().copy_pace(account))
    }
}
