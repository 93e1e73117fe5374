//! The directory: whose it is, and that nobody else has it open.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// What the file says that tells whose the directory is. Format 2 came with lists that are kept apart
/// from their records, and with the log; format 3 with snapshots and versions that are.
const MARK: &str = "blobferry emulator data, format 3\n";
/// Read as they are, and then of format 3.
const OLD_MARKS: [&str; 2] = [
    "blobferry emulator data, format 1\n",
    "blobferry emulator data, format 2\n",
];
const MARK_NAME: &str = "blobferry-emulator";

/// Why a directory cannot be opened.
#[derive(Debug)]
pub struct OpenError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
pub(super) enum Why {
    InUse,
    Foreign,
    Newer,
    Damaged(String),
    Io(io::Error),
}

impl OpenError {
    pub(crate) fn of(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            why: Why::Io(error),
        }
    }

    /// Whether it is for want of room.
    pub(super) fn is_full(&self) -> bool {
        matches!(&self.why, Why::Io(error) if super::reserve::is_full(error))
    }

    /// Whether another process has the directory open.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        matches!(self.why, Why::InUse)
    }
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.display();
        match &self.why {
            Why::InUse => write!(
                f,
                "{path} is in use by another emulator; end that one, or choose another directory"
            ),
            Why::Foreign => write!(
                f,
                "{path} holds other files and no emulator data; choose an empty directory, or one \
                 that does not exist yet"
            ),
            Why::Newer => write!(
                f,
                "{path} was written by another version of the emulator, whose format this one \
                 does not know; use that version, or choose another directory"
            ),
            Why::Damaged(what) => write!(
                f,
                "the data in {path} is damaged ({what}); nothing was changed. Put back a copy of \
                 the directory, or move it away to begin anew"
            ),
            Why::Io(error) => write!(f, "{path} cannot be used: {error}"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.why {
            Why::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// A directory that this process alone has open, until it is dropped.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Opens a directory, or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let refused = |why| OpenError {
            path: path.to_owned(),
            why,
        };
        let lock = acquire(path).map_err(refused)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Where the log is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the records are.
    pub(super) fn records(&self) -> PathBuf {
        self.path.join("records.redb")
    }

    /// Where room is kept.
    pub(super) fn reserve(&self) -> PathBuf {
        self.path.join("reserve")
    }

    /// Where the content is.
    pub(super) fn content(&self) -> PathBuf {
        self.path.join("content")
    }

    pub(super) fn failed(&self, error: io::Error) -> OpenError {
        self.refused(Why::Io(error))
    }

    pub(super) fn damaged(&self, what: impl ToString) -> OpenError {
        self.refused(Why::Damaged(what.to_string()))
    }

    pub(super) fn refused(&self, why: Why) -> OpenError {
        OpenError {
            path: self.path.clone(),
            why,
        }
    }
}

fn acquire(path: &Path) -> Result<File, Why> {
    fs::create_dir_all(path).map_err(Why::Io)?;
    let mark = path.join(MARK_NAME);
    let is_marked = match fs::read(&mark) {
        Ok(text) if text == MARK.as_bytes() => true,
        Ok(text) if OLD_MARKS.iter().any(|mark| text == mark.as_bytes()) => false,
        // Whoever made it was ended before it was written.
        Ok(text) if text.is_empty() => false,
        Ok(_) => return Err(Why::Newer),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if fs::read_dir(path).map_err(Why::Io)?.next().is_some() {
                return Err(Why::Foreign);
            }
            false
        }
        Err(error) => return Err(Why::Io(error)),
    };
    let mut options = File::options();
    let lock = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&mark)
        .map_err(Why::Io)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(Why::InUse),
        Err(TryLockError::Error(error)) => return Err(Why::Io(error)),
    }
    if !is_marked {
        super::file::write_at(&lock, 0, MARK.as_bytes())
            .and_then(|()| lock.sync_all())
            .and_then(|()| super::file::sync_names(path))
            .map_err(Why::Io)?;
    }
    Ok(lock)
}
