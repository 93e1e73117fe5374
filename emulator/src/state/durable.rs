//! A state that is kept in a directory.

#[cfg(test)]
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use blobferry_core::Seed;

use super::State;
use crate::config::Config;
use crate::store::{Journal, Loaded, Store};
use crate::tick::Tick;

/// What is noted of changes, and where they go.
#[derive(Debug)]
pub(super) struct Durable {
    pub(super) journal: Journal,
    pub(super) store: Store,
}

impl State {
    /// Goes on from what was remembered, and remembers what comes.
    ///
    /// # Errors
    /// A record cannot be written down.
    pub(crate) fn durable(config: Config, store: Store, loaded: Loaded) -> io::Result<Self> {
        let mut state = Self::new(config);
        state.accounts.extend(loaded.accounts);
        for job in loaded.copies {
            state.copies.add(job);
        }
        state.copies.note_changes();
        state.await_all_deleted();
        state.await_all_blocks();
        state.last = state.last.max(loaded.last.unwrap_or(Tick::ZERO));
        // Ids go on in another place each time, for nobody remembers where they were.
        let opening = Seed::new(loaded.openings).next_u64();
        state.seed = Seed::new(state.config.seed ^ opening);
        let packs = Arc::clone(store.packs());
        let journal = Journal::of(packs, loaded.sheets, &mut state.accounts)?;
        state.durable = Some(Durable { journal, store });
        Ok(state)
    }

    /// Everything, as it would be written down; absent where it is not.
    #[cfg(test)]
    pub(crate) fn rows(&mut self) -> Option<BTreeMap<Vec<u8>, Vec<u8>>> {
        let journal = &self.durable.as_ref()?.journal;
        Some(journal.everything(&mut self.accounts, &self.copies))
    }

    /// The disk under it, for tests to ask.
    #[cfg(test)]
    pub(crate) fn disk(&self) -> Option<Arc<crate::store::tests::Disk>> {
        Some(self.durable.as_ref()?.store.disk())
    }
}
