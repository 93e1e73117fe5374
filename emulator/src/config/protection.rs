//! What an account keeps of what is overwritten or deleted.

use std::time::Duration;

/// Settings of an account that the real service takes on its management side.
///
/// Soft delete of blobs is not among them: Set Blob Service Properties switches it on and off.
///
/// Sources: "Blob versioning", "Soft delete for containers".
///
/// ```
/// use blobferry_emulator::{Config, DEV_ACCOUNT, DataProtection};
/// let kept = DataProtection {
///     versions: true,
///     container_retention_days: Some(7),
/// };
/// let config = Config::new().data_protection_of(DEV_ACCOUNT, kept);
/// assert_eq!(config.protection_of(DEV_ACCOUNT), kept);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DataProtection {
    /// Whether a blob that is overwritten or deleted stays as a previous version.
    pub versions: bool,
    /// For how many days deleted containers can be restored, 1 to 365; absent where they are gone at
    /// once. Values outside are brought inside.
    pub container_retention_days: Option<u32>,
}

/// The most days that anything is retained.
const MOST_DAYS: u32 = 365;
const DAY: Duration = Duration::from_secs(24 * 3600);

impl DataProtection {
    /// For how long deleted containers are kept.
    pub(crate) fn container_retention(&self) -> Option<Duration> {
        self.container_retention_days
            .map(|days| DAY * days.clamp(1, MOST_DAYS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_is_between_a_day_and_a_year() {
        let kept = |days| {
            DataProtection {
                container_retention_days: days,
                ..DataProtection::default()
            }
            .container_retention()
        };
        assert_eq!(kept(None), None);
        for (days, meant) in [(0, 1), (1, 1), (7, 7), (365, 365), (366, 365)] {
            assert_eq!(kept(Some(days)), Some(DAY * meant), "{days}");
        }
    }
}
