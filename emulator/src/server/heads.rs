//! The heads that cross a connection, as bytes: how they spell the names of metadata, and whether they
//! have more lines than hyper has room for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;

use blobferry_core::wire::header::METADATA_PREFIX;

use crate::spelling::Spelling;

/// The most bytes of a head that are looked at.
const MOST: usize = 64 << 10;

/// The most lines that come together while hyper has room for its usual 100 headers.
///
/// For more it would set memory aside anew with each request, and fill it.
const FEW: usize = 100;

/// What both directions of a connection know of its heads.
///
/// Of requests that come while another is answered, pipelined, the spelling may be lost, and that they
/// have many lines may be seen too late.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads(Arc<Crossing>);

#[derive(Debug, Default)]
struct Crossing {
    came: Mutex<Came>,
    /// Whether there is room for as many headers as there may be.
    is_roomy: AtomicBool,
    is_crowded: AtomicBool,
    /// Whether bytes of an answer may still be with hyper.
    is_writing: AtomicBool,
    /// Whether `goes` says anything, which it seldom does.
    is_spelled: AtomicBool,
    goes: Mutex<Spelling>,
}

#[derive(Debug, Default)]
struct Came {
    bytes: Vec<u8>,
    lines: usize,
}

/// There is no room for so many headers.
#[derive(Debug)]
pub(super) struct Crowded;

impl Heads {
    /// Bytes came while no request was answered.
    ///
    /// # Errors
    /// They have too many lines, and nobody shall see them before there is room.
    pub(super) fn come(&self, bytes: &[u8]) -> Result<(), Crowded> {
        let mut came = held(&self.0.came);
        came.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        if came.lines > FEW && !self.0.is_roomy.load(Ordering::Relaxed) {
            self.0.is_crowded.store(true, Ordering::Relaxed);
            return Err(Crowded);
        }
        let room = MOST.saturating_sub(came.bytes.len()).min(bytes.len());
        came.bytes
            .extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(())
    }

    /// Whether a head waits for room.
    pub(super) fn is_crowded(&self) -> bool {
        self.0.is_crowded.load(Ordering::Relaxed)
    }

    /// Whether room can be made: a head waits, and all answers before it have gone.
    pub(super) fn wants_room(&self) -> bool {
        self.is_crowded() && !self.0.is_writing.load(Ordering::Relaxed)
    }

    /// There is room from now on; the head that waits comes again from its beginning.
    pub(super) fn make_room(&self) {
        self.0.is_roomy.store(true, Ordering::Relaxed);
        self.0.is_crowded.store(false, Ordering::Relaxed);
        *held(&self.0.came) = Came::default();
    }

    /// Part of an answer is written.
    pub(super) fn write(&self) {
        self.0.is_writing.store(true, Ordering::Relaxed);
    }

    /// All that was written has gone.
    pub(super) fn flush(&self) {
        self.0.is_writing.store(false, Ordering::Relaxed);
    }

    /// How the request that has just been read spells; what came is forgotten.
    pub(super) fn of_request(&self, headers: &HeaderMap) -> Spelling {
        self.0.is_spelled.store(false, Ordering::Relaxed);
        let mut came = held(&self.0.came);
        let has_metadata = |name: &http::HeaderName| name.as_str().starts_with(METADATA_PREFIX);
        let spelling = if headers.keys().any(has_metadata) {
            Spelling::of_head(&came.bytes)
        } else {
            Spelling::default()
        };
        came.bytes.clear();
        came.lines = 0;
        spelling
    }

    /// The answer that is written next is to be spelled so.
    pub(super) fn spell(&self, spelling: Spelling) {
        *held(&self.0.goes) = spelling;
        self.0.is_spelled.store(true, Ordering::Relaxed);
    }

    /// Bytes about to be written as they are to be spelled; absent where they are right as they are.
    pub(super) fn spelled(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !self.0.is_spelled.load(Ordering::Relaxed) || !bytes.starts_with(b"HTTP/1.") {
            return None;
        }
        let mut head = bytes.get(..MOST).unwrap_or(bytes).to_vec();
        held(&self.0.goes).write(&mut head);
        Some(head)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
