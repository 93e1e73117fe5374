//! Every header name and query key that travels, spelled once.
//!
//! Names are lower case, as HTTP/2 and the `http` crate write them.

/// Header names. Constants of the `http` crate are used for standard headers.
pub mod header {
    use http::HeaderName;
    pub use http::header::{
        ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CACHE_CONTROL,
        CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE,
        CONTENT_TYPE, DATE, ETAG, HOST, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        IF_UNMODIFIED_SINCE, LAST_MODIFIED, ORIGIN, RANGE, RETRY_AFTER, SERVER, USER_AGENT,
        WWW_AUTHENTICATE,
    };

    /// What `x-ms-meta-` headers begin with; the rest is the metadata name.
    pub const METADATA_PREFIX: &str = "x-ms-meta-";
    /// What object replication headers begin with.
    pub const OBJECT_REPLICATION_PREFIX: &str = "x-ms-or-";

    macro_rules! names {
        ($($name:ident = $text:literal;)*) => {
            $(#[doc = concat!("`", $text, "`")] pub const $name: HeaderName = HeaderName::from_static($text);)*
        };
    }

    names! {
        CONTENT_MD5 = "content-md5";
        X_MS_ACCESS_TIER = "x-ms-access-tier";
        X_MS_ACCESS_TIER_CHANGE_TIME = "x-ms-access-tier-change-time";
        X_MS_ACCESS_TIER_IF_MODIFIED_SINCE = "x-ms-access-tier-if-modified-since";
        X_MS_ACCESS_TIER_IF_UNMODIFIED_SINCE = "x-ms-access-tier-if-unmodified-since";
        X_MS_ACCESS_TIER_INFERRED = "x-ms-access-tier-inferred";
        X_MS_ACCOUNT_KIND = "x-ms-account-kind";
        X_MS_ACL = "x-ms-acl";
        X_MS_ARCHIVE_STATUS = "x-ms-archive-status";
        X_MS_BLOB_APPEND_OFFSET = "x-ms-blob-append-offset";
        X_MS_BLOB_CACHE_CONTROL = "x-ms-blob-cache-control";
        X_MS_BLOB_COMMITTED_BLOCK_COUNT = "x-ms-blob-committed-block-count";
        X_MS_BLOB_CONDITION_APPENDPOS = "x-ms-blob-condition-appendpos";
        X_MS_BLOB_CONDITION_MAXSIZE = "x-ms-blob-condition-maxsize";
        X_MS_BLOB_CONTENT_DISPOSITION = "x-ms-blob-content-disposition";
        X_MS_BLOB_CONTENT_ENCODING = "x-ms-blob-content-encoding";
        X_MS_BLOB_CONTENT_LANGUAGE = "x-ms-blob-content-language";
        X_MS_BLOB_CONTENT_LENGTH = "x-ms-blob-content-length";
        X_MS_BLOB_CONTENT_MD5 = "x-ms-blob-content-md5";
        X_MS_BLOB_CONTENT_TYPE = "x-ms-blob-content-type";
        X_MS_BLOB_IF_MATCH = "x-ms-blob-if-match";
        X_MS_BLOB_IF_MODIFIED_SINCE = "x-ms-blob-if-modified-since";
        X_MS_BLOB_IF_NONE_MATCH = "x-ms-blob-if-none-match";
        X_MS_BLOB_IF_UNMODIFIED_SINCE = "x-ms-blob-if-unmodified-since";
        X_MS_BLOB_PUBLIC_ACCESS = "x-ms-blob-public-access";
        X_MS_BLOB_SEALED = "x-ms-blob-sealed";
        X_MS_BLOB_SEQUENCE_NUMBER = "x-ms-blob-sequence-number";
        X_MS_BLOB_TYPE = "x-ms-blob-type";
        X_MS_CLIENT_REQUEST_ID = "x-ms-client-request-id";
        X_MS_CONTENT_CRC64 = "x-ms-content-crc64";
        X_MS_COPY_ACTION = "x-ms-copy-action";
        X_MS_COPY_COMPLETION_TIME = "x-ms-copy-completion-time";
        X_MS_COPY_DESTINATION_SNAPSHOT = "x-ms-copy-destination-snapshot";
        X_MS_COPY_ID = "x-ms-copy-id";
        X_MS_COPY_PROGRESS = "x-ms-copy-progress";
        X_MS_COPY_SOURCE = "x-ms-copy-source";
        X_MS_COPY_SOURCE_AUTHORIZATION = "x-ms-copy-source-authorization";
        X_MS_COPY_SOURCE_BLOB_PROPERTIES = "x-ms-copy-source-blob-properties";
        X_MS_COPY_SOURCE_ERROR_CODE = "x-ms-copy-source-error-code";
        X_MS_COPY_SOURCE_STATUS_CODE = "x-ms-copy-source-status-code";
        X_MS_COPY_SOURCE_TAG_OPTION = "x-ms-copy-source-tag-option";
        X_MS_COPY_STATUS = "x-ms-copy-status";
        X_MS_COPY_STATUS_DESCRIPTION = "x-ms-copy-status-description";
        X_MS_CREATION_TIME = "x-ms-creation-time";
        X_MS_DATE = "x-ms-date";
        X_MS_DEFAULT_ENCRYPTION_SCOPE = "x-ms-default-encryption-scope";
        X_MS_DELETE_SNAPSHOTS = "x-ms-delete-snapshots";
        X_MS_DELETE_TYPE_PERMANENT = "x-ms-delete-type-permanent";
        X_MS_DELETED_CONTAINER_NAME = "x-ms-deleted-container-name";
        X_MS_DELETED_CONTAINER_VERSION = "x-ms-deleted-container-version";
        X_MS_DENY_ENCRYPTION_SCOPE_OVERRIDE = "x-ms-deny-encryption-scope-override";
        X_MS_ENCRYPTION_ALGORITHM = "x-ms-encryption-algorithm";
        X_MS_ENCRYPTION_KEY = "x-ms-encryption-key";
        X_MS_ENCRYPTION_KEY_SHA256 = "x-ms-encryption-key-sha256";
        X_MS_ENCRYPTION_SCOPE = "x-ms-encryption-scope";
        X_MS_ERROR_CODE = "x-ms-error-code";
        X_MS_EXPIRY_TIME = "x-ms-expiry-time";
        X_MS_FILE_REQUEST_INTENT = "x-ms-file-request-intent";
        X_MS_GROUP = "x-ms-group";
        X_MS_HAS_IMMUTABILITY_POLICY = "x-ms-has-immutability-policy";
        X_MS_HAS_LEGAL_HOLD = "x-ms-has-legal-hold";
        X_MS_IF_SEQUENCE_NUMBER_EQ = "x-ms-if-sequence-number-eq";
        X_MS_IF_SEQUENCE_NUMBER_LE = "x-ms-if-sequence-number-le";
        X_MS_IF_SEQUENCE_NUMBER_LT = "x-ms-if-sequence-number-lt";
        X_MS_IF_TAGS = "x-ms-if-tags";
        X_MS_IMMUTABILITY_POLICY_MODE = "x-ms-immutability-policy-mode";
        X_MS_IMMUTABILITY_POLICY_UNTIL_DATE = "x-ms-immutability-policy-until-date";
        X_MS_IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED = "x-ms-immutable-storage-with-versioning-enabled";
        X_MS_INCREMENTAL_COPY = "x-ms-incremental-copy";
        X_MS_IS_CURRENT_VERSION = "x-ms-is-current-version";
        X_MS_IS_HNS_ENABLED = "x-ms-is-hns-enabled";
        X_MS_LAST_ACCESS_TIME = "x-ms-last-access-time";
        X_MS_LEASE_ACTION = "x-ms-lease-action";
        X_MS_LEASE_BREAK_PERIOD = "x-ms-lease-break-period";
        X_MS_LEASE_DURATION = "x-ms-lease-duration";
        X_MS_LEASE_ID = "x-ms-lease-id";
        X_MS_LEASE_STATE = "x-ms-lease-state";
        X_MS_LEASE_STATUS = "x-ms-lease-status";
        X_MS_LEASE_TIME = "x-ms-lease-time";
        X_MS_LEGAL_HOLD = "x-ms-legal-hold";
        X_MS_OR_POLICY_ID = "x-ms-or-policy-id";
        X_MS_OWNER = "x-ms-owner";
        X_MS_PAGE_WRITE = "x-ms-page-write";
        X_MS_PERMISSIONS = "x-ms-permissions";
        X_MS_PREVIOUS_SNAPSHOT_URL = "x-ms-previous-snapshot-url";
        X_MS_PROPOSED_LEASE_ID = "x-ms-proposed-lease-id";
        X_MS_RANGE = "x-ms-range";
        X_MS_RANGE_GET_CONTENT_CRC64 = "x-ms-range-get-content-crc64";
        X_MS_RANGE_GET_CONTENT_MD5 = "x-ms-range-get-content-md5";
        X_MS_REHYDRATE_PRIORITY = "x-ms-rehydrate-priority";
        X_MS_REQUEST_ID = "x-ms-request-id";
        X_MS_REQUEST_SERVER_ENCRYPTED = "x-ms-request-server-encrypted";
        X_MS_REQUIRES_SYNC = "x-ms-requires-sync";
        X_MS_RESOURCE_TYPE = "x-ms-resource-type";
        X_MS_SEAL_BLOB = "x-ms-seal-blob";
        X_MS_SEQUENCE_NUMBER_ACTION = "x-ms-sequence-number-action";
        X_MS_SERVER_ENCRYPTED = "x-ms-server-encrypted";
        X_MS_SKU_NAME = "x-ms-sku-name";
        X_MS_SMART_ACCESS_TIER = "x-ms-smart-access-tier";
        X_MS_SNAPSHOT = "x-ms-snapshot";
        X_MS_SOURCE_CONTENT_CRC64 = "x-ms-source-content-crc64";
        X_MS_SOURCE_CONTENT_MD5 = "x-ms-source-content-md5";
        X_MS_SOURCE_ENCRYPTION_ALGORITHM = "x-ms-source-encryption-algorithm";
        X_MS_SOURCE_ENCRYPTION_KEY = "x-ms-source-encryption-key";
        X_MS_SOURCE_ENCRYPTION_KEY_SHA256 = "x-ms-source-encryption-key-sha256";
        X_MS_SOURCE_IF_MATCH = "x-ms-source-if-match";
        X_MS_SOURCE_IF_MODIFIED_SINCE = "x-ms-source-if-modified-since";
        X_MS_SOURCE_IF_NONE_MATCH = "x-ms-source-if-none-match";
        X_MS_SOURCE_IF_TAGS = "x-ms-source-if-tags";
        X_MS_SOURCE_IF_UNMODIFIED_SINCE = "x-ms-source-if-unmodified-since";
        X_MS_SOURCE_LEASE_ID = "x-ms-source-lease-id";
        X_MS_SOURCE_RANGE = "x-ms-source-range";
        X_MS_STRUCTURED_BODY = "x-ms-structured-body";
        X_MS_STRUCTURED_CONTENT_LENGTH = "x-ms-structured-content-length";
        X_MS_TAG_COUNT = "x-ms-tag-count";
        X_MS_TAGS = "x-ms-tags";
        X_MS_UPN = "x-ms-upn";
        X_MS_VERSION = "x-ms-version";
        X_MS_VERSION_ID = "x-ms-version-id";
    }
}

/// Query keys of the service. Those of a SAS token are in [`crate::sas`].
pub mod query {
    /// Names the part of a resource that is meant, such as `metadata` or `lease`.
    pub const COMP: &str = "comp";
    /// Says that the path means a container, an account or the service.
    pub const RESTYPE: &str = "restype";
    /// Chooses a snapshot by its time.
    pub const SNAPSHOT: &str = "snapshot";
    /// Chooses a version by its time.
    pub const VERSION_ID: &str = "versionid";
    /// The service's own time limit, in seconds.
    pub const TIMEOUT: &str = "timeout";
    /// The copy to abort.
    pub const COPY_ID: &str = "copyid";
    /// The block to write, Base64.
    pub const BLOCK_ID: &str = "blockid";
    /// Which blocks to list.
    pub const BLOCK_LIST_TYPE: &str = "blocklisttype";
    /// Which pages changed since this snapshot.
    pub const PREVIOUS_SNAPSHOT: &str = "prevsnapshot";
    /// Only names that begin so.
    pub const PREFIX: &str = "prefix";
    /// Where names are cut.
    pub const DELIMITER: &str = "delimiter";
    /// Where the next page begins.
    pub const MARKER: &str = "marker";
    /// The most items on a page.
    pub const MAX_RESULTS: &str = "maxresults";
    /// What a listing shows besides the base.
    pub const INCLUDE: &str = "include";
    /// Restricts a listing to deleted items, files or directories.
    pub const SHOW_ONLY: &str = "showonly";
    /// The name a listing begins with.
    pub const START_FROM: &str = "startFrom";
    /// The tag predicate of a search.
    pub const WHERE: &str = "where";
    /// How a blob is deleted.
    pub const DELETE_TYPE: &str = "deletetype";
}
