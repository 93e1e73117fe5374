//! The access tier of a blob. Source: "Set Blob Tier".

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::words::{AccessTier, ArchiveStatus, BlobType, RehydratePriority};
use blobferry_core::{ErrorCode, Timestamp};

use crate::config::Rehydration;

/// Where a blob is kept, and where it is on the way to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tier {
    /// Absent where it follows the account's default.
    #[serde(with = "crate::record", default)]
    pub(crate) set: Option<AccessTier>,
    #[serde(with = "crate::record", default)]
    changed: Option<Timestamp>,
    rehydration: Option<Box<Way>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Way {
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

/// After how long the smart tier moves what is left alone. Source: "Optimize costs with smart tier".
const SMART_COOL: Duration = Duration::from_secs(30 * 24 * 3600);
const SMART_COLD: Duration = Duration::from_secs(90 * 24 * 3600);

/// Premium page blob tiers with the greatest length each takes, in GiB.
pub(crate) const PREMIUM: &[(AccessTier, u64)] = &[
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

    /// What an overwritten blob hands on: the online tier that it was given.
    pub(crate) fn inherited(&self, now: Timestamp) -> Self {
        match self.current(now) {
            Some(
                tier @ (AccessTier::Hot | AccessTier::Cool | AccessTier::Cold | AccessTier::Smart),
            ) => Self {
                set: Some(tier.clone()),
                changed: self.changed(now),
                rehydration: None,
            },
            _ => Self::default(),
        }
    }

    /// When the tier was last changed: by request, or at the end of a rehydration.
    pub(crate) fn changed(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.rehydration {
            Some(way) if now >= way.due => Some(way.due),
            _ => self.changed,
        }
    }

    /// Where the smart tier keeps a blob now, if that is its tier: it moves on where the blob is
    /// left alone. Reading counts as well in the service, but not here.
    pub(crate) fn smart(&self, modified: Timestamp, now: Timestamp) -> Option<AccessTier> {
        if self.current(now) != Some(&AccessTier::Smart) {
            return None;
        }
        let since = self.changed(now).map_or(modified, |set| set.max(modified));
        let alone = now.since(since);
        Some(if alone < SMART_COOL {
            AccessTier::Hot
        } else if alone < SMART_COLD {
            AccessTier::Cool
        } else {
            AccessTier::Cold
        })
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
                AccessTier::Hot
                    | AccessTier::Cool
                    | AccessTier::Cold
                    | AccessTier::Smart
                    | AccessTier::Archive
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
        times: Rehydration,
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
                way.due = way.due.min(now + times.time(&priority));
                way.priority = priority;
            }
            return Ok(TierSet::Rehydrating);
        }
        if archived && tier != AccessTier::Archive {
            self.rehydration = Some(Box::new(Way {
                due: now + times.time(&priority),
                target: tier,
                priority,
            }));
            return Ok(TierSet::Rehydrating);
        }
        *self = Self::of(tier, now);
        Ok(TierSet::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const TIMES: Rehydration = Rehydration {
        standard: Duration::from_secs(15 * 3600),
        high: Duration::from_secs(3600),
    };

    #[test]
    fn leaving_the_archive_takes_its_time_and_may_be_hurried() {
        let start = Timestamp::from_millis(0);
        let mut tier = Tier::of(AccessTier::Archive, start);
        let set = tier.change(AccessTier::Cool, None, 0, TIMES, start);
        assert_eq!(set, Ok(TierSet::Rehydrating));
        let other = tier.change(AccessTier::Hot, None, 0, TIMES, start);
        assert_eq!(other, Err(ErrorCode::BLOB_BEING_REHYDRATED));
        let later = start + HOUR * 14;
        assert!(tier.is_archived(later));
        assert!(tier.rehydrating(later).is_some());
        assert_eq!(tier.changed(later), Some(start));
        let done = start + HOUR * 15;
        assert_eq!(tier.current(done), Some(&AccessTier::Cool));
        assert!(tier.rehydrating(done).is_none());
        assert_eq!(tier.changed(done + HOUR), Some(done));
        assert_eq!(tier.inherited(done), Tier::of(AccessTier::Cool, done));

        let mut tier = Tier::of(AccessTier::Archive, start);
        tier.change(AccessTier::Cool, None, 0, TIMES, start)
            .unwrap();
        let hurried = start + HOUR * 2;
        let high = Some(RehydratePriority::High);
        tier.change(AccessTier::Cool, high, 0, TIMES, hurried)
            .unwrap();
        assert!(tier.is_archived(hurried));
        assert!(!tier.is_archived(hurried + HOUR));
        // High priority asked at the end does not put the end off.
        let mut tier = Tier::of(AccessTier::Archive, start);
        tier.change(AccessTier::Cool, None, 0, TIMES, start)
            .unwrap();
        let high = Some(RehydratePriority::High);
        tier.change(AccessTier::Cool, high, 0, TIMES, done + HOUR / 2 - HOUR)
            .unwrap();
        assert!(!tier.is_archived(done));
    }

    #[test]
    fn an_archived_blob_hands_no_tier_on() {
        let start = Timestamp::from_millis(0);
        let tier = Tier::of(AccessTier::Archive, start);
        assert_eq!(tier.inherited(start), Tier::default());
    }

    #[test]
    fn the_smart_tier_moves_what_is_left_alone() {
        let start = Timestamp::from_millis(0);
        let tier = Tier::of(AccessTier::Smart, start);
        for (days, expected) in [
            (0, AccessTier::Hot),
            (29, AccessTier::Hot),
            (30, AccessTier::Cool),
            (89, AccessTier::Cool),
            (90, AccessTier::Cold),
        ] {
            let now = start + HOUR * 24 * days;
            assert_eq!(tier.smart(start, now), Some(expected), "{days}");
        }
        let later = start + HOUR * 24 * 100;
        assert_eq!(tier.smart(later, later), Some(AccessTier::Hot));
        assert_eq!(Tier::default().smart(start, later), None);
    }

    #[test]
    fn a_premium_page_blob_only_ever_climbs() {
        let now = Timestamp::from_millis(0);
        let mut tier = Tier::default();
        let mut change = |to, length| tier.change(to, None, length, TIMES, now);
        assert_eq!(change(AccessTier::P10, 512), Ok(TierSet::Done));
        assert_eq!(
            change(AccessTier::P4, 512),
            Err(ErrorCode::CANNOT_CHANGE_TO_LOWER_TIER)
        );
        assert_eq!(
            change(AccessTier::P15, 1 << 40),
            Err(ErrorCode::BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH)
        );
    }
}
