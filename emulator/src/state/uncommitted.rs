//! Blobs with uncommitted blocks, in the order in which their blocks are to be discarded.

use std::collections::VecDeque;

use blobferry_core::Timestamp;

use crate::blob::Entry;
use crate::state::{BlobKey, State};

/// Names under which blocks were uploaded, with the time of their end as it was then. Many of them
/// have been committed since: they are sorted out when there are twice as many as there were.
#[derive(Debug, Default)]
pub(super) struct Uncommitted {
    names: VecDeque<(Timestamp, BlobKey)>,
    /// How many there may be before they are sorted out.
    most: usize,
}

/// How many names there may be at least before they are sorted out.
const FEW: usize = 1024;

/// How many names one request looks after, so that none has to wait for very many.
const AT_ONCE: usize = 64;

impl State {
    /// Notes that the first block was uploaded under a name.
    pub(crate) fn note_first_block(&mut self, key: BlobKey) {
        let Some(due) = self.blocks_due(&key) else {
            return;
        };
        self.uncommitted.names.push_back((due, key));
        if self.uncommitted.names.len() > self.uncommitted.most.max(FEW) {
            let names = std::mem::take(&mut self.uncommitted.names);
            self.uncommitted.names = names
                .into_iter()
                .filter(|(_, key)| self.blocks_due(key).is_some())
                .collect();
            self.uncommitted.most = self.uncommitted.names.len() * 2;
        }
    }

    /// Discards blocks that waited too long for their commit, though nobody asks about their blobs:
    /// some of them where there are very many.
    pub(crate) fn discard_blocks(&mut self, now: Timestamp) {
        for _ in 0..AT_ONCE {
            let names = &mut self.uncommitted.names;
            let Some((_, key)) = names.pop_front_if(|(due, _)| *due < now) else {
                return;
            };
            match self.blocks_due(&key) {
                Some(due) if due < now => {
                    if let Ok(container) = self.container_mut(&key.account, &key.container) {
                        container.drop_overdue(&key.blob, now);
                    }
                }
                // Blocks came later.
                Some(due) => self.uncommitted.names.push_back((due, key)),
                None => {}
            }
        }
    }

    /// When the blocks of a blob are to be discarded; absent where there are none.
    fn blocks_due(&self, key: &BlobKey) -> Option<Timestamp> {
        let container = self.container(&key.account, &key.container).ok()?;
        container.entry(&key.blob).and_then(Entry::blocks_due)
    }

    /// Notes every blob that has uncommitted blocks.
    #[cfg(feature = "durable")]
    pub(super) fn await_all_blocks(&mut self) {
        let mut names = Vec::new();
        for (account, held) in &self.accounts {
            for (container, blobs) in &held.containers {
                for (blob, entry) in blobs.entries_from("") {
                    if let Some(due) = entry.blocks_due() {
                        let key = BlobKey {
                            account: account.clone(),
                            container: container.clone(),
                            blob: blob.to_string(),
                        };
                        names.push((due, key));
                    }
                }
            }
        }
        names.sort();
        self.uncommitted.names = names.into();
    }

    /// How many names are looked after.
    #[cfg(test)]
    pub(crate) fn uncommitted_names(&self) -> usize {
        self.uncommitted.names.len()
    }
}
