//! What accounts have.

use std::time::Duration;

use blobferry_emulator::AccountKind;

use crate::args::value;

/// What accounts have: in the service, this is set up on their management side.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Account features")]
pub(crate) struct FeatureArgs {
    /// An encryption scope of every account; may be given several times. Without it, accounts have
    /// any scope that is asked for.
    #[arg(long = "encryption-scope", value_name = "NAME")]
    pub(crate) encryption_scopes: Vec<String>,
    /// Whether accounts have immutable storage. Without it, policies and legal holds are taken, and
    /// containers say that they have none.
    #[arg(long, value_name = "BOOL")]
    pub(crate) immutable_storage: Option<bool>,
    /// What kind of account: StorageV2, Storage, BlobStorage, BlockBlobStorage or PremiumPageBlobs,
    /// for every account or for the one named (`--kind northquay:Storage`); may be given several times.
    #[arg(long, value_name = "[ACCOUNT:]KIND", value_parser = kind)]
    pub(crate) kind: Vec<(Option<String>, AccountKind)>,
    /// How long a deleted container keeps its name, as the service does for half a minute or more.
    /// Without it, the name is free at once.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) container_deletion: Option<Duration>,
    /// Note when blobs are read or written, and tell it (`x-ms-last-access-time`).
    #[arg(long)]
    pub(crate) last_access_tracking: bool,
    /// How long a blob takes to leave the archive tier with standard priority.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) rehydration: Option<Duration>,
    /// How long it takes with high priority.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) rehydration_high: Option<Duration>,
}

fn kind(text: &str) -> Result<(Option<String>, AccountKind), String> {
    let (account, kind) = match text.split_once(':') {
        Some((account, kind)) => (Some(account.to_owned()), kind),
        None => (None, text),
    };
    let kind = kind.parse();
    kind.map(|kind| (account, kind))
        .map_err(|error: blobferry_emulator::InvalidConfig| error.to_string())
}
