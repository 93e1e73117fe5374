//! What the service says of where a blob is kept.

use crate::error::UnreadableReply;
use crate::message::Response;
use crate::time::Timestamp;
use crate::wire::header;
use crate::words::{AccessTier, ArchiveStatus, RehydratePriority};

/// Where a blob is kept. Source: "Set Blob Tier".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TierProperties {
    /// The tier.
    pub tier: Option<AccessTier>,
    /// Whether it is the account's default and not the blob's own.
    pub inferred: Option<bool>,
    /// When it was last set.
    pub changed: Option<Timestamp>,
    /// The tier that `Smart` has chosen. Version 2026-06-06 and later.
    pub smart: Option<AccessTier>,
    /// Where an archived blob is on its way to.
    pub archive_status: Option<ArchiveStatus>,
    /// How soon.
    pub rehydrate_priority: Option<RehydratePriority>,
}

impl TierProperties {
    /// Reads the headers of an answer.
    pub(crate) fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        Ok(Self {
            tier: response.get(&header::X_MS_ACCESS_TIER)?,
            inferred: response.get(&header::X_MS_ACCESS_TIER_INFERRED)?,
            changed: response.get(&header::X_MS_ACCESS_TIER_CHANGE_TIME)?,
            smart: response.get(&header::X_MS_SMART_ACCESS_TIER)?,
            archive_status: response.get(&header::X_MS_ARCHIVE_STATUS)?,
            rehydrate_priority: response.get(&header::X_MS_REHYDRATE_PRIORITY)?,
        })
    }
}
