//! The heads that cross a connection, as bytes: how they spell the names of metadata.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;

use blobferry_core::wire::header::METADATA_PREFIX;

use crate::spelling::Spelling;

/// The most bytes of a head that are looked at.
const MOST: usize = 64 << 10;

/// What both directions of a connection know of its heads.
///
/// Of requests that come while another is answered, pipelined, the spelling may be lost.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads(Arc<Crossing>);

#[derive(Debug, Default)]
struct Crossing {
    came: Mutex<Vec<u8>>,
    /// Whether `goes` says anything, which it seldom does.
    is_spelled: AtomicBool,
    goes: Mutex<Spelling>,
}

impl Heads {
    /// Bytes came while no request was answered.
    pub(super) fn come(&self, bytes: &[u8]) {
        let mut came = held(&self.0.came);
        let room = MOST.saturating_sub(came.len()).min(bytes.len());
        came.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    /// How the request that has just been read spells; what came is forgotten.
    pub(super) fn of_request(&self, headers: &HeaderMap) -> Spelling {
        self.0.is_spelled.store(false, Ordering::Relaxed);
        let mut came = held(&self.0.came);
        let has_metadata = |name: &http::HeaderName| name.as_str().starts_with(METADATA_PREFIX);
        let spelling = if headers.keys().any(has_metadata) {
            let end = came.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            Spelling::of_head(came.get(..end.unwrap_or(came.len())).unwrap_or_default())
        } else {
            Spelling::default()
        };
        came.clear();
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
