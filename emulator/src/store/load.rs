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
use super::packs::Packs;
use super::rows::{self, Key};
use super::sheets::Sheets;
use super::{committer, reading};
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

/// Opens the database and the content files, and reads every record. No content is read.
pub(super) fn load(directory: &Directory) -> Result<(Database, Arc<Packs>, Loaded), OpenError> {
    let path = directory.records();
    let database = committer::database(&path).map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => directory.refused(Why::InUse),
        DatabaseError::UpgradeRequired(_) => directory.refused(Why::Newer),
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() != io::ErrorKind::InvalidData =>
        {
            directory.failed(error)
        }
        other => directory.damaged(other),
    })?;
    let packs = Packs::open(&directory.content()).map_err(|error| directory.failed(error))?;
    let packs = Arc::new(packs);
    let stop = |stop: Stop| stop.refuse(directory);
    // The table has to be there before it is read.
    committer::write(&database, &Batch::default()).map_err(|error| stop(error.into()))?;
    let moved = moved(&database).map_err(stop)?;
    let sheets = Arc::<Sheets>::default();
    let (loaded, strays) = reading::with(&packs, &sheets, moved, || records(&database));
    let mut loaded = loaded.map_err(stop)?;
    loaded.sheets = sheets;
    loaded.openings += 1;
    let mut opened = Batch::default();
    opened.put(rows::openings(), loaded.openings.to_be_bytes().to_vec());
    for name in strays.moved {
        opened.remove(rows::moved(name));
    }
    opened.sheets_gone = strays.sheets;
    committer::write(&database, &opened).map_err(|error| stop(error.into()))?;
    packs.sweep();
    Ok((database, packs, loaded))
}

fn moved(database: &Database) -> Result<HashMap<Place, Place>, Stop> {
    let first: &'static [u8] = b"X";
    let mut moved = HashMap::new();
    committer::read::<Stop>(
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

fn records(database: &Database) -> Result<Loaded, Stop> {
    let mut loaded = Loaded::default();
    let mut containers: BTreeMap<u64, ContainerRow<Container>> = BTreeMap::new();
    committer::read::<Stop>(
        database,
        (Bound::Unbounded, Bound::Unbounded),
        |key, value| {
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
                Key::Moved(_) => {}
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
