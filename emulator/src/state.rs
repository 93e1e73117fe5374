//! Everything the service remembers.

mod deleted;
#[cfg(feature = "durable")]
mod durable;
mod overdue;
mod service;
mod settings;
mod uncommitted;

pub(crate) use deleted::{DeletedKey, read_version, write_version};
pub(crate) use service::ServiceProperties;

#[cfg(feature = "durable")]
use durable::Durable;
use overdue::Overdue;
use uncommitted::Uncommitted;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use bytes::Bytes;

use blobferry_core::words::PublicAccess;
use blobferry_core::{ErrorCode, Seed, ServiceVersion, Timestamp};

use crate::auth::{Holdings, StoredPolicy};
use crate::blob::{Blob, Stamp};
use crate::config::Config;
use crate::container::Container;
#[cfg(all(feature = "durable", feature = "server"))]
use crate::content::Away;
use crate::content::Piece;
use crate::copy::Copies;
use crate::cors;
use crate::failure::Failure;
use crate::request::Ask;
use crate::tick::Tick;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Accounts with their containers, and the copies under way.
#[derive(Debug)]
pub(crate) struct State {
    config: Config,
    accounts: BTreeMap<String, Account>,
    pub(crate) copies: Copies,
    overdue: Overdue,
    uncommitted: Uncommitted,
    last: Tick,
    seed: Seed,
    #[cfg(feature = "durable")]
    durable: Option<Durable>,
}

/// One storage account.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) containers: BTreeMap<String, Container>,
    pub(crate) deleted: BTreeMap<DeletedKey, Container>,
    pub(crate) service: ServiceProperties,
}

/// Where a blob is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct BlobKey {
    pub(crate) account: String,
    pub(crate) container: String,
    pub(crate) blob: String,
}

impl State {
    pub(crate) fn new(config: Config) -> Self {
        let accounts = config
            .accounts()
            .map(|name| (name.to_owned(), Account::default()))
            .collect();
        Self {
            accounts,
            copies: Copies::default(),
            overdue: Overdue::default(),
            uncommitted: Uncommitted::default(),
            last: Tick::ZERO,
            seed: Seed::new(config.seed),
            config,
            #[cfg(feature = "durable")]
            durable: None,
        }
    }

    /// Brings what changed on its way to where it is remembered.
    ///
    /// # Errors
    /// It cannot be written down.
    pub(crate) fn remember(&mut self) -> Result<(), Failure> {
        #[cfg(feature = "durable")]
        if let Some(durable) = &mut self.durable {
            let batch = durable
                .journal
                .collect(&mut self.accounts, &mut self.copies, self.last)?;
            durable.store.submit(batch);
        }
        Ok(())
    }

    /// Whether nothing can be remembered now.
    pub(crate) fn is_failing(&self) -> bool {
        #[cfg(feature = "durable")]
        if let Some(durable) = &self.durable {
            return durable.store.is_failing();
        }
        false
    }

    /// A moment that no other change has.
    pub(crate) fn stamp(&mut self, now: Timestamp) -> Stamp {
        self.last = self.last.after(now);
        Stamp {
            tick: self.last,
            now,
        }
    }

    /// Takes in bytes that become part of a blob: the body of a request, or what it had read.
    pub(crate) fn keep(&mut self, ask: &Ask, data: Bytes) -> Piece {
        if let Some(filed) = &ask.filed
            && data.as_ptr() == ask.body.as_ptr()
            && data.len() == ask.body.len()
        {
            return filed.clone();
        }
        self.keep_data(data)
    }

    /// Takes in bytes that become part of a blob, wherever they are from.
    pub(crate) fn keep_data(&mut self, data: Bytes) -> Piece {
        #[cfg(feature = "durable")]
        if let Some(durable) = &self.durable {
            return durable.journal.keep(data);
        }
        Piece::Held(data)
    }

    /// Takes in bytes that become part of a blob, if they are not kept already.
    #[cfg(feature = "server")]
    pub(crate) fn keep_piece(&mut self, piece: Piece) -> Piece {
        match piece {
            Piece::Held(data) => self.keep_data(data),
            Piece::Away(_) => piece,
        }
    }

    /// Takes in bytes in parts of these lengths, each of which is kept for as long as something holds
    /// it.
    #[cfg(feature = "server")]
    pub(crate) fn cut(&mut self, whole: &Piece, lengths: &[u64]) -> Vec<Piece> {
        #[cfg(feature = "durable")]
        if let (Some(durable), Piece::Away(Away::Stored(stored))) = (&self.durable, whole) {
            return durable.journal.cut(stored, lengths);
        }
        let mut at = 0;
        let part = |length: &u64| {
            at += length;
            self.keep_piece(whole.slice(at - length, at))
        };
        lengths.iter().map(part).collect()
    }

    /// An id nobody has yet.
    pub(crate) fn fresh_id(&mut self) -> String {
        self.seed.uuid()
    }

    /// An account.
    ///
    /// # Errors
    /// 404 where there is none; requests to it are refused before they get here.
    pub(crate) fn account(&self, name: &str) -> Result<&Account, Failure> {
        self.accounts
            .get(name)
            .ok_or_else(|| Failure::new(ErrorCode::RESOURCE_NOT_FOUND))
    }

    /// An account.
    ///
    /// # Errors
    /// As [`account`](Self::account).
    pub(crate) fn account_mut(&mut self, name: &str) -> Result<&mut Account, Failure> {
        #[cfg(feature = "durable")]
        if let Some(durable) = &mut self.durable {
            durable.journal.note_account(name);
        }
        self.accounts
            .get_mut(name)
            .ok_or_else(|| Failure::new(ErrorCode::RESOURCE_NOT_FOUND))
    }

    /// A container.
    ///
    /// # Errors
    /// 404 where there is none, 400 where there can be none.
    pub(crate) fn container(&self, account: &str, name: &str) -> Result<&Container, Failure> {
        self.account(account)?
            .containers
            .get(name)
            .ok_or_else(|| Failure::no_container(name))
    }

    /// A container.
    ///
    /// # Errors
    /// 404 where there is none, 400 where there can be none.
    pub(crate) fn container_mut(
        &mut self,
        account: &str,
        name: &str,
    ) -> Result<&mut Container, Failure> {
        let container = self
            .accounts
            .get_mut(account)
            .ok_or_else(|| Failure::new(ErrorCode::RESOURCE_NOT_FOUND))?
            .containers
            .get_mut(name)
            .ok_or_else(|| Failure::no_container(name))?;
        #[cfg(feature = "durable")]
        if let Some(durable) = &mut self.durable {
            durable.journal.note_container(account, container, name);
        }
        Ok(container)
    }

    /// A blob that is not deleted.
    pub(crate) fn blob(&self, key: &BlobKey) -> Option<&Blob> {
        self.container(&key.account, &key.container)
            .ok()?
            .live(&key.blob)
    }

    /// A blob that is not deleted.
    pub(crate) fn blob_mut(&mut self, key: &BlobKey) -> Option<&mut Blob> {
        self.container_mut(&key.account, &key.container)
            .ok()?
            .entry_mut(&key.blob)?
            .live_mut()
    }

    /// For how long deleted blobs are kept; absent where they are not.
    fn retention(&self, account: &str) -> Option<Duration> {
        let days = self.accounts.get(account)?.service.retention()?;
        Some(DAY * days)
    }

    /// The rules of an account for browsers, in order.
    pub(crate) fn cors_rules(&self, account: &str) -> Vec<cors::Rule> {
        self.accounts
            .get(account)
            .map(|account| account.service.cors_rules())
            .unwrap_or_default()
    }

    /// Whether any account has rules for browsers.
    pub(crate) fn has_cors_rules(&self) -> bool {
        self.accounts
            .values()
            .any(|account| !account.service.cors_rules().is_empty())
    }

    /// Containers from a name on.
    pub(crate) fn containers_from(
        &self,
        account: &str,
        start: &str,
    ) -> impl Iterator<Item = (&String, &Container)> {
        let from = (Bound::Included(start), Bound::Unbounded);
        self.accounts
            .get(account)
            .into_iter()
            .flat_map(move |account| account.containers.range::<str, _>(from))
    }

    /// How many accounts, containers and names of blobs there are.
    pub(crate) fn count(&self) -> (usize, usize, usize) {
        let containers = || {
            self.accounts
                .values()
                .flat_map(|account| account.containers.values())
        };
        (
            self.accounts.len(),
            containers().count(),
            containers().map(Container::count).sum(),
        )
    }

    /// Forgets what is in the accounts.
    pub(crate) fn clear(&mut self) {
        self.overdue = Overdue::default();
        self.uncommitted = Uncommitted::default();
        for id in self.copies.ids() {
            self.copies.remove(&id);
        }
        let names: Vec<String> = self.accounts.keys().cloned().collect();
        for name in names {
            if let Ok(account) = self.account_mut(&name) {
                *account = Account::default();
            }
        }
        // What cannot be written down now is written down with the next change.
        drop(self.remember());
    }
}

impl Holdings for State {
    fn config(&self) -> &Config {
        &self.config
    }

    fn public_access(&self, account: &str, container: &str) -> Option<PublicAccess> {
        self.container(account, container).ok()?.public.clone()
    }

    fn policy(&self, account: &str, container: &str, id: &str) -> Option<StoredPolicy> {
        self.container(account, container)
            .ok()?
            .policies
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, policy)| policy.clone())
    }

    fn default_version(&self, account: &str) -> Option<ServiceVersion> {
        self.accounts.get(account)?.service.default_version()
    }
}
