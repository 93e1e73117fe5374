//! Put Block List.

use std::collections::BTreeMap;

use blobferry_core::ErrorCode;
use blobferry_core::words::BlobType;

use crate::answer::Answer;
use crate::blob::{Blob, ContentHeaders};
use crate::content::{Block, Content, Segments};
use crate::encryption::{self, Specified};
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::xml::{Element, Place};

use super::body::{self, Tell};
use super::new_blob::{self, Given, Kept};
use super::target;

/// The most blocks of a blob.
const MOST: usize = 50_000;

pub(crate) fn put_block_list(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    body::check(ask, &ask.body)?;
    let list = Element::read(&ask.body)?;
    if list.name != "BlockList" {
        return Err(Failure::invalid_xml(Place::NOWHERE, ""));
    }
    if list.children.len() > MOST {
        return Err(Failure::new(ErrorCode::BLOCK_LIST_TOO_LONG));
    }
    let given = Given::of(ask, &BlobType::Block)?;
    let mut headers = ContentHeaders::of(ask)?;
    if headers.content_type.is_none() {
        headers.content_type = Some("application/octet-stream".into());
    }
    let under = Specified::of_new(state, ask)?;
    let old = target::replaceable(state, ask)?;
    let blocks = choose(&list, old, under.as_ref())?;
    let old = old.filter(|old| old.committed).map(Kept::of);
    let stamp = state.stamp(ask.now);
    let content = Content::Block(Segments::listed(blocks));
    let blob = new_blob::describe(content, Box::new(headers), given, old, stamp);
    let blob = new_blob::put(state, ask, blob, stamp)?;
    let answer = new_blob::created(ask, blob);
    Ok(body::tell(answer, ask, &ask.body, Tell::One))
}

/// The blocks that a list names, in its order. They must be kept under what the blob will be.
fn choose(
    list: &Element,
    old: Option<&Blob>,
    under: Option<&Specified>,
) -> Result<Vec<Block>, Failure> {
    let committed: BTreeMap<&str, &Block> = match old.map(|blob| &blob.content) {
        Some(Content::Block(segments)) => {
            segments.blocks().map(|block| (&*block.id, block)).collect()
        }
        _ => BTreeMap::new(),
    };
    let staged = old.and_then(|blob| blob.staged.as_deref());
    let uncommitted = |id: &str| {
        let staged = staged?;
        Some((staged.get(id)?, staged.encryption()))
    };
    let before = |id: &str| {
        let block = (*committed.get(id)?).clone();
        Some((block, old?.encryption.as_deref()))
    };
    list.children
        .iter()
        .map(|item| {
            let id = item.text.trim();
            let (block, kept) = match item.name.as_str() {
                "Latest" => uncommitted(id).or_else(|| before(id)),
                "Uncommitted" => uncommitted(id),
                "Committed" => before(id),
                _ => return Err(Failure::invalid_xml(Place::NOWHERE, "")),
            }
            .ok_or_else(|| Failure::new(ErrorCode::INVALID_BLOCK_LIST))?;
            encryption::fits(kept, under)?;
            Ok(block)
        })
        .collect()
}
