//! Put Block and Put Block From URL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use blobferry_core::ErrorCode;
use blobferry_core::wire::{header, query};

use crate::answer::Answer;
use crate::blob::{Blob, Keeping};
use crate::conditions::Side;
use crate::content::{Block, Content, Segments, Staged};
use crate::encryption::{self, Specified};
use crate::failure::Failure;
use crate::request::Ask;
use crate::rules::size;
use crate::state::State;

use super::body::{self, Tell};
use super::{source, target};

/// The most uncommitted blocks of a blob.
const MOST: usize = 100_000;

pub(crate) fn put_block(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let id = block_id(ask)?;
    if ask.body.is_empty() {
        return Err(Failure::invalid_header(&header::CONTENT_LENGTH, "0"));
    }
    size::check(ask.kind, ask.version, ask.body.len() as u64)?;
    body::check(ask, &ask.body)?;
    stage(state, ask, id, ask.body.clone())
}

pub(crate) fn put_block_from_url(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let id = block_id(ask)?;
    target::replaceable(state, ask)?;
    let source = source::find(state, ask, Side::ReadSource)?;
    let data = source::read(&source, ask)?;
    stage(state, ask, id, data)
}

fn stage(state: &mut State, ask: &Ask, id: String, data: Bytes) -> Result<Answer, Failure> {
    if let Some(blob) = target::replaceable(state, ask)? {
        check_staged(blob, &id)?;
    }
    let under = Specified::of_new(state, ask)?;
    if let Some(staged) = target::replaceable(state, ask)?.and_then(|blob| blob.staged.as_ref()) {
        encryption::fits(staged.encryption(), under.as_ref())?;
    }
    let answer = target::encrypted(Answer::created(), ask, under.as_ref());
    let answer = body::tell(answer, ask, &data, Tell::One);
    let stamp = state.stamp(ask.now);
    let data = state.keep(ask, data);
    let entry = target::container_mut(state, ask)?.entry_or_new(ask.blob_name());
    if entry.live().is_none() {
        let mut blob = Blob::new(Content::Block(Segments::default()), Box::default(), stamp);
        blob.committed = false;
        entry.replace(blob, stamp, Keeping::default());
    }
    if let Some(blob) = entry.live_mut() {
        blob.release_ended_lease(ask.now);
        let block = Block {
            id: id.into(),
            data,
        };
        let is_first = blob.staged.is_none();
        blob.staged
            .get_or_insert_with(|| Box::new(Staged::new(under, ask.now)))
            .put(block, ask.now);
        if is_first {
            state.note_first_block(target::key(ask));
        }
    }
    Ok(answer)
}

fn check_staged(blob: &Blob, id: &str) -> Result<(), Failure> {
    let Some(staged) = &blob.staged else {
        return Ok(());
    };
    if staged
        .blocks()
        .next()
        .is_some_and(|(known, _)| decoded_length(known) != decoded_length(id))
    {
        return Err(Failure::new(ErrorCode::INVALID_BLOB_OR_BLOCK));
    }
    if staged.count() >= MOST && staged.get(id).is_none() {
        return Err(Failure::new(ErrorCode::BLOCK_COUNT_EXCEEDS_LIMIT).message(
            "The uncommitted block count cannot exceed the maximum limit of 100,000 blocks.",
        ));
    }
    Ok(())
}

fn decoded_length(id: &str) -> Option<usize> {
    STANDARD.decode(id).ok().map(|bytes| bytes.len())
}

fn block_id(ask: &Ask) -> Result<String, Failure> {
    let id = ask
        .query
        .filled(query::BLOCK_ID)
        .ok_or_else(|| Failure::missing_query(query::BLOCK_ID))?;
    match decoded_length(id) {
        Some(1..=64) => Ok(id.to_owned()),
        Some(_) => Err(Failure::new(ErrorCode::OUT_OF_RANGE_INPUT)),
        None => Err(Failure::invalid_query(
            query::BLOCK_ID,
            id,
            "Not a valid base64 string.",
        )),
    }
}
