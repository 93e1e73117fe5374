//! What the service says of the last copy into a blob.

use std::fmt;
use std::str::FromStr;

use crate::error::{ErrorCode, InvalidInput, UnreadableReply};
use crate::heard::Heard;
use crate::lease_id::LeaseId;
use crate::message::Response;
use crate::sign::redact_url;
use crate::time::Timestamp;
use crate::wire::header;
use crate::words::CopyStatus;

/// Names one copy; a UUID that the service makes up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CopyId(Box<str>);

impl CopyId {
    /// The id as the service wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CopyId {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        match text.parse::<LeaseId>() {
            Ok(_) => Ok(Self(text.into())),
            Err(_) => Err(InvalidInput::new("copy id", text, "must be a UUID")),
        }
    }
}

impl Heard for CopyId {
    fn heard(text: &str) -> Option<Self> {
        Some(Self(text.into()))
    }
}

impl fmt::Display for CopyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The last copy into a blob. Version 2012-02-12 and later.
///
/// Its `Debug` leaves signatures out of the source. Source: "Copy Blob".
#[derive(Clone, PartialEq, Eq)]
pub struct CopyProperties {
    /// Which copy; compare it with your own before trusting the rest.
    pub id: CopyId,
    /// The URL it reads or read. May hold a signature: do not print it as it is.
    pub source: Option<String>,
    /// How far it is.
    pub status: CopyStatus,
    /// Bytes copied and bytes there are.
    pub progress: Option<CopyProgress>,
    /// When it ended, whichever way; absent while pending.
    pub completion_time: Option<Timestamp>,
    /// What went wrong, for good or, while pending, for now.
    pub description: Option<CopyFailure>,
}

impl CopyProperties {
    /// Reads the headers of an answer.
    pub(crate) fn heard(response: &Response) -> Result<Option<Self>, UnreadableReply> {
        let Some(id) = response.get(&header::X_MS_COPY_ID)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            id,
            source: response.get(&header::X_MS_COPY_SOURCE)?,
            status: response.need(&header::X_MS_COPY_STATUS)?,
            progress: response.get(&header::X_MS_COPY_PROGRESS)?,
            completion_time: response.get(&header::X_MS_COPY_COMPLETION_TIME)?,
            description: response.get(&header::X_MS_COPY_STATUS_DESCRIPTION)?,
        }))
    }
}

impl fmt::Debug for CopyProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyProperties")
            .field("id", &self.id)
            .field("source", &self.source.as_deref().map(redact_url))
            .field("status", &self.status)
            .field("progress", &self.progress)
            .field("completion_time", &self.completion_time)
            .field("description", &self.description)
            .finish()
    }
}

/// How far a copy is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyProgress {
    /// Bytes copied so far.
    pub copied: u64,
    /// Bytes there are.
    pub total: u64,
}

impl Heard for CopyProgress {
    fn heard(text: &str) -> Option<Self> {
        let (copied, total) = text.split_once('/')?;
        Some(Self {
            copied: copied.parse().ok()?,
            total: total.parse().ok()?,
        })
    }
}

/// Why a copy failed, or what keeps a pending one from going on.
///
/// Written by the service as `404 ResourceNotFound "Copy failed when reading the source."`; its texts
/// may change at any time, so whatever has another form is all text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopyFailure {
    /// HTTP status of the failed read or write.
    pub status: Option<u16>,
    /// The service's code, or another server's reason phrase.
    pub code: Option<ErrorCode>,
    /// What happened, in words.
    pub text: String,
}

impl From<&str> for CopyFailure {
    fn from(description: &str) -> Self {
        structured(description).unwrap_or_else(|| Self {
            text: description.to_owned(),
            ..Self::default()
        })
    }
}

fn structured(description: &str) -> Option<CopyFailure> {
    let (status, rest) = description.trim().split_once(' ')?;
    let status = (status.len() == 3).then(|| status.parse().ok())??;
    let (code, text) = rest.split_once('"')?;
    let code = code.trim();
    Some(CopyFailure {
        status: Some(status),
        code: (!code.is_empty()).then(|| code.into()),
        text: text.strip_suffix('"').unwrap_or(text).to_owned(),
    })
}

impl Heard for CopyFailure {
    fn heard(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

impl fmt::Display for CopyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "{status} ")?;
        }
        if let Some(code) = &self.code {
            write!(f, "{code} ")?;
        }
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_taken_apart() {
        let failure = |status, code: Option<&str>, text: &str| CopyFailure {
            status,
            code: code.map(ErrorCode::from),
            text: text.to_owned(),
        };
        for (description, expected) in [
            (
                "404 ResourceNotFound \"Copy failed when reading the source.\"",
                failure(
                    Some(404),
                    Some("ResourceNotFound"),
                    "Copy failed when reading the source.",
                ),
            ),
            (
                "502 BadGateway \"Encountered a retryable error when reading the source. Will retry. Time of failure: 1/2/2026\"",
                failure(
                    Some(502),
                    Some("BadGateway"),
                    "Encountered a retryable error when reading the source. Will retry. Time of failure: 1/2/2026",
                ),
            ),
            ("500 \"open end", failure(Some(500), None, "open end")),
            ("it broke", failure(None, None, "it broke")),
            ("40404 No \"x\"", failure(None, None, "40404 No \"x\"")),
        ] {
            assert_eq!(CopyFailure::from(description), expected);
        }
    }

    #[test]
    fn progress_is_two_numbers() {
        let progress = |copied, total| Some(CopyProgress { copied, total });
        assert_eq!(CopyProgress::heard("0/439274"), progress(0, 439_274));
        assert_eq!(CopyProgress::heard("12"), None);
        assert_eq!(CopyProgress::heard("-1/2"), None);
    }

    #[test]
    fn the_signature_of_a_source_is_not_shown() {
        let copy = CopyProperties {
            id: CopyId("a".into()),
            source: Some("https://a/b?sv=1&sig=topsecret".to_owned()),
            status: CopyStatus::Pending,
            progress: None,
            completion_time: None,
            description: None,
        };
        assert!(!format!("{copy:?}").contains("topsecret"));
    }
}
