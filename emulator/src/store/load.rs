//! Reading the records of a directory into a state.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::Bound;
use std::sync::Arc;

use redb::{Database, DatabaseError, StorageError};
use serde::de::DeserializeOwned;

use super::batch::Batch;
use super::directory::{Directory, OpenError, Why};
use super::extent::Place;
use super::journal::ContainerRow;
use super::logged::Logged;
use super::packs::Packs;
use super::rows::{self, Key};
use super::sheets::Sheets;
use super::{log, reading, records};
use crate::blob::Entry;
use crate::container::Container;
use crate::copy::Job;
use crate::state::Account;
use crate::tick::Tick;

/// What was remembered.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) copies: Vec<Job>,
    /// The last moment given away.
    pub(crate) last: Option<Tick>,
    /// How often the directory was opened, this time included.
    pub(crate) openings: u64,
    /// Lists kept apart from their records.
    pub(crate) sheets: Arc<Sheets>,
}

/// Why reading ended.
enum Stop {
    Damaged(String),
    Database(redb::Error),
}

impl From<redb::Error> for Stop {
    fn from(error: redb::Error) -> Self {
        Self::Database(error)
    }
}

impl Stop {
    fn refuse(self, directory: &Directory) -> OpenError {
        match self {
            Self::Damaged(what) => directory.damaged(what),
            Self::Database(redb::Error::Io(error)) => directory.failed(error),
            Self::Database(error) => directory.damaged(error),
        }
    }
}

/// A directory that was read.
pub(super) struct Opened {
    pub(super) database: Database,
    pub(super) packs: Arc<Packs>,
    pub(super) loaded: Loaded,
    /// The number of the last entry of the log that is in the records.
    pub(super) settled: u64,
    /// Bytes in rows.
    pub(super) live: u64,
}

/// Opens the database and the content files, brings there what is left in the log, and reads every
/// record. No content is read but that in the log.
pub(super) fn load(directory: &Directory) -> Result<Opened, OpenError> {
    // Records that are damaged in ways that it does not foresee make redb panic.
    let loaded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(directory)));
    loaded.unwrap_or_else(|_| Err(directory.damaged("the records cannot be read")))
}

fn read(directory: &Directory) -> Result<Opened, OpenError> {
    if !directory.records().exists() && has_more(directory) {
        return Err(directory.damaged("the records are missing"));
    }
    let database = records::open(&directory.records()).map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => directory.refused(Why::InUse),
        DatabaseError::UpgradeRequired(_) => directory.refused(Why::Newer),
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() != io::ErrorKind::InvalidData =>
        {
            directory.failed(error)
        }
        other => directory.damaged(other),
    })?;
    let stop = |stop: Stop| stop.refuse(directory);
    let settled = settle(directory, &database)?;
    let packs = Packs::open(&directory.content()).map_err(|error| directory.failed(error))?;
    let packs = Arc::new(packs);
    let moved = moved(&database).map_err(stop)?;
    let sheets = Arc::<Sheets>::default();
    let mut live = 0;
    let read = || read_all(&database, &mut live);
    let (loaded, strays) = reading::with(&packs, &sheets, moved, read);
    let mut loaded = loaded.map_err(stop)?;
    loaded.sheets = sheets;
    loaded.openings += 1;
    let mut opened = Batch::default();
    opened.put(rows::openings(), loaded.openings.to_be_bytes().to_vec());
    for name in strays.moved {
        opened.remove(rows::moved(name));
    }
    opened.sheets_gone = strays.sheets;
    records::write(&database, &opened, settled).map_err(|error| stop(error.into()))?;
    packs.sweep();
    Ok(Opened {
        database,
        packs,
        loaded,
        settled,
        live,
    })
}

/// Whether there is what only comes after the records.
fn has_more(directory: &Directory) -> bool {
    let content = std::fs::read_dir(directory.content());
    log::are_there(directory.path()) || content.is_ok_and(|mut files| files.next().is_some())
}

/// Settles what is left in the log. The number of the last entry that is in the records then.
fn settle(directory: &Directory, database: &Database) -> Result<u64, OpenError> {
    let stop = |stop: Stop| stop.refuse(directory);
    let known = settled(database).map_err(stop)?;
    if known > 0 && !log::are_there(directory.path()) {
        return Err(directory.damaged("the log is missing"));
    }
    let entries = log::left(directory.path(), known).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => directory.damaged(error),
        _ => directory.failed(error),
    })?;
    let Some(last) = entries.last().map(|(number, _)| *number) else {
        return Ok(known);
    };
    let mut logged = Logged::default();
    for (number, entry) in entries {
        logged
            .read(entry)
            .ok_or_else(|| directory.damaged(format!("entry {number} of the log is none")))?;
    }
    Packs::open(&directory.content())
        .and_then(|packs| packs.sync(&packs.write(logged.content)?))
        .map_err(|error| directory.failed(error))?;
    let batch = Batch {
        rows: logged.rows,
        containers_gone: logged.containers_gone,
        sheets_gone: logged.sheets_gone,
        ..Batch::default()
    };
    records::write(database, &batch, last).map_err(|error| stop(error.into()))?;
    Ok(last)
}

fn settled(database: &Database) -> Result<u64, Stop> {
    let key = rows::settled();
    let mut number = 0;
    let only = (
        Bound::Included(key.as_slice()),
        Bound::Included(key.as_slice()),
    );
    records::read::<Stop>(database, only, |key, value| {
        number = u64::from_be_bytes(value.try_into().map_err(|_| unknown(key))?);
        Ok(())
    })?;
    Ok(number)
}

fn moved(database: &Database) -> Result<HashMap<Place, Place>, Stop> {
    let first: &'static [u8] = b"X";
    let mut moved = HashMap::new();
    records::read::<Stop>(
        database,
        (Bound::Included(first), Bound::Unbounded),
        |key, value| {
            let place = value.split_at_checked(8).and_then(|(pack, offset)| {
                Some(Place {
                    pack: u64::from_be_bytes(pack.try_into().ok()?),
                    offset: u64::from_be_bytes(offset.try_into().ok()?),
                })
            });
            match (rows::read(key), place) {
                (Some(Key::Moved(name)), Some(place)) => {
                    moved.insert(name, place);
                    Ok(())
                }
                _ => Err(unknown(key)),
            }
        },
    )?;
    Ok(moved)
}

fn read_all(database: &Database, live: &mut u64) -> Result<Loaded, Stop> {
    let mut loaded = Loaded::default();
    let mut containers: BTreeMap<u64, ContainerRow<Container>> = BTreeMap::new();
    records::read::<Stop>(
        database,
        (Bound::Unbounded, Bound::Unbounded),
        |key, value| {
            *live += (key.len() + value.len()) as u64;
            match rows::read(key).ok_or_else(|| unknown(key))? {
                Key::Account(name) => {
                    let account = loaded.accounts.entry(name.to_owned()).or_default();
                    account.service = record(key, value)?;
                }
                Key::Container(number) => {
                    containers.insert(number, record(key, value)?);
                }
                Key::Entry(container, name) => {
                    let entry: Entry = record(key, value)?;
                    containers
                        .get_mut(&container)
                        .ok_or_else(|| Stop::Damaged("a blob without its container".to_owned()))?
                        .container
                        .restore(name, entry);
                }
                Key::Sheet(number, part) => reading::row(number, part, value),
                Key::Copy(_) => loaded.copies.push(record(key, value)?),
                Key::Last => loaded.last = Some(record(key, value)?),
                Key::Openings => {
                    let bytes = value.try_into().map_err(|_| unknown(key))?;
                    loaded.openings = u64::from_be_bytes(bytes);
                }
                Key::Moved(_) | Key::Settled => {}
            }
            Ok(())
        },
    )?;
    for row in containers.into_values() {
        let account = loaded.accounts.entry(row.account).or_default();
        if row.container.deleted.is_some() {
            let key = (row.name, row.container.id);
            account.deleted.insert(key, row.container);
        } else {
            account.containers.insert(row.name, row.container);
        }
    }
    Ok(loaded)
}

fn record<T: DeserializeOwned>(key: &[u8], value: &[u8]) -> Result<T, Stop> {
    rmp_serde::from_slice(value)
        .map_err(|error| Stop::Damaged(format!("record {}: {error}", key.escape_ascii())))
}

fn unknown(key: &[u8]) -> Stop {
    Stop::Damaged(format!("record {} is of no kind known", key.escape_ascii()))
}
