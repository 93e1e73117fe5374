//! What to do about an error, in one sentence.

#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorCode, ServiceError, TransportError, UnreadableReply};

/// Says what to do about an error; nothing where the error itself says all there is to say.
///
/// ```
/// use blobferry_core::{Error, ErrorCode, ServiceError};
/// use blobferry_core::advice::advice;
/// let error = Error::from(ServiceError {
///     status: 409,
///     code: Some(ErrorCode::PENDING_COPY_OPERATION),
///     ..ServiceError::default()
/// });
/// assert!(advice(&error).is_some_and(|sentence| sentence.contains("abort")));
/// ```
#[must_use]
pub fn advice(error: &Error) -> Option<&'static str> {
    match error {
        Error::Service(refusal) => about_refusal(refusal),
        Error::Transport(lost) => about_transport(lost),
        Error::Reply(unreadable) => Some(about_reply(unreadable)),
        Error::Invalid(_) => None,
    }
}

fn about_transport(error: &TransportError) -> Option<&'static str> {
    match error {
        TransportError::Unreachable { .. } => Some(
            "Check the account name, the network and the proxy: the host could not be reached.",
        ),
        TransportError::Timeout => {
            Some("Look whether the request took effect before asking again, or allow more time.")
        }
        TransportError::Disconnected { .. } => {
            Some("Look whether the request took effect before asking again: the connection broke.")
        }
        TransportError::NoCredential { .. } => {
            Some("Give a key, a SAS that has not expired, or a token source for this account.")
        }
        TransportError::NotSent | TransportError::Invalid(_) => None,
    }
}

fn about_reply(_: &UnreadableReply) -> &'static str {
    "Check that the URL names the Blob service and that no proxy answers in its place."
}

fn about_refusal(error: &ServiceError) -> Option<&'static str> {
    if let Some(sentence) = about_source(error).or_else(|| about_authentication(error)) {
        return Some(sentence);
    }
    let by_code = error.code().and_then(|code| {
        let row = BY_CODE.iter().find(|(codes, _)| codes.contains(code));
        row.map(|(_, sentence)| *sentence)
    });
    by_code.or_else(|| by_status(error.status))
}

/// A copy source that cannot be read: by its own status, where the service passes it on.
fn about_source(error: &ServiceError) -> Option<&'static str> {
    let unverified = error.is(&ErrorCode::CANNOT_VERIFY_COPY_SOURCE);
    if !unverified && error.copy_source.is_none() {
        return None;
    }
    let own = error.copy_source.as_ref().and_then(|source| source.status);
    Some(match own.unwrap_or(error.status) {
        401 | 403 => {
            "Give the source a SAS with read permission that has not expired, or its account's key."
        }
        404 => "Check the source's URL: no such blob, or it is private and its URL carries no SAS.",
        304 | 412 => {
            "Read the source's properties again: it does not meet the conditions set on it."
        }
        409 => "Check the source's account: it refuses to be read, such as for an archived blob.",
        500.. => "Try again later: the source's own service failed.",
        _ => "Check that the service can read the source's URL by itself, firewalls included.",
    })
}

/// 401 and 403 for reasons that only the detail tells apart.
fn about_authentication(error: &ServiceError) -> Option<&'static str> {
    if !error.is(&ErrorCode::AUTHENTICATION_FAILED) {
        return None;
    }
    let detail = error
        .detail("AuthenticationErrorDetail")
        .unwrap_or_default();
    let says = |part: &str| detail.to_ascii_lowercase().contains(part);
    Some(if says("date header too old") || says("request date") {
        "Set this machine's clock: it differs from the service's by more than 15 minutes."
    } else if says("expiry") || says("not valid before") || says("time frame") || says("expired") {
        "Make a new SAS: this one has expired or is not valid yet."
    } else if says("mac signature") && says("authorization") || says("http request") {
        "Check that the account key belongs to this account and has not been rotated."
    } else if says("signature") {
        "Make a new SAS: its signature does not match, so it was altered or its key was rotated."
    } else if says("issuer") || says("audience") || says("token") {
        "Get a token for https://storage.azure.com/ from the tenant of this account."
    } else {
        "Check the key, SAS or token, that it belongs to this account, and this machine's clock."
    })
}

type Row = (&'static [ErrorCode], &'static str);

const BY_CODE: &[Row] = &[
    (
        &[
            ErrorCode::AUTHORIZATION_PERMISSION_MISMATCH,
            ErrorCode::INSUFFICIENT_ACCOUNT_PERMISSIONS,
            ErrorCode::UNAUTHORIZED_BLOB_OVERWRITE,
        ],
        "Use a SAS or role that allows this: read for sources, write for destinations, list for containers.",
    ),
    (
        &[
            ErrorCode::AUTHORIZATION_SERVICE_MISMATCH,
            ErrorCode::AUTHORIZATION_RESOURCE_TYPE_MISMATCH,
        ],
        "Use an account SAS for the Blob service with the resource types service, container and object.",
    ),
    (
        &[ErrorCode::AUTHORIZATION_PROTOCOL_MISMATCH],
        "Use https: the SAS does not allow http.",
    ),
    (
        &[ErrorCode::AUTHORIZATION_SOURCE_IPMISMATCH],
        "Use a SAS that allows this machine's address.",
    ),
    (
        &[ErrorCode::AUTHORIZATION_FAILURE],
        "Check the account's firewall and that the credential may be used for this account.",
    ),
    (
        &[
            ErrorCode::NO_AUTHENTICATION_INFORMATION,
            ErrorCode::INVALID_AUTHENTICATION_INFO,
            ErrorCode::PUBLIC_ACCESS_NOT_PERMITTED,
        ],
        "Give a credential: a key, a SAS or a token.",
    ),
    (
        &[ErrorCode::CONTAINER_NOT_FOUND],
        "Create the container, or check its name and account.",
    ),
    (
        &[ErrorCode::BLOB_NOT_FOUND, ErrorCode::RESOURCE_NOT_FOUND],
        "Check the name, including its case; private data answers so to those without a credential.",
    ),
    (
        &[ErrorCode::CONTAINER_BEING_DELETED],
        "Wait until the container is deleted, at least 30 seconds, or use another name.",
    ),
    (
        &[ErrorCode::PENDING_COPY_OPERATION],
        "Wait for the copy that is pending on the destination, or abort it.",
    ),
    (
        &[
            ErrorCode::NO_PENDING_COPY_OPERATION,
            ErrorCode::COPY_ID_MISMATCH,
        ],
        "Read the blob's properties: that copy has ended, or another has taken its place.",
    ),
    (
        &[ErrorCode::INFINITE_LEASE_DURATION_REQUIRED],
        "Lease the destination without end: an asynchronous copy outlives other leases.",
    ),
    (
        &[
            ErrorCode::LEASE_ID_MISSING,
            ErrorCode::LEASE_ALREADY_PRESENT,
            ErrorCode::LEASE_ID_MISMATCH_WITH_BLOB_OPERATION,
            ErrorCode::LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION,
            ErrorCode::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION,
        ],
        "Give the id of the lease that is held, wait until it ends, or break it.",
    ),
    (
        &[
            ErrorCode::LEASE_LOST,
            ErrorCode::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
            ErrorCode::LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION,
            ErrorCode::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION,
            ErrorCode::LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED,
        ],
        "Acquire a lease again: the one named has ended.",
    ),
    (
        &[
            ErrorCode::LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED,
            ErrorCode::LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED,
        ],
        "Wait until the lease is broken, or break it at once.",
    ),
    (
        &[
            ErrorCode::INVALID_BLOB_TYPE,
            ErrorCode::INVALID_SOURCE_BLOB_TYPE,
        ],
        "Delete the destination or choose another name: it is a blob of another type.",
    ),
    (
        &[ErrorCode::BLOB_ARCHIVED, ErrorCode::BLOB_BEING_REHYDRATED],
        "Rehydrate the blob first, or copy it to an online tier with a rehydrate priority.",
    ),
    (
        &[
            ErrorCode::CONDITION_NOT_MET,
            ErrorCode::TARGET_CONDITION_NOT_MET,
            ErrorCode::SOURCE_CONDITION_NOT_MET,
        ],
        "Read the properties again: somebody changed the blob, or it is already there.",
    ),
    (
        &[ErrorCode::BLOB_ALREADY_EXISTS],
        "Choose another name, or allow what is there to be overwritten.",
    ),
    (
        &[
            ErrorCode::BLOB_IMMUTABLE_DUE_TO_POLICY,
            ErrorCode::BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD,
        ],
        "Wait until the immutability policy ends or the legal hold is lifted.",
    ),
    (
        &[ErrorCode::SNAPSHOTS_PRESENT],
        "Say what is to become of the blob's snapshots, or delete them first.",
    ),
    (
        &[ErrorCode::COPY_ACROSS_ACCOUNTS_NOT_SUPPORTED],
        "Use service version 2012-02-12 or later to copy from another account.",
    ),
    (
        &[ErrorCode::FEATURE_VERSION_MISMATCH],
        "Use a later service version: this blob has features the one used does not know.",
    ),
    (
        &[
            ErrorCode::SERVER_BUSY,
            ErrorCode::OPERATION_TIMED_OUT,
            ErrorCode::INTERNAL_ERROR,
        ],
        "Try again after a pause, with fewer requests at a time.",
    ),
    (
        &[ErrorCode::ACCOUNT_IS_DISABLED],
        "Have the account enabled again, in the portal or by its owner.",
    ),
];

fn by_status(status: u16) -> Option<&'static str> {
    match status {
        401 | 403 => Some("Check the credential and the account's firewall."),
        404 => Some("Check the account, container and blob names."),
        429 | 500.. => Some("Try again after a pause, with fewer requests at a time."),
        _ => None,
    }
}
