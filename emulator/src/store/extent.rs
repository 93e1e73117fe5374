//! A run of bytes in a content file, for as long as anybody holds it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::packs::Packs;
use crate::content::size;

/// Where a run of bytes is: the number of a content file, and the offset in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) pack: u64,
    pub(crate) offset: u64,
}

/// Bytes in a content file. Dropping the last handle gives them up.
#[derive(Debug)]
pub(crate) struct Extent {
    packs: Arc<Packs>,
    /// Where it was first put: its name in the records, wherever it is moved to.
    pub(super) name: Place,
    pub(super) length: u64,
    spot: Spot,
}

/// Where bytes are, known to whoever writes or moves them without holding them.
#[derive(Debug, Clone)]
pub(crate) struct Spot(Arc<Mutex<Now>>);

/// Where the bytes are now.
#[derive(Debug, Clone)]
struct Now {
    place: Place,
    /// The bytes themselves, until the file has them.
    unwritten: Option<Bytes>,
}

/// What is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dead {
    pub(super) name: Place,
    pub(super) place: Place,
    pub(super) length: u64,
}

impl Spot {
    fn now(&self) -> Now {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn place(&self) -> Place {
        self.now().place
    }

    /// Bytes that the file does not have yet, and where they go.
    pub(super) fn unwritten(&self) -> Option<(Place, Bytes)> {
        let now = self.now();
        Some((now.place, now.unwritten?))
    }

    /// The bytes are in the file from now on.
    pub(super) fn written_to(&self, place: Place) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Now {
            place,
            unwritten: None,
        };
    }
}

impl Extent {
    pub(super) fn new(
        packs: Arc<Packs>,
        name: Place,
        place: Place,
        length: u64,
        unwritten: Option<Bytes>,
    ) -> Arc<Self> {
        Arc::new(Self {
            packs,
            name,
            length,
            spot: Spot(Arc::new(Mutex::new(Now { place, unwritten }))),
        })
    }

    pub(super) fn spot(&self) -> &Spot {
        &self.spot
    }

    /// Reads a part.
    ///
    /// # Errors
    /// The file is gone, short or cannot be read.
    fn read(&self, start: u64, length: u64) -> io::Result<Bytes> {
        let now = self.spot.now();
        if let Some(bytes) = now.unwritten {
            let part = bytes.slice(size(start)..size(start + length));
            return Ok(part);
        }
        match self.packs.read(now.place, start, length) {
            // It was moved between looking and reading.
            Err(_) if self.spot.place() != now.place => {
                self.packs.read(self.spot.place(), start, length)
            }
            read => read,
        }
    }
}

impl Drop for Extent {
    fn drop(&mut self) {
        self.packs.give_up(Dead {
            name: self.name,
            place: self.spot.place(),
            length: self.length,
        });
    }
}

/// A part of an extent.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    extent: Arc<Extent>,
    start: u64,
    length: u64,
}

impl Stored {
    /// All of it.
    pub(super) fn whole(extent: Arc<Extent>) -> Self {
        Self {
            start: 0,
            length: extent.length,
            extent,
        }
    }

    pub(crate) const fn len(&self) -> u64 {
        self.length
    }

    /// Where it was first put.
    pub(super) fn name(&self) -> Place {
        self.extent.name
    }

    /// The part `start..end` of this part, which is as long at least.
    pub(crate) fn slice(&self, start: u64, end: u64) -> Self {
        Self {
            extent: Arc::clone(&self.extent),
            start: self.start + start,
            length: end - start,
        }
    }

    /// Reads the first bytes.
    ///
    /// # Errors
    /// The content file is gone, short or cannot be read.
    pub(crate) fn read(&self, most: usize) -> io::Result<Bytes> {
        let length = self.length.min(most as u64);
        self.extent.read(self.start, length)
    }
}

/// As it stands in a record.
#[derive(Serialize, Deserialize)]
struct Written(u64, u64, u64, u64, u64);

impl Serialize for Stored {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Place { pack, offset } = self.extent.name;
        Written(pack, offset, self.extent.length, self.start, self.length).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Stored {
    /// Only while a store is opened, which knows the extents met before.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Written(pack, offset, extent, start, length) = Written::deserialize(from)?;
        if start.checked_add(length).is_none_or(|end| end > extent) {
            return Err(serde::de::Error::custom("a part ends behind its whole"));
        }
        let extent = super::reading::extent(Place { pack, offset }, extent)
            .map_err(serde::de::Error::custom)?;
        Ok(Self {
            extent,
            start,
            length,
        })
    }
}
