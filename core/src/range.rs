//! Ranges of bytes and pages.

use std::fmt;

use crate::error::InvalidInput;
use crate::message::Request;
use crate::part::Part;
use crate::version::ServiceVersion;
use crate::wire::header;

/// Bytes from an offset on, to the end or for a length. Source: "Specifying the range header for
/// Blob service operations".
///
/// ```
/// use blobferry_core::ByteRange;
/// assert_eq!(ByteRange::new(512, 1024)?.to_string(), "bytes=512-1535");
/// assert_eq!(ByteRange::from(512).to_string(), "bytes=512-");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ByteRange {
    first: u64,
    /// Inclusive.
    last: Option<u64>,
}

impl ByteRange {
    /// `length` bytes from `offset` on.
    ///
    /// # Errors
    /// There must be at least one byte, and the last one's offset must be a 63-bit number.
    pub fn new(offset: u64, length: u64) -> Result<Self, InvalidInput> {
        let last = length
            .checked_sub(1)
            .and_then(|more| offset.checked_add(more))
            .filter(|last| i64::try_from(*last).is_ok());
        match last {
            Some(last) => Ok(Self {
                first: offset,
                last: Some(last),
            }),
            None => Err(InvalidInput::new(
                "range",
                format!("{length} bytes from {offset}"),
                "must hold at least one byte and end within 63 bits",
            )),
        }
    }

    /// The offset of the first byte.
    #[must_use]
    pub fn offset(self) -> u64 {
        self.first
    }

    /// How many bytes; nothing where it goes to the end.
    #[must_use]
    pub fn length(self) -> Option<u64> {
        self.last.map(|last| last - self.first + 1)
    }
}

/// From this offset to the end. Version 2011-08-18 and later.
impl From<u64> for ByteRange {
    fn from(offset: u64) -> Self {
        Self {
            first: offset,
            last: None,
        }
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes={}-", self.first)?;
        match self.last {
            Some(last) => write!(f, "{last}"),
            None => Ok(()),
        }
    }
}

/// `x-ms-range`, which wins over `Range` and passes proxies untouched.
impl Part for ByteRange {
    fn add_to(&self, request: Request) -> Request {
        let request = request.text(header::X_MS_RANGE, &self.to_string());
        if self.last.is_some() {
            request
        } else {
            request.needs(ServiceVersion::V2011_08_18)
        }
    }
}

/// Whole pages of 512 bytes of a page blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageRange {
    offset: u64,
    length: u64,
}

impl PageRange {
    /// A page's size in bytes.
    pub const PAGE: u64 = 512;

    /// `length` bytes from `offset` on.
    ///
    /// # Errors
    /// Both must be multiples of 512, the length not zero, the end within 8 TiB.
    pub fn new(offset: u64, length: u64) -> Result<Self, InvalidInput> {
        let aligned = offset.is_multiple_of(Self::PAGE) && length.is_multiple_of(Self::PAGE);
        let fits = offset.checked_add(length).is_some_and(|end| end <= 8 << 40);
        if aligned && length > 0 && fits {
            Ok(Self { offset, length })
        } else {
            Err(InvalidInput::new(
                "page range",
                format!("{length} bytes from {offset}"),
                "must be whole pages of 512 bytes, at least one, within 8 TiB",
            ))
        }
    }

    /// What an answer names by its first and last byte; nothing where the last comes first.
    pub(crate) fn heard(first: u64, last: u64) -> Option<Self> {
        let length = last.checked_sub(first)?.checked_add(1)?;
        Some(Self {
            offset: first,
            length,
        })
    }

    /// The offset of the first byte.
    #[must_use]
    pub fn offset(self) -> u64 {
        self.offset
    }

    /// How many bytes.
    #[must_use]
    pub fn length(self) -> u64 {
        self.length
    }
}

impl fmt::Display for PageRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes={}-{}", self.offset, self.offset + self.length - 1)
    }
}

/// `x-ms-range`.
impl Part for PageRange {
    fn add_to(&self, request: Request) -> Request {
        request.text(header::X_MS_RANGE, &self.to_string())
    }
}

/// The length of a page blob: whole pages of 512 bytes, at most 8 TiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageBlobSize(u64);

impl PageBlobSize {
    /// So many bytes.
    ///
    /// # Errors
    /// It must be a multiple of 512, at most 8 TiB.
    pub fn new(bytes: u64) -> Result<Self, InvalidInput> {
        if bytes.is_multiple_of(PageRange::PAGE) && bytes <= 8 << 40 {
            Ok(Self(bytes))
        } else {
            Err(InvalidInput::new(
                "page blob size",
                bytes.to_string(),
                "must be a multiple of 512 bytes, at most 8 TiB",
            ))
        }
    }

    /// The length in bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_written_with_their_last_byte() {
        assert_eq!(ByteRange::new(0, 1).unwrap().to_string(), "bytes=0-0");
        assert_eq!(ByteRange::from(7).length(), None);
        assert!(ByteRange::new(0, 0).is_err());
        assert!(ByteRange::new(u64::MAX, 2).is_err());
        assert_eq!(
            PageRange::new(512, 512).unwrap().to_string(),
            "bytes=512-1023"
        );
    }

    #[test]
    fn pages_are_whole() {
        for (offset, length) in [(1, 512), (512, 1), (0, 0), (8 << 40, 512), (u64::MAX, 512)] {
            assert!(PageRange::new(offset, length).is_err());
        }
    }

    /// The first and the last byte of `bytes=first-last`.
    fn bounds(text: &str) -> Option<(u64, u64)> {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        Some((first.parse().ok()?, last.parse().ok()?))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_range_names_its_first_and_last_byte(offset: u64, length: u64) {
            match ByteRange::new(offset, length) {
                Ok(range) => {
                    let expected = Some((offset, offset + (length - 1)));
                    prop_assert_eq!(bounds(&range.to_string()), expected);
                    prop_assert_eq!((range.offset(), range.length()), (offset, Some(length)));
                }
                Err(_) => prop_assert!(
                    length == 0 || offset.checked_add(length - 1).is_none_or(|last| last > i64::MAX as u64)
                ),
            }
        }

        #[test]
        fn pages_survive_the_way_there_and_back(page in 0..1_u64 << 34, pages in 1..1_u64 << 20) {
            match PageRange::new(page * PageRange::PAGE, pages * PageRange::PAGE) {
                Ok(range) => {
                    let (first, last) = bounds(&range.to_string()).unwrap();
                    prop_assert_eq!(PageRange::heard(first, last), Some(range));
                }
                Err(_) => prop_assert!((page + pages) * PageRange::PAGE > 8 << 40),
            }
        }

        #[test]
        fn nothing_but_whole_pages_is_a_page_range(offset in 0..1_u64 << 42, length in 0..1_u64 << 42) {
            let is_whole = offset % 512 == 0 && length % 512 == 0 && length > 0;
            prop_assert!(PageRange::new(offset, length).is_err() || is_whole);
        }
    }
}
