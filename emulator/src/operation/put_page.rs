//! Put Page and Put Page From URL.

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::blob::Blob;
use crate::conditions::Side;
use crate::content::Content;
use crate::failure::Failure;
use crate::range::Range;
use crate::request::Ask;
use crate::rules::size;
use crate::state::State;

use super::body::{self, Tell};
use super::{source, target};

pub(crate) fn put_page(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    match ask.header(&header::X_MS_PAGE_WRITE) {
        None => Err(Failure::missing_header(&header::X_MS_PAGE_WRITE)),
        Some(text) if text.eq_ignore_ascii_case("update") => update(state, ask),
        Some(text) if text.eq_ignore_ascii_case("clear") => clear(state, ask),
        Some(text) => Err(Failure::invalid_header(&header::X_MS_PAGE_WRITE, text)),
    }
}

fn update(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let (start, end) = range(ask)?;
    if ask.body.len() as u64 != end - start {
        let length = ask.body.len().to_string();
        return Err(Failure::invalid_header(&header::CONTENT_LENGTH, &length));
    }
    size::check(ask.kind, ask.version, end - start)?;
    body::check(ask, &ask.body)?;
    let stamp = state.stamp(ask.now);
    let blob = admitted(state, ask, end)?;
    if let Content::Page(pages) = &mut blob.content {
        pages.write(start, &ask.body)?;
    }
    target::changed(blob, ask, stamp);
    let answer = target::encrypted(told(blob), ask, blob.encryption.as_deref());
    Ok(body::tell(answer, ask, &ask.body, Tell::One))
}

fn clear(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let (start, end) = range(ask)?;
    if !ask.body.is_empty() {
        let length = ask.body.len().to_string();
        return Err(Failure::invalid_header(&header::CONTENT_LENGTH, &length));
    }
    let stamp = state.stamp(ask.now);
    let blob = admitted(state, ask, end)?;
    if let Content::Page(pages) = &mut blob.content {
        pages.clear(start, end)?;
    }
    target::changed(blob, ask, stamp);
    Ok(told(blob))
}

pub(crate) fn put_page_from_url(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    // Nothing is cleared from a URL.
    match ask.header(&header::X_MS_PAGE_WRITE) {
        None => return Err(Failure::missing_header(&header::X_MS_PAGE_WRITE)),
        Some(text) if text.eq_ignore_ascii_case("update") => {}
        Some(text) => return Err(Failure::invalid_header(&header::X_MS_PAGE_WRITE, text)),
    }
    let (start, end) = range(ask)?;
    let name = header::X_MS_SOURCE_RANGE;
    let text = ask
        .header(&name)
        .ok_or_else(|| Failure::missing_header(&name))?;
    let from = Range::parse(text)
        .and_then(Range::of_pages)
        .ok_or_else(|| Failure::invalid_header(&name, text))?;
    if from.1 - from.0 != end - start {
        return Err(Failure::invalid_header(&name, text));
    }
    size::check(ask.kind, ask.version, end - start)?;
    admitted(state, ask, end)?;
    let source = source::find(state, ask, Side::RangeSource)?;
    let data = source::read(&source, ask)?;
    if data.len() as u64 != end - start {
        return Err(Failure::new(ErrorCode::INVALID_RANGE));
    }
    let stamp = state.stamp(ask.now);
    let blob = admitted(state, ask, end)?;
    if let Content::Page(pages) = &mut blob.content {
        pages.write(start, &data)?;
    }
    target::changed(blob, ask, stamp);
    let answer = target::encrypted(told(blob), ask, blob.encryption.as_deref());
    Ok(body::tell(answer, ask, &data, Tell::Md5))
}

fn range(ask: &Ask) -> Result<(u64, u64), Failure> {
    let range = Range::of(ask).ok_or_else(|| Failure::missing_header(&header::RANGE))?;
    range
        .of_pages()
        .ok_or_else(|| Failure::new(ErrorCode::INVALID_PAGE_RANGE))
}

fn admitted<'a>(state: &'a mut State, ask: &Ask, end: u64) -> Result<&'a mut Blob, Failure> {
    let blob = target::writable(state, ask)?;
    check_sequence(ask, blob)?;
    if end > blob.content.len() {
        return Err(Failure::new(ErrorCode::INVALID_PAGE_RANGE));
    }
    Ok(blob)
}

/// `x-ms-if-sequence-number-le`, `-lt` and `-eq`.
fn check_sequence(ask: &Ask, blob: &Blob) -> Result<(), Failure> {
    type Holds = fn(u64, u64) -> bool;
    let conditions: [(_, Holds); 3] = [
        (header::X_MS_IF_SEQUENCE_NUMBER_LE, |is, most| is <= most),
        (header::X_MS_IF_SEQUENCE_NUMBER_LT, |is, most| is < most),
        (header::X_MS_IF_SEQUENCE_NUMBER_EQ, |is, same| is == same),
    ];
    for (name, holds) in conditions {
        let Some(text) = ask.header(&name) else {
            continue;
        };
        let number = text
            .parse()
            .map_err(|_| Failure::new(ErrorCode::INVALID_INPUT))?;
        if !holds(blob.sequence, number) {
            return Err(Failure::new(ErrorCode::SEQUENCE_NUMBER_CONDITION_NOT_MET));
        }
    }
    Ok(())
}

fn told(blob: &Blob) -> Answer {
    Answer::created()
        .modified(&blob.etag.etag(), blob.modified)
        .number(header::X_MS_BLOB_SEQUENCE_NUMBER, blob.sequence)
}
