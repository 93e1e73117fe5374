//! The store against a disk that fails, and processes that end at any moment.

mod lists;
mod packs;
mod service;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

use super::Store;
use super::batch::Batch;
use crate::config::Config;
use crate::state::State;

/// A directory for one test, which goes with it.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("blobferry-test-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The directory as it would be if the process were killed now.
    pub(crate) fn as_if_killed(&self) -> Self {
        let copy = Self::new();
        std::fs::create_dir_all(copy.path().join("content")).unwrap();
        for folder in ["", "content"] {
            for file in std::fs::read_dir(self.path().join(folder)).unwrap() {
                let file = file.unwrap();
                if file.file_type().unwrap().is_file() {
                    let to = copy.path().join(folder).join(file.file_name());
                    std::fs::copy(file.path(), to).unwrap();
                }
            }
        }
        copy
    }

    /// Bytes of content files.
    pub(crate) fn content(&self) -> u64 {
        std::fs::read_dir(self.path().join("content"))
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A state that is kept in a directory, and opened anew to see that nothing is missing there.
#[derive(Debug)]
pub(crate) struct Kept {
    scratch: Scratch,
    requests: u64,
    /// Opened anew after so many requests; absent where it is told when.
    every: Option<u64>,
}

impl Kept {
    /// Present where `BLOBFERRY_TEST_DATA` is set: every test of operations is then one of the
    /// store too.
    pub(crate) fn if_asked_for() -> Option<Self> {
        std::env::var_os("BLOBFERRY_TEST_DATA")?;
        // Tens of thousands of blocks, all read again each time.
        let thread = std::thread::current();
        if thread
            .name()
            .is_some_and(|name| name.contains("::limits::"))
        {
            return None;
        }
        Some(Self {
            every: Some(7),
            ..Self::new()
        })
    }

    pub(crate) fn new() -> Self {
        Self {
            scratch: Scratch::new(),
            requests: 0,
            every: None,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.scratch.path()
    }

    pub(crate) fn open(&self, config: &Config) -> State {
        let (store, loaded) = Store::open(self.scratch.path()).unwrap();
        State::durable(config.clone(), store, loaded).unwrap()
    }

    pub(crate) fn reopen_now_and_then(&mut self, state: &mut State) {
        self.requests += 1;
        if self
            .every
            .is_some_and(|every| self.requests.is_multiple_of(every))
        {
            self.reopen(state);
        }
    }

    /// Opens the directory anew; what is there must be what was in memory.
    #[track_caller]
    pub(crate) fn reopen(&mut self, state: &mut State) {
        // A test may have put another state in its place.
        let Some(before) = state.rows() else {
            return;
        };
        let config = crate::auth::Holdings::config(state).clone();
        drop(std::mem::replace(state, State::new(Config::new())));
        *state = self.open(&config);
        let after = state.rows().unwrap();
        let names = |rows: &BTreeMap<Vec<u8>, Vec<u8>>| -> Vec<String> {
            rows.keys()
                .map(|key| key.escape_ascii().to_string())
                .collect()
        };
        assert_eq!(names(&after), names(&before));
        for (key, row) in after {
            let found = row.escape_ascii().to_string();
            assert_eq!(found, before[&key].escape_ascii().to_string());
        }
    }
}

/// A disk that can be told to fail, and that knows how much it was asked to take.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    how: AtomicU8,
    /// The most bytes in rows that one request came to.
    most: AtomicUsize,
}

impl Disk {
    /// Takes everything.
    pub(crate) const FINE: u8 = 0;
    /// Is full before the content is written.
    pub(crate) const FULL: u8 = 1;
    /// Takes the content and not the records.
    pub(crate) const FULL_LATER: u8 = 2;
    /// Takes the log and nothing else.
    pub(crate) const FULL_SETTLING: u8 = 3;
    /// Has as much room as is kept for deletes.
    pub(crate) const BRIM: u8 = 4;

    pub(crate) fn set(&self, how: u8) {
        self.how.store(how, Ordering::SeqCst);
    }

    pub(super) fn note(&self, batch: &Batch) {
        let length = |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| {
            key.len() + value.as_ref().map_or(0, Vec::len)
        };
        self.most
            .fetch_max(batch.rows.iter().map(length).sum(), Ordering::SeqCst);
    }

    /// The most since this was last asked.
    pub(crate) fn take_most(&self) -> usize {
        self.most.swap(0, Ordering::SeqCst)
    }

    pub(super) fn check(&self) -> io::Result<()> {
        self.fail_if(Self::FULL)
    }

    pub(super) fn check_later(&self) -> io::Result<()> {
        self.fail_if(Self::FULL_LATER)
    }

    pub(super) fn check_settling(&self) -> io::Result<()> {
        let failed = self.fail_if(Self::FULL_SETTLING);
        failed.map_err(|_| io::ErrorKind::Other.into())
    }

    pub(super) fn check_brim(&self) -> io::Result<()> {
        self.fail_if(Self::BRIM)
    }

    fn fail_if(&self, how: u8) -> io::Result<()> {
        if self.how.load(Ordering::SeqCst) == how {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}
