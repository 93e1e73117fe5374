//! A small Blob service and a bad wire on virtual time, for the tests of the machines.

mod blob;
mod service;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::address::{Account, BlobAddress, Location, Place};
use crate::credential::{Credential, Identities};
use crate::seed::Seed;
use crate::time::Timestamp;

pub(crate) use blob::{Blob, Copy};
pub(crate) use wire::{Cancel, kill, run};

pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);
pub(crate) const SOURCE: &str = "https://lighthouse.blob.core.windows.net";
pub(crate) const DESTINATION: &str = "https://harbour.blob.core.windows.net";

/// What can go wrong, in so many of a thousand exchanges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weather {
    /// The request never arrives.
    pub(crate) lost_before: u64,
    /// The answer never arrives.
    pub(crate) lost_after: u64,
    /// The answer arrives twice.
    pub(crate) doubled: u64,
    /// The service is busy.
    pub(crate) busy: u64,
    /// The service fails after the work.
    pub(crate) errors: u64,
    /// A copy ends as failed; of a thousand copies.
    pub(crate) failing: u64,
    /// Somebody aborts a pending copy when it is looked at.
    pub(crate) aborted: u64,
}

pub(crate) struct World {
    pub(crate) blobs: BTreeMap<String, Blob>,
    pub(crate) weather: Weather,
    /// How long a copy is pending; none finishes in the request.
    pub(crate) copy_takes: Duration,
    pub(crate) page_size: usize,
    /// A container that nobody may list.
    pub(crate) no_list: Option<String>,
    /// How far the service's clock is ahead.
    pub(crate) ahead: Duration,
    pub(crate) seed: Seed,
    /// What was asked, by kind.
    pub(crate) asked: BTreeMap<&'static str, u64>,
    /// The most copies that were pending at once.
    pub(crate) most_pending: usize,
    serial: u64,
}

pub(crate) fn blob(url: &str) -> BlobAddress {
    match url.parse() {
        Ok(Location {
            place: Place::Blob(blob),
            ..
        }) => blob,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn identities() -> Identities {
    [SOURCE, DESTINATION]
        .into_iter()
        .fold(Identities::new(), |all, url| {
            all.with(url.parse::<Account>().unwrap(), Credential::Anonymous)
        })
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            blobs: BTreeMap::new(),
            weather: Weather::default(),
            copy_takes: Duration::from_secs(10),
            page_size: 7,
            no_list: None,
            ahead: Duration::ZERO,
            seed: Seed::new(seed),
            asked: BTreeMap::new(),
            most_pending: 0,
            serial: 0,
        }
    }

    pub(crate) fn put(&mut self, url: &str, length: u64) {
        self.serial += 1;
        let stuff = u8::try_from(self.serial % 251).unwrap();
        let (etag, modified) = (self.serial, NOON);
        let blob = Blob {
            length,
            stuff,
            etag,
            modified,
            copy: None,
            lease: None,
        };
        self.blobs.insert(url.to_owned(), blob);
    }

    /// Somebody else's pending copy.
    pub(crate) fn put_pending(&mut self, url: &str, source: &str, ends: Timestamp) {
        self.put(url, 0);
        let id = self.uuid();
        let blob = self.blobs.get_mut(url).unwrap();
        let (length, stuff) = (40, 9);
        blob.copy = Some(Copy {
            id,
            source: source.to_owned(),
            status: "pending",
            begun: NOON,
            ends,
            total: length,
            stuff,
            copied: 0,
        });
    }

    fn uuid(&mut self) -> String {
        self.seed.uuid()
    }

    fn chance(&mut self, of_thousand: u64) -> bool {
        of_thousand > 0 && self.seed.below(1000) < of_thousand
    }

    /// Brings what is pending up to date.
    fn pass(&mut self, now: Timestamp) {
        for blob in self.blobs.values_mut() {
            blob.pass(now);
        }
        let pending = |blob: &&Blob| {
            blob.copy
                .as_ref()
                .is_some_and(|copy| copy.status == "pending")
        };
        self.most_pending = self
            .most_pending
            .max(self.blobs.values().filter(pending).count());
    }

    /// Every blob of `from` stands under the same name, and with the same content, in `to`.
    pub(crate) fn differences(&self, from: &str, to: &str) -> Vec<String> {
        let sources = self.blobs.iter().filter(|(url, _)| url.starts_with(from));
        sources
            .filter_map(|(url, source)| {
                let copied = self.blobs.get(&url.replacen(from, to, 1));
                let same = copied.is_some_and(|copied| {
                    (copied.length, copied.stuff) == (source.length, source.stuff)
                });
                (!same).then(|| format!("{url}: {copied:?}"))
            })
            .collect()
    }

    pub(crate) fn leased(&self, now: Timestamp) -> usize {
        let held = |blob: &&Blob| {
            blob.lease
                .as_ref()
                .is_some_and(|(_, until)| until.is_none_or(|until| until > now))
        };
        self.blobs.values().filter(held).count()
    }

    pub(crate) fn pending(&self) -> usize {
        self.blobs.values().filter(|blob| blob.is_pending()).count()
    }
}
