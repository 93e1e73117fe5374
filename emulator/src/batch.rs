//! Blob Batch: several requests in one body, several answers in another.
//!
//! Source: "Blob Batch", and recorded answers. A body that is no batch is answered as the service
//! answers it: 202, with one refusal in the place of all answers and without a `Content-ID`.

mod multipart;
mod part;
mod plan;
mod write;

pub(crate) use plan::plan;
pub(crate) use write::Writer;

use blobferry_core::ErrorCode;

use crate::failure::Failure;

/// The most requests in a batch.
const MOST: usize = 256;

/// The longest body, in bytes.
pub(crate) const LONGEST: usize = 4 << 20;

/// 400 for a body that is no batch, or asks for what a batch cannot do.
fn no_batch() -> Failure {
    Failure::new(ErrorCode::INVALID_INPUT)
}
