//! The longest body of each operation. Source: the page of each operation, and "Scalability and
//! performance targets for Blob Storage", by service version.

use http::StatusCode;

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
        Kind::PutBlock => since(&[(V::V2019_12_12, 4_000), (V::V2016_05_31, 100)], 4 << 20),
        Kind::PutBlockFromUrl => since(&[(V::V2020_04_08, 4_000)], 100 << 20),
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

/// Refuses a body that is longer.
///
/// # Errors
/// 413, with the most that is taken.
pub(crate) fn check(kind: Kind, version: ServiceVersion, length: u64) -> Result<(), Failure> {
    let most = longest(kind, version);
    if length > most {
        return Err(
            Failure::new(ErrorCode::REQUEST_BODY_TOO_LARGE).detail("MaxLimit", most.to_string())
        );
    }
    Ok(())
}

/// Refuses a source that is longer.
///
/// # Errors
/// As [`source_too_long`].
pub(crate) fn check_source(
    kind: Kind,
    version: ServiceVersion,
    length: u64,
) -> Result<(), Failure> {
    if length > longest_source(kind, version) {
        return Err(source_too_long(kind, version));
    }
    Ok(())
}

/// 409 `CannotVerifyCopySource`. Source: answers that users have published, of Copy Blob From URL with
/// their status; that of the others is taken to be the same.
pub(crate) fn source_too_long(kind: Kind, version: ServiceVersion) -> Failure {
    let what = match kind {
        Kind::CopyBlobFromUrl => "synchronous copy",
        _ => "copy source",
    };
    let most = match kind {
        // So it says, whatever its page and this emulator take.
        Kind::PutBlobFromUrl => 4_000,
        _ => longest_source(kind, version) >> 20,
    };
    Failure::new(ErrorCode::CANNOT_VERIFY_COPY_SOURCE)
        .status(StatusCode::CONFLICT)
        .message(format!(
            "The source request body for {what} is too large and exceeds the maximum permissible \
             limit ({most}MB)."
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_versions_take_more_to_the_byte() {
        use ServiceVersion as V;
        for (kind, version, mebibytes) in [
            (Kind::PutBlob, V::V2015_02_21, 64),
            (Kind::PutBlob, V::V2016_05_31, 256),
            (Kind::PutBlob, V::V2019_07_07, 256),
            (Kind::PutBlob, V::V2019_12_12, 5_000),
            (Kind::PutBlock, V::V2015_02_21, 4),
            (Kind::PutBlock, V::V2016_05_31, 100),
            (Kind::PutBlock, V::V2019_07_07, 100),
            (Kind::PutBlock, V::V2019_12_12, 4_000),
            (Kind::AppendBlock, V::V2021_12_02, 4),
            (Kind::AppendBlock, V::V2022_11_02, 100),
            (Kind::PutPage, V::V2015_02_21, 4),
            (Kind::PutPage, V::V2022_11_02, 4),
        ] {
            let most = mebibytes << 20;
            assert_eq!(longest(kind, version), most, "{kind:?} {version}");
            assert!(check(kind, version, most).is_ok());
            let refused = check(kind, version, most + 1).unwrap_err();
            assert_eq!(refused.parts().status, StatusCode::PAYLOAD_TOO_LARGE);
            let told = ("MaxLimit", most.to_string());
            assert!(refused.parts().details.contains(&told));
        }
    }

    #[test]
    fn a_source_has_a_limit_of_its_own() {
        use ServiceVersion as V;
        for (kind, version, mebibytes, words) in [
            (
                Kind::CopyBlobFromUrl,
                V::V2018_11_09,
                256,
                "synchronous copy is too large and exceeds the maximum permissible limit (256MB).",
            ),
            (Kind::CopyBlobFromUrl, V::V2026_06_06, 256, "(256MB)."),
            (Kind::PutBlobFromUrl, V::V2020_04_08, 5_000, "(4000MB)."),
            (
                Kind::PutBlockFromUrl,
                V::V2018_11_09,
                100,
                "copy source is too large and exceeds the maximum permissible limit (100MB).",
            ),
            (Kind::PutBlockFromUrl, V::V2020_02_10, 100, "(100MB)."),
            (Kind::PutBlockFromUrl, V::V2020_04_08, 4_000, "(4000MB)."),
            (Kind::AppendBlockFromUrl, V::V2021_12_02, 4, "(4MB)."),
            (Kind::AppendBlockFromUrl, V::V2022_11_02, 100, "(100MB)."),
            (Kind::PutPageFromUrl, V::V2022_11_02, 4, "(4MB)."),
        ] {
            let most = mebibytes << 20;
            assert!(check_source(kind, version, most).is_ok());
            let refused = check_source(kind, version, most + 1).unwrap_err();
            assert_eq!(refused.code(), &ErrorCode::CANNOT_VERIFY_COPY_SOURCE);
            assert_eq!(refused.parts().status, StatusCode::CONFLICT);
            assert!(
                refused.parts().message.ends_with(words),
                "{kind:?} {version}"
            );
        }
    }
}
