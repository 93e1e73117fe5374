//! The two checksums of the service.

mod md5;

pub(crate) use md5::Md5;

use std::fmt;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// The CRC64 (NVME polynomial) of bytes that come one after the other.
#[derive(Clone, Default)]
pub(crate) struct Crc64(crc64fast_nvme::Digest);

impl fmt::Debug for Crc64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Crc64").field(&self.0.sum64()).finish()
    }
}

impl Crc64 {
    pub(crate) fn add(&mut self, data: &[u8]) {
        self.0.write(data);
    }

    /// In the byte order of `x-ms-content-crc64`.
    pub(crate) fn found(&self) -> [u8; 8] {
        self.0.sum64().to_le_bytes()
    }
}

/// The MD5 of some pieces, one after the other.
pub(crate) fn md5<'a>(pieces: impl IntoIterator<Item = &'a Bytes>) -> [u8; 16] {
    let mut sum = Md5::default();
    pieces.into_iter().for_each(|piece| sum.add(piece));
    sum.found()
}

/// The CRC64 of some pieces, one after the other.
pub(crate) fn crc64<'a>(pieces: impl IntoIterator<Item = &'a Bytes>) -> [u8; 8] {
    let mut sum = Crc64::default();
    pieces.into_iter().for_each(|piece| sum.add(piece));
    sum.found()
}

/// Which checksums of a body will be asked for, as its head tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) md5: bool,
    pub(crate) crc64: bool,
}

/// Checksums of one run of bytes, each found at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    md5: OnceLock<[u8; 16]>,
    crc64: OnceLock<[u8; 8]>,
}

impl Sums {
    /// Checksums found before, as far as they are known.
    #[cfg(feature = "server")]
    pub(crate) fn known(md5: Option<[u8; 16]>, crc64: Option<[u8; 8]>) -> Self {
        Self {
            md5: md5.map_or_else(OnceLock::new, OnceLock::from),
            crc64: crc64.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    /// The MD5 of the bytes, which must be the same each time.
    pub(crate) fn md5(&self, data: &Bytes) -> [u8; 16] {
        *self.md5.get_or_init(|| md5([data]))
    }

    /// The CRC64 of the bytes, which must be the same each time.
    pub(crate) fn crc64(&self, data: &Bytes) -> [u8; 8] {
        *self.crc64.get_or_init(|| crc64([data]))
    }
}

/// Base64, as every checksum travels.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Whether the text is Base64.
pub(crate) fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}

/// Bytes of a checksum of that length; absent where the text is no such checksum.
pub(crate) fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_service() {
        let fifty = Bytes::from("a".repeat(50));
        assert_eq!(base64(&crc64([&fifty])), "JdfefQhPpLw=");
        assert_eq!(base64(&crc64([])), "AAAAAAAAAAA=");
        assert_eq!(base64(&md5([])), "1B2M2Y8AsgTpgAmY7PhCfg==");
    }
}
