//! The service's error codes: open strings with a constant for each known one.

use std::borrow::Cow;
use std::fmt;

use crate::sign::redact_url;

/// An error code as the service spells it, such as `PendingCopyOperation`.
///
/// Source: "Blob service error codes" and "Common REST API error codes".
///
/// ```
/// use blobferry_core::ErrorCode;
/// assert_eq!(ErrorCode::from("BlobNotFound"), ErrorCode::BLOB_NOT_FOUND);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(Cow<'static, str>);

macro_rules! codes {
    ($($name:ident = $text:literal;)*) => {
        impl ErrorCode {
            $(#[doc = concat!("`", $text, "`")] pub const $name: Self = Self(Cow::Borrowed($text));)*

            /// Every code with a constant.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

codes! {
    ACCOUNT_ALREADY_EXISTS = "AccountAlreadyExists";
    ACCOUNT_BEING_CREATED = "AccountBeingCreated";
    ACCOUNT_IS_DISABLED = "AccountIsDisabled";
    APPEND_POSITION_CONDITION_NOT_MET = "AppendPositionConditionNotMet";
    AUTHENTICATION_FAILED = "AuthenticationFailed";
    AUTHORIZATION_FAILURE = "AuthorizationFailure";
    AUTHORIZATION_PERMISSION_MISMATCH = "AuthorizationPermissionMismatch";
    AUTHORIZATION_PROTOCOL_MISMATCH = "AuthorizationProtocolMismatch";
    AUTHORIZATION_RESOURCE_TYPE_MISMATCH = "AuthorizationResourceTypeMismatch";
    AUTHORIZATION_SERVICE_MISMATCH = "AuthorizationServiceMismatch";
    AUTHORIZATION_SOURCE_IPMISMATCH = "AuthorizationSourceIPMismatch";
    BLOB_ACCESS_TIER_NOT_SUPPORTED_FOR_ACCOUNT_TYPE = "BlobAccessTierNotSupportedForAccountType";
    BLOB_ALREADY_EXISTS = "BlobAlreadyExists";
    BLOB_ARCHIVED = "BlobArchived";
    BLOB_BEING_REHYDRATED = "BlobBeingRehydrated";
    BLOB_CUSTOMER_SPECIFIED_ENCRYPTION_MISMATCH = "BlobCustomerSpecifiedEncryptionMismatch";
    BLOB_DOES_NOT_USE_CUSTOMER_SPECIFIED_ENCRYPTION = "BlobDoesNotUseCustomerSpecifiedEncryption";
    BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD = "BlobImmutableDueToLegalHold";
    BLOB_IMMUTABLE_DUE_TO_POLICY = "BlobImmutableDueToPolicy";
    BLOB_IS_SEALED = "BlobIsSealed";
    BLOB_NOT_ARCHIVED = "BlobNotArchived";
    BLOB_NOT_FOUND = "BlobNotFound";
    BLOB_NOT_SOFT_DELETED = "BlobNotSoftDeleted";
    BLOB_OPERATION_NOT_SUPPORTED = "BlobOperationNotSupported";
    BLOB_OVERWRITTEN = "BlobOverwritten";
    BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH = "BlobTierInadequateForContentLength";
    BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION = "BlobUsesCustomerSpecifiedEncryption";
    BLOCK_COUNT_EXCEEDS_LIMIT = "BlockCountExceedsLimit";
    BLOCK_LIST_TOO_LONG = "BlockListTooLong";
    BOTH_CRC64_AND_MD5_RANGE_HEADER_PRESENT = "BothCrc64AndMd5RangeHeaderPresent";
    CANNOT_CHANGE_TO_LOWER_TIER = "CannotChangeToLowerTier";
    CANNOT_VERIFY_COPY_SOURCE = "CannotVerifyCopySource";
    CONDITION_HEADERS_NOT_SUPPORTED = "ConditionHeadersNotSupported";
    CONDITION_NOT_MET = "ConditionNotMet";
    CONTAINER_ALREADY_EXISTS = "ContainerAlreadyExists";
    CONTAINER_BEING_DELETED = "ContainerBeingDeleted";
    CONTAINER_DISABLED = "ContainerDisabled";
    CONTAINER_NOT_FOUND = "ContainerNotFound";
    CONTENT_LENGTH_LARGER_THAN_TIER_LIMIT = "ContentLengthLargerThanTierLimit";
    COPY_ACROSS_ACCOUNTS_NOT_SUPPORTED = "CopyAcrossAccountsNotSupported";
    COPY_ID_MISMATCH = "CopyIdMismatch";
    CRC64_MISMATCH = "Crc64Mismatch";
    EMPTY_METADATA_KEY = "EmptyMetadataKey";
    ENCRYPTION_SCOPE_NOT_AVAILABLE = "EncryptionScopeNotAvailable";
    FEATURE_VERSION_MISMATCH = "FeatureVersionMismatch";
    HIERARCHICAL_NAMESPACE_NOT_ENABLED = "HierarchicalNamespaceNotEnabled";
    INCREMENTAL_COPY_BLOB_MISMATCH = "IncrementalCopyBlobMismatch";
    INCREMENTAL_COPY_OF_EARLIER_SNAPSHOT_NOT_ALLOWED = "IncrementalCopyOfEarlierSnapshotNotAllowed";
    INCREMENTAL_COPY_OF_EARLIER_VERSION_SNAPSHOT_NOT_ALLOWED = "IncrementalCopyOfEarlierVersionSnapshotNotAllowed";
    INCREMENTAL_COPY_SOURCE_MUST_BE_SNAPSHOT = "IncrementalCopySourceMustBeSnapshot";
    INFINITE_LEASE_DURATION_REQUIRED = "InfiniteLeaseDurationRequired";
    INSUFFICIENT_ACCOUNT_PERMISSIONS = "InsufficientAccountPermissions";
    INTERNAL_ERROR = "InternalError";
    INVALID_AUTHENTICATION_INFO = "InvalidAuthenticationInfo";
    INVALID_BLOB_OR_BLOCK = "InvalidBlobOrBlock";
    INVALID_BLOB_TIER = "InvalidBlobTier";
    INVALID_BLOB_TYPE = "InvalidBlobType";
    INVALID_BLOCK_ID = "InvalidBlockId";
    INVALID_BLOCK_LIST = "InvalidBlockList";
    INVALID_HEADER_VALUE = "InvalidHeaderValue";
    INVALID_HTTP_VERB = "InvalidHttpVerb";
    INVALID_INPUT = "InvalidInput";
    INVALID_MD5 = "InvalidMd5";
    INVALID_METADATA = "InvalidMetadata";
    INVALID_OPERATION = "InvalidOperation";
    INVALID_PAGE_RANGE = "InvalidPageRange";
    INVALID_QUERY_PARAMETER_VALUE = "InvalidQueryParameterValue";
    INVALID_RANGE = "InvalidRange";
    INVALID_REQUEST_URL = "InvalidRequestUrl";
    INVALID_RESOURCE_NAME = "InvalidResourceName";
    INVALID_SOURCE_BLOB_TYPE = "InvalidSourceBlobType";
    INVALID_SOURCE_BLOB_URL = "InvalidSourceBlobUrl";
    INVALID_URI = "InvalidUri";
    INVALID_VERSION_FOR_PAGE_BLOB_OPERATION = "InvalidVersionForPageBlobOperation";
    INVALID_XML_DOCUMENT = "InvalidXmlDocument";
    INVALID_XML_NODE_VALUE = "InvalidXmlNodeValue";
    LEASE_ALREADY_BROKEN = "LeaseAlreadyBroken";
    LEASE_ALREADY_PRESENT = "LeaseAlreadyPresent";
    LEASE_ID_MISMATCH_WITH_BLOB_OPERATION = "LeaseIdMismatchWithBlobOperation";
    LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION = "LeaseIdMismatchWithContainerOperation";
    LEASE_ID_MISMATCH_WITH_LEASE_OPERATION = "LeaseIdMismatchWithLeaseOperation";
    LEASE_ID_MISSING = "LeaseIdMissing";
    LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED = "LeaseIsBreakingAndCannotBeAcquired";
    LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED = "LeaseIsBreakingAndCannotBeChanged";
    LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED = "LeaseIsBrokenAndCannotBeRenewed";
    LEASE_LOST = "LeaseLost";
    LEASE_NOT_PRESENT_WITH_BLOB_OPERATION = "LeaseNotPresentWithBlobOperation";
    LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION = "LeaseNotPresentWithContainerOperation";
    LEASE_NOT_PRESENT_WITH_LEASE_OPERATION = "LeaseNotPresentWithLeaseOperation";
    MAX_BLOB_SIZE_CONDITION_NOT_MET = "MaxBlobSizeConditionNotMet";
    MD5_MISMATCH = "Md5Mismatch";
    METADATA_TOO_LARGE = "MetadataTooLarge";
    MISSING_CONTENT_LENGTH_HEADER = "MissingContentLengthHeader";
    MISSING_REQUIRED_HEADER = "MissingRequiredHeader";
    MISSING_REQUIRED_QUERY_PARAMETER = "MissingRequiredQueryParameter";
    MISSING_REQUIRED_XML_NODE = "MissingRequiredXmlNode";
    MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED = "MultipleConditionHeadersNotSupported";
    MUTUALLY_EXCLUSIVE_QUERY_PARAMETERS = "MutuallyExclusiveQueryParameters";
    NO_AUTHENTICATION_INFORMATION = "NoAuthenticationInformation";
    NO_PENDING_COPY_OPERATION = "NoPendingCopyOperation";
    OPERATION_NOT_ALLOWED_ON_AUTOMATIC_SNAPSHOT = "OperationNotAllowedOnAutomaticSnapshot";
    OPERATION_NOT_ALLOWED_ON_INCREMENTAL_COPY_BLOB = "OperationNotAllowedOnIncrementalCopyBlob";
    OPERATION_NOT_ALLOWED_ON_ROOT_BLOB = "OperationNotAllowedOnRootBlob";
    OPERATION_TIMED_OUT = "OperationTimedOut";
    OUT_OF_RANGE_INPUT = "OutOfRangeInput";
    OUT_OF_RANGE_QUERY_PARAMETER_VALUE = "OutOfRangeQueryParameterValue";
    PENDING_COPY_OPERATION = "PendingCopyOperation";
    PERMANENT_DELETE_IS_OFF = "PermanentDeleteIsOff";
    PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER = "PreviousSnapshotCannotBeNewer";
    PREVIOUS_SNAPSHOT_NOT_FOUND = "PreviousSnapshotNotFound";
    PREVIOUS_SNAPSHOT_OPERATION_NOT_SUPPORTED = "PreviousSnapshotOperationNotSupported";
    PUBLIC_ACCESS_NOT_PERMITTED = "PublicAccessNotPermitted";
    REQUEST_BODY_TOO_LARGE = "RequestBodyTooLarge";
    REQUEST_FORBIDDEN_BY_CONTAINER_ENCRYPTION_POLICY = "RequestForbiddenByContainerEncryptionPolicy";
    REQUEST_URL_FAILED_TO_PARSE = "RequestUrlFailedToParse";
    RESOURCE_ALREADY_EXISTS = "ResourceAlreadyExists";
    RESOURCE_NOT_FOUND = "ResourceNotFound";
    RESOURCE_TYPE_MISMATCH = "ResourceTypeMismatch";
    SEQUENCE_NUMBER_CONDITION_NOT_MET = "SequenceNumberConditionNotMet";
    SEQUENCE_NUMBER_INCREMENT_TOO_LARGE = "SequenceNumberIncrementTooLarge";
    SERVER_BUSY = "ServerBusy";
    SNAPHOT_OPERATION_RATE_EXCEEDED = "SnaphotOperationRateExceeded";
    SNAPSHOT_COUNT_EXCEEDED = "SnapshotCountExceeded";
    SNAPSHOT_OPERATION_RATE_EXCEEDED = "SnapshotOperationRateExceeded";
    SNAPSHOTS_PRESENT = "SnapshotsPresent";
    SOURCE_CONDITION_NOT_MET = "SourceConditionNotMet";
    STATIC_WEBSITE_NOT_SUPPORTED_BY_ACCOUNT_TYPE = "StaticWebsiteNotSupportedByAccountType";
    SYSTEM_IN_USE = "SystemInUse";
    TARGET_CONDITION_NOT_MET = "TargetConditionNotMet";
    UNAUTHORIZED_BLOB_OVERWRITE = "UnauthorizedBlobOverwrite";
    UNSATISFIABLE_CONDITION = "UnsatisfiableCondition";
    UNSUPPORTED_HEADER = "UnsupportedHeader";
    UNSUPPORTED_HTTP_VERB = "UnsupportedHttpVerb";
    UNSUPPORTED_QUERY_PARAMETER = "UnsupportedQueryParameter";
    UNSUPPORTED_XML_NODE = "UnsupportedXmlNode";
}

impl ErrorCode {
    /// The code as the service spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ErrorCode {
    fn from(text: &str) -> Self {
        Self::ALL
            .iter()
            .find(|code| code.as_str() == text)
            .cloned()
            .unwrap_or_else(|| Self(Cow::Owned(text.to_owned())))
    }
}

impl fmt::Display for ErrorCode {
    /// What the service sent, which need not be a code: signatures in it are not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact_url(&self.0))
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
