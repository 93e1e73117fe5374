//! Put Blob From URL.

use blobferry_core::wire::header;
use blobferry_core::words::BlobType;

use crate::answer::Answer;
use crate::blob::ContentHeaders;
use crate::conditions::Side;
use crate::content::{Content, Segments};
use crate::failure::Failure;
use crate::hash;
use crate::request::Ask;
use crate::state::State;

use super::body::{self, Tell};
use super::new_blob::{self, Given, Kept};
use super::{copy_blob_from_url, source, target};

pub(crate) fn put_blob_from_url(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let kind = ask.header(&header::X_MS_BLOB_TYPE).unwrap_or_default();
    if !kind.eq_ignore_ascii_case(BlobType::Block.as_str()) {
        return Err(Failure::invalid_header(&header::X_MS_BLOB_TYPE, kind));
    }
    target::container(state, ask)?;
    let source = source::find(state, ask, Side::ReadSource)?;
    let data = source::read(&source, ask)?;
    body::check(ask, &data)?;
    let mut given = Given::of(ask, &BlobType::Block)?;
    if given.metadata.is_empty() {
        given.metadata = source.blob.metadata.clone();
    }
    copy_blob_from_url::carry_tags(&mut given, &source, ask)?;
    let mut headers = ContentHeaders::of(ask)?;
    let keeps = ask
        .header(&header::X_MS_COPY_SOURCE_BLOB_PROPERTIES)
        .is_none_or(|text| !text.eq_ignore_ascii_case("false"));
    if keeps {
        let from = &source.blob.headers;
        inherit(&mut headers.content_type, &from.content_type);
        inherit(&mut headers.encoding, &from.encoding);
        inherit(&mut headers.language, &from.language);
        inherit(&mut headers.disposition, &from.disposition);
        inherit(&mut headers.cache_control, &from.cache_control);
    }
    inherit(
        &mut headers.content_type,
        &Some("application/octet-stream".into()),
    );
    headers.md5 = headers
        .md5
        .or_else(|| Some(hash::base64(&body::md5(ask, &data)).into()));
    let old = target::replaceable(state, ask)?.map(Kept::of);
    if let Some(old) = &old {
        old.check_kind(&BlobType::Block)?;
    }
    let stamp = state.stamp(ask.now);
    let content = Content::Block(Segments::Whole(state.keep(ask, data.clone())));
    let blob = new_blob::describe(content, Box::new(headers), given, old, stamp);
    let blob = new_blob::put(state, ask, blob, stamp)?;
    let answer = new_blob::created(ask, blob);
    Ok(body::tell(answer, ask, &data, Tell::One))
}

fn inherit(to: &mut Option<Box<str>>, from: &Option<Box<str>>) {
    if to.is_none() {
        to.clone_from(from);
    }
}
