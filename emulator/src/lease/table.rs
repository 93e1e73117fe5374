//! What each lease action does in each state. Source: "Lease Blob", "Blob service error codes".

use blobferry_core::ErrorCode;
use blobferry_core::words::LeaseState;

/// A lease action, and whether it names the id that the lease remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Acquire,
    AcquireSame,
    AcquireOther,
    RenewSame,
    RenewOther,
    /// From the lease's id to another.
    ChangeSame,
    /// From another id to the lease's own: a change sent twice.
    ChangeRepeated,
    ChangeOther,
    ReleaseSame,
    ReleaseOther,
    Break,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Take,
    Renew,
    Change,
    Free,
    Break,
    /// Broken at once, whatever period was asked for.
    BreakNow,
    /// 409.
    Refuse(ErrorCode),
}

const PRESENT: Cell = Cell::Refuse(ErrorCode::LEASE_ALREADY_PRESENT);
const MISMATCH: Cell = Cell::Refuse(ErrorCode::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
const ABSENT: Cell = Cell::Refuse(ErrorCode::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION);
const BREAKING_ACQUIRE: Cell = Cell::Refuse(ErrorCode::LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED);
const BREAKING_CHANGE: Cell = Cell::Refuse(ErrorCode::LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED);
const BROKEN: Cell = Cell::Refuse(ErrorCode::LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED);

/// Columns: available, leased, breaking, broken, expired.
#[rustfmt::skip]
const TABLE: &[(Asked, [Cell; 5])] = &[
    (Asked::Acquire,        [Cell::Take, PRESENT,      PRESENT,          Cell::Take,     Cell::Take]),
    (Asked::AcquireSame,    [Cell::Take, Cell::Take,   BREAKING_ACQUIRE, Cell::Take,     Cell::Take]),
    (Asked::AcquireOther,   [Cell::Take, PRESENT,      PRESENT,          Cell::Take,     Cell::Take]),
    (Asked::RenewSame,      [MISMATCH,   Cell::Renew,  BROKEN,           BROKEN,         Cell::Renew]),
    (Asked::RenewOther,     [MISMATCH,   MISMATCH,     MISMATCH,         MISMATCH,       MISMATCH]),
    (Asked::ChangeSame,     [ABSENT,     Cell::Change, BREAKING_CHANGE,  ABSENT,         ABSENT]),
    (Asked::ChangeRepeated, [ABSENT,     Cell::Change, BREAKING_CHANGE,  ABSENT,         ABSENT]),
    (Asked::ChangeOther,    [ABSENT,     MISMATCH,     MISMATCH,         ABSENT,         ABSENT]),
    (Asked::ReleaseSame,    [MISMATCH,   Cell::Free,   Cell::Free,       Cell::Free,     Cell::Free]),
    (Asked::ReleaseOther,   [MISMATCH,   MISMATCH,     MISMATCH,         MISMATCH,       MISMATCH]),
    (Asked::Break,          [ABSENT,     Cell::Break,  Cell::Break,      Cell::BreakNow, Cell::BreakNow]),
];

/// What happens when `asked` meets a lease in `state`.
pub(crate) fn cell(asked: Asked, state: &LeaseState) -> &'static Cell {
    TABLE
        .iter()
        .find(|(row, _)| *row == asked)
        .and_then(|(_, cells)| cells.get(column(state)))
        .unwrap_or(&MISMATCH)
}

/// The column of a state, in this table and that of uses.
pub(super) fn column(state: &LeaseState) -> usize {
    match state {
        LeaseState::Available | LeaseState::Other(_) => 0,
        LeaseState::Leased => 1,
        LeaseState::Breaking => 2,
        LeaseState::Broken => 3,
        LeaseState::Expired => 4,
    }
}
