//! Whether an account has immutable storage.

/// Whether blobs of an account may have immutability policies and legal holds.
///
/// In the service this is decided outside the Blob service, when account or container are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImmutableStorage {
    /// They may, although the properties of containers say otherwise: new accounts of the service
    /// say so, and nothing else has to be set up to try policies here.
    #[default]
    Tolerated,
    /// They may, and the properties of containers say so.
    Enabled,
    /// They may not: policies and holds are refused.
    Disabled,
}

impl ImmutableStorage {
    /// What properties of containers say.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Enabled => "true",
            Self::Tolerated | Self::Disabled => "false",
        }
    }
}
