//! The heads that cross a connection, as bytes: how they spell the names of metadata, and whether they
//! have more lines than hyper has room for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;

use blobferry_core::wire::header::METADATA_PREFIX;

use super::body::told_length;
use crate::spelling::Spelling;

/// The most bytes of a head that are looked at.
const MOST: usize = 64 << 10;

/// The most lines that come together while hyper has room for its usual 100 headers.
///
/// For more it would set memory aside anew with each request, and fill it.
const FEW: usize = 100;

/// What both directions of a connection know of its heads.
///
/// That requests which come while another is answered, pipelined, have many lines may be seen too late.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads(Arc<Crossing>);

#[derive(Debug, Default)]
struct Crossing {
    coming: Mutex<Coming>,
    /// Whether there is room for as many headers as there may be.
    is_roomy: AtomicBool,
    is_crowded: AtomicBool,
    /// Whether bytes of an answer may still be with hyper.
    is_writing: AtomicBool,
    /// Whether `goes` says anything, which it seldom does.
    is_spelled: AtomicBool,
    goes: Mutex<Spelling>,
}

/// There is no room for so many headers.
#[derive(Debug)]
pub(super) struct Crowded;

/// Bytes that came and belong to no request that has been read.
#[derive(Debug, Default)]
struct Coming {
    /// From the beginning of a head on, as far as they are looked at.
    bytes: Vec<u8>,
    /// Lines that came while nothing was answered.
    lines: usize,
    /// How many came after those.
    more: u64,
    /// How much of a body is still to come before the next head.
    body: u64,
    /// Whether it is not known where a head begins, until one comes while nothing is answered.
    is_lost: bool,
}

impl Coming {
    /// What comes next begins a head, if it was not known where one does.
    fn find(&mut self) {
        if self.is_lost {
            *self = Self::default();
        }
    }

    fn come(&mut self, bytes: &[u8]) {
        let of_body = usize::try_from(self.body).unwrap_or(usize::MAX);
        let of_body = of_body.min(bytes.len());
        self.body -= of_body as u64;
        let rest = bytes.get(of_body..).unwrap_or_default();
        let room = MOST.saturating_sub(self.bytes.len()).min(rest.len());
        self.bytes
            .extend_from_slice(rest.get(..room).unwrap_or_default());
        self.more += (rest.len() - room) as u64;
    }

    /// The first head.
    fn head(&self) -> &[u8] {
        let end = end_of_head(&self.bytes).unwrap_or(self.bytes.len());
        self.bytes.get(..end).unwrap_or_default()
    }

    /// Forgets the first head and its body, of so many bytes; absent where it comes in chunks.
    fn next(&mut self, body: Option<u64>) {
        self.lines = 0;
        let (Some(end), Some(body)) = (end_of_head(&self.bytes), body) else {
            self.lose();
            return;
        };
        let rest = (self.bytes.len() - end) as u64;
        if body >= rest + self.more {
            self.body = body - rest - self.more;
            self.more = 0;
            self.bytes.clear();
        } else if self.more == 0 {
            let end = usize::try_from(body).map_or(usize::MAX, |body| end.saturating_add(body));
            self.bytes.drain(..end.min(self.bytes.len()));
        } else {
            self.lose();
        }
    }

    fn lose(&mut self) {
        self.bytes.clear();
        self.is_lost = true;
    }
}

/// Where the empty line after a head ends.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut at = 3;
    loop {
        at += match bytes.get(at)? {
            b'\n' if bytes.get(at - 3..at) == Some(b"\r\n\r") => return Some(at + 1),
            b'\n' => 2,
            b'\r' => 1,
            _ => 4,
        };
    }
}

impl Heads {
    /// Bytes came while no request was answered.
    ///
    /// # Errors
    /// They have too many lines, and nobody shall see them before there is room.
    pub(super) fn come(&self, bytes: &[u8]) -> Result<(), Crowded> {
        let mut coming = held(&self.0.coming);
        coming.find();
        coming.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        if coming.lines > FEW && !self.0.is_roomy.load(Ordering::Relaxed) {
            self.0.is_crowded.store(true, Ordering::Relaxed);
            return Err(Crowded);
        }
        coming.come(bytes);
        Ok(())
    }

    /// Bytes came while a request was answered: of its body, or of what is pipelined behind it.
    pub(super) fn come_early(&self, bytes: &[u8]) {
        let mut coming = held(&self.0.coming);
        if !coming.is_lost {
            coming.come(bytes);
        }
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
        *held(&self.0.coming) = Coming::default();
    }

    /// Part of an answer is written.
    pub(super) fn write(&self) {
        self.0.is_writing.store(true, Ordering::Relaxed);
    }

    /// All that was written has gone.
    pub(super) fn flush(&self) {
        self.0.is_writing.store(false, Ordering::Relaxed);
    }

    /// How the request that has just been read spells; its bytes are forgotten.
    pub(super) fn of_request(&self, headers: &HeaderMap) -> Spelling {
        self.0.is_spelled.store(false, Ordering::Relaxed);
        let mut coming = held(&self.0.coming);
        let has_metadata = |name: &http::HeaderName| name.as_str().starts_with(METADATA_PREFIX);
        let spelling = if headers.keys().any(has_metadata) {
            Spelling::of_head(coming.head())
        } else {
            Spelling::default()
        };
        let is_chunked = headers.contains_key(http::header::TRANSFER_ENCODING);
        let body = told_length(headers).unwrap_or(0);
        coming.next((!is_chunked).then_some(body));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_head_is_found_wherever_it_is() {
        for length in 0..12 {
            for filler in [
                "abcdefghijkl",
                "\r\r\r\r\r\r\r\r\r\r\r\r",
                "a\r\nb\r\nc\r\nd\r\n",
            ] {
                let filler = filler.get(..length).unwrap();
                let text = format!("{filler}x\r\n\r\nrest\r\n\r\n");
                let end = text.find("\r\n\r\n").map(|at| at + 4);
                assert_eq!(end_of_head(text.as_bytes()), end, "{text:?}");
            }
        }
        assert_eq!(end_of_head(b"a: b\r\n\r"), None);
        assert_eq!(end_of_head(b""), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_held_within_bounds(
            parts in proptest::collection::vec(("[\r\nab]{0,40}", proptest::bool::ANY, 0_u64..60), 0..40),
        ) {
            let mut coming = Coming::default();
            for (part, is_answering, body) in parts {
                coming.find();
                coming.come(part.as_bytes());
                let naive = coming.bytes.windows(4).position(|four| four == b"\r\n\r\n");
                assert_eq!(end_of_head(&coming.bytes), naive.map(|at| at + 4));
                if is_answering {
                    coming.next(Some(body));
                }
                assert!(coming.bytes.len() <= MOST);
            }
        }
    }

    #[test]
    fn each_head_is_known_however_requests_come() {
        let put = |name: &str, body: usize| {
            let body = "\r\n\r\n".repeat(body);
            format!("PUT / HTTP/1.1\r\nX-Ms-Meta-{name}: 1\r\n\r\n{body}")
        };
        let text = [put("Aa", 0), put("Bb", 5), put("Cc", 700), put("Dd", 0)].concat();
        let lengths = [0, 20, 2800, 0];
        for part in [1, 2, 7, 64, 1000, 10_000] {
            let mut coming = Coming::default();
            let mut heads = Vec::new();
            let mut parts = text.as_bytes().chunks(part);
            for length in lengths {
                while end_of_head(&coming.bytes).is_none() {
                    coming.come(parts.next().unwrap());
                }
                let head = String::from_utf8(coming.head().to_vec()).unwrap();
                heads.push(head.split(&[':', '-']).nth(3).unwrap().to_owned());
                coming.next(Some(length));
            }
            assert_eq!(heads, ["Aa", "Bb", "Cc", "Dd"], "{part}");
        }
    }

    #[test]
    fn after_chunks_the_next_head_that_comes_by_itself_is_known() {
        let heads = Heads::default();
        let chunked = HeaderMap::from_iter([(
            http::header::TRANSFER_ENCODING,
            http::HeaderValue::from_static("chunked"),
        )]);
        heads.come(b"PUT / HTTP/1.1\r\n\r\n5\r\nab").unwrap();
        heads.of_request(&chunked);
        heads.come_early(b"cde\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
        assert!(held(&heads.0.coming).head().is_empty());
        heads.of_request(&HeaderMap::new());
        heads.come(b"GET /c HTTP/1.1\r\n\r\n").unwrap();
        assert!(held(&heads.0.coming).head().starts_with(b"GET /c "));
    }

    #[test]
    fn no_more_is_kept_than_is_looked_at() {
        let mut coming = Coming::default();
        let head = b"PUT / HTTP/1.1\r\n\r\n";
        coming.come(head);
        for _ in 0..100 {
            coming.come(&[b'x'; 10_000]);
        }
        assert_eq!(coming.bytes.len(), MOST);
        coming.next(Some(1_000_000));
        coming.come(b"GET /b HTTP/1.1\r\n\r\n");
        assert!(coming.head().starts_with(b"GET /b "));
    }
}
