//! What everybody may read. Source: "Set Container ACL".

use blobferry_core::words::PublicAccess;

use super::rules::besides;
use super::{Holdings, Permissions, refusal};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::Ask;

/// The letters of somebody who shows nothing.
pub(super) fn letters(holdings: &impl Holdings, ask: &Ask) -> Result<Permissions, Failure> {
    let letters = Permissions::READ | Permissions::LIST;
    let access = holdings.public_access(&ask.account, ask.container_name());
    if access.is_some_and(|access| shows(&access, ask.kind)) && letters.contains(besides(ask)) {
        Ok(letters)
    } else {
        Err(refusal::anonymous(holdings.config(), ask.version))
    }
}

/// Which operations each level of public access opens.
fn shows(access: &PublicAccess, kind: Kind) -> bool {
    match kind {
        Kind::GetBlob
        | Kind::GetBlobProperties
        | Kind::GetBlobMetadata
        | Kind::GetBlockList
        | Kind::GetPageRanges => {
            matches!(access, PublicAccess::Blob | PublicAccess::Container)
        }
        Kind::ListBlobs | Kind::GetContainerProperties | Kind::GetContainerMetadata => {
            matches!(access, PublicAccess::Container)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_access_shows_blobs_and_container_access_also_the_list() {
        let count = |access| Kind::all().filter(|kind| shows(&access, *kind)).count();
        assert_eq!(count(PublicAccess::Blob), 5);
        assert_eq!(count(PublicAccess::Container), 8);
        assert_eq!(count(PublicAccess::from("off")), 0);
    }
}
