//! How the service words what it does not let pass.

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use super::bearer;
use crate::config::Config;
use crate::failure::Failure;

/// 403 with the reason that only this code tells.
pub(super) fn not_authentic(reason: impl Into<String>) -> Failure {
    Failure::new(ErrorCode::AUTHENTICATION_FAILED).detail("AuthenticationErrorDetail", reason)
}

/// 400 for an `Authorization` header that cannot be read.
pub(super) fn malformed() -> Failure {
    Failure::new(ErrorCode::INVALID_AUTHENTICATION_INFO)
}

/// What a caller is told who shows nothing: before 2019-12-12 that nothing is there.
pub(super) fn anonymous(config: &Config, version: ServiceVersion) -> Failure {
    if version < ServiceVersion::V2019_12_12 {
        return Failure::new(ErrorCode::RESOURCE_NOT_FOUND);
    }
    Failure::new(ErrorCode::NO_AUTHENTICATION_INFORMATION)
        .header(header::WWW_AUTHENTICATE, &bearer::challenge(config))
}

/// A time that a signature does not cover.
pub(super) fn out_of_time(
    what: &str,
    start: Option<Timestamp>,
    expiry: Timestamp,
    now: Timestamp,
) -> Failure {
    let start = start.map(Timestamp::to_http).unwrap_or_default();
    not_authentic(format!(
        "Signature not valid in the specified {what}: Start [{start}] - Expiry [{}] - Current [{}]",
        expiry.to_http(),
        now.to_http()
    ))
}
