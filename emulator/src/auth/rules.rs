//! Which letters of a SAS open which operation: one table, and the few operations whose letter
//! depends on more than their name.
//!
//! Sources: "Create an account SAS", "Create a service SAS".

use blobferry_core::ServiceVersion;
use blobferry_core::wire::{header, query};

use super::Permissions;
use crate::kind::Kind;
use crate::request::Ask;

/// Which part of the service an account SAS must be for: `srt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResourceType {
    Service,
    Container,
    Object,
    /// The parts of a batch are authorized one by one.
    Any,
}

impl ResourceType {
    /// Whether `srt` names it.
    pub(super) fn is_in(self, types: &str) -> bool {
        match self {
            Self::Service => types.contains('s'),
            Self::Container => types.contains('c'),
            Self::Object => types.contains('o'),
            Self::Any => true,
        }
    }
}

/// What an operation asks of a SAS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) resource: ResourceType,
    /// Any of these letters is enough; none means that no SAS is.
    pub(super) any_of: Permissions,
    /// Whether a service SAS reaches it too.
    pub(super) service_sas: bool,
}

const R: Permissions = Permissions::READ;
const A: Permissions = Permissions::ADD;
const C: Permissions = Permissions::CREATE;
const W: Permissions = Permissions::WRITE;
const D: Permissions = Permissions::DELETE;
const L: Permissions = Permissions::LIST;
const T: Permissions = Permissions::TAGS;
const F: Permissions = Permissions::FILTER;
const I: Permissions = Permissions::IMMUTABILITY;

/// The rule of an operation.
pub(super) fn rule(kind: Kind) -> Rule {
    use Kind::*;
    use ResourceType::{Any, Container, Object, Service};
    let (resource, any_of, service_sas) = match kind {
        ListContainers => (Service, L, false),
        GetServiceProperties | GetServiceStats | GetAccountInformation => (Service, R, false),
        SetServiceProperties => (Service, W, false),
        GetUserDelegationKey => (Service, Permissions::NONE, false),
        FindBlobsByTags => (Object, F, false),
        Batch => (Any, Permissions::ALL, false),

        CreateContainer => (Container, C.with(W), false),
        GetContainerProperties | GetContainerMetadata => (Container, R, false),
        SetContainerMetadata | LeaseContainer | RestoreContainer | RenameContainer => {
            (Container, W, false)
        }
        GetContainerAcl | SetContainerAcl => (Container, Permissions::NONE, false),
        DeleteContainer => (Container, D, false),
        ListBlobs => (Container, L, true),
        FindBlobsByTagsInContainer => (Container, F, true),
        BatchInContainer => (Any, Permissions::ALL, true),
        GetAccountInformationOfContainer => (Container, R, true),

        GetBlob
        | GetBlobProperties
        | GetBlobMetadata
        | GetBlockList
        | GetPageRanges
        | QueryBlob
        | GetAccountInformationOfBlob => (Object, R, true),
        PutBlob | CopyBlob | PutBlobFromUrl | IncrementalCopyBlob | SnapshotBlob => {
            (Object, C.with(W), true)
        }
        CopyBlobFromUrl | SetBlobMetadata | SetBlobProperties | UndeleteBlob | LeaseBlob
        | AbortCopyBlob | PutBlock | PutBlockFromUrl | PutBlockList | PutPage | PutPageFromUrl
        | SealAppendBlob | SetBlobTier | SetBlobExpiry => (Object, W, true),
        AppendBlock | AppendBlockFromUrl => (Object, A.with(W), true),
        DeleteBlob => (Object, D, true),
        GetBlobTags | SetBlobTags => (Object, T, true),
        SetImmutabilityPolicy | DeleteImmutabilityPolicy | SetLegalHold => (Object, I, true),
    };
    Rule {
        resource,
        any_of,
        service_sas,
    }
}

/// Whether the letters are enough for this very request, in a SAS of this version.
pub(super) fn is_enough(letters: Permissions, version: ServiceVersion, ask: &Ask) -> bool {
    let enough = any_of(ask).with(by_version(version, ask.kind));
    letters.intersects(enough) && letters.contains(besides(ask))
}

/// What newer versions are content with: one who may create may do it in blocks. Source: the
/// change log of azure-storage-blob 12.30 (Python), which speaks 2026-06-06.
fn by_version(version: ServiceVersion, kind: Kind) -> Permissions {
    match kind {
        Kind::PutBlock | Kind::PutBlockFromUrl | Kind::PutBlockList
            if version >= ServiceVersion::V2026_06_06 =>
        {
            C
        }
        _ => Permissions::NONE,
    }
}

/// Any of these: the rule, but that breaking needs less and deleting history more.
fn any_of(ask: &Ask) -> Permissions {
    match ask.kind {
        Kind::LeaseBlob | Kind::LeaseContainer
            if ask.version >= ServiceVersion::V2017_07_29
                && ask
                    .header(&header::X_MS_LEASE_ACTION)
                    .is_some_and(|action| action.eq_ignore_ascii_case("break")) =>
        {
            W.with(D)
        }
        Kind::DeleteBlob if is_permanent(ask) => Permissions::PERMANENT_DELETE,
        Kind::DeleteBlob if ask.query.filled(query::VERSION_ID).is_some() => {
            Permissions::DELETE_VERSION
        }
        kind => rule(kind).any_of,
    }
}

/// All of these as well: tags and immutability that travel with other operations.
pub(super) fn besides(ask: &Ask) -> Permissions {
    let mut needed = Permissions::NONE;
    let has = |name: http::HeaderName| ask.headers.contains_key(name);
    if has(header::X_MS_TAGS) || has(header::X_MS_IF_TAGS) || lists_tags(ask) {
        needed = needed.with(T);
    }
    if ask.kind != Kind::DeleteBlob
        && (has(header::X_MS_IMMUTABILITY_POLICY_UNTIL_DATE) || has(header::X_MS_LEGAL_HOLD))
    {
        needed = needed.with(I);
    }
    needed
}

fn is_permanent(ask: &Ask) -> bool {
    ask.query
        .get(query::DELETE_TYPE)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("permanent"))
}

fn lists_tags(ask: &Ask) -> bool {
    ask.kind == Kind::ListBlobs
        && ask.query.get(query::INCLUDE).is_some_and(|include| {
            include
                .split(',')
                .any(|word| word.trim().eq_ignore_ascii_case("tags"))
        })
}
