//! The id of a lease taken for one copy, the same in every run.

use sha2::{Digest, Sha256};

use crate::address::BlobAddress;
use crate::lease_id::LeaseId;

/// Derives the id from where the copy comes from and goes to, so that a run that was killed and is
/// started again gets its own leases back instead of waiting for them to run out.
pub(super) fn lease_id(source: &BlobAddress, destination: &BlobAddress) -> LeaseId {
    let mut hash = Sha256::new();
    hash.update(source.to_string());
    hash.update([0]);
    hash.update(destination.to_string());
    let digest = hash.finalize();
    let bits = digest
        .iter()
        .take(16)
        .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    // Version 8: made by a rule of one's own. Source: RFC 9562.
    let bits = bits & !(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62;
    LeaseId::from_bytes(bits.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Location, Place};

    fn blob(url: &str) -> BlobAddress {
        let Ok(Location {
            place: Place::Blob(blob),
            ..
        }) = url.parse()
        else {
            panic!("{url}")
        };
        blob
    }

    #[test]
    fn the_same_way_has_the_same_id_and_every_other_way_another() {
        let (a, b) = (
            blob("https://a.blob.core.windows.net/can/x"),
            blob("https://b.blob.core.windows.net/can/x"),
        );
        let id = lease_id(&a, &b);
        assert_eq!(lease_id(&a, &b), id);
        assert_ne!(lease_id(&b, &a), id);
        let text = id.as_str();
        assert_eq!((text.len(), &text[14..15]), (36, "8"));
    }
}
