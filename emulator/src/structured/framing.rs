//! Framing an answer while it leaves: lengths are known before, checksums when their bytes have gone.

use bytes::{BufMut as _, Bytes, BytesMut};
use crc64fast_nvme::Digest;

use super::{Form, HEAD, SEGMENT_HEAD, VERSION};

/// The content of a segment, in bytes; more where there would be too many segments to number.
const SEGMENT: u64 = 4 << 20;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Head,
    SegmentHead,
    /// So many bytes of the segment.
    Content(u64),
    SegmentEnd,
    End,
    Nothing,
}

/// A message that is being written.
#[derive(Clone)]
pub(crate) struct Framing {
    form: Form,
    /// Bytes of content in a segment that is not the last.
    segment: u64,
    count: u16,
    number: u16,
    /// Bytes of content that no segment has yet.
    left: u64,
    next: Next,
    of_segment: Digest,
    of_all: Digest,
    length: u64,
}

impl std::fmt::Debug for Framing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Framing")
            .field("form", &self.form)
            .field("number", &self.number)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Framing {
    /// A message around so many bytes of content.
    pub(crate) fn new(form: Form, content: u64) -> Self {
        let segment = SEGMENT.max(content.div_ceil(u64::from(u16::MAX)));
        // One that is empty has a segment too.
        let count = u16::try_from(content.div_ceil(segment).max(1)).unwrap_or(u16::MAX);
        let ends = form.checksum() as u64;
        let segments = u64::from(count) * (SEGMENT_HEAD as u64 + ends);
        Self {
            form,
            segment,
            count,
            number: 0,
            left: content,
            next: Next::Head,
            of_segment: Digest::new(),
            of_all: Digest::new(),
            length: HEAD as u64 + segments + content + ends,
        }
    }

    /// The length of the message.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// How many bytes of content may come next: none where the message says something itself.
    pub(crate) const fn wants(&self) -> u64 {
        match self.next {
            Next::Content(length) => length,
            _ => 0,
        }
    }

    /// Notes content that leaves, no more than was wanted.
    pub(crate) fn passed(&mut self, content: &Bytes) {
        if self.form == Form::Crc64 {
            self.of_segment.write(content);
            self.of_all.write(content);
        }
        let left = self.wants().saturating_sub(content.len() as u64);
        self.next = match left {
            0 => Next::SegmentEnd,
            left => Next::Content(left),
        };
    }

    /// What the message says itself before more content comes; nothing at its end.
    pub(crate) fn say(&mut self) -> Bytes {
        let mut said = BytesMut::new();
        while self.wants() == 0 && self.next != Next::Nothing {
            self.next = self.step(&mut said);
        }
        said.freeze()
    }

    fn step(&mut self, said: &mut BytesMut) -> Next {
        match self.next {
            Next::Head => {
                said.put_u8(VERSION);
                said.put_u64_le(self.length);
                said.put_u16_le(self.form.flags());
                said.put_u16_le(self.count);
                Next::SegmentHead
            }
            Next::SegmentHead => {
                self.number = self.number.saturating_add(1);
                let length = self.left.min(self.segment);
                self.left -= length;
                self.of_segment = Digest::new();
                said.put_u16_le(self.number);
                said.put_u64_le(length);
                Next::Content(length)
            }
            Next::Content(_) => Next::SegmentEnd,
            Next::SegmentEnd => {
                self.close(said, &self.of_segment);
                if self.number < self.count {
                    Next::SegmentHead
                } else {
                    Next::End
                }
            }
            Next::End => {
                self.close(said, &self.of_all);
                Next::Nothing
            }
            Next::Nothing => Next::Nothing,
        }
    }

    fn close(&self, said: &mut BytesMut, digest: &Digest) {
        if self.form == Form::Crc64 {
            said.put_u64_le(digest.sum64());
        }
    }
}
