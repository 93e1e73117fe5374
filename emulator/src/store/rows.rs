//! The keys of rows: a letter for the kind, then what tells rows of a kind apart, in their order.

use std::io;

use serde::Serialize;

use super::extent::Place;

/// What kind of row a key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// Settings of an account, by its name.
    Account(&'a str),
    /// A container's own properties, by its number.
    Container(u64),
    /// Everything that goes by a name: the container's number, the name.
    Entry(u64, &'a str),
    /// A part of a list: the number of its sheet, and which part.
    Sheet(u64, &'a [u8]),
    /// A copy under way, by its id.
    Copy(&'a str),
    /// The last moment given away.
    Last,
    /// How often the directory was opened.
    Openings,
    /// The number of the last entry of the log that is in the records.
    Settled,
    /// Where an extent was moved to, by its name.
    Moved(Place),
}

const ACCOUNT: u8 = b'A';
/// Before the records that name sheets.
const SHEET: u8 = b'B';
const CONTAINER: u8 = b'C';
const ENTRY: u8 = b'E';
const COPY: u8 = b'J';
const LAST: u8 = b'L';
const OPENINGS: u8 = b'O';
const SETTLED: u8 = b'S';
const MOVED: u8 = b'X';

fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = vec![kind];
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

pub(super) fn account(name: &str) -> Vec<u8> {
    key(ACCOUNT, &[name.as_bytes()])
}

pub(super) fn container(number: u64) -> Vec<u8> {
    key(CONTAINER, &[&number.to_be_bytes()])
}

pub(super) fn entry(container: u64, name: &str) -> Vec<u8> {
    key(ENTRY, &[&container.to_be_bytes(), name.as_bytes()])
}

pub(super) fn sheet(number: u64, part: &[u8]) -> Vec<u8> {
    key(SHEET, &[&number.to_be_bytes(), part])
}

/// The first key of a container's entries, and the first behind them.
pub(super) fn entries(container: u64) -> (Vec<u8>, Vec<u8>) {
    all_of(ENTRY, container)
}

/// The first key of a sheet, and the first behind it.
pub(super) fn parts(sheet: u64) -> (Vec<u8>, Vec<u8>) {
    all_of(SHEET, sheet)
}

fn all_of(kind: u8, number: u64) -> (Vec<u8>, Vec<u8>) {
    let next = number.saturating_add(1);
    (
        key(kind, &[&number.to_be_bytes()]),
        key(kind, &[&next.to_be_bytes()]),
    )
}

pub(super) fn copy(id: &str) -> Vec<u8> {
    key(COPY, &[id.as_bytes()])
}

pub(super) fn last() -> Vec<u8> {
    key(LAST, &[])
}

pub(super) fn openings() -> Vec<u8> {
    key(OPENINGS, &[])
}

pub(super) fn settled() -> Vec<u8> {
    key(SETTLED, &[])
}

pub(super) fn moved(name: Place) -> Vec<u8> {
    key(
        MOVED,
        &[&name.pack.to_be_bytes(), &name.offset.to_be_bytes()],
    )
}

/// What a row says, with fields by their names, so that others can be added.
///
/// # Errors
/// It cannot be written down.
pub(super) fn value(record: &impl Serialize) -> io::Result<Vec<u8>> {
    rmp_serde::to_vec_named(record).map_err(io::Error::other)
}

/// Reads a key; absent where it is of no kind known.
pub(super) fn read(key: &[u8]) -> Option<Key<'_>> {
    let (kind, rest) = key.split_first()?;
    let number = |bytes: &[u8]| bytes.try_into().ok().map(u64::from_be_bytes);
    let text = |bytes| std::str::from_utf8(bytes).ok();
    Some(match *kind {
        ACCOUNT => Key::Account(text(rest)?),
        CONTAINER => Key::Container(number(rest)?),
        ENTRY => {
            let (container, name) = rest.split_at_checked(8)?;
            Key::Entry(number(container)?, text(name)?)
        }
        SHEET => {
            let (sheet, part) = rest.split_at_checked(8)?;
            Key::Sheet(number(sheet)?, part)
        }
        COPY => Key::Copy(text(rest)?),
        LAST => Key::Last,
        OPENINGS => Key::Openings,
        SETTLED => Key::Settled,
        MOVED => {
            let (pack, offset) = rest.split_at_checked(8)?;
            Key::Moved(Place {
                pack: number(pack)?,
                offset: number(offset)?,
            })
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back() {
        let place = Place {
            pack: 3,
            offset: 1 << 40,
        };
        for (written, kind) in [
            (account("northquay"), Key::Account("northquay")),
            (container(7), Key::Container(7)),
            (entry(7, "a/ü"), Key::Entry(7, "a/ü")),
            (entry(7, ""), Key::Entry(7, "")),
            (sheet(9, b"part"), Key::Sheet(9, b"part")),
            (copy("id"), Key::Copy("id")),
            (last(), Key::Last),
            (openings(), Key::Openings),
            (settled(), Key::Settled),
            (moved(place), Key::Moved(place)),
        ] {
            assert_eq!(read(&written), Some(kind));
        }
        assert_eq!(read(b""), None);
        assert_eq!(read(b"Zwhat"), None);
        assert_eq!(read(b"Cshort"), None);
    }

    #[test]
    fn the_entries_of_a_container_lie_between_its_bounds() {
        let (first, behind) = entries(7);
        assert!(first <= entry(7, "") && entry(7, "\u{10FFFF}") < behind);
        assert!(entry(6, "z") < first && behind <= entry(8, ""));
        let (first, behind) = parts(7);
        assert!(first <= sheet(7, b"") && sheet(7, b"\xff\xff") < behind);
        assert!(behind <= sheet(8, b"") && sheet(u64::MAX, b"z") < entry(0, ""));
    }
}
