//! Get Block List.

use blobferry_core::wire::{header, query};
use blobferry_core::words::BlockListType;

use crate::answer::Answer;
use crate::content::Content;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::xml::Writer;

use super::target;

pub(crate) fn get_block_list(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let wanted = match ask.query.filled(query::BLOCK_LIST_TYPE) {
        None => BlockListType::Committed,
        Some(text) => match BlockListType::from(text.to_ascii_lowercase().as_str()) {
            BlockListType::Other(_) => {
                return Err(Failure::invalid_query(query::BLOCK_LIST_TYPE, text, ""));
            }
            known => known,
        },
    };
    let blob = target::readable(state, ask)?;
    let mut writer = Writer::new();
    writer.open("BlockList");
    if wanted != BlockListType::Uncommitted {
        let segments = match &blob.content {
            Content::Block(segments) => Some(segments),
            Content::Page(_) | Content::Append(_) => None,
        };
        let blocks = segments.into_iter().flat_map(|segments| segments.blocks());
        write(
            &mut writer,
            "CommittedBlocks",
            blocks.map(|block| (&*block.id, block.data.len())),
        );
    }
    if wanted != BlockListType::Committed {
        let blocks = blob.staged.iter().flat_map(|staged| staged.blocks());
        write(&mut writer, "UncommittedBlocks", blocks);
    }
    writer.close("BlockList");
    let mut answer = Answer::ok().xml(writer.finish());
    if blob.committed {
        answer = answer
            .modified(&blob.etag.etag(), blob.modified)
            .number(header::X_MS_BLOB_CONTENT_LENGTH, blob.content.len());
    }
    Ok(answer)
}

fn write<'a>(writer: &mut Writer, name: &str, blocks: impl Iterator<Item = (&'a str, u64)>) {
    let mut blocks = blocks.peekable();
    if blocks.peek().is_none() {
        return writer.empty(name);
    }
    writer.open(name);
    for (id, length) in blocks {
        writer.open("Block");
        writer.element("Name", id);
        writer.element("Size", &length.to_string());
        writer.close("Block");
    }
    writer.close(name);
}
