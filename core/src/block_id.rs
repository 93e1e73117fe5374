//! The name of a block within its blob.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::InvalidInput;

/// Names a block within its blob: 1 to 64 bytes, written in Base64.
///
/// All blocks of one blob must have names of the same length. Source: "Put Block".
///
/// ```
/// use blobferry_core::BlockId;
/// assert_eq!(BlockId::new(b"first")?.as_base64(), "Zmlyc3Q=");
/// assert_eq!(BlockId::numbered(7), BlockId::new(b"0000000007")?);
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(String);

impl BlockId {
    /// A block with a name of one's own.
    ///
    /// # Errors
    /// The name must have 1 to 64 bytes.
    pub fn new(name: &[u8]) -> Result<Self, InvalidInput> {
        if (1..=64).contains(&name.len()) {
            Ok(Self(STANDARD.encode(name)))
        } else {
            Err(InvalidInput::new(
                "block id",
                String::from_utf8_lossy(name),
                "must have 1 to 64 bytes",
            ))
        }
    }

    /// The block with this number: ten decimal digits, so that all of a blob's are equally long.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        Self(STANDARD.encode(format!("{number:010}")))
    }

    /// Takes a name as Get Block List shows it.
    ///
    /// # Errors
    /// It must be Base64 of 1 to 64 bytes.
    pub fn from_base64(text: &str) -> Result<Self, InvalidInput> {
        let name = STANDARD
            .decode(text)
            .map_err(|_| InvalidInput::new("block id", text, "must be Base64"))?;
        Self::new(&name)
    }

    /// The name in Base64, as it travels.
    #[must_use]
    pub fn as_base64(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equally_long() {
        let ids: Vec<_> = [0, 9, 10, 49_999, u32::MAX].map(BlockId::numbered).into();
        assert!(ids.iter().all(|id| id.as_base64().len() == 16));
    }

    #[test]
    fn names_of_no_or_too_many_bytes_are_refused() {
        assert!(BlockId::new(b"").is_err());
        assert!(BlockId::new(&[0; 64]).is_ok());
        assert!(BlockId::new(&[0; 65]).is_err());
        assert!(BlockId::from_base64("not base64").is_err());
        assert_eq!(
            BlockId::from_base64("AQAAAA==").map(|id| id.to_string()),
            Ok("AQAAAA==".to_owned())
        );
    }
}
