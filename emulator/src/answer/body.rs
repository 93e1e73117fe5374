//! The body of an answer: pieces, each read when its turn comes.

use std::io;

use bytes::Bytes;

use crate::content::{Piece, joined, size};
use crate::structured::{Form, Framing};

/// Pieces one after the other. What is not in memory is read when the answer is written, so that
/// a long body takes no more memory than a short one, and nobody waits for it to be read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    next: Piece,
    rest: std::vec::IntoIter<Piece>,
    /// Bytes that are left.
    length: u64,
    /// What is written around them.
    framing: Option<Box<Framing>>,
}

impl Body {
    /// These bytes as a structured message.
    pub(crate) fn framed(content: Self, form: Form) -> Self {
        let framing = Framing::new(form, content.length);
        Self {
            length: framing.length(),
            framing: Some(Box::new(framing)),
            ..content
        }
    }

    /// Bytes that are left.
    pub(crate) const fn len(&self) -> u64 {
        self.length
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The next bytes: any number that are in memory, else at most `most`. None come at the end.
    ///
    /// # Errors
    /// What is not in memory cannot be read; the body cannot go on then.
    pub(crate) fn take(&mut self, most: usize) -> io::Result<Option<Bytes>> {
        let Some(mut framing) = self.framing.take() else {
            return self.take_bare(most);
        };
        let said = framing.say();
        let taken = if said.is_empty() {
            let wanted = framing.wants();
            let content = self.take_bare(most.min(size(wanted)))?;
            content.map(|mut content| {
                // What is in memory comes whole.
                let surplus = content.split_off(content.len().min(size(wanted)));
                self.put_back(surplus);
                framing.passed(&content);
                content
            })
        } else {
            self.length = self.length.saturating_sub(said.len() as u64);
            Some(said)
        };
        self.framing = Some(framing);
        Ok(taken)
    }

    fn take_bare(&mut self, most: usize) -> io::Result<Option<Bytes>> {
        while self.next.is_empty() {
            match self.rest.next() {
                Some(next) => self.next = next,
                None => return Ok(None),
            }
        }
        let taken = self.next.take(most)?;
        self.length = self.length.saturating_sub(taken.len() as u64);
        Ok(Some(taken))
    }

    /// Puts bytes back to the front, where the piece that they were taken from has nothing left.
    fn put_back(&mut self, surplus: Bytes) {
        if !surplus.is_empty() {
            self.length += surplus.len() as u64;
            self.next = Piece::Held(surplus);
        }
    }

    /// All that is left, in one piece.
    ///
    /// # Errors
    /// What is not in memory cannot be read.
    pub(crate) fn join(mut self) -> io::Result<Bytes> {
        if self.framing.is_some() {
            let mut whole = Vec::new();
            while let Some(taken) = self.take(usize::MAX)? {
                whole.extend_from_slice(&taken);
            }
            return Ok(whole.into());
        }
        joined(
            std::iter::once(self.next)
                .chain(self.rest)
                .filter(|piece| !piece.is_empty()),
        )
    }
}

#[cfg(test)]
impl Body {
    /// What is left, for a test to look at.
    pub(crate) fn whole(&self) -> Bytes {
        self.clone().join().unwrap()
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(whole: T) -> Self {
        let next = Piece::Held(whole.into());
        Self {
            length: next.len(),
            next,
            rest: Vec::new().into_iter(),
            framing: None,
        }
    }
}

impl FromIterator<Piece> for Body {
    fn from_iter<I: IntoIterator<Item = Piece>>(pieces: I) -> Self {
        let pieces: Vec<Piece> = pieces.into_iter().collect();
        Self {
            next: Piece::default(),
            length: pieces.iter().map(Piece::len).sum(),
            rest: pieces.into_iter(),
            framing: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_piece_by_piece_and_knows_what_is_left() {
        let mut body: Body = [
            Piece::default(),
            Bytes::from_static(b"abc").into(),
            Piece::zeros(3),
        ]
        .into_iter()
        .collect();
        assert_eq!(body.len(), 6);
        assert_eq!(body.take(2).unwrap().unwrap(), "abc");
        assert_eq!(body.take(2).unwrap().unwrap(), &[0, 0][..]);
        assert_eq!(body.len(), 1);
        assert_eq!(body.take(2).unwrap().unwrap(), &[0][..]);
        assert!(body.is_empty() && body.take(2).unwrap().is_none());
    }

    #[test]
    fn a_joined_body_is_whole() {
        let body: Body = [Bytes::from_static(b"ab").into(), Piece::zeros(1)]
            .into_iter()
            .collect();
        assert_eq!(body.join().unwrap(), &b"ab\0"[..]);
        assert_eq!(Body::from("whole").join().unwrap(), "whole");
        assert!(Body::default().join().unwrap().is_empty());
    }
}
