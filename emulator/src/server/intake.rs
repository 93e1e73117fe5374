//! What has come of a body: one run of bytes, and its checksums as far as they are wanted.
//!
//! CRC64 is as fast as memory and is found on the way. MD5 is slower than a connection, so another
//! thread finds it while the rest comes, in portions: no thread is kept for a client that pauses, and
//! a body that is refused takes no more than the portion under way. Nothing is copied for it: a
//! portion is lent to the thread and comes back at the end of those before it.

use bytes::{Bytes, BytesMut};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use crate::content::size;
use crate::hash::{Crc64, Md5, Sums, Wanted};

/// The least that is worth another thread, in bytes. Shorter bodies are hashed when they are whole.
const LEAST: usize = 256 << 10;

/// The most that is lent at once: a few milliseconds of work.
const MOST: usize = 4 << 20;

/// A body on its way in.
#[derive(Debug)]
pub(super) struct Intake {
    /// The length it is said to have.
    told: Option<u64>,
    crc64: Option<Crc64>,
    /// Absent where the MD5 is not wanted.
    md5: Option<Hashing>,
    /// What is not hashed yet, with room for more.
    rest: BytesMut,
}

/// The first part of a body, hashed or being hashed.
#[derive(Debug)]
enum Hashing {
    Idle(Hashed),
    Busy(JoinHandle<Hashed>),
}

#[derive(Debug, Default)]
struct Hashed {
    md5: Md5,
    bytes: BytesMut,
}

impl Intake {
    pub(super) fn new(told: Option<u64>, wanted: Wanted) -> Self {
        Self {
            told,
            crc64: wanted.crc64.then(Crc64::default),
            md5: wanted.md5.then(|| Hashing::Idle(Hashed::default())),
            rest: BytesMut::new(),
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// The other thread was stopped, because the server ends.
    pub(super) async fn take(&mut self, data: &[u8]) -> Result<(), JoinError> {
        if self.rest.capacity() - self.rest.len() < data.len() {
            self.make_room(data.len()).await?;
        }
        self.rest.extend_from_slice(data);
        if let Some(crc64) = &mut self.crc64 {
            crc64.add(data);
        }
        if self.rest.len() >= LEAST
            && let Some(hashing) = self.md5.take_if(|hashing| hashing.is_over())
        {
            self.lend(hashing.over().await?);
        }
        Ok(())
    }

    /// Everything that came, and what is known of it.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(super) async fn finish(mut self) -> Result<(Bytes, Option<Sums>), JoinError> {
        let mut md5 = None;
        while let Some(hashing) = self.md5.take() {
            let mut hashed = hashing.over().await?;
            if hashed.bytes.is_empty() {
                break;
            }
            if self.rest.is_empty() {
                md5 = Some(hashed.md5.found());
                hashed.bytes.unsplit(self.rest);
                self.rest = hashed.bytes;
                break;
            }
            self.lend(hashed);
        }
        let crc64 = self.crc64.as_ref().map(Crc64::found);
        let mut whole = Vec::from(self.rest);
        whole.shrink_to_fit();
        let sums = (md5.is_some() || crc64.is_some()).then(|| Sums::known(md5, crc64));
        Ok((whole.into(), sums))
    }

    /// Has the next portion hashed.
    fn lend(&mut self, mut hashed: Hashed) {
        let portion = self.rest.split_to(self.rest.len().min(MOST));
        self.md5 = Some(Hashing::Busy(spawn_blocking(move || {
            hashed.md5.add(&portion);
            hashed.bytes.unsplit(portion);
            hashed
        })));
    }

    /// Has the memory grow, for which all of it must be here.
    async fn make_room(&mut self, more: usize) -> Result<(), JoinError> {
        let Some(hashing) = self.md5.take() else {
            self.rest = grown(std::mem::take(&mut self.rest), self.told, more);
            return Ok(());
        };
        let mut hashed = hashing.over().await?;
        let length = hashed.bytes.len();
        hashed.bytes.unsplit(std::mem::take(&mut self.rest));
        hashed.bytes = grown(hashed.bytes, self.told, more);
        self.rest = hashed.bytes.split_off(length);
        self.md5 = Some(Hashing::Idle(hashed));
        Ok(())
    }
}

impl Hashing {
    fn is_over(&self) -> bool {
        match self {
            Self::Idle(_) => true,
            Self::Busy(job) => job.is_finished(),
        }
    }

    async fn over(self) -> Result<Hashed, JoinError> {
        match self {
            Self::Idle(hashed) => Ok(hashed),
            Self::Busy(job) => job.await,
        }
    }
}

/// Sets memory aside as the body comes, never on the word of `Content-Length`: twice what has come,
/// and no more than is said to come. Large memory grows in place.
fn grown(bytes: BytesMut, told: Option<u64>, more: usize) -> BytesMut {
    let needed = bytes.len().saturating_add(more);
    let told = told.map_or(usize::MAX, size);
    let wanted = told.min(needed.saturating_mul(2)).max(needed);
    if bytes.is_empty() {
        return BytesMut::with_capacity(wanted);
    }
    let mut whole = Vec::from(bytes);
    whole.reserve_exact(wanted - whole.len());
    // The only one who holds it may write to it.
    Bytes::from(whole).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use blobferry_core::Seed;

    const BOTH: Wanted = Wanted {
        md5: true,
        crc64: true,
    };

    #[tokio::test]
    async fn whatever_comes_is_whole_and_its_checksums_are_its_own() {
        let mut seed = Seed::new(11);
        for round in 0..60_u64 {
            let length = 1 + seed.below(if round % 3 == 0 { 9 << 20 } else { 600 << 10 });
            let body: Vec<u8> = (0..length)
                .map(|at| ((at * 31) >> 3).to_le_bytes()[0])
                .collect();
            let told = [Some(length), None, Some(length / 3)][size(round % 3)];
            let mut intake = Intake::new(told, BOTH);
            let mut left = body.as_slice();
            while !left.is_empty() {
                let most = 1 + seed.below(if round % 2 == 0 { 300_000 } else { 70_000 });
                let (part, rest) = left.split_at(left.len().min(size(most)));
                intake.take(part).await.unwrap();
                left = rest;
            }
            let (whole, sums) = intake.finish().await.unwrap();
            assert!(whole == body, "{length} bytes of {told:?}");
            let body = Bytes::from(body);
            let md5 = (length >= LEAST as u64).then(|| hash::md5([&body]));
            let found = Sums::known(md5, Some(hash::crc64([&body])));
            assert_eq!(sums, Some(found), "{length} bytes of {told:?}");
        }
    }

    #[tokio::test]
    async fn what_is_not_wanted_is_not_found() {
        let mut intake = Intake::new(None, Wanted::default());
        intake.take(&vec![1; LEAST * 3]).await.unwrap();
        assert_eq!(intake.finish().await.unwrap().1, None);
    }

    #[tokio::test]
    async fn memory_follows_what_came_and_not_what_was_said() {
        for wanted in [Wanted::default(), BOTH] {
            let mut intake = Intake::new(Some(5_000 << 20), wanted);
            intake.take(&[0; 100_000]).await.unwrap();
            assert!(intake.rest.capacity() < 400_000);
            let mut intake = Intake::new(Some(150_000), wanted);
            intake.take(&[0; 100_000]).await.unwrap();
            intake.take(&[0; 49_000]).await.unwrap();
            assert!((149_000..=150_000).contains(&intake.rest.capacity()));
        }
    }
}
