//! What `x-ms-copy-status-description` says: status, keyword, and a text in quotes.
//!
//! Source: "Get Blob Properties", and recorded answers.

use blobferry_core::Timestamp;

pub(crate) const SOURCE_GONE: &str = "404 BlobNotFound \"Copy failed when reading the source.\"";
pub(crate) const SOURCE_CHANGED: &str =
    "412 ConditionNotMet \"Copy failed when reading the source.\"";
pub(crate) const FAILED: &str = "500 InternalServerError \"Copy failed.\"";
pub(crate) const TOO_LONG: &str =
    "500 OperationCancelled \"The copy exceeded the maximum allowed time.\"";

pub(crate) const TOO_MANY_FAILURES: &str =
    "500 OperationCancelled \"The copy failed when reading the source.\"";

/// A source that refuses to be read.
pub(crate) fn unreadable(status: u16, keyword: &str) -> String {
    format!("{status} {keyword} \"Copy failed when reading the source.\"")
}

/// A source whose certificate is not trusted, and why.
pub(crate) fn untrusted(why: &str) -> String {
    format!("400 CannotVerifyCopySource \"Copy failed when reading the source: {why}.\"")
}

/// What was read could not be written down, while the copy will try again.
pub(crate) fn will_write_again(since: Timestamp) -> String {
    format!(
        "500 InternalServerError \"Encountered a retryable error. Will retry. Time of failure: {}\"",
        since.to_iso_ticks(0)
    )
}

/// A source that could not be read, while the copy will try again.
pub(crate) fn will_retry(since: Timestamp) -> String {
    format!(
        "502 BadGateway \"Encountered a retryable error when reading the source. Will retry. Time \
         of failure: {}\"",
        since.to_iso_ticks(0)
    )
}
