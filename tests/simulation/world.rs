//! A deployment: two accounts with data, the wire to them, and one clock.

use std::collections::BTreeMap;
use std::time::Duration;

use blobferry_core::operation::{CreateContainer, GetBlob, GetBlobProperties, ListBlobs, PutBlob};
use blobferry_core::sas::{Permissions, ServiceSas, Terms};
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_core::sign::sign;
use blobferry_core::words::{CopyStatus, LeaseState};
use blobferry_core::{
    Account, BlobAddress, ContainerAddress, Credential, Error, Identities, Metadata, Operation,
    Response, Seed, ServiceVersion, Timestamp,
};
use blobferry_emulator::{Config, CopyPace, Pace, Service};

use crate::wire::{Weather, Wire};

pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);
const KEYS: [(&str, &str); 2] = [("lighthouse", "bGFtcA=="), ("harbour", "cGllcg==")];
/// Longer than any copy here takes.
const SETTLED: Duration = Duration::from_secs(3600);

/// How sources are shown to be readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By a SAS that was given.
    Sas,
    /// By one that the engine mints from the key.
    Key,
}

impl Proof {
    /// One of them for each seed.
    pub(crate) fn of(seed: u64) -> Self {
        if seed.is_multiple_of(2) {
            Self::Sas
        } else {
            Self::Key
        }
    }
}

pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) wire: Wire,
    pub(crate) now: Timestamp,
    /// Who the engines speak as.
    pub(crate) identities: Identities,
    /// How many engines there have been.
    pub(crate) engines: u64,
    pub(crate) seed: Seed,
    owner: Identities,
}

pub(crate) fn source() -> ContainerAddress {
    account("lighthouse").container("lamps".parse().unwrap())
}

pub(crate) fn destination() -> ContainerAddress {
    account("harbour").container("berths".parse().unwrap())
}

fn account(name: &str) -> Account {
    format!("http://127.0.0.1:10000/{name}").parse().unwrap()
}

/// The name of the `number`th blob: some need encoding.
pub(crate) fn name(number: u64) -> String {
    match number % 4 {
        0 => format!("a/{number:04}"),
        1 => format!("b {number:04}%41.txt"),
        2 => format!("c/ü?{number:04}"),
        _ => format!("d+{number:04}#&=.bin"),
    }
}

impl World {
    pub(crate) fn new(seed: u64, weather: Weather) -> Self {
        let proof = Proof::of(seed);
        let mut seed = Seed::new(seed);
        let pace = Pace {
            latency: Duration::from_millis(seed.below(9_000)),
            bytes_per_second: Some(500 + seed.below(8_000)),
        };
        let pace = CopyPace {
            same_account: pace,
            other_account: pace,
        };
        let config = Config::new().seed(seed.next_u64()).copy_pace(pace);
        let config = KEYS.iter().fold(config, |config, (name, key)| {
            config.account(name, key).unwrap()
        });
        let owner = KEYS.iter().fold(Identities::new(), |all, (name, key)| {
            all.with(account(name), SharedKey::new(key).unwrap())
        });
        let mut identities = owner.clone();
        if proof == Proof::Sas {
            let letters = "rlw".parse::<Permissions>().unwrap();
            let terms = Terms::until(NOON + Duration::from_secs(30 * 86_400), letters);
            let key = SharedKey::new(KEYS[0].1).unwrap();
            let sas = ServiceSas::new(source(), terms).sign(&key).unwrap();
            identities.set(account("lighthouse"), Credential::Sas(sas));
        }
        let world = Self {
            service: Service::new(config),
            wire: Wire::new(weather, seed.split()),
            now: NOON,
            identities,
            engines: 0,
            seed,
            owner,
        };
        world.ask(&CreateContainer::new(source())).unwrap();
        world.ask(&CreateContainer::new(destination())).unwrap();
        world
    }

    /// Asks the service past the wire, as the owner.
    pub(crate) fn ask<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let request = operation.request();
        let signed = sign(&request, &self.owner, ServiceVersion::DEFAULT, self.now).unwrap();
        let response = self.service.respond(self.now, signed.into_http());
        operation.parse(&Response::new(response))
    }

    /// Writes blobs of every length up to 20 KB, with metadata, to the source.
    pub(crate) fn fill(&mut self, blobs: u64) {
        for number in 0..blobs {
            let length = match self.seed.below(5) {
                0 => 0,
                _ => usize::try_from(self.seed.below(20_000)).unwrap(),
            };
            let stuff = u8::try_from(self.seed.below(256)).unwrap();
            let blob = source().blob(name(number).parse().unwrap());
            self.write(blob, vec![stuff; length], number);
        }
    }

    pub(crate) fn write(&self, blob: BlobAddress, content: Vec<u8>, mark: u64) {
        let mark = mark.to_string();
        let put = PutBlob {
            metadata: Metadata::new([("mark", mark.as_str())]).unwrap(),
            ..PutBlob::block(blob, content)
        };
        self.ask(&put).unwrap();
    }

    /// Makes copies that read the destination's own account take longer than any test of a copy,
    /// from lost answer to lost answer.
    pub(crate) fn slow_down(&self) {
        let pace = |latency| Pace {
            latency,
            bytes_per_second: None,
        };
        let pace = CopyPace {
            same_account: pace(SETTLED / 2),
            other_account: pace(Duration::from_secs(5)),
        };
        self.service.set_copy_pace("harbour", pace, self.now);
    }

    /// Lets everything that is still under way arrive and every copy end.
    pub(crate) fn settle(&mut self) {
        while let Some(at) = self.wire.next() {
            self.now = self.now.max(at);
            self.wire.arrive(self.now, &self.service);
        }
        self.now = self.now + SETTLED;
    }

    /// The names of a container's blobs, with what is pending there and what is leased.
    fn listed(&self, container: ContainerAddress) -> (Vec<String>, usize, usize) {
        let mut list = ListBlobs::new(container);
        list.include = vec![blobferry_core::words::ListInclude::Copy];
        let blobs = self.ask(&list).unwrap().blobs;
        let pending = blobs.iter().filter(|blob| {
            let copy = blob.properties.copy.as_ref();
            copy.is_some_and(|copy| copy.status == CopyStatus::Pending)
        });
        let leased = blobs
            .iter()
            .filter(|blob| blob.properties.lease.state == Some(LeaseState::Leased));
        let counts = (pending.count(), leased.count());
        let names = blobs.iter().map(|blob| blob.name.to_string()).collect();
        (names, counts.0, counts.1)
    }

    pub(crate) fn pending(&self) -> usize {
        self.listed(destination()).1
    }

    pub(crate) fn leased(&self) -> usize {
        self.listed(source()).2 + self.listed(destination()).2
    }

    /// Every blob of the source is on the destination, to the byte and with its metadata, and
    /// nothing else is.
    pub(crate) fn assert_copied(&self) {
        let (names, pending, _) = self.listed(source());
        assert_eq!(pending, 0);
        assert_eq!(self.listed(destination()).0, names);
        for name in names {
            self.assert_same(&name);
        }
    }

    pub(crate) fn assert_same(&self, name: &str) {
        let sides = [source(), destination()].map(|container| {
            let blob = container.blob(name.parse().unwrap());
            let seen = self.ask(&GetBlobProperties::new(blob.clone())).unwrap();
            let content = match seen.content_length {
                Some(0) => bytes::Bytes::new(),
                _ => self.ask(&GetBlob::new(blob)).unwrap().content,
            };
            (seen.content_length, content, seen.metadata)
        });
        assert!(sides[0] == sides[1], "{name} differs");
    }

    /// How many copies the service has taken on, by the path of the destination.
    pub(crate) fn accepted(&self) -> BTreeMap<String, u64> {
        let mut accepted = BTreeMap::new();
        for line in &self.wire.log {
            let words: Vec<&str> = line.split(' ').collect();
            if let [_, "copy", "PUT", uri, "202"] = words[..] {
                *accepted.entry(uri.to_owned()).or_default() += 1;
            }
        }
        accepted
    }
}
