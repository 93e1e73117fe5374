//! What kind of storage account it is, and what each kind has.

use std::ops::RangeInclusive;
use std::str::FromStr;

use blobferry_core::words::{AccessTier, BlobType};

use super::InvalidConfig;
use crate::blob::PREMIUM;

/// What kind of storage account it is.
///
/// Sources: "Storage account overview", "Perform REST operations against page blobs with premium
/// storage", and recorded answers of such accounts.
///
/// ```
/// use blobferry_emulator::AccountKind;
/// assert_eq!("BlockBlobStorage".parse(), Ok(AccountKind::PremiumBlockBlobs));
/// assert!("FileStorage".parse::<AccountKind>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AccountKind {
    /// `StorageV2`, standard performance: every type of blob, hot to archive. Premium tiers are
    /// taken too, so that they can be tried without another account.
    #[default]
    GeneralPurposeV2,
    /// `Storage`: no access tiers, no static website.
    GeneralPurposeV1,
    /// `BlobStorage`: no page blobs, no static website.
    BlobStorage,
    /// `BlockBlobStorage`, premium performance: no page blobs, no access tiers.
    PremiumBlockBlobs,
    /// `StorageV2`, premium performance: page blobs only, with tiers from P4 on.
    PremiumPageBlobs,
}

/// The tiers that a premium page blob can have by its length where none was set, by the greatest
/// length of each in GiB: P10 to P60. Recorded: a page blob of 512 bytes is in P10.
const BY_LENGTH: RangeInclusive<u64> = 128..=8192;

impl AccountKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::GeneralPurposeV2,
        Self::GeneralPurposeV1,
        Self::BlobStorage,
        Self::PremiumBlockBlobs,
        Self::PremiumPageBlobs,
    ];

    /// As it is written on the command line and in JSON: the service's word, where it has one of its
    /// own.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GeneralPurposeV2 => "StorageV2",
            Self::GeneralPurposeV1 => "Storage",
            Self::BlobStorage => "BlobStorage",
            Self::PremiumBlockBlobs => "BlockBlobStorage",
            Self::PremiumPageBlobs => "PremiumPageBlobs",
        }
    }

    /// `x-ms-sku-name` and `x-ms-account-kind`.
    pub(crate) const fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::GeneralPurposeV2 => ("Standard_RAGRS", "StorageV2"),
            Self::GeneralPurposeV1 => ("Standard_RAGRS", "Storage"),
            Self::BlobStorage => ("Standard_RAGRS", "BlobStorage"),
            Self::PremiumBlockBlobs => ("Premium_LRS", "BlockBlobStorage"),
            Self::PremiumPageBlobs => ("Premium_LRS", "StorageV2"),
        }
    }

    /// Whether it may have blobs of a type.
    pub(crate) fn has(self, kind: &BlobType) -> bool {
        match self {
            Self::GeneralPurposeV2 | Self::GeneralPurposeV1 => true,
            Self::BlobStorage | Self::PremiumBlockBlobs => *kind != BlobType::Page,
            Self::PremiumPageBlobs => *kind == BlobType::Page,
        }
    }

    /// Whether blobs can be given a tier.
    pub(crate) const fn has_tiers(self) -> bool {
        match self {
            Self::GeneralPurposeV2 | Self::BlobStorage | Self::PremiumPageBlobs => true,
            Self::GeneralPurposeV1 | Self::PremiumBlockBlobs => false,
        }
    }

    /// The tier that is told of a blob that was given none.
    pub(crate) fn inferred(
        self,
        usual: &AccessTier,
        kind: &BlobType,
        length: u64,
    ) -> Option<AccessTier> {
        match (self, kind) {
            (Self::GeneralPurposeV2 | Self::BlobStorage, BlobType::Block) => Some(usual.clone()),
            (Self::PremiumBlockBlobs, BlobType::Block) => Some(AccessTier::Premium),
            (Self::PremiumPageBlobs, BlobType::Page) => PREMIUM
                .iter()
                .find(|(_, gib)| BY_LENGTH.contains(gib) && length <= gib << 30)
                .map(|(tier, _)| tier.clone()),
            _ => None,
        }
    }
}

impl FromStr for AccountKind {
    type Err = InvalidConfig;

    fn from_str(text: &str) -> Result<Self, InvalidConfig> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                InvalidConfig(
                    "an account is StorageV2, Storage, BlobStorage, BlockBlobStorage or \
                     PremiumPageBlobs"
                        .to_owned(),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in AccountKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(kind.as_str().to_ascii_lowercase().parse(), Ok(kind));
        }
    }

    #[test]
    fn tiers_are_inferred_by_kind_type_and_length() {
        use AccountKind as K;
        use BlobType::{Append, Block, Page};
        let cool = AccessTier::Cool;
        for (kind, blob, gib, expected) in [
            (K::GeneralPurposeV2, Block, 1, Some(AccessTier::Cool)),
            (K::GeneralPurposeV2, Page, 1, None),
            (K::GeneralPurposeV2, Append, 1, None),
            (K::GeneralPurposeV1, Block, 1, None),
            (K::BlobStorage, Block, 1, Some(AccessTier::Cool)),
            (K::PremiumBlockBlobs, Block, 1, Some(AccessTier::Premium)),
            (K::PremiumBlockBlobs, Append, 1, None),
            (K::PremiumPageBlobs, Page, 1, Some(AccessTier::P10)),
            (K::PremiumPageBlobs, Page, 128, Some(AccessTier::P10)),
            (K::PremiumPageBlobs, Page, 512, Some(AccessTier::P20)),
            (K::PremiumPageBlobs, Page, 8192, Some(AccessTier::P60)),
        ] {
            let told = kind.inferred(&cool, &blob, gib << 30);
            assert_eq!(told, expected, "{kind:?} {blob:?} {gib}");
        }
    }
}
