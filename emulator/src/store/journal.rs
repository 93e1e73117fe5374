//! Which records a request touched, and what became of them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::batch::Batch;
#[cfg(feature = "server")]
use super::extent::Stored;
use super::packs::Packs;
use super::rows::{self, value as row};
use super::sheets::{Keeper, Sheets};
use super::touched::Touched;
use crate::container::Container;
use crate::content::{Away, Piece};
use crate::copy::Copies;
use crate::state::Account;
use crate::tick::Tick;

/// Notes what is touched until it is asked what changed.
///
/// Noting too much costs a little; what is not noted is forgotten when the process ends. So whoever
/// hands out something that can be changed notes it.
#[derive(Debug)]
pub(crate) struct Journal {
    packs: Arc<Packs>,
    sheets: Arc<Sheets>,
    accounts: BTreeSet<String>,
    containers: BTreeSet<(String, String)>,
    /// What is written of each account.
    written: BTreeMap<String, Written>,
}

/// Hashes of rows as they were written last.
#[derive(Debug, Default)]
struct Written {
    settings: u64,
    containers: BTreeMap<u64, u64>,
}

/// A container's row.
#[derive(Serialize, Deserialize)]
pub(super) struct ContainerRow<C> {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) container: C,
}

impl Journal {
    /// Takes what was just read for what is written.
    ///
    /// # Errors
    /// A record cannot be written down.
    pub(crate) fn of(
        packs: Arc<Packs>,
        sheets: Arc<Sheets>,
        accounts: &mut BTreeMap<String, Account>,
    ) -> io::Result<Self> {
        let mut all = BTreeMap::new();
        for (name, account) in accounts {
            let mut written = Written {
                settings: hash(&row(&account.service)?),
                ..Written::default()
            };
            for (title, container) in all_containers(account) {
                let row = container_row(name, title, container)?;
                written.containers.insert(container.id, hash(&row));
            }
            all.insert(name.clone(), written);
        }
        Ok(Self {
            packs,
            sheets,
            accounts: BTreeSet::new(),
            containers: BTreeSet::new(),
            written: all,
        })
    }

    /// An account's settings may change, or containers come and go.
    pub(crate) fn note_account(&mut self, name: &str) {
        self.accounts.insert(name.to_owned());
    }

    /// A container's properties may change, or something in it.
    pub(crate) fn note_container(&mut self, account: &str, container: &mut Container, name: &str) {
        container.note_changes();
        let place = (account.to_owned(), name.to_owned());
        self.containers.insert(place);
    }

    /// Takes in bytes that become part of a blob.
    pub(crate) fn keep(&self, data: Bytes) -> Piece {
        if data.is_empty() {
            return Piece::Held(data);
        }
        Piece::Away(Away::Stored(self.packs.keep(data)))
    }

    #[cfg(feature = "server")]
    /// What landed in a file, cut into parts of these lengths, none of them 0.
    pub(crate) fn cut(&self, whole: &Stored, lengths: &[u64]) -> Vec<Piece> {
        let parts = self.packs.cut(whole, lengths);
        let piece = |part| Piece::Away(Away::Stored(part));
        parts.into_iter().map(piece).collect()
    }

    /// What changed since this was last asked.
    ///
    /// # Errors
    /// A record cannot be written down.
    pub(crate) fn collect(
        &mut self,
        accounts: &mut BTreeMap<String, Account>,
        copies: &mut Copies,
        last: Tick,
    ) -> io::Result<Batch> {
        let mut batch = Batch::default();
        for name in std::mem::take(&mut self.accounts) {
            if let Some(account) = accounts.get_mut(&name) {
                self.collect_account(&name, account, &mut batch)?;
                batch.touched.push(Touched {
                    account: name,
                    container: None,
                    is_whole: true,
                    blobs: Vec::new(),
                });
            }
        }
        for (account, name) in std::mem::take(&mut self.containers) {
            let Some(container) = accounts
                .get_mut(&account)
                .and_then(|account| account.containers.get_mut(&name))
            else {
                continue;
            };
            let written = self.written.entry(account.clone()).or_default();
            let is_whole = collect_container(written, &account, &name, container, &mut batch)?;
            let blobs = collect_entries(
                &mut keeper(&self.packs, &self.sheets, &mut batch),
                container,
            )?;
            batch.touched.push(Touched {
                account,
                container: Some(name),
                is_whole,
                blobs,
            });
        }
        for id in copies.take_changed() {
            let mut keeper = keeper(&self.packs, &self.sheets, &mut batch);
            let row = copies.hand_over(&id, &mut keeper)?.map(row).transpose()?;
            batch.rows.insert(rows::copy(&id), row);
        }
        batch.sheets_gone = self.sheets.take_gone();
        if !batch.is_empty() {
            batch.put(rows::last(), row(&last)?);
        }
        batch.fresh = self.packs.take_fresh().into_iter().collect();
        batch.give_up(self.packs.take_dead());
        Ok(batch)
    }

    /// Every record, whether it changed or not, with all of its lists.
    #[cfg(test)]
    pub(crate) fn everything(
        &self,
        accounts: &mut BTreeMap<String, Account>,
        copies: &Copies,
    ) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let mut anew = Self {
            packs: Arc::clone(&self.packs),
            sheets: Arc::clone(&self.sheets),
            accounts: accounts.keys().cloned().collect(),
            containers: BTreeSet::new(),
            written: BTreeMap::new(),
        };
        let mut copies = copies.clone();
        copies.note_everything();
        let collect = || anew.collect(accounts, &mut copies, Tick::ZERO);
        let batch = super::plain::with(collect).unwrap();
        assert!(batch.fresh.is_empty());
        let row = |(key, value): (_, Option<_>)| (key, value.unwrap());
        batch.rows.into_iter().map(row).collect()
    }

    fn collect_account(
        &mut self,
        name: &str,
        account: &mut Account,
        batch: &mut Batch,
    ) -> io::Result<()> {
        let written = self.written.entry(name.to_owned()).or_default();
        let settings = row(&account.service)?;
        let hash = hash(&settings);
        if written.settings != hash {
            written.settings = hash;
            batch.put(rows::account(name), settings);
        }
        let there: BTreeSet<u64> = all_containers(account).map(|(_, found)| found.id).collect();
        for (gone, _) in written
            .containers
            .extract_if(.., |number, _| !there.contains(number))
        {
            batch.remove(rows::container(gone));
            batch.containers_gone.push(gone);
        }
        for (title, container) in &mut account.containers {
            if !written.containers.contains_key(&container.id) {
                collect_container(written, name, title, container, batch)?;
                container.note_everything();
                collect_entries(&mut keeper(&self.packs, &self.sheets, batch), container)?;
            }
        }
        // One that was just deleted may have changed on the way.
        for ((title, _), container) in &mut account.deleted {
            if !written.containers.contains_key(&container.id) {
                container.note_everything();
            }
            collect_container(written, name, title, container, batch)?;
            collect_entries(&mut keeper(&self.packs, &self.sheets, batch), container)?;
        }
        Ok(())
    }
}

/// The containers of an account, deleted ones included.
fn all_containers(account: &Account) -> impl Iterator<Item = (&str, &Container)> {
    let there = account.containers.iter();
    let deleted = account.deleted.iter();
    there
        .map(|(name, container)| (name.as_str(), container))
        .chain(deleted.map(|((name, _), container)| (name.as_str(), container)))
}

/// Takes in a container's own row; says whether it changed.
fn collect_container(
    written: &mut Written,
    account: &str,
    name: &str,
    container: &Container,
    batch: &mut Batch,
) -> io::Result<bool> {
    let row = container_row(account, name, container)?;
    let hash = hash(&row);
    let changed = written.containers.insert(container.id, hash) != Some(hash);
    if changed {
        batch.put(rows::container(container.id), row);
    }
    Ok(changed)
}

fn keeper<'a>(packs: &'a Arc<Packs>, sheets: &'a Arc<Sheets>, batch: &'a mut Batch) -> Keeper<'a> {
    Keeper {
        packs,
        sheets,
        batch,
    }
}

/// Takes in what changed in a container; says under which names.
fn collect_entries(
    keeper: &mut Keeper<'_>,
    container: &mut Container,
) -> io::Result<Vec<Arc<str>>> {
    let changed = container.take_changed();
    for name in &changed {
        let entry = container.hand_over(name, keeper)?;
        let row = entry.map(row).transpose()?;
        keeper
            .batch
            .rows
            .insert(rows::entry(container.id, name), row);
    }
    Ok(changed.into_iter().collect())
}

fn container_row(account: &str, name: &str, container: &Container) -> io::Result<Vec<u8>> {
    row(&ContainerRow {
        account: account.to_owned(),
        name: name.to_owned(),
        container,
    })
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
