//! Taking a message apart.

use bytes::{Buf as _, Bytes};

use blobferry_core::ErrorCode;

use super::{Form, HEAD, SEGMENT_HEAD, VERSION};
use crate::failure::Failure;
use crate::hash;

/// The content of a message, checked against every length and checksum in it. One that is in a
/// single segment is not copied.
///
/// # Errors
/// 400 `InvalidInput` for what is no such message, `Crc64Mismatch` for a checksum that is not its.
pub(super) fn content(form: Form, message: &Bytes) -> Result<Bytes, Failure> {
    let mut rest = message.clone();
    let mut head = part(&mut rest, HEAD)?;
    let fits = head.get_u8() == VERSION
        && head.get_u64_le() == message.len() as u64
        && head.get_u16_le() == form.flags();
    if !fits {
        return Err(malformed());
    }
    let count = head.get_u16_le();
    let mut segments = Vec::new();
    for number in 1..=count {
        let mut head = part(&mut rest, SEGMENT_HEAD)?;
        if head.get_u16_le() != number {
            return Err(malformed());
        }
        let length = usize::try_from(head.get_u64_le()).map_err(|_| malformed())?;
        let segment = part(&mut rest, length)?;
        check(form, &mut rest, [&segment])?;
        segments.push(segment);
    }
    check(form, &mut rest, &segments)?;
    if !rest.is_empty() {
        return Err(malformed());
    }
    Ok(match segments.as_slice() {
        [only] => only.clone(),
        several => several.concat().into(),
    })
}

/// Takes so many bytes off the front.
fn part(rest: &mut Bytes, length: usize) -> Result<Bytes, Failure> {
    if rest.len() < length {
        return Err(malformed());
    }
    Ok(rest.split_to(length))
}

fn check<'a>(
    form: Form,
    rest: &mut Bytes,
    content: impl IntoIterator<Item = &'a Bytes>,
) -> Result<(), Failure> {
    let told = part(rest, form.checksum())?;
    if form == Form::Crc64 {
        let found = hash::crc64(content);
        if *told != found {
            return Err(Failure::new(ErrorCode::CRC64_MISMATCH)
                .detail("UserSpecifiedCrc", hash::base64(&told))
                .detail("ServerCalculatedCrc", hash::base64(&found)));
        }
    }
    Ok(())
}

fn malformed() -> Failure {
    Failure::new(ErrorCode::INVALID_INPUT)
}
