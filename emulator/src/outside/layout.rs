//! Which pages of a source hold data, or changed since a snapshot: the body of Get Page Ranges.

use crate::xml::Element;

/// Bytes in a page.
const PAGE: u64 = 512;

/// One page of the list. Ranges are `start..end` in bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) written: Vec<(u64, u64)>,
    /// Only where changes were asked for.
    pub(super) cleared: Vec<(u64, u64)>,
    /// Where the list goes on.
    pub(super) marker: Option<String>,
}

impl Layout {
    /// Absent for what is no such list.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let list = Element::read(body).ok()?;
        if list.name != "PageList" {
            return None;
        }
        let mut layout = Self::default();
        for child in &list.children {
            match child.name.as_str() {
                "PageRange" => layout.written.push(range(child)?),
                "ClearRange" => layout.cleared.push(range(child)?),
                _ => {}
            }
        }
        layout.marker = list
            .text_of("NextMarker")
            .filter(|marker| !marker.is_empty())
            .map(str::to_owned);
        Some(layout)
    }

    /// Where it ends, if its ranges are in order and come after those of the page before: without an
    /// end the list has to get on.
    pub(super) fn reach(&self, before: u64) -> Option<u64> {
        let end = |ranges: &[(u64, u64)]| {
            ranges.iter().try_fold(before, |last, (start, end)| {
                (*start >= last).then_some(*end)
            })
        };
        let reached = end(&self.written)?.max(end(&self.cleared)?);
        (self.marker.is_none() || reached > before).then_some(reached)
    }
}

/// A range of whole pages.
fn range(element: &Element) -> Option<(u64, u64)> {
    let number = |name| element.text_of(name)?.parse::<u64>().ok();
    let (start, end) = (number("Start")?, number("End")?.checked_add(1)?);
    let is_whole = start.is_multiple_of(PAGE) && end.is_multiple_of(PAGE);
    (start < end && is_whole).then_some((start, end))
}

/// What of ranges lies before a length.
pub(super) fn clipped(ranges: Vec<(u64, u64)>, length: u64) -> impl Iterator<Item = (u64, u64)> {
    let cut = move |(start, end): (u64, u64)| (start, end.min(length));
    ranges
        .into_iter()
        .map(cut)
        .filter(|(start, end)| start < end)
}

/// What lies between ranges that are in order, up to a length.
pub(super) fn gaps(ranges: &[(u64, u64)], length: u64) -> Vec<(u64, u64)> {
    let mut at = 0;
    let mut found = Vec::new();
    for (start, end) in ranges.iter().copied().chain([(length, length)]) {
        if at < start {
            found.push((at, start));
        }
        at = at.max(end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_cleared_ranges_and_the_marker_are_read() {
        let body = "<PageList><PageRange><Start>0</Start><End>511</End></PageRange>\
            <ClearRange><Start>512</Start><End>1023</End></ClearRange>\
            <NextMarker>2!1024</NextMarker></PageList>";
        let layout = Layout::read(body.as_bytes()).unwrap();
        assert_eq!(layout.written, [(0, 512)]);
        assert_eq!(layout.cleared, [(512, 1024)]);
        assert_eq!(layout.marker.as_deref(), Some("2!1024"));
        assert_eq!(Layout::read(b"<PageList />"), Some(Layout::default()));
        for body in [
            "",
            "<html></html>",
            "<PageList><PageRange><Start>9</Start><End>1</End></PageRange></PageList>",
            "<PageList><PageRange><Start>0</Start><End>510</End></PageRange></PageList>",
            "<PageList><PageRange><Start>x</Start><End>1</End></PageRange></PageList>",
        ] {
            assert_eq!(Layout::read(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn what_lies_behind_the_end_is_no_part_of_it() {
        let ranges = vec![(0, 512), (512, 2048), (2048, 4096)];
        let cut: Vec<_> = clipped(ranges, 1024).collect();
        assert_eq!(cut, [(0, 512), (512, 1024)]);
    }

    #[test]
    fn a_list_that_does_not_get_on_is_none() {
        let part = (512, 1024);
        let next = (1024, 2048);
        for (written, cleared, marker, reached) in [
            (&[part, next][..], &[][..], true, Some(2048)),
            (&[part], &[next], true, Some(2048)),
            (&[next], &[part], true, Some(2048)),
            (&[], &[part], true, Some(1024)),
            (&[(0, 512)], &[], true, None),
            (&[], &[(0, 512)], true, None),
            (&[next, part], &[], false, None),
            (&[], &[], true, None),
            (&[], &[], false, Some(512)),
        ] {
            let layout = Layout {
                written: written.to_vec(),
                cleared: cleared.to_vec(),
                marker: marker.then(String::new),
            };
            let found = layout.reach(512);
            assert_eq!(found, reached, "{written:?} {cleared:?} {marker}");
        }
    }

    #[test]
    fn gaps_are_what_no_range_covers() {
        for (ranges, found) in [
            (&[][..], &[(0, 100)][..]),
            (&[(0, 100)], &[]),
            (&[(10, 20), (20, 30), (50, 100)], &[(0, 10), (30, 50)]),
            (&[(0, 10)], &[(10, 100)]),
        ] {
            assert_eq!(gaps(ranges, 100), found, "{ranges:?}");
        }
    }
}
