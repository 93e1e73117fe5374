//! What has come of a body: one run of bytes, and its checksums as far as they are wanted.

use bytes::Bytes;

use super::hashing::Hashing;
use super::memory::Memory;
use crate::hash::{Crc64, Sums, Wanted};

/// The least whose MD5 is worth another thread, in bytes. Shorter bodies are hashed when they are
/// whole.
const LEAST: usize = 256 << 10;

/// A body on its way in.
#[derive(Debug)]
pub(super) struct Intake {
    memory: Memory,
    /// Which checksums are asked for.
    wanted: Wanted,
    /// As fast as memory, and found on the way.
    crc64: Crc64,
    /// Of a body that is long enough.
    md5: Option<Hashing>,
}

impl Intake {
    /// For a body that is said to be so long.
    pub(super) fn new(told: Option<u64>, wanted: Wanted) -> Self {
        Self {
            memory: Memory::new(told),
            wanted,
            crc64: Crc64::default(),
            md5: None,
        }
    }

    /// Takes the next bytes.
    pub(super) async fn take(&mut self, data: &[u8]) {
        self.memory.add(data);
        if self.wanted.crc64 {
            self.crc64.add(data);
        }
        if let Some(md5) = &mut self.md5 {
            md5.add(data).await;
        } else if self.wanted.md5 && self.memory.bytes().len() >= LEAST {
            let md5 = self.md5.insert(Hashing::default());
            md5.add(self.memory.bytes()).await;
        }
    }

    /// Everything that came, and what is known of it.
    pub(super) async fn finish(self) -> (Bytes, Option<Sums>) {
        let md5 = match self.md5 {
            Some(md5) => Some(md5.found().await),
            None => None,
        };
        let crc64 = self.wanted.crc64.then(|| self.crc64.found());
        let sums = (md5.is_some() || crc64.is_some()).then(|| Sums::known(md5, crc64));
        (self.memory.finish(), sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::size;
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
                intake.take(part).await;
                left = rest;
            }
            let (whole, sums) = intake.finish().await;
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
        intake.take(&vec![1; LEAST * 3]).await;
        assert_eq!(intake.finish().await.1, None);
    }
}
