use super::*;
use crate::error::CopySourceError;

fn refusal(status: u16, code: &'static str) -> ServiceError {
    ServiceError {
        status,
        code: (!code.is_empty()).then(|| ErrorCode::from(code)),
        ..ServiceError::default()
    }
}

#[test]
fn situations_lead_to_what_to_do() {
    for (status, code, word) in [
        (403, "AuthorizationPermissionMismatch", "role"),
        (403, "AuthorizationProtocolMismatch", "https"),
        (404, "ContainerNotFound", "Create"),
        (409, "PendingCopyOperation", "abort"),
        (409, "NoPendingCopyOperation", "ended"),
        (409, "LeaseAlreadyPresent", "break"),
        (412, "LeaseIdMissing", "id of the lease"),
        (412, "LeaseLost", "again"),
        (409, "InvalidBlobType", "type"),
        (409, "BlobArchived", "Rehydrate"),
        (412, "TargetConditionNotMet", "changed"),
        (503, "ServerBusy", "pause"),
        (503, "", "pause"),
        (403, "SomethingNew", "firewall"),
        (404, "CannotVerifyCopySource", "URL"),
        (403, "CannotVerifyCopySource", "SAS"),
    ] {
        let sentence = advice(&refusal(status, code).into()).unwrap();
        assert!(sentence.contains(word), "{status} {code}: {sentence}");
        assert!(sentence.ends_with('.'), "{sentence}");
    }
    assert_eq!(advice(&refusal(400, "InvalidMetadata").into()), None);
}

#[test]
fn the_detail_tells_why_a_signature_failed() {
    for (detail, word) in [
        (
            "Request date header too old: 'Fri, 01 Jan 2016 00:00:00 GMT'",
            "clock",
        ),
        (
            "Signature not valid in the specified time frame: Start - Expiry -",
            "expired",
        ),
        (
            "The MAC signature found in the HTTP request 'x' is not the same as any computed signature.",
            "account key",
        ),
        (
            "Signature did not match. String to sign used was r",
            "altered",
        ),
        ("Issuer validation failed. Issuer did not match.", "tenant"),
        ("", "Check"),
    ] {
        let mut error = refusal(403, "AuthenticationFailed");
        error
            .details
            .push(("AuthenticationErrorDetail".to_owned(), detail.to_owned()));
        let sentence = advice(&error.into()).unwrap();
        assert!(sentence.contains(word), "{detail}: {sentence}");
    }
}

#[test]
fn the_sources_own_status_decides() {
    let mut error = refusal(409, "CannotVerifyCopySource");
    error.copy_source = Some(CopySourceError {
        status: Some(403),
        ..CopySourceError::default()
    });
    assert!(advice(&error.into()).unwrap().contains("SAS"));
}

#[test]
fn what_the_wire_lost_is_looked_up() {
    assert!(
        advice(&TransportError::Timeout.into())
            .unwrap()
            .contains("Look")
    );
    let unreachable = TransportError::Unreachable {
        host: "a".to_owned(),
        reason: "b".to_owned(),
    };
    assert!(advice(&unreachable.into()).unwrap().contains("network"));
    assert_eq!(advice(&TransportError::NotSent.into()), None);
}

#[test]
fn service_errors_never_show_signatures() {
    let mut error = refusal(403, "AuthenticationFailed");
    error.message = "no https://a/b?sp=r&sig=c2VjcmV0%3D here".to_owned();
    error.copy_source = Some(CopySourceError {
        message: Some("sig=c2VjcmV0".to_owned()),
        ..CopySourceError::default()
    });
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("c2VjcmV0"), "{shown}");
    assert!(shown.contains("REDACTED"));
}
