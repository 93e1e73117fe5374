//! Copy Blob From URL: `PUT /{container}/{blob}` with `x-ms-requires-sync: true`, finished in the request.

use http::Method;

use super::from_url::BackupIntent;
use super::{CopyStarted, Operation};
use crate::address::BlobAddress;
use crate::checksum::SourceChecksum;
use crate::conditions::{Conditions, SourceConditions};
use crate::error::Error;
use crate::header_text::HeaderText;
use crate::immutability::Immutability;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, SourceProof, Urgency};
use crate::metadata::Metadata;
use crate::source::CopySource;
use crate::tags::Tags;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::{AccessTier, SourceTagOption};

/// Copies a block blob of at most 256 MiB while the request lasts.
///
/// The destination carries copy properties afterwards, like that of Copy Blob. Version 2018-11-09
/// and later. Source: "Copy Blob From URL".
///
/// ```
/// use blobferry_core::operation::{CopyBlobFromUrl, Operation};
/// use blobferry_core::{Location, Place, SourceUrl};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(destination) = location.place else { unreachable!() };
/// let source = SourceUrl::new("https://example.org/a.txt")?;
/// let copy = CopyBlobFromUrl::new(destination, source);
/// assert_eq!(copy.request().operation(), "Copy Blob From URL");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyBlobFromUrl {
    /// The blob to be made or overwritten.
    pub destination: BlobAddress,
    /// What is copied.
    pub source: CopySource,
    /// What the source must hash to.
    pub checksum: Option<SourceChecksum>,
    /// The destination's metadata; if there is none, the source's is copied.
    pub metadata: Metadata,
    /// The destination's tags. Version 2019-12-12 and later.
    pub tags: Tags,
    /// Whose tags the destination gets; `Copy` not together with tags. Version 2021-04-10 and later.
    pub tag_option: Option<SourceTagOption>,
    /// The destination's tier.
    pub tier: Option<AccessTier>,
    /// The destination's encryption scope. Version 2020-12-06 and later.
    pub encryption_scope: Option<HeaderText>,
    /// The lease on the destination.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the destination.
    pub conditions: Conditions,
    /// What must hold of the source.
    pub source_conditions: SourceConditions,
    /// Until when the destination must stay as it is.
    pub immutability: Immutability,
    /// Whether the source is a file in Azure Files that a bearer token opens:
    /// `x-ms-file-request-intent: backup`. Version 2025-07-05 and later.
    pub is_azure_file: bool,
}

impl CopyBlobFromUrl {
    /// A copy with no options.
    #[must_use]
    pub fn new(destination: BlobAddress, source: impl Into<CopySource>) -> Self {
        Self {
            destination,
            source: source.into(),
            checksum: None,
            metadata: Metadata::default(),
            tags: Tags::default(),
            tag_option: None,
            tier: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::default(),
            source_conditions: SourceConditions::default(),
            immutability: Immutability::default(),
            is_azure_file: false,
        }
    }
}

impl Operation for CopyBlobFromUrl {
    type Output = CopyStarted;
    const NAME: &'static str = "Copy Blob From URL";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        let request = Request::to_blob(Method::PUT, &self.destination)
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2018_11_09)
            .source(self.source.clone())
            .source_proof(SourceProof::OwnOrToken)
            .text(header::X_MS_REQUIRES_SYNC, "true")
            .with(&self.checksum)
            .with(&self.metadata)
            .with(&self.tags)
            .with(&self.tag_option)
            .with(&self.tier)
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.source_conditions)
            .with(&self.immutability)
            .with(&self.is_azure_file.then_some(BackupIntent));
        match &self.encryption_scope {
            Some(scope) => request
                .text(header::X_MS_ENCRYPTION_SCOPE, scope.as_str())
                .needs(ServiceVersion::V2020_12_06),
            None => request,
        }
    }

    fn parse(&self, response: &Response) -> Result<CopyStarted, Error> {
        CopyStarted::read(response, &[202])
    }
}
