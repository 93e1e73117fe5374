//! How metadata names are spelled, which the `http` crate's header names do not keep.

use blobferry_core::wire::header::METADATA_PREFIX;

/// The names of `x-ms-meta-*` headers in capitals and small letters, without the prefix.
///
/// Among the extensions of a request it says how they came; the service adds it to those of an
/// answer to say how they are to be written. Servers of this crate see to both. Names that are not
/// in it are in small letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spelling(Vec<Box<str>>);

impl Spelling {
    /// The names that have capitals among these.
    pub fn of<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let has_capitals = |name: &N| name.as_ref().bytes().any(|byte| byte.is_ascii_uppercase());
        Self(
            names
                .into_iter()
                .filter(has_capitals)
                .map(|name| name.as_ref().into())
                .collect(),
        )
    }

    /// Reads the head of a request as it came over the wire, and nothing behind it.
    #[cfg_attr(
        not(any(feature = "server", test)),
        expect(dead_code, reason = "only servers see a head")
    )]
    pub(crate) fn of_head(head: &[u8]) -> Self {
        let names = head
            .split(|byte| *byte == b'\n')
            .skip(1)
            .take_while(|line| !line.is_empty() && *line != b"\r")
            .filter_map(|line| {
                let prefix = line.get(..METADATA_PREFIX.len())?;
                let is_metadata = prefix.eq_ignore_ascii_case(METADATA_PREFIX.as_bytes());
                let rest = is_metadata.then(|| line.get(METADATA_PREFIX.len()..))??;
                let end = rest.iter().position(|byte| *byte == b':')?;
                std::str::from_utf8(rest.get(..end)?).ok()
            });
        Self::of(names)
    }

    /// Whether every name is in small letters.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    /// A name in small letters as it is spelled.
    pub(crate) fn spell<'a>(&'a self, name: &'a str) -> &'a str {
        self.0
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .map_or(name, |known| known)
    }

    /// Spells the names in the head of an answer about to be written, in place.
    #[cfg_attr(
        not(any(feature = "server", test)),
        expect(dead_code, reason = "only servers write a head")
    )]
    pub(crate) fn write(&self, head: &mut [u8]) {
        let end = head.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let head = match end {
            Some(end) => head.get_mut(..end).unwrap_or_default(),
            None => head,
        };
        for line in head.split_mut(|byte| *byte == b'\n') {
            let Some((prefix, rest)) = line.split_at_mut_checked(METADATA_PREFIX.len()) else {
                continue;
            };
            if !prefix.eq_ignore_ascii_case(METADATA_PREFIX.as_bytes()) {
                continue;
            }
            let length = rest.iter().position(|byte| *byte == b':').unwrap_or(0);
            let Some(name) = rest.get_mut(..length) else {
                continue;
            };
            let known = self
                .0
                .iter()
                .find(|known| known.as_bytes().eq_ignore_ascii_case(name));
            if let Some(known) = known {
                name.copy_from_slice(known.as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_the_head_of_the_request_has_them() {
        let head = b"PUT /x HTTP/1.1\r\nHost: a\r\nX-Ms-Meta-UP: 1\r\nx-ms-meta-low: 2\r\n\r\n\
                     X-Ms-Meta-BODY: 3\r\n";
        let spelling = Spelling::of_head(head);
        assert_eq!(spelling, Spelling::of(["UP"]));
        assert_eq!((spelling.spell("up"), spelling.spell("low")), ("UP", "low"));
        assert!(Spelling::of_head(b"GET / HTTP/1.1\r\nx-ms-meta-low: 2\r\n\r\n").is_plain());
    }

    #[test]
    fn the_head_of_the_answer_is_respelled_and_nothing_else() {
        let text = "HTTP/1.1 200 OK\r\nx-ms-meta-up: x-ms-meta-up:\r\nx-ms-meta-upper: 1\r\n\r\n\
                    \nx-ms-meta-up: body";
        let spelling = Spelling::of(["UP"]);
        let mut head = text.as_bytes().to_vec();
        spelling.write(&mut head);
        let expected = text.replacen("x-ms-meta-up", "x-ms-meta-UP", 1);
        assert_eq!(String::from_utf8(head).unwrap(), expected);
        let mut part = b"HTTP/1.1 200 OK\r\nx-ms-meta-up: 1\r\n".to_vec();
        spelling.write(&mut part);
        assert!(part.ends_with(b"x-ms-meta-UP: 1\r\n"));
    }
}
