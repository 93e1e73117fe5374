//! The access tier of a blob. Source: "Set Blob Tier".

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::words::{AccessTier, ArchiveStatus, BlobType, RehydratePriority};
use blobferry_core::{ErrorCode, Timestamp};

/// Where a blob is kept, and where it is on the way to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tier {
    /// Absent where it follows the account's default.
    #[serde(with = "crate::record", default)]
    pub(crate) set: Option<AccessTier>,
    #[serde(with = "crate::record", default)]
    pub(crate) changed: Option<Timestamp>,
    rehydration: Option<Box<Rehydration>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rehydration {
    #[serde(with = "crate::record")]
    target: AccessTier,
    #[serde(with = "crate::record")]
    priority: RehydratePriority,
    #[serde(with = "crate::record")]
    due: Timestamp,
}

/// What setting a tier came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TierSet {
    /// 200.
    Done,
    /// 202: it takes hours.
    Rehydrating,
}

/// Premium page blob tiers with the greatest length each takes, in GiB.
const PREMIUM: &[(AccessTier, u64)] = &[
    (AccessTier::P4, 32),
    (AccessTier::P6, 64),
    (AccessTier::P10, 128),
    (AccessTier::P15, 256),
    (AccessTier::P20, 512),
    (AccessTier::P30, 1024),
    (AccessTier::P40, 2048),
    (AccessTier::P50, 4096),
    (AccessTier::P60, 8192),
    (AccessTier::P70, 16_384),
    (AccessTier::P80, 32_768),
];

impl Tier {
    /// A tier that was asked for.
    pub(crate) fn of(tier: AccessTier, now: Timestamp) -> Self {
        Self {
            set: Some(tier),
            changed: Some(now),
            rehydration: None,
        }
    }

    /// What an overwritten blob hands on: hot or cool as it was set.
    pub(crate) fn inherited(&self) -> Self {
        match self.set {
            Some(AccessTier::Hot | AccessTier::Cool | AccessTier::Cold) => self.clone(),
            _ => Self::default(),
        }
    }

    /// The tier that holds now.
    pub(crate) fn current(&self, now: Timestamp) -> Option<&AccessTier> {
        match &self.rehydration {
            Some(way) if now >= way.due => Some(&way.target),
            _ => self.set.as_ref(),
        }
    }

    /// Whether its content is out of reach.
    pub(crate) fn is_archived(&self, now: Timestamp) -> bool {
        self.current(now) == Some(&AccessTier::Archive)
    }

    /// On the way out of the archive: to where, how fast.
    pub(crate) fn rehydrating(
        &self,
        now: Timestamp,
    ) -> Option<(ArchiveStatus, &RehydratePriority)> {
        let way = self.rehydration.as_ref().filter(|way| now < way.due)?;
        let status = match way.target {
            AccessTier::Cool => ArchiveStatus::PendingToCool,
            AccessTier::Cold => ArchiveStatus::PendingToCold,
            AccessTier::Smart => ArchiveStatus::PendingToSmart,
            _ => ArchiveStatus::PendingToHot,
        };
        Some((status, &way.priority))
    }

    /// Whether a blob of that type may be given the tier.
    pub(crate) fn fits(tier: &AccessTier, kind: &BlobType) -> bool {
        match kind {
            BlobType::Block => matches!(
                tier,
                AccessTier::Hot | AccessTier::Cool | AccessTier::Cold | AccessTier::Archive
            ),
            BlobType::Page => PREMIUM.iter().any(|(known, _)| known == tier),
            BlobType::Append | BlobType::Other(_) => false,
        }
    }

    /// Whether a page blob of that length fits a premium tier; other tiers fit all.
    pub(crate) fn holds(tier: &AccessTier, length: u64) -> bool {
        PREMIUM
            .iter()
            .find(|(known, _)| known == tier)
            .is_none_or(|(_, gib)| length <= gib << 30)
    }

    /// Sets a tier.
    ///
    /// # Errors
    /// 409 while another rehydration is under way, or where a page blob's tier is lowered or too
    /// small.
    pub(crate) fn change(
        &mut self,
        tier: AccessTier,
        priority: Option<RehydratePriority>,
        length: u64,
        now: Timestamp,
    ) -> Result<TierSet, ErrorCode> {
        let rank = |tier: &AccessTier| PREMIUM.iter().position(|(known, _)| known == tier);
        if let Some(new) = rank(&tier) {
            if self.set.as_ref().and_then(rank) > Some(new) {
                return Err(ErrorCode::CANNOT_CHANGE_TO_LOWER_TIER);
            }
            if !Self::holds(&tier, length) {
                return Err(ErrorCode::BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH);
            }
        }
        let archived = self.is_archived(now);
        let priority = priority.unwrap_or(RehydratePriority::Standard);
        if let Some(way) = self.rehydration.as_mut().filter(|way| now < way.due) {
            if way.target != tier {
                return Err(ErrorCode::BLOB_BEING_REHYDRATED);
            }
            if priority == RehydratePriority::High {
                way.priority = priority;
            }
            return Ok(TierSet::Rehydrating);
        }
        if archived && tier != AccessTier::Archive {
            self.rehydration = Some(Box::new(Rehydration {
                due: now + rehydration_time(&priority),
                target: tier,
                priority,
            }));
            return Ok(TierSet::Rehydrating);
        }
        *self = Self::of(tier, now);
        Ok(TierSet::Done)
    }
}

/// "up to 15 hours" and "may be under an hour". Source: "Blob rehydration from the archive tier".
fn rehydration_time(priority: &RehydratePriority) -> Duration {
    match priority {
        RehydratePriority::High => Duration::from_secs(3600),
        RehydratePriority::Standard | RehydratePriority::Other(_) => Duration::from_secs(15 * 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_the_archive_takes_its_time_and_may_be_hurried() {
        let start = Timestamp::from_millis(0);
        let mut tier = Tier::of(AccessTier::Archive, start);
        let set = tier.change(AccessTier::Cool, None, 0, start);
        assert_eq!(set, Ok(TierSet::Rehydrating));
        let other = tier.change(AccessTier::Hot, None, 0, start);
        assert_eq!(other, Err(ErrorCode::BLOB_BEING_REHYDRATED));
        let later = start + Duration::from_secs(14 * 3600);
        assert!(tier.is_archived(later));
        assert!(tier.rehydrating(later).is_some());
        let done = start + Duration::from_secs(15 * 3600);
        assert_eq!(tier.current(done), Some(&AccessTier::Cool));
        assert!(tier.rehydrating(done).is_none());
    }

    #[test]
    fn a_premium_page_blob_only_ever_climbs() {
        let now = Timestamp::from_millis(0);
        let mut tier = Tier::default();
        assert_eq!(
            tier.change(AccessTier::P10, None, 512, now),
            Ok(TierSet::Done)
        );
        assert_eq!(
            tier.change(AccessTier::P4, None, 512, now),
            Err(ErrorCode::CANNOT_CHANGE_TO_LOWER_TIER)
        );
        assert_eq!(
            tier.change(AccessTier::P15, None, 1 << 40, now),
            Err(ErrorCode::BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH)
        );
    }
}
