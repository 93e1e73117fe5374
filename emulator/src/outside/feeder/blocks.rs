//! What came, in the blocks of its source.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::content::{Block, Piece, Segments};
use crate::copy::RANGE;
use crate::state::State;
use crate::xml::Element;

/// The committed blocks of Get Block List, with their lengths; none where it is no such list.
pub(super) fn read(body: &[u8]) -> Vec<(String, u64)> {
    let listed = || {
        let list = Element::read(body).ok()?;
        list.child("CommittedBlocks")?
            .children
            .iter()
            .map(|block| {
                let id = block.text_of("Name")?;
                BASE64_STANDARD.decode(id).ok()?;
                let length = block.text_of("Size")?.parse().ok()?;
                (length > 0).then(|| (id.to_owned(), length))
            })
            .collect::<Option<Vec<(String, u64)>>>()
    };
    listed().unwrap_or_default()
}

/// A block blob's content: in these blocks, if they are all of it and nothing else.
pub(super) fn cut(state: &mut State, whole: Piece, blocks: &[(String, u64)]) -> Segments {
    let lengths: Vec<u64> = blocks.iter().map(|(_, length)| *length).collect();
    let sum = lengths
        .iter()
        .try_fold(0_u64, |sum, length| sum.checked_add(*length));
    if blocks.is_empty() || sum != Some(whole.len()) {
        return Segments::Whole(state.keep_piece(whole));
    }
    let parts = state.cut(&whole, &lengths);
    let block = |((id, _), data): (&(String, u64), Piece)| Block {
        id: id.as_str().into(),
        data,
    };
    Segments::listed(blocks.iter().zip(parts).map(block))
}

/// An append blob's content, in the ranges it was read in.
pub(super) fn ranges(state: &mut State, whole: Piece) -> Vec<Piece> {
    let count = whole.len() / RANGE;
    let rest = whole.len() % RANGE;
    let full = (0..count).map(|_| RANGE);
    let lengths: Vec<u64> = full.chain((rest > 0).then_some(rest)).collect();
    state.cut(&whole, &lengths)
}
