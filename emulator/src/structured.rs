//! Structured messages: bodies that carry checksums of their own, segment by segment.
//!
//! An upload is taken apart before anything else sees it, a read framed after everything else is
//! done. Sources: the service's public TypeSpec, and azure-storage-blob 12.31 (Python), which writes
//! and reads them. What a bad one is answered with, no document says.

mod framing;
mod message;

pub(crate) use framing::Framing;

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::hash::Sums;
use crate::kind::Kind;
use crate::request::Ask;

/// What begins a message: version, length of it all, what it carries, how many segments.
const HEAD: usize = 13;
/// What begins a segment: its number, from 1 on, and the length of its content.
const SEGMENT_HEAD: usize = 10;
/// What ends a segment, and all of them.
const CHECKSUM: usize = 8;
const VERSION: u8 = 1;
/// That each segment, and the message, ends with a CRC64.
const WITH_CRC64: u16 = 1;

/// Whether a message carries checksums: `x-ms-structured-body`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Bare,
    Crc64,
}

impl Form {
    fn read(text: &str) -> Option<Self> {
        let bare: String = text.to_ascii_lowercase().split(' ').collect();
        match bare.as_str() {
            "xsm/1.0" => Some(Self::Bare),
            "xsm/1.0;properties=crc64" => Some(Self::Crc64),
            _ => None,
        }
    }

    const fn written(self) -> &'static str {
        match self {
            Self::Bare => "XSM/1.0",
            Self::Crc64 => "XSM/1.0; properties=crc64",
        }
    }

    const fn flags(self) -> u16 {
        match self {
            Self::Bare => 0,
            Self::Crc64 => WITH_CRC64,
        }
    }

    /// The length of a checksum in it.
    const fn checksum(self) -> usize {
        match self {
            Self::Bare => 0,
            Self::Crc64 => CHECKSUM,
        }
    }
}

/// The form that a request names, where its operation and version know any.
fn asked(ask: &Ask) -> Result<Option<Form>, Failure> {
    let knows = matches!(
        ask.kind,
        Kind::GetBlob | Kind::PutBlob | Kind::PutBlock | Kind::PutPage | Kind::AppendBlock
    );
    let name = header::X_MS_STRUCTURED_BODY;
    match ask.header(&name).filter(|text| !text.is_empty()) {
        Some(text) if knows && ask.version >= ServiceVersion::V2026_04_06 => Form::read(text)
            .map(Some)
            .ok_or_else(|| Failure::invalid_header(&name, text)),
        _ => Ok(None),
    }
}

/// How long the content is of a body of so many bytes, as far as its head tells: what is framed is
/// shorter than the message. The message itself is looked at when it has come.
#[cfg(feature = "server")]
pub(crate) fn content_length(ask: &Ask, body: u64) -> u64 {
    const FRAMES: u64 = (HEAD + CHECKSUM + (SEGMENT_HEAD + CHECKSUM) * u16::MAX as usize) as u64;
    let told = ask
        .header(&header::X_MS_STRUCTURED_CONTENT_LENGTH)
        .and_then(|text| text.parse().ok());
    match (asked(ask), told) {
        (Ok(Some(_)), Some(told)) if body.saturating_sub(told) <= FRAMES => told,
        _ => body,
    }
}

/// Puts the content of a structured message in place of the message.
///
/// # Errors
/// 400 where the message is none, or is not what it says.
pub(crate) fn unwrap(ask: &mut Ask) -> Result<(), Failure> {
    let form = match asked(ask)? {
        Some(form) if ask.kind != Kind::GetBlob => form,
        _ => return Ok(()),
    };
    let name = header::X_MS_STRUCTURED_CONTENT_LENGTH;
    let length = match ask.header(&name) {
        None => return Err(Failure::missing_header(&name)),
        Some(text) => text
            .parse::<u64>()
            .map_err(|_| Failure::invalid_header(&name, text))?,
    };
    let content = message::content(form, &ask.body)?;
    if content.len() as u64 != length {
        return Err(Failure::invalid_header(&name, &length.to_string()));
    }
    ask.body = content;
    ask.sums = Sums::default();
    Ok(())
}

/// Frames what was read, and tells of what was written in which form it came.
///
/// # Errors
/// 400 for a form that nobody knows.
pub(crate) fn wrap(mut answer: Answer, ask: &Ask) -> Result<Answer, Failure> {
    let Some(form) = asked(ask)? else {
        return Ok(answer);
    };
    answer.set(header::X_MS_STRUCTURED_BODY, form.written());
    if ask.kind == Kind::GetBlob {
        let content = std::mem::take(&mut answer.body);
        answer = answer.number(header::X_MS_STRUCTURED_CONTENT_LENGTH, content.len());
        answer.body = Body::framed(content, form);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests;
