//! What was deleted and is to be forgotten, in the order of time.

use std::collections::BTreeSet;

use blobferry_core::Timestamp;

use crate::blob::{Entry, Keeping};
use crate::later;
use crate::state::{BlobKey, DeletedKey, State};

/// Names under which something is to be forgotten, with the time. A name that no longer goes with
/// anything overdue does no harm.
#[derive(Debug, Default)]
pub(crate) struct Overdue {
    blobs: BTreeSet<(Timestamp, BlobKey)>,
    /// With the account.
    containers: BTreeSet<(Timestamp, String, DeletedKey)>,
}

/// How many names one request looks after, so that none has to wait for very many.
const AT_ONCE: usize = 64;

impl State {
    /// What an account keeps of blobs that are replaced or deleted.
    pub(crate) fn keeping(&self, account: &str) -> Keeping {
        Keeping {
            versions: self.config.protection_of(account).versions,
            retention: self.retention(account),
        }
    }

    /// Notes that something under a name was just deleted and may be kept for a while.
    pub(crate) fn note_deletion(&mut self, key: BlobKey, now: Timestamp, keeping: Keeping) {
        if let Some(deleted) = keeping.deleted(now) {
            self.overdue.blobs.insert((deleted.until, key));
        }
    }

    /// Forgets what nobody can undelete any more, some of it where it is very much. Names that are
    /// asked about are brought up to date before that anyway.
    pub(crate) fn forget_overdue(&mut self, now: Timestamp) {
        if let Some((due, ..)) = self.overdue.containers.first()
            && *due <= now
            && let Some((due, account, key)) = self.overdue.containers.pop_first()
            && let Ok(account) = self.account_mut(&account)
            && account
                .deleted
                .get(&key)
                .is_some_and(|found| found.is_forgotten(due))
        {
            later::leave(account.deleted.remove(&key));
        }
        for _ in 0..AT_ONCE {
            match self.overdue.blobs.first() {
                Some((due, _)) if *due <= now => {}
                _ => return,
            }
            let Some((_, key)) = self.overdue.blobs.pop_first() else {
                return;
            };
            if let Ok(container) = self.container_mut(&key.account, &key.container) {
                container.drop_overdue(&key.blob, now);
            }
        }
    }

    /// Notes everything that is deleted and kept for a while.
    #[cfg(feature = "durable")]
    pub(crate) fn await_all_deleted(&mut self) {
        let places = self.accounts.iter().flat_map(|(account, held)| {
            let names = held.containers.keys();
            names.map(move |container| (account, container))
        });
        let blobs: Vec<_> = places
            .flat_map(|(account, container)| self.deleted_in(account, container))
            .collect();
        self.overdue.blobs.extend(blobs);
        let containers = self.accounts.iter().flat_map(|(name, account)| {
            account.deleted.iter().filter_map(move |(key, container)| {
                Some((container.deleted.as_ref()?.until, name.clone(), key.clone()))
            })
        });
        self.overdue.containers.extend(containers);
    }

    /// Notes until when a deleted container is kept.
    pub(super) fn note_container(&mut self, until: Timestamp, account: &str, key: DeletedKey) {
        self.overdue
            .containers
            .insert((until, account.to_owned(), key));
    }

    /// Notes all that is deleted in a container that has come to be there.
    pub(super) fn await_deleted(&mut self, account: &str, container: &str) {
        let found: Vec<_> = self.deleted_in(account, container).collect();
        self.overdue.blobs.extend(found);
    }

    /// Lets go of what was noted of a container that is going.
    pub(crate) fn unawait_deleted(&mut self, account: &str, container: &str) {
        if self.overdue.blobs.is_empty() {
            return;
        }
        let found: Vec<_> = self.deleted_in(account, container).collect();
        for due in &found {
            self.overdue.blobs.remove(due);
        }
    }

    fn deleted_in(
        &self,
        account: &str,
        container: &str,
    ) -> impl Iterator<Item = (Timestamp, BlobKey)> {
        let due = |(name, entry): (&std::sync::Arc<str>, &Entry)| {
            let key = BlobKey {
                account: account.to_owned(),
                container: container.to_owned(),
                blob: name.to_string(),
            };
            entry.next_due().map(|due| (due, key))
        };
        self.container(account, container)
            .into_iter()
            .flat_map(|container| container.entries_from(""))
            .filter_map(due)
    }

    /// How many names are looked after.
    #[cfg(test)]
    pub(crate) fn overdue_names(&self) -> usize {
        self.overdue.blobs.len()
    }
}
