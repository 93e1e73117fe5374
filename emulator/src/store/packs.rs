//! Content files: many extents in each, long bodies in files of their own.
//!
//! A file is only added to, and goes when nothing in it is held any more. What is held of files
//! that are mostly dead is moved together (`tidy`), so disk use follows what is kept.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::extent::{Dead, Extent, Place, Spot, Stored};
use super::file;
use super::places::{Pack, Places};

/// Files that are kept open.
const OPEN: usize = 64;
/// The most that is written in one go.
const RUN: usize = 4 << 20;

#[derive(Debug)]
pub(crate) struct Packs {
    directory: PathBuf,
    inner: Mutex<Places>,
    /// Given up since this was last asked. A lock of its own: extents are dropped anywhere.
    dead: Mutex<Vec<Dead>>,
    open: Mutex<VecDeque<(u64, Arc<File>)>>,
}

impl Packs {
    /// The files of a directory, which is made where it is missing.
    ///
    /// # Errors
    /// The directory cannot be made or listed.
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let mut inner = Places::default();
        for file in fs::read_dir(directory)? {
            let file = file?;
            let number = file
                .file_name()
                .to_str()
                .and_then(|name| u64::from_str_radix(name.strip_suffix(".pack")?, 16).ok());
            if let Some(number) = number {
                let pack = Pack {
                    length: file.metadata()?.len(),
                    ..Pack::default()
                };
                inner.packs.insert(number, pack);
                inner.next = inner.next.max(number + 1);
            }
        }
        Ok(Self {
            directory: directory.to_owned(),
            inner: Mutex::new(inner),
            dead: Mutex::default(),
            open: Mutex::default(),
        })
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Places> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An extent that a record names.
    pub(super) fn found(
        self: &Arc<Self>,
        name: Place,
        place: Place,
        length: u64,
    ) -> Result<Arc<Extent>, &'static str> {
        let mut inner = self.inner();
        // Numbers are names, so those of files long gone must not come again.
        inner.next = inner.next.max(name.pack.saturating_add(1));
        let pack = inner
            .packs
            .get_mut(&place.pack)
            .ok_or("a content file is missing")?;
        if place
            .offset
            .checked_add(length)
            .is_none_or(|end| end > pack.length)
        {
            return Err("a content file is too short");
        }
        let extent = Extent::new(Arc::clone(self), name, place, length, None);
        pack.live += length;
        pack.extents.insert(place.offset, Arc::downgrade(&extent));
        Ok(extent)
    }

    /// Deletes the files in which nothing was found.
    pub(super) fn sweep(&self) {
        let mut inner = self.inner();
        let gone: Vec<u64> = inner
            .packs
            .extract_if(.., |_, pack| pack.live == 0)
            .map(|(number, _)| number)
            .collect();
        drop(inner);
        self.delete(&gone);
    }

    /// Takes in bytes, which come to disk with the records that name them.
    pub(crate) fn keep(self: &Arc<Self>, data: Bytes) -> Stored {
        let length = data.len() as u64;
        let mut inner = self.inner();
        let place = inner.reserve(length);
        let extent = Extent::new(Arc::clone(self), place, place, length, Some(data));
        inner.hold(place, &extent);
        inner.fresh.push((place, extent.spot().clone()));
        Stored::whole(extent)
    }

    /// Writes bytes to a file of their own, at once.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub(crate) fn file(self: &Arc<Self>, data: &Bytes) -> io::Result<Stored> {
        let stored = self.own(data.len() as u64);
        let file = self.writer(stored.name().pack)?;
        file::write_at(&file, 0, data)?;
        file.sync_data()?;
        Ok(stored)
    }

    /// A place in a file of its own. Dropping it gives it up again, whatever comes of the writing.
    pub(super) fn own(self: &Arc<Self>, length: u64) -> Stored {
        let place = self.inner().reserve_file(length);
        let extent = Extent::new(Arc::clone(self), place, place, length, None);
        self.inner().hold(place, &extent);
        Stored::whole(extent)
    }

    #[cfg(feature = "server")]
    /// Holds a part of what is held already.
    pub(super) fn share(&self, place: Place, part: &Arc<Extent>) {
        let mut inner = self.inner();
        inner.hold(place, part);
        if let Some(pack) = inner.packs.get_mut(&place.pack) {
            pack.live += part.length;
        }
    }

    /// What was taken in since this was last asked.
    pub(super) fn take_fresh(&self) -> Vec<(Place, Spot)> {
        std::mem::take(&mut self.inner().fresh)
    }

    /// What was given up since this was last asked.
    pub(super) fn take_dead(&self) -> Vec<Dead> {
        std::mem::take(&mut *self.dead.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn give_up(&self, dead: Dead) {
        self.dead
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(dead);
    }

    /// Sees to it that what was written to files lasts, as far as they are there.
    ///
    /// # Errors
    /// The disk does not take it.
    pub(super) fn sync(&self, numbers: &BTreeSet<u64>) -> io::Result<()> {
        for number in numbers {
            match self.reader(*number).and_then(|file| file.sync_data()) {
                // Nothing in it was held any more.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                synced => synced?,
            }
        }
        Ok(())
    }

    /// Writes bytes at places, neighbours in one go. Says in which files.
    ///
    /// # Errors
    /// The disk does not take them.
    pub(super) fn write(&self, mut parts: Vec<(Place, Bytes)>) -> io::Result<BTreeSet<u64>> {
        parts.sort_unstable_by_key(|(place, _)| *place);
        let mut files: BTreeMap<u64, Arc<File>> = BTreeMap::new();
        let mut run = Vec::new();
        let mut parts = parts.into_iter().peekable();
        while let Some((place, data)) = parts.next() {
            let file = match files.get(&place.pack) {
                Some(file) => Arc::clone(file),
                None => {
                    let file = self.writer(place.pack)?;
                    files.insert(place.pack, Arc::clone(&file));
                    file
                }
            };
            run.clear();
            let mut data = data;
            while let Some((_, next)) = parts.next_if(|(next, more)| {
                next.pack == place.pack
                    && next.offset == place.offset + (run.len() + data.len()) as u64
                    && run.len() + data.len() + more.len() <= RUN
            }) {
                run.extend_from_slice(&data);
                data = next;
            }
            if run.is_empty() {
                file::write_at(&file, place.offset, &data)?;
            } else {
                run.extend_from_slice(&data);
                file::write_at(&file, place.offset, &run)?;
            }
        }
        Ok(files.into_keys().collect())
    }

    /// Reads a part of an extent.
    pub(super) fn read(&self, place: Place, start: u64, length: u64) -> io::Result<Bytes> {
        let mut buffer = vec![0; crate::content::size(length)];
        let file = self.reader(place.pack)?;
        file::read_at(&file, place.offset + start, &mut buffer)?;
        Ok(buffer.into())
    }

    /// A file to read from.
    pub(super) fn reader(&self, number: u64) -> io::Result<Arc<File>> {
        self.handle(number, false)
    }

    /// A file to write to, which is made where it is missing.
    pub(super) fn writer(&self, number: u64) -> io::Result<Arc<File>> {
        self.handle(number, true)
    }

    fn handle(&self, number: u64, make: bool) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = open.iter().position(|(known, _)| *known == number)
            && let Some(found) = open.remove(at)
        {
            let file = Arc::clone(&found.1);
            open.push_back(found);
            return Ok(file);
        }
        let path = self.path(number);
        let mut options = File::options();
        options.read(true).write(true);
        let file = match options.open(&path) {
            Err(error) if make && error.kind() == io::ErrorKind::NotFound => {
                let file = options.create(true).truncate(false).open(&path)?;
                file::sync_names(&self.directory)?;
                file
            }
            opened => opened?,
        };
        let file = Arc::new(file);
        open.push_back((number, Arc::clone(&file)));
        if open.len() > OPEN {
            open.pop_front();
        }
        Ok(file)
    }

    /// Lets go of what the records no longer name.
    pub(super) fn bury(&self, dead: &[Dead]) {
        let mut inner = self.inner();
        for dead in dead {
            inner.release(dead.place, dead.length);
        }
        let gone = inner.emptied();
        drop(inner);
        self.delete(&gone);
    }

    pub(super) fn delete(&self, numbers: &[u64]) {
        if numbers.is_empty() {
            return;
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(number, _)| !numbers.contains(number));
        drop(open);
        for number in numbers {
            // One that cannot be deleted now is swept when the directory is opened again.
            drop(fs::remove_file(self.path(*number)));
        }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.directory.join(format!("{number:016x}.pack"))
    }
}
