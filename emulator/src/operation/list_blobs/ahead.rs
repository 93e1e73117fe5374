//! Items that are looked at together before they are written.
//!
//! What a blob is made of lies all over memory, and writing an item waits for each of its parts in
//! turn. Looking at one part of many blobs before the next part of any has the processor fetch them
//! side by side.

use std::hint::black_box;

use super::Item;
use crate::blob::Blob;

/// How many are looked at together: their parts fit the innermost cache.
const MOST: usize = 24;

/// The next items of a page.
pub(super) struct Ahead<'a>(Vec<(&'a str, Item<'a>)>);

impl<'a> Ahead<'a> {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(MOST))
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST
    }

    pub(super) fn push(&mut self, name: &'a str, item: Item<'a>) {
        self.0.push((name, item));
    }

    /// All of them, fetched; none are left.
    pub(super) fn fetched(&mut self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        let blobs = || {
            self.0.iter().filter_map(|(_, item)| match item {
                Item::Blob(_, blob) => Some(*blob),
                Item::Prefix(_) => None,
            })
        };
        let names: usize = self.0.iter().map(|(name, _)| first(name)).sum();
        let near: usize = blobs().map(near).sum();
        let far: usize = blobs().map(far).sum();
        black_box(names ^ near ^ far);
        self.0.drain(..)
    }
}

/// The parts that a blob points to.
fn near(blob: &Blob) -> usize {
    let headers = &blob.headers;
    let mut seen = usize::from(headers.content_type.is_some()) + usize::from(headers.md5.is_some());
    if let Some(copy) = &blob.copy {
        seen += copy.id.len() + usize::from(copy.completed.is_some());
        seen += usize::from(copy.fate.is_some()) + usize::from(copy.description.is_some());
    }
    seen + blob
        .metadata
        .pairs()
        .next()
        .map_or(0, |(name, _)| name.len())
}

/// The texts that those point to.
fn far(blob: &Blob) -> usize {
    let headers = &blob.headers;
    let mut seen = first(headers.content_type.as_deref().unwrap_or_default());
    seen += first(headers.md5.as_deref().unwrap_or_default());
    if let Some(copy) = &blob.copy {
        seen += first(&copy.id) + first(&copy.source);
    }
    for (name, value) in blob.metadata.pairs() {
        seen += first(name) + first(value);
    }
    seen
}

fn first(text: &str) -> usize {
    text.as_bytes().first().copied().map_or(0, usize::from)
}
