//! Byte ranges as requests name them.

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;

use crate::failure::Failure;
use crate::request::Ask;

/// `bytes=start-end` or `bytes=start-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    start: u64,
    /// The last byte; absent for everything from the start on.
    last: Option<u64>,
}

impl Range {
    /// Reads a range; absent where it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (start, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
        let start = start.trim().parse().ok()?;
        let last = match last.trim() {
            "" => None,
            last => Some(last.parse().ok()?),
        };
        last.is_none_or(|last| last >= start)
            .then_some(Self { start, last })
    }

    /// The range that a request names; `x-ms-range` wins. One that cannot be read is passed over,
    /// as it is by the service.
    pub(crate) fn of(ask: &Ask) -> Option<Self> {
        [header::X_MS_RANGE, header::RANGE]
            .iter()
            .find_map(|name| ask.header(name).filter(|text| !text.is_empty()))
            .and_then(Self::parse)
    }

    /// `start..end` within something of that length.
    ///
    /// # Errors
    /// 416 where it begins at or past the end.
    pub(crate) fn within(self, length: u64) -> Result<(u64, u64), Failure> {
        if self.start >= length {
            return Err(Failure::new(ErrorCode::INVALID_RANGE));
        }
        let end = self.last.map_or(length, |last| last.saturating_add(1));
        Ok((self.start, end.min(length)))
    }

    /// `start..end` of whole pages, both given.
    pub(crate) fn of_pages(self) -> Option<(u64, u64)> {
        let end = self.last?.checked_add(1)?;
        (self.start.is_multiple_of(512) && end.is_multiple_of(512)).then_some((self.start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_cut_to_what_is_there() {
        let all = Range::parse("bytes=2-").unwrap();
        assert_eq!(all.within(10).unwrap(), (2, 10));
        let part = Range::parse("bytes=2-99").unwrap();
        assert_eq!(part.within(10).unwrap(), (2, 10));
        assert!(part.within(2).is_err());
        assert_eq!(
            Range::parse("bytes=0-511").unwrap().of_pages(),
            Some((0, 512))
        );
        assert_eq!(Range::parse("bytes=0-510").unwrap().of_pages(), None);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "bytes",
            "bytes=",
            "bytes=-5",
            "bytes=9-2",
            "0-5",
            "bytes=a-b",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
