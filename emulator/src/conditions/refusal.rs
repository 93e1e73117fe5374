//! Which status and code each failed condition gets, by what the request does.

use http::StatusCode;

use blobferry_core::ErrorCode;

use super::Unmet;
use crate::auth::source::cannot_verify;
use crate::failure::Failure;
use crate::request::Ask;

/// What a condition guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Something that is read.
    Read,
    /// Something that is changed, or leased.
    Write,
    /// Something that is made anew: Put Blob, Put Block List, Put Blob From URL.
    Create,
    /// The destination of Copy Blob.
    CopyTarget,
    /// The destination of Incremental Copy Blob.
    IncrementalTarget,
    /// The source of Copy Blob.
    CopySource,
    /// The source of a synchronous copy, Put Blob From URL and Put Block From URL.
    ReadSource,
    /// The source of Put Page From URL and Append Block From URL.
    RangeSource,
}

use StatusCode as S;

const fn rule(status: StatusCode, code: ErrorCode) -> (StatusCode, ErrorCode) {
    (status, code)
}

const NOT_MET: (StatusCode, ErrorCode) = rule(S::PRECONDITION_FAILED, ErrorCode::CONDITION_NOT_MET);
const NOT_NEW: (StatusCode, ErrorCode) = rule(S::NOT_MODIFIED, ErrorCode::CONDITION_NOT_MET);
const SENSELESS: (StatusCode, ErrorCode) = rule(S::BAD_REQUEST, ErrorCode::UNSATISFIABLE_CONDITION);
const EXISTS: (StatusCode, ErrorCode) = rule(S::CONFLICT, ErrorCode::BLOB_ALREADY_EXISTS);
const TARGET: (StatusCode, ErrorCode) =
    rule(S::PRECONDITION_FAILED, ErrorCode::TARGET_CONDITION_NOT_MET);
const SOURCE: (StatusCode, ErrorCode) =
    rule(S::PRECONDITION_FAILED, ErrorCode::SOURCE_CONDITION_NOT_MET);
const UNVERIFIED: (StatusCode, ErrorCode) =
    rule(S::PRECONDITION_FAILED, ErrorCode::CANNOT_VERIFY_COPY_SOURCE);
const UNVERIFIED_NEW: (StatusCode, ErrorCode) =
    rule(S::NOT_MODIFIED, ErrorCode::CANNOT_VERIFY_COPY_SOURCE);

/// Columns: match, none-match, exists, modified-since, unmodified-since, tags.
#[rustfmt::skip]
const TABLE: &[(Side, [(StatusCode, ErrorCode); 6])] = &[
    (Side::Read,              [NOT_MET,    NOT_NEW,        SENSELESS,      NOT_NEW,        NOT_MET,    NOT_MET]),
    (Side::Write,             [NOT_MET,    NOT_MET,        NOT_MET,        NOT_MET,        NOT_MET,    NOT_MET]),
    (Side::Create,            [NOT_MET,    NOT_MET,        EXISTS,         NOT_MET,        NOT_MET,    NOT_MET]),
    (Side::CopyTarget,        [TARGET,     TARGET,         EXISTS,         TARGET,         TARGET,     NOT_MET]),
    (Side::IncrementalTarget, [TARGET,     NOT_MET,        NOT_MET,        NOT_MET,        NOT_MET,    NOT_MET]),
    (Side::CopySource,        [SOURCE,     SOURCE,         SOURCE,         SOURCE,         SOURCE,     NOT_MET]),
    (Side::ReadSource,        [SOURCE,     UNVERIFIED_NEW, UNVERIFIED_NEW, UNVERIFIED_NEW, UNVERIFIED, NOT_MET]),
    (Side::RangeSource,       [UNVERIFIED, UNVERIFIED_NEW, UNVERIFIED_NEW, UNVERIFIED_NEW, UNVERIFIED, NOT_MET]),
];

impl Unmet {
    /// The refusal for a failed condition.
    pub(crate) fn refuse(self, side: Side, ask: &Ask) -> Failure {
        let column = match self {
            Self::Match => 0,
            Self::NoneMatch => 1,
            Self::Exists => 2,
            Self::ModifiedSince => 3,
            Self::UnmodifiedSince => 4,
            Self::Tags => 5,
        };
        let (status, code) = TABLE
            .iter()
            .find(|(row, _)| *row == side)
            .and_then(|(_, cells)| cells.get(column))
            .unwrap_or(&NOT_MET)
            .clone();
        if code == ErrorCode::CANNOT_VERIFY_COPY_SOURCE {
            let of_source = Failure::new(ErrorCode::CONDITION_NOT_MET).status(status);
            return cannot_verify(ask, &of_source);
        }
        Failure::new(code).status(status)
    }
}
