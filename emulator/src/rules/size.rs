//! The longest body of each operation. Source: the page of each operation, and "Scalability and
//! performance targets for Blob Storage", by service version.

use blobferry_core::{ErrorCode, ServiceVersion};

use crate::failure::Failure;
use crate::kind::Kind;

/// What documents such as access policies and lists of blocks come to at most: 50,000 block ids of
/// 88 characters and their tags are 6 MiB.
const DOCUMENT: u64 = 8 << 20;

/// The most bytes that an operation takes in one request, read from a URL ones included.
pub(crate) fn longest(kind: Kind, version: ServiceVersion) -> u64 {
    use ServiceVersion as V;
    let since = |steps: &[(V, u64)], before: u64| {
        steps
            .iter()
            .find(|(since, _)| version >= *since)
            .map_or(before, |(_, most)| most << 20)
    };
    match kind {
        Kind::PutBlob => since(&[(V::V2019_12_12, 5_000), (V::V2016_05_31, 256)], 64 << 20),
        Kind::PutBlock | Kind::PutBlockFromUrl => {
            since(&[(V::V2019_12_12, 4_000), (V::V2016_05_31, 100)], 4 << 20)
        }
        Kind::AppendBlock | Kind::AppendBlockFromUrl => since(&[(V::V2022_11_02, 100)], 4 << 20),
        Kind::PutPage | Kind::PutPageFromUrl | Kind::Batch | Kind::BatchInContainer => 4 << 20,
        _ => DOCUMENT,
    }
}

/// The longest source that an operation reads in one request.
pub(crate) fn longest_source(kind: Kind, version: ServiceVersion) -> u64 {
    match kind {
        Kind::CopyBlobFromUrl => 256 << 20,
        Kind::PutBlobFromUrl => 5_000 << 20,
        _ => longest(kind, version),
    }
}

/// Refuses what is longer.
///
/// # Errors
/// 413.
pub(crate) fn check(kind: Kind, version: ServiceVersion, length: u64) -> Result<(), Failure> {
    if length > longest(kind, version) {
        return Err(Failure::new(ErrorCode::REQUEST_BODY_TOO_LARGE));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_versions_take_more() {
        use ServiceVersion as V;
        for (kind, version, mebibytes) in [
            (Kind::PutBlob, V::V2015_02_21, 64),
            (Kind::PutBlob, V::V2016_05_31, 256),
            (Kind::PutBlob, V::V2019_12_12, 5_000),
            (Kind::PutBlock, V::V2015_02_21, 4),
            (Kind::PutBlock, V::V2016_05_31, 100),
            (Kind::PutBlock, V::V2019_12_12, 4_000),
            (Kind::AppendBlock, V::V2021_12_02, 4),
            (Kind::AppendBlock, V::V2022_11_02, 100),
            (Kind::PutPage, V::V2022_11_02, 4),
        ] {
            assert_eq!(
                longest(kind, version),
                mebibytes << 20,
                "{kind:?} {version}"
            );
            assert!(check(kind, version, mebibytes << 20).is_ok());
            assert!(check(kind, version, (mebibytes << 20) + 1).is_err());
        }
    }
}
