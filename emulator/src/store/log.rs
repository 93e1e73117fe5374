//! The log: what was acknowledged and is not in the records yet, in two files that take turns.
//!
//! An entry is written at the end of a file and is on disk with one `fdatasync`. Its head has a
//! checksum, so that an entry that was cut off is known as none, and a number, so that one left over
//! from an earlier turn is known as old.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::file;

/// Checksum, number and length, 8 bytes each.
const HEAD: usize = 24;
/// A file grows by so much at a time: what only overwrites is on disk sooner.
const GROWTH: u64 = 256 << 10;
static ZEROS: [u8; GROWTH as usize] = [0; GROWTH as usize];

#[derive(Debug)]
pub(super) struct Log {
    turns: [Turn; 2],
    /// Which file is added to.
    active: usize,
    /// The number of the last entry.
    last: u64,
}

#[derive(Debug)]
struct Turn {
    file: File,
    length: u64,
    /// Where the next entry goes.
    at: u64,
    /// The number of the last entry in it.
    last: u64,
}

/// Where the two files are.
fn paths(directory: &Path) -> [PathBuf; 2] {
    ["log-0", "log-1"].map(|name| directory.join(name))
}

impl Log {
    /// Opens the files, which are made where they are missing, for entries that follow one.
    ///
    /// # Errors
    /// They cannot be made.
    pub(super) fn open(directory: &Path, last: u64) -> io::Result<Self> {
        let [first, second] = paths(directory);
        let turns = [Turn::open(&first)?, Turn::open(&second)?];
        file::sync_names(directory)?;
        Ok(Self {
            turns,
            active: 0,
            last,
        })
    }

    /// The number of the last entry.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Bytes in entries that are still needed.
    pub(super) fn length(&self) -> u64 {
        self.turns.iter().map(|turn| turn.at).sum()
    }

    /// Bytes in the file that is added to.
    pub(super) fn active_length(&self) -> u64 {
        self.turns.get(self.active).map_or(0, |turn| turn.at)
    }

    /// Adds an entry, and returns when it is on disk.
    ///
    /// # Errors
    /// The disk does not take it. Nothing is added then.
    pub(super) fn append(&mut self, body: &[u8]) -> io::Result<()> {
        let number = self.last + 1;
        let turn = self
            .turns
            .get_mut(self.active)
            .ok_or(io::ErrorKind::NotFound)?;
        turn.append(number, body)?;
        self.last = number;
        Ok(())
    }

    /// Goes on in the other file, if nothing in it is needed.
    pub(super) fn turn(&mut self) {
        let other = 1 - self.active;
        if self.turns.get(other).is_some_and(|turn| turn.at == 0) {
            self.active = other;
        }
    }

    /// Entries up to a number are needed no more.
    pub(super) fn forget(&mut self, number: u64) {
        for turn in &mut self.turns {
            if turn.last <= number {
                turn.at = 0;
            }
        }
    }

    /// Gives back the room that no entry needs.
    pub(super) fn shrink(&mut self) {
        for turn in &mut self.turns {
            if turn.length > turn.at && turn.file.set_len(turn.at).is_ok() {
                turn.length = turn.at;
            }
        }
    }
}

impl Turn {
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path)?;
        Ok(Self {
            length: file.metadata()?.len(),
            file,
            at: 0,
            last: 0,
        })
    }

    fn append(&mut self, number: u64, body: &[u8]) -> io::Result<()> {
        let mut entry = Vec::with_capacity(HEAD + body.len());
        entry.extend_from_slice(&[0; 8]);
        entry.extend_from_slice(&number.to_le_bytes());
        entry.extend_from_slice(&(body.len() as u64).to_le_bytes());
        entry.extend_from_slice(body);
        let sum = checksum(entry.get(8..).unwrap_or_default());
        if let Some(head) = entry.get_mut(..8) {
            head.copy_from_slice(&sum.to_le_bytes());
        }
        let end = self.at + entry.len() as u64;
        // Where there is too little room to grow in steps there may be enough for the entry.
        drop(self.grow(end));
        let written = file::write_at(&self.file, self.at, &entry);
        self.length = self.length.max(end);
        if let Err(error) = written.and_then(|()| self.file.sync_data()) {
            // So that it is not found after all. It is overwritten by the next in any case.
            drop(file::write_at(&self.file, self.at, &[0; HEAD]));
            return Err(error);
        }
        self.at = end;
        self.last = number;
        Ok(())
    }

    fn grow(&mut self, end: u64) -> io::Result<()> {
        while self.length < end {
            file::write_at(&self.file, self.length, &ZEROS)?;
            self.length += GROWTH;
        }
        Ok(())
    }
}

/// Whether the files are there, both of them.
pub(super) fn are_there(directory: &Path) -> bool {
    paths(directory).iter().all(|path| path.exists())
}

/// Entries behind a number, in their order, as a process left them that was ended at any moment. Gives
/// back the room behind them, which others may need to settle them.
///
/// # Errors
/// The files cannot be read, or entries are missing between others or not what they were.
pub(super) fn left(directory: &Path, known: u64) -> io::Result<Vec<(u64, Vec<u8>)>> {
    let mut entries = Vec::new();
    let mut ends: Vec<(PathBuf, u64)> = Vec::new();
    for path in paths(directory) {
        match std::fs::read(&path) {
            Ok(bytes) => {
                let (found, end) = entries_of(&bytes, known);
                let last = found.last().map_or(known, |(number, _)| *number);
                if has_more(bytes.get(end..).unwrap_or_default(), last) {
                    let damaged = "an entry of the log is not what it was";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, damaged));
                }
                entries.extend(found);
                if end < bytes.len() {
                    ends.push((path, end as u64));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    entries.sort_unstable_by_key(|(number, _)| *number);
    let is_next = |(at, (number, _)): (u64, &(u64, _))| *number == known + 1 + at;
    if !(0..).zip(&entries).all(is_next) {
        let missing = "entries of the log are missing";
        return Err(io::Error::new(io::ErrorKind::InvalidData, missing));
    }
    for (path, end) in ends {
        File::options().write(true).open(path)?.set_len(end)?;
    }
    Ok(entries)
}

/// The entries of a file behind a number, and where the last of them ends.
fn entries_of(bytes: &[u8], known: u64) -> (Vec<(u64, Vec<u8>)>, usize) {
    let mut entries: Vec<(u64, Vec<u8>)> = Vec::new();
    let (mut before, mut end) = (0, 0);
    let mut left = bytes;
    while let Some((number, body, rest)) = entry(left).filter(|(number, ..)| *number > before) {
        before = number;
        left = rest;
        if number > known {
            entries.push((number, body.to_vec()));
            end = bytes.len() - rest.len();
        }
    }
    (entries, end)
}

/// Whether there is one of the next entries further on: what it followed was whole once.
fn has_more(bytes: &[u8], last: u64) -> bool {
    let next = [1, 2].map(|more| last.saturating_add(more).to_le_bytes());
    let is_there = |at: usize| entry(bytes.get(at..).unwrap_or_default()).is_some();
    bytes
        .windows(8)
        .enumerate()
        .skip(8)
        .any(|(at, found)| next.iter().any(|next| next == found) && is_there(at - 8))
}

/// The first entry: its number, what it holds, and what follows it.
fn entry(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let number = |at: usize| -> Option<u64> {
        let bytes = bytes.get(at..at + 8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    };
    let length = usize::try_from(number(16)?).ok()?;
    let end = HEAD.checked_add(length)?;
    let summed = bytes.get(8..end)?;
    if checksum(summed) != number(0)? {
        return None;
    }
    Some((number(8)?, bytes.get(HEAD..end)?, bytes.get(end..)?))
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut digest = crc64fast_nvme::Digest::new();
    digest.write(bytes);
    digest.sum64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::Scratch;

    fn bodies(scratch: &Scratch, known: u64) -> Vec<String> {
        let entries = left(scratch.path(), known).unwrap();
        let text = |(_, body)| String::from_utf8(body).unwrap();
        entries.into_iter().map(text).collect()
    }

    fn opened() -> (Scratch, Log) {
        let scratch = Scratch::new();
        std::fs::create_dir(scratch.path()).unwrap();
        let log = Log::open(scratch.path(), 0).unwrap();
        (scratch, log)
    }

    #[test]
    fn what_was_added_is_found_whichever_file_it_is_in() {
        let (scratch, mut log) = opened();
        for body in ["one", "two"] {
            log.append(body.as_bytes()).unwrap();
        }
        log.turn();
        log.append(b"three").unwrap();
        assert_eq!(bodies(&scratch, 0), ["one", "two", "three"]);
        assert_eq!(bodies(&scratch, 2), ["three"]);
        log.forget(2);
        log.turn();
        log.append(b"four").unwrap();
        assert_eq!(bodies(&scratch, 2), ["three", "four"]);
        log.forget(4);
        log.shrink();
        assert_eq!((log.length(), bodies(&scratch, 4).len()), (0, 0));
    }

    #[test]
    fn a_file_with_something_in_it_is_not_turned_to() {
        let (scratch, mut log) = opened();
        log.append(b"one").unwrap();
        log.turn();
        log.append(b"two").unwrap();
        log.turn();
        log.append(b"three").unwrap();
        assert_eq!(bodies(&scratch, 0), ["one", "two", "three"]);
    }

    #[test]
    fn an_entry_cut_off_anywhere_is_none_and_those_before_it_are_whole() {
        let (scratch, mut log) = opened();
        log.append(b"first").unwrap();
        log.append(b"second").unwrap();
        let path = scratch.path().join("log-0");
        let whole = std::fs::read(&path).unwrap();
        let ends = log.active_length() as usize;
        for cut in 0..ends {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let found = bodies(&scratch, 0);
            assert_eq!(found.len(), usize::from(cut >= HEAD + 5), "{cut}");
        }
        for at in HEAD + 5..ends {
            let mut torn = whole.clone();
            torn[at] ^= 1;
            std::fs::write(&path, &torn).unwrap();
            assert_eq!(bodies(&scratch, 0), ["first"], "{at}");
        }
    }

    #[test]
    fn an_entry_that_is_not_what_it_was_is_damage_unless_it_is_the_last() {
        let (scratch, mut log) = opened();
        for body in ["one", "two", "three"] {
            log.append(body.as_bytes()).unwrap();
        }
        let path = scratch.path().join("log-0");
        let whole = std::fs::read(&path).unwrap();
        for at in 0..log.active_length() as usize {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            let found = left(scratch.path(), 0);
            if at < 2 * (HEAD + 3) {
                assert_eq!(
                    found.unwrap_err().kind(),
                    io::ErrorKind::InvalidData,
                    "{at}"
                );
            } else {
                assert_eq!(found.unwrap().len(), 2, "{at}");
            }
            // What is in the records already is not missed.
            std::fs::write(&path, &damaged).unwrap();
            assert!(left(scratch.path(), 3).is_ok_and(|found| found.is_empty()));
        }
    }

    #[test]
    fn a_file_that_lost_entries_others_build_on_is_damage() {
        let (scratch, mut log) = opened();
        log.append(b"one").unwrap();
        log.turn();
        log.append(b"two").unwrap();
        std::fs::write(scratch.path().join("log-0"), "").unwrap();
        assert!(left(scratch.path(), 0).is_err());
        assert_eq!(bodies(&scratch, 1), ["two"]);
    }
}
