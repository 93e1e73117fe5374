//! The headers of a request, with a quick no for those that are not among them.

use std::borrow::Borrow;
use std::ops::Deref;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::spare;

/// Headers as they were sent.
///
/// An operation looks for dozens of headers, of which a request has a few. Each that is there leaves a
/// mark, one of 64 that several names share; a name without its mark is not looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headers {
    map: HeaderMap,
    marks: u64,
}

impl Headers {
    /// The first value of a header.
    pub(crate) fn get(&self, name: impl Borrow<HeaderName>) -> Option<&HeaderValue> {
        let name = name.borrow();
        if self.marks & mark(name) == 0 {
            return None;
        }
        self.map.get(name)
    }

    /// Whether a header is there.
    pub(crate) fn contains_key(&self, name: impl Borrow<HeaderName>) -> bool {
        self.get(name).is_some()
    }

    /// Takes a header away. Its mark may be another's too and stays.
    pub(crate) fn remove(&mut self, name: &str) {
        self.map.remove(name);
    }
}

impl From<HeaderMap> for Headers {
    fn from(map: HeaderMap) -> Self {
        let marks = map.keys().fold(0, |marks, name| marks | mark(name));
        Self { map, marks }
    }
}

impl Drop for Headers {
    fn drop(&mut self) {
        spare::give(std::mem::take(&mut self.map));
    }
}

/// To whatever looks at all of them.
impl Deref for Headers {
    type Target = HeaderMap;

    fn deref(&self) -> &HeaderMap {
        &self.map
    }
}

#[cfg(test)]
impl Headers {
    /// Adds a header, in place of others of its name.
    pub(crate) fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        self.marks |= mark(&name);
        self.map.insert(name, value);
    }
}

#[cfg(test)]
impl FromIterator<(HeaderName, HeaderValue)> for Headers {
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(pairs: I) -> Self {
        HeaderMap::from_iter(pairs).into()
    }
}

/// One bit, by length and end of the name: most names begin alike.
fn mark(name: &HeaderName) -> u64 {
    let text = name.as_str().as_bytes();
    let end = text.last_chunk().copied().map_or(0, u64::from_le_bytes);
    let mixed = (end ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    1 << (mixed >> 58)
}

#[cfg(test)]
mod tests {
    use super::*;
    use blobferry_core::wire::header;

    #[test]
    fn what_is_there_is_found_and_nothing_else() {
        let names = [
            header::DATE,
            header::IF_MATCH,
            header::X_MS_DATE,
            header::X_MS_VERSION,
            header::X_MS_BLOB_TYPE,
            header::X_MS_SOURCE_IF_MATCH,
            header::X_MS_COPY_SOURCE,
            header::X_MS_TAGS,
        ];
        for given in 0..1_u32 << names.len() {
            let is_given = |at: usize| given >> at & 1 == 1;
            let map: HeaderMap = (0..names.len())
                .filter(|at| is_given(*at))
                .map(|at| (names[at].clone(), HeaderValue::from(at)))
                .collect();
            let headers = Headers::from(map);
            for (at, name) in names.iter().enumerate() {
                let expected = is_given(at).then(|| HeaderValue::from(at));
                assert_eq!(headers.get(name), expected.as_ref());
                assert_eq!(headers.contains_key(name), is_given(at));
            }
        }
    }
}
