//! The two checksums of the service.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use md5::{Digest as _, Md5};

/// The MD5 of some pieces, one after the other.
pub(crate) fn md5<'a>(pieces: impl IntoIterator<Item = &'a Bytes>) -> [u8; 16] {
    let mut digest = Md5::new();
    for piece in pieces {
        digest.update(piece);
    }
    digest.finalize().into()
}

/// The CRC64 (NVME polynomial) of some pieces, in the byte order of `x-ms-content-crc64`.
pub(crate) fn crc64<'a>(pieces: impl IntoIterator<Item = &'a Bytes>) -> [u8; 8] {
    let mut digest = crc64fast_nvme::Digest::new();
    for piece in pieces {
        digest.write(piece);
    }
    digest.sum64().to_le_bytes()
}

/// Checksums of one run of bytes, each found at most once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    md5: OnceLock<[u8; 16]>,
    crc64: OnceLock<[u8; 8]>,
}

impl Sums {
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
