//! Which pages of a source are read, and which are known to be zeros.

use bytes::Bytes;

use super::Feeder;
use crate::content::Content;
use crate::outside::layout::{Layout, clipped, gaps};
use crate::outside::verdict::Stage;
use crate::state::State;

impl Feeder {
    /// Takes in a page of the list of pages.
    pub(super) fn lay_out(&mut self, state: &mut State, body: &Bytes) {
        let Some(Content::Page(pages)) = state.coming(&self.id) else {
            return;
        };
        let written = self.written.get_or_insert_default();
        let length = pages.len();
        let read = Layout::read(body);
        let reach = read.as_ref().and_then(|layout| layout.reach(self.listed));
        let (Some(layout), Some(reach)) = (read, reach) else {
            // What the source cannot tell of changes, it tells of all pages; without that all are read.
            self.marker = None;
            self.listed = 0;
            written.clear();
            if !std::mem::take(&mut self.differs) {
                *written = vec![(0, length)];
                self.stage = Stage::Content;
            }
            return;
        };
        written.extend(clipped(layout.written, length));
        self.marker = layout.marker;
        self.listed = reach;
        let gone = match (self.differs, &self.marker) {
            (true, _) => layout.cleared,
            (false, Some(_)) => return,
            (false, None) => gaps(written, length),
        };
        if self.marker.is_none() {
            self.stage = Stage::Content;
        }
        // What cannot be cleared is read.
        for (start, end) in clipped(gone, length) {
            if pages.clear(start, end).is_err() {
                written.push((start, end));
                written.sort_unstable();
            }
        }
    }
}
