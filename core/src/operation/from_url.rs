//! Where a from-URL write takes its bytes, and what must hold there.

use crate::checksum::SourceChecksum;
use crate::conditions::SourceConditions;
use crate::encryption::EncryptionKey;
use crate::message::{Request, SourceProof};
use crate::part::Part;
use crate::source::CopySource;
use crate::version::ServiceVersion;
use crate::wire::header;

/// Where a from-URL write takes its bytes, and what must hold there.
///
/// A source that is not public needs a SAS or, from version 2020-10-02 on, a bearer token; the engine adds
/// either when the request is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromUrl {
    /// The blob or URL.
    pub source: CopySource,
    /// What must hold of it.
    pub conditions: SourceConditions,
    /// What its bytes must hash to.
    pub checksum: Option<SourceChecksum>,
    /// The key it is encrypted with. Version 2026-04-06 and later.
    pub key: Option<EncryptionKey>,
    /// Whether it is a file in Azure Files that a bearer token opens:
    /// `x-ms-file-request-intent: backup`. Version 2025-07-05 and later.
    pub is_azure_file: bool,
}

impl FromUrl {
    /// A source with no options.
    #[must_use]
    pub fn new(source: impl Into<CopySource>) -> Self {
        Self {
            source: source.into(),
            conditions: SourceConditions::default(),
            checksum: None,
            key: None,
            is_azure_file: false,
        }
    }
}

impl Part for FromUrl {
    fn add_to(&self, request: Request) -> Request {
        let mut request = request
            .source(self.source.clone())
            .source_proof(SourceProof::OwnOrToken)
            .with(&self.conditions)
            .with(&self.checksum)
            .with(&self.is_azure_file.then_some(BackupIntent));
        if let Some(key) = &self.key {
            request = key.for_source(request);
        }
        request
    }
}

/// `x-ms-file-request-intent: backup`.
pub(super) struct BackupIntent;

impl Part for BackupIntent {
    fn add_to(&self, request: Request) -> Request {
        request
            .text(header::X_MS_FILE_REQUEST_INTENT, "backup")
            .needs(ServiceVersion::V2025_07_05)
    }
}
