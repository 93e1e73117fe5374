//! What each operation on a blob asks of the blob before it does anything, as one table.

pub(crate) mod size;
#[cfg(test)]
mod tests;

use blobferry_core::wire::query;
use blobferry_core::words::BlobType;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::blob::Blob;
use crate::conditions::{Conditions, Side};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::lease::Use;
use crate::operation::lease_id;
use crate::request::Ask;

/// The blob that an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// A committed one.
    Blob,
    /// One that may have only uncommitted blocks.
    Trace,
    /// None: what is there is replaced.
    Nothing,
}

/// What a lease on the blob means to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leased {
    /// The id is required.
    Write,
    /// The id is a condition where it is given.
    Read,
    /// The id is required, and the lease must be infinite.
    Infinite,
    /// The id is required if the lease is infinite.
    IfInfinite,
    /// The lease itself is what is asked about.
    Itself,
}

/// What becomes of the copy properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// They stay.
    Keep,
    /// They go.
    Clear,
}

/// What an operation asks of the blob.
#[derive(Debug)]
pub(crate) struct Rule {
    kind: Kind,
    pub(crate) needs: Needs,
    pub(crate) side: Option<Side>,
    pub(crate) leased: Leased,
    /// Whether it is refused while a copy to the blob is under way.
    while_pending: bool,
    pub(crate) after: After,
    /// Whether it works on an archived blob.
    archived: bool,
    /// Whether it works on a destination of Incremental Copy Blob.
    incremental: bool,
    /// The only type it works on.
    only: Option<BlobType>,
}

use After::{Clear, Keep};
use Kind as K;
use Needs::{Blob as Must, Nothing, Trace};

const YES: bool = true;
const NO: bool = false;
const REFUSED: bool = true;
const ALLOWED: bool = false;
const BLOCK: Option<BlobType> = Some(BlobType::Block);
const PAGE: Option<BlobType> = Some(BlobType::Page);
const APPEND: Option<BlobType> = Some(BlobType::Append);
const READ: Option<Side> = Some(Side::Read);
const WRITE: Option<Side> = Some(Side::Write);
const CREATE: Option<Side> = Some(Side::Create);

macro_rules! rules {
    ($($kind:ident $needs:ident $side:expr, $leased:ident, $pending:ident $after:ident $archived:ident $incremental:ident $only:expr;)*) => {
        &[$(Rule {
            kind: K::$kind,
            needs: $needs,
            side: $side,
            leased: Leased::$leased,
            while_pending: $pending,
            after: $after,
            archived: $archived,
            incremental: $incremental,
            only: $only,
        },)*]
    };
}

/// Source: the page of each operation; "Copy Blob", section on working with a pending copy.
/// Columns: operation, blob, conditions, lease, while a copy is pending, copy properties after,
/// on an archived blob, on an incremental copy, type.
#[rustfmt::skip]
const RULES: &[Rule] = rules! {
    GetBlob              Must    READ,   Read,       ALLOWED Keep  NO  NO  None;
    GetBlobProperties    Must    READ,   Read,       ALLOWED Keep  YES YES None;
    GetBlobMetadata      Must    READ,   Read,       ALLOWED Keep  YES YES None;
    GetBlobTags          Must    READ,   Read,       ALLOWED Keep  YES YES None;
    QueryBlob            Must    READ,   Read,       ALLOWED Keep  NO  NO  None;
    GetBlockList         Trace   READ,   Read,       ALLOWED Keep  NO  NO  BLOCK;
    GetPageRanges        Must    READ,   Read,       ALLOWED Keep  NO  NO  PAGE;
    PutBlob              Nothing CREATE, Write,      REFUSED Clear NO  NO  None;
    PutBlobFromUrl       Nothing CREATE, Write,      REFUSED Clear NO  NO  None;
    PutBlockList         Nothing CREATE, Write,      REFUSED Clear NO  NO  BLOCK;
    PutBlock             Nothing None,   Write,      REFUSED Keep  NO  NO  BLOCK;
    PutBlockFromUrl      Nothing None,   Write,      REFUSED Keep  NO  NO  BLOCK;
    PutPage              Must    WRITE,  Write,      REFUSED Keep  NO  NO  PAGE;
    PutPageFromUrl       Must    WRITE,  Write,      REFUSED Keep  NO  NO  PAGE;
    AppendBlock          Must    WRITE,  Write,      REFUSED Clear NO  NO  APPEND;
    AppendBlockFromUrl   Must    WRITE,  Write,      REFUSED Clear NO  NO  APPEND;
    SealAppendBlob       Must    WRITE,  Write,      REFUSED Keep  NO  NO  APPEND;
    SetBlobMetadata      Must    WRITE,  Write,      REFUSED Clear YES NO  None;
    SetBlobProperties    Must    WRITE,  Write,      REFUSED Clear YES NO  None;
    SetBlobTier          Must    WRITE,  Write,      REFUSED Keep  YES NO  None;
    SetBlobTags          Must    WRITE,  Write,      REFUSED Keep  YES NO  None;
    SetBlobExpiry        Must    WRITE,  Write,      REFUSED Keep  NO  NO  None;
    SnapshotBlob         Must    WRITE,  Read,       REFUSED Keep  NO  NO  None;
    DeleteBlob           Trace   WRITE,  Write,      ALLOWED Keep  YES YES None;
    LeaseBlob            Must    WRITE,  Itself,     REFUSED Keep  YES NO  None;
    CopyBlob             Nothing Some(Side::CopyTarget), Infinite, REFUSED Keep NO NO None;
    CopyBlobFromUrl      Nothing WRITE,  Write,      REFUSED Keep  NO  NO  BLOCK;
    IncrementalCopyBlob  Nothing Some(Side::IncrementalTarget), Write, REFUSED Keep NO YES PAGE;
    SetImmutabilityPolicy Must   WRITE,  Read,       ALLOWED Keep  YES YES None;
    DeleteImmutabilityPolicy Must None,  Read,       ALLOWED Keep  YES YES None;
    SetLegalHold         Must    None,   Read,       ALLOWED Keep  YES YES None;
    AbortCopyBlob        Must    None,   IfInfinite, ALLOWED Keep  YES YES None;
};

impl Rule {
    /// The rule of an operation; operations on no blob have none.
    pub(crate) fn of(kind: Kind) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.kind == kind)
    }

    /// Judges the blob, or the lack of one, before an operation touches it.
    ///
    /// # Errors
    /// The first refusal in the order of the checks: existence, lease, conditions, pending copy,
    /// type, archive, incremental copy.
    pub(crate) fn admit(&self, ask: &Ask, blob: Option<&Blob>) -> Result<(), Failure> {
        let there = blob.filter(|blob| blob.committed || self.sees_traces(ask));
        if there.is_none() && self.needs != Nothing {
            return Err(Failure::new(self.missing(ask)));
        }
        let id = lease_id(ask)?;
        self.judge_lease(ask, blob, id.as_deref())?;
        self.judge_conditions(ask, blob, id.as_deref())?;
        let Some(blob) = blob else {
            return Ok(());
        };
        let refuse = |code| Err(Failure::new(code));
        if ask.version < ServiceVersion::V2015_02_21
            && blob.kind() == BlobType::Append
            && self.kind != K::DeleteBlob
        {
            return refuse(ErrorCode::FEATURE_VERSION_MISMATCH);
        }
        if self.while_pending && blob.is_pending() {
            return refuse(ErrorCode::PENDING_COPY_OPERATION);
        }
        if blob.committed && self.only.as_ref().is_some_and(|only| *only != blob.kind()) {
            return refuse(ErrorCode::INVALID_BLOB_TYPE);
        }
        if !self.archived && blob.tier.is_archived(ask.now) {
            return refuse(if blob.tier.rehydrating(ask.now).is_some() {
                ErrorCode::BLOB_BEING_REHYDRATED
            } else {
                ErrorCode::BLOB_ARCHIVED
            });
        }
        // Its snapshots are read and copied like any.
        if !self.incremental && blob.incremental && ask.query.filled(query::SNAPSHOT).is_none() {
            return refuse(ErrorCode::OPERATION_NOT_ALLOWED_ON_INCREMENTAL_COPY_BLOB);
        }
        Ok(())
    }

    /// What is said of a blob that is not there: to a write that asks for a certain one, that it is
    /// not this. Source: "Specifying conditional headers for Blob service operations".
    fn missing(&self, ask: &Ask) -> ErrorCode {
        let asks_for_one = self.side == WRITE && ask.headers.contains_key(http::header::IF_MATCH);
        if asks_for_one {
            ErrorCode::CONDITION_NOT_MET
        } else {
            ErrorCode::BLOB_NOT_FOUND
        }
    }

    /// Whether a blob with nothing but uncommitted blocks is there for the operation. Deleting one is
    /// possible from 2013-08-15.
    fn sees_traces(&self, ask: &Ask) -> bool {
        self.needs == Trace
            && (self.kind != K::DeleteBlob || ask.version >= ServiceVersion::V2013_08_15)
    }

    /// Operations that took the id of a lease for a blob that is not there, before 2013-08-15.
    fn ignored_early(&self) -> bool {
        matches!(self.kind, K::PutBlob | K::PutBlockList | K::CopyBlob)
    }

    fn judge_conditions(
        &self,
        ask: &Ask,
        blob: Option<&Blob>,
        id: Option<&str>,
    ) -> Result<(), Failure> {
        let Some(side) = self.side else {
            return Ok(());
        };
        let mut conditions = Conditions::of(ask)?;
        if side != Side::Read || ask.version < ServiceVersion::V2013_08_15 {
            conditions = conditions.for_a_write()?;
        }
        if side == Side::Read && ask.version < ServiceVersion::V2016_05_31 {
            conditions = conditions.knowing_it_exists();
        }
        let holds_lease =
            |blob: &Blob| id.is_some() && blob.lease.admit(Use::Write, id, ask.now).is_ok();
        if blob.is_some_and(holds_lease) {
            conditions = conditions.knowing_it_exists();
        }
        let judged = match blob {
            Some(blob) if !blob.committed => {
                if ask.version < ServiceVersion::V2017_04_17 {
                    conditions = conditions.finding_it_uncommitted();
                }
                conditions.judge_uncommitted(blob.modified)
            }
            blob => conditions.judge(blob.map(Blob::standing)),
        };
        judged.map_err(|unmet| unmet.refuse(side, ask))
    }

    /// Whether leases mean anything to the operation yet. Sources: "Set Blob Tier", "Set Blob Tags".
    fn knows_leases(&self, version: ServiceVersion) -> bool {
        match self.kind {
            K::SetBlobTier => version >= ServiceVersion::V2017_07_29,
            K::GetBlobTags | K::SetBlobTags => version >= ServiceVersion::V2020_04_08,
            _ => true,
        }
    }

    fn judge_lease(&self, ask: &Ask, blob: Option<&Blob>, id: Option<&str>) -> Result<(), Failure> {
        if !self.knows_leases(ask.version) {
            return Ok(());
        }
        let Some(blob) = blob else {
            let pointless = id.is_some()
                && self.leased != Leased::Itself
                && (ask.version >= ServiceVersion::V2013_08_15 || !self.ignored_early());
            return if pointless {
                Err(Failure::new(
                    ErrorCode::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
                ))
            } else {
                Ok(())
            };
        };
        let way = match self.leased {
            Leased::Itself => return Ok(()),
            Leased::IfInfinite if !blob.lease.is_infinite() => Use::Read,
            Leased::Read => Use::Read,
            Leased::Write | Leased::Infinite | Leased::IfInfinite => Use::Write,
        };
        blob.lease
            .admit(way, id, ask.now)
            .map_err(|objection| Failure::new(objection.of_blob()))?;
        if self.leased == Leased::Infinite
            && blob.lease.is_locked(ask.now)
            && !blob.lease.is_infinite()
        {
            return Err(Failure::new(ErrorCode::INFINITE_LEASE_DURATION_REQUIRED));
        }
        Ok(())
    }
}
