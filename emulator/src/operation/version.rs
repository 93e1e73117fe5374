//! Versions: which operations make one, and what their answers tell of it.

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::blob::Blob;
use crate::kind::Kind;
use crate::request::Ask;
use crate::state::State;

use super::target;

/// Operations that make a version where an account keeps them.
///
/// The text of "Blob versioning" has every write to a block blob make one but Put Block. The recorded
/// answers to Set Blob Properties, Set Blob Tier, Set Blob Tags and Put Page have no version id, and
/// later reads have the one from before: they change the current version.
const MAKING: &[Kind] = &[
    Kind::PutBlob,
    Kind::PutBlobFromUrl,
    Kind::PutBlockList,
    Kind::CopyBlob,
    Kind::CopyBlobFromUrl,
    Kind::IncrementalCopyBlob,
    Kind::SetBlobMetadata,
    Kind::SnapshotBlob,
];

/// The first service version whose recorded answers name versions.
static SINCE: std::sync::LazyLock<Option<ServiceVersion>> =
    std::sync::LazyLock::new(|| "2019-10-10".parse().ok());

/// Whether answers in a service version name versions.
pub(crate) fn is_told(version: ServiceVersion) -> bool {
    SINCE.is_some_and(|since| version >= since)
}

/// Adds the id of the version that a request made.
pub(crate) fn tell(state: &State, ask: &Ask, answer: Answer) -> Answer {
    if !MAKING.contains(&ask.kind)
        || !is_told(ask.version)
        || !state.protection(&ask.account).versions
    {
        return answer;
    }
    let made = state.blob(&target::key(ask)).and_then(|blob| blob.version);
    answer.header_if(
        header::X_MS_VERSION_ID,
        made.map(|version| version.name()).as_deref(),
    )
}

/// Writes which version a blob is.
pub(crate) fn describe(answer: &mut Answer, blob: &Blob, version: ServiceVersion) {
    if let Some(id) = blob.version
        && is_told(version)
    {
        answer.set(header::X_MS_VERSION_ID, &id.name());
        if !blob.superseded {
            answer.set(header::X_MS_IS_CURRENT_VERSION, "true");
        }
    }
}
