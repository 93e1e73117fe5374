//! Whether a copy may read its source.

/// A blob of this service that a request may read as its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceRef {
    pub(crate) account: String,
    pub(crate) container: String,
    pub(crate) blob: String,
    /// The snapshot's time, where one is meant.
    pub(crate) snapshot: Option<String>,
    /// The version's time, where one is meant.
    pub(crate) version_id: Option<String>,
    /// Whether it is in the account that the request goes to.
    pub(crate) same_account: bool,
    /// Whether the caller may also read its tags.
    pub(crate) tags: bool,
}
