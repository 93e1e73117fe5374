//! A run of bytes, wherever they are.

use std::io;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::size;
#[cfg(feature = "durable")]
use crate::store::Stored;

/// A run of bytes. Cheap to clone and to cut.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Piece {
    /// In memory.
    Held(Bytes),
    /// Somewhere else.
    Away(Away),
}

/// Bytes that take no memory. Apart from [`Piece`], so that a piece stays as small as its bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Away {
    /// So many zeros.
    Zeros(u64),
    /// In a content file.
    #[cfg(feature = "durable")]
    Stored(Stored),
}

/// What zeros are read from.
static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

impl Default for Piece {
    fn default() -> Self {
        Self::Held(Bytes::new())
    }
}

impl From<Bytes> for Piece {
    fn from(data: Bytes) -> Self {
        Self::Held(data)
    }
}

impl Piece {
    pub(crate) const fn zeros(length: u64) -> Self {
        Self::Away(Away::Zeros(length))
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Held(data) => data.len() as u64,
            Self::Away(Away::Zeros(length)) => *length,
            #[cfg(feature = "durable")]
            Self::Away(Away::Stored(stored)) => stored.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The part `start..end`, as far as it is there.
    pub(crate) fn slice(&self, start: u64, end: u64) -> Self {
        let end = end.min(self.len());
        let start = start.min(end);
        match self {
            Self::Held(data) => Self::Held(data.slice(size(start)..size(end))),
            Self::Away(Away::Zeros(_)) => Self::zeros(end - start),
            #[cfg(feature = "durable")]
            Self::Away(Away::Stored(stored)) => Self::Away(Away::Stored(stored.slice(start, end))),
        }
    }

    /// Takes bytes off the front: all that are in memory, else at most `most`. Nothing is left when
    /// none come.
    ///
    /// # Errors
    /// What is not in memory cannot be read.
    pub(crate) fn take(&mut self, most: usize) -> io::Result<Bytes> {
        let taken = match self {
            Self::Held(data) => return Ok(std::mem::take(data)),
            Self::Away(Away::Zeros(length)) => {
                let most = most.min(ZEROS.len()).min(size(*length));
                Bytes::from_static(ZEROS.get(..most).unwrap_or_default())
            }
            #[cfg(feature = "durable")]
            Self::Away(Away::Stored(stored)) => stored.read(most)?,
        };
        *self = self.slice(taken.len() as u64, self.len());
        Ok(taken)
    }
}

/// Pieces in one run of bytes; a single one in memory is not copied.
///
/// # Errors
/// What is not in memory cannot be read.
pub(crate) fn joined(pieces: impl IntoIterator<Item = Piece>) -> io::Result<Bytes> {
    let mut pieces: Vec<Piece> = pieces.into_iter().collect();
    if let [Piece::Held(data)] = pieces.as_mut_slice() {
        return Ok(std::mem::take(data));
    }
    let mut whole = Vec::new();
    // What is sparse may be longer than any memory.
    whole
        .try_reserve_exact(size(pieces.iter().map(Piece::len).sum()))
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    for piece in &mut pieces {
        while !piece.is_empty() {
            whole.extend_from_slice(&piece.take(usize::MAX)?);
        }
    }
    Ok(whole.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_no_larger_than_its_bytes() {
        assert_eq!(size_of::<Piece>(), size_of::<Bytes>());
    }

    #[test]
    fn pieces_of_every_kind_are_cut_and_joined() {
        let held = Piece::from(Bytes::from_static(b"abcdef"));
        let pieces = [held.slice(1, 3), Piece::zeros(2), held.slice(5, 99)];
        assert_eq!(joined(pieces).unwrap(), &b"bc\0\0f"[..]);
        let mut long = Piece::zeros(200_000);
        assert_eq!(long.take(usize::MAX).unwrap().len(), ZEROS.len());
        assert_eq!(joined([long]).unwrap().len(), 200_000 - ZEROS.len());
    }
}
