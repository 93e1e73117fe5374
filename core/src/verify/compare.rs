//! What a comparison says.

use crate::checksum::StoredMd5;
use crate::error::Error;
use crate::properties::BlobProperties;
use crate::verify::Verify;

/// How a comparison ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verified {
    /// Both are the same, as far as was looked.
    Same {
        /// How far that was: [`Verify::Length`] where hashes were asked for but one side has none.
        by: Verify,
    },
    /// They differ.
    Different(Difference),
    /// The source changed while it was read.
    SourceChanged,
    /// The destination changed while it was read.
    DestinationChanged,
    /// It could not be found out.
    Unknown(Error),
}

impl Verified {
    /// Whether nothing speaks against the copy.
    #[must_use]
    pub fn is_same(&self) -> bool {
        matches!(self, Self::Same { .. })
    }
}

/// In what two blobs differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// Their lengths, in bytes.
    Length {
        /// The source's.
        source: u64,
        /// The destination's.
        destination: u64,
    },
    /// Their stored Content-MD5.
    Md5,
    /// Their bytes.
    Content {
        /// The first byte that differs, counted from 0.
        at: u64,
    },
}

/// What two blobs are compared by without reading them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Print<'a> {
    pub(crate) length: u64,
    pub(crate) md5: Option<&'a StoredMd5>,
}

impl<'a> From<&'a BlobProperties> for Print<'a> {
    fn from(said: &'a BlobProperties) -> Self {
        Self {
            length: said.content_length.unwrap_or(0),
            md5: said.content.md5.as_ref(),
        }
    }
}

/// Compares what two looks show, without reading contents.
pub(crate) fn compare(source: Print<'_>, destination: Print<'_>, verify: Verify) -> Verified {
    let (old, new) = (source.length, destination.length);
    if verify != Verify::None && old != new {
        return Verified::Different(Difference::Length {
            source: old,
            destination: new,
        });
    }
    match (verify, source.md5, destination.md5) {
        (Verify::Md5, Some(old), Some(new)) if old != new => Verified::Different(Difference::Md5),
        (Verify::Md5, Some(_), Some(_)) => Verified::Same { by: Verify::Md5 },
        (Verify::Md5, _, _) => Verified::Same { by: Verify::Length },
        _ => Verified::Same { by: verify },
    }
}
