//! Bodies: their checksums checked, and told in the answer.

use bytes::Bytes;
use http::HeaderName;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::failure::Failure;
use crate::hash::{self, Sums, Wanted};
use crate::kind::Kind;
use crate::request::Ask;

/// Which checksums an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    /// MD5 and, from 2019-02-02, CRC64.
    Both,
    /// The one that was sent; else CRC64 from 2019-02-02, MD5 before. From 2026-10-06 CRC64 always.
    One,
    /// MD5, unless CRC64 was sent. From 2026-10-06 CRC64 always.
    Md5,
}

/// The two headers in which a checksum is sent.
struct Names {
    md5: HeaderName,
    crc64: HeaderName,
}

/// Checks a body against `Content-MD5` and `x-ms-content-crc64`.
///
/// # Errors
/// 400 where one is malformed or does not fit.
pub(crate) fn check(ask: &Ask, body: &Bytes) -> Result<(), Failure> {
    check_by(
        ask,
        body,
        &Names {
            md5: header::CONTENT_MD5,
            crc64: header::X_MS_CONTENT_CRC64,
        },
    )
}

/// Checks what was read from a source against `x-ms-source-content-md5` and `-crc64`.
///
/// # Errors
/// 400 where one is malformed or does not fit.
pub(crate) fn check_source(ask: &Ask, data: &Bytes) -> Result<(), Failure> {
    check_by(
        ask,
        data,
        &Names {
            md5: header::X_MS_SOURCE_CONTENT_MD5,
            crc64: header::X_MS_SOURCE_CONTENT_CRC64,
        },
    )
}

fn check_by(ask: &Ask, data: &Bytes, names: &Names) -> Result<(), Failure> {
    // The page of every operation that takes both tells the status, 400, and no code.
    if let (Some(_), Some(crc64)) = (ask.header(&names.md5), ask.header(&names.crc64)) {
        return Err(Failure::invalid_header(&names.crc64, crc64));
    }
    if let Some(given) = ask.header(&names.md5).filter(|text| !text.is_empty()) {
        let Some(sent) = hash::read::<16>(given) else {
            return Err(Failure::new(ErrorCode::INVALID_MD5));
        };
        let found = md5(ask, data);
        if sent != found {
            return Err(Failure::new(ErrorCode::MD5_MISMATCH)
                .detail("UserSpecifiedMd5", given)
                .detail("ServerCalculatedMd5", hash::base64(&found)));
        }
    }
    if let Some(given) = ask.header(&names.crc64).filter(|text| !text.is_empty()) {
        let Some(sent) = hash::read::<8>(given) else {
            return Err(Failure::invalid_header(&names.crc64, given));
        };
        let found = crc64(ask, data);
        if sent != found {
            return Err(Failure::new(ErrorCode::CRC64_MISMATCH)
                .detail("UserSpecifiedCrc", given)
                .detail("ServerCalculatedCrc", hash::base64(&found)));
        }
    }
    Ok(())
}

/// Which checksums of a request's body will be asked for, whatever the body is.
pub(crate) fn wanted(ask: &Ask) -> Wanted {
    Wanted {
        md5: ask.kind == Kind::PutBlob || ask.headers.contains_key(header::CONTENT_MD5),
        crc64: ask.version >= ServiceVersion::V2019_02_02,
    }
}

/// Finds the checksums that take long, before anybody waits for the state.
pub(crate) fn prepare(ask: &Ask) {
    let wanted = wanted(ask);
    if wanted.md5 {
        ask.sums.md5(&ask.body);
    }
    if wanted.crc64 && !ask.body.is_empty() {
        ask.sums.crc64(&ask.body);
    }
}

/// The MD5 of bytes, found once where they are the body or were read ahead.
pub(super) fn md5(ask: &Ask, data: &Bytes) -> [u8; 16] {
    known(ask, data).map_or_else(|| hash::md5([data]), |sums| sums.md5(data))
}

/// The CRC64 of bytes, found once where they are the body or were read ahead.
fn crc64(ask: &Ask, data: &Bytes) -> [u8; 8] {
    known(ask, data).map_or_else(|| hash::crc64([data]), |sums| sums.crc64(data))
}

/// The checksums of the body or of what was read ahead, if these are the bytes.
fn known<'a>(ask: &'a Ask, data: &Bytes) -> Option<&'a Sums> {
    if std::ptr::eq(ask.body.as_ref(), data.as_ref()) {
        return Some(&ask.sums);
    }
    ask.read_ahead.as_ref()?.sums(data)
}

/// Adds the checksums of what was written to the answer.
pub(crate) fn tell(mut answer: Answer, ask: &Ask, data: &Bytes, what: Tell) -> Answer {
    let sent = |names: [HeaderName; 2]| names.iter().any(|name| ask.headers.contains_key(name));
    let sent_md5 = sent([header::CONTENT_MD5, header::X_MS_SOURCE_CONTENT_MD5]);
    let sent_crc = sent([
        header::X_MS_CONTENT_CRC64,
        header::X_MS_SOURCE_CONTENT_CRC64,
    ]);
    let knows_crc = ask.version >= ServiceVersion::V2019_02_02;
    let always = ask.version >= ServiceVersion::V2026_10_06;
    let (tell_md5, tell_crc64) = match what {
        Tell::Both => (true, knows_crc),
        Tell::One => (sent_md5 || !knows_crc, knows_crc && (always || !sent_md5)),
        Tell::Md5 => (!sent_crc, always || sent_crc),
    };
    if tell_md5 {
        answer.set(header::CONTENT_MD5, &hash::base64(&md5(ask, data)));
    }
    if tell_crc64 {
        answer.set(header::X_MS_CONTENT_CRC64, &hash::base64(&crc64(ask, data)));
    }
    answer
}
