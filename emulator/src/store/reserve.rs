//! Room that is kept for when the disk is full, so that what is under way then is kept, and deletes go
//! on.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use blobferry_core::Seed;

/// Enough for the log, and for the records of many deletes.
const LENGTH: u64 = 4 << 20;

/// When it is tried to take it first, and after something was deleted.
const SOON: Duration = Duration::from_secs(1);
/// When it is tried again.
const LATER: Duration = Duration::from_secs(10);

/// A file that is only there to be given up.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    is_there: bool,
    /// When it is tried to take it.
    next: Instant,
}

impl Reserve {
    /// The reserve of a directory, as it was left.
    pub(super) fn found(path: PathBuf) -> Self {
        for unfinished in ["new", "more"] {
            drop(std::fs::remove_file(path.with_extension(unfinished)));
        }
        let length = std::fs::metadata(&path).map_or(0, |file| file.len());
        Self {
            path,
            is_there: length == LENGTH,
            next: Instant::now() + SOON,
        }
    }

    /// Whether it was given up in this or an earlier process, and the disk may still be full.
    pub(super) fn is_gone(&self) -> bool {
        !self.is_there && self.path.exists()
    }

    /// For how long it need not be tried to take it; absent where it is there.
    pub(super) fn pause(&self) -> Option<Duration> {
        (!self.is_there).then(|| self.next.saturating_duration_since(Instant::now()))
    }

    /// There may be more room than before.
    pub(super) fn hope(&mut self) {
        self.next = self.next.min(Instant::now() + SOON);
    }

    /// Gives up the room; says whether there was any. An empty file tells of it.
    pub(super) fn give_up(&mut self) -> bool {
        let was_there = std::mem::take(&mut self.is_there);
        self.next = Instant::now() + LATER;
        was_there && File::create(&self.path).is_ok()
    }

    /// Takes the room, if there is enough and as much again.
    ///
    /// # Errors
    /// There is too little. None of it is taken then.
    pub(super) fn take(&mut self) -> io::Result<()> {
        self.next = Instant::now() + LATER;
        // Whatever ends the process, an empty file is one that was given up.
        let new = self.path.with_extension("new");
        // As much again has to be free: less would be gone with the next write.
        let more = self.path.with_extension("more");
        let taken = fill(&new).and_then(|()| fill(&more));
        drop(std::fs::remove_file(&more));
        let taken = taken.and_then(|()| std::fs::rename(&new, &self.path));
        match &taken {
            Ok(()) => self.is_there = true,
            Err(_) => drop(std::fs::remove_file(&new)),
        }
        taken
    }

    #[cfg(test)]
    pub(super) fn delay(&mut self) {
        self.next = Instant::now() + SOON;
    }
}

/// Writes a file of bytes that no file system makes shorter.
fn fill(path: &Path) -> io::Result<()> {
    let mut random = Seed::new(LENGTH);
    let words = (0..LENGTH / 8).flat_map(|_| random.next_u64().to_le_bytes());
    let bytes: Vec<u8> = words.collect();
    let mut file = File::create(path)?;
    file.write_all(&bytes)?;
    file.sync_all()
}

/// Whether an error says that there is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

#[cfg(test)]
mod tests {
    use super::super::tests::Scratch;
    use super::*;

    #[test]
    fn only_a_reserve_that_was_given_up_is_gone() {
        let scratch = Scratch::new();
        std::fs::create_dir_all(scratch.path()).unwrap();
        let path = scratch.path().join("reserve");
        let found = || Reserve::found(path.clone());
        assert!(!found().is_gone());
        // Ended while it was taken first.
        std::fs::write(path.with_extension("new"), "some of it").unwrap();
        assert!(!found().is_gone());
        let mut reserve = found();
        reserve.take().unwrap();
        assert!(reserve.pause().is_none() && found().pause().is_none());
        assert!(reserve.give_up() && !reserve.give_up());
        assert!(reserve.is_gone() && found().is_gone());
        reserve.take().unwrap();
        assert!(!found().is_gone());
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 1);
    }
}
