//! Header maps that are done with: the headers of a request make room for those of the next answer.

use std::cell::Cell;

use http::HeaderMap;

/// What a usual answer needs, and the most that is worth keeping.
const USUAL: usize = 16;
const MOST: usize = 64;

thread_local! {
    static SPARE: Cell<Option<HeaderMap>> = const { Cell::new(None) };
}

/// An empty map with room for a usual answer.
pub(crate) fn take() -> HeaderMap {
    SPARE
        .try_with(Cell::take)
        .ok()
        .flatten()
        .unwrap_or_else(|| HeaderMap::with_capacity(USUAL))
}

/// Takes in a map that nobody needs any more.
pub(crate) fn give(mut map: HeaderMap) {
    if (USUAL..=MOST).contains(&map.capacity()) {
        map.clear();
        // A thread that ends keeps nothing.
        let _ = SPARE.try_with(|spare| spare.set(Some(map)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    #[test]
    fn what_was_in_a_map_is_not_in_it_any_more() {
        let mut map = take();
        let room = map.capacity();
        map.insert(header::AUTHORIZATION, HeaderValue::from_static("secret"));
        give(map);
        let again = take();
        assert!(again.is_empty());
        assert_eq!(again.capacity(), room);
        give(HeaderMap::with_capacity(1_000));
        assert!(take().capacity() < 1_000);
    }
}
