//! Who may use what is leased. Source: "Lease Blob", section on outcomes of use attempts.

use blobferry_core::ErrorCode;
use blobferry_core::words::LeaseState;

use super::table::column;

/// How something leased is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The id is required where a lease is held.
    Write,
    /// The id is a condition where it is given.
    Read,
}

/// Why a request may not use what is leased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Objection {
    /// Leased, and no id given.
    Missing,
    /// Leased under another id.
    Mismatch,
    /// An id given, and nothing is leased.
    Absent,
    /// An id given, and the lease has ended.
    Lost,
}

impl Objection {
    /// The 412 of a blob operation.
    pub(crate) fn of_blob(self) -> ErrorCode {
        match self {
            Self::Missing => ErrorCode::LEASE_ID_MISSING,
            Self::Mismatch => ErrorCode::LEASE_ID_MISMATCH_WITH_BLOB_OPERATION,
            Self::Absent => ErrorCode::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
            Self::Lost => ErrorCode::LEASE_LOST,
        }
    }

    /// The 412 of a container operation.
    pub(crate) fn of_container(self) -> ErrorCode {
        match self {
            Self::Missing => ErrorCode::LEASE_ID_MISSING,
            Self::Mismatch => ErrorCode::LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION,
            Self::Absent => ErrorCode::LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION,
            Self::Lost => ErrorCode::LEASE_LOST,
        }
    }
}

type Verdict = Result<(), Objection>;

const OK: Verdict = Ok(());
const MISSING: Verdict = Err(Objection::Missing);
const OTHER: Verdict = Err(Objection::Mismatch);
const ABSENT: Verdict = Err(Objection::Absent);
const LOST: Verdict = Err(Objection::Lost);

/// Rows: the way, and whether the id given is the lease's (absent: none given).
/// Columns: available, leased, breaking, broken, expired.
#[rustfmt::skip]
const TABLE: &[(Use, Option<bool>, [Verdict; 5])] = &[
    (Use::Write, Some(true),  [ABSENT, OK,      OK,      LOST, LOST]),
    (Use::Write, Some(false), [ABSENT, OTHER,   OTHER,   LOST, LOST]),
    (Use::Write, None,        [OK,     MISSING, MISSING, OK,   OK]),
    (Use::Read,  Some(true),  [ABSENT, OK,      OK,      LOST, LOST]),
    (Use::Read,  Some(false), [ABSENT, OTHER,   OTHER,   LOST, LOST]),
    (Use::Read,  None,        [OK,     OK,      OK,      OK,   OK]),
];

pub(super) fn verdict(way: Use, is_mine: Option<bool>, state: &LeaseState) -> Verdict {
    TABLE
        .iter()
        .find(|(row, mine, _)| *row == way && *mine == is_mine)
        .and_then(|(_, _, cells)| cells.get(column(state)))
        .copied()
        .unwrap_or(OTHER)
}
