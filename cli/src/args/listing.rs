//! `blobferry ls`, `status`, `wait`, `abort`: commands about what is under a URL.

use std::time::Duration;

use clap::ValueEnum;

use super::credentials::{HELP, OneSide};
use super::value;

/// Lists containers of an account, or blobs of a container or under a prefix.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  blobferry ls 'https://a.blob.core.windows.net/?<sas>'
      Containers.
  blobferry ls 'https://a.blob.core.windows.net/src/logs/?<sas>' --long
      What is directly under logs/, with types, leases and copies.
  blobferry ls src --recursive --output json --connection-string UseDevelopmentStorage=true

{HELP}"))]
pub(crate) struct LsArgs {
    /// URL of an account, a container or a prefix.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Every blob below, not only the next level.
    #[arg(long, short)]
    pub(crate) recursive: bool,
    /// Type, tier, lease and copy of each blob.
    #[arg(long, short)]
    pub(crate) long: bool,
    /// Snapshots too.
    #[arg(long)]
    pub(crate) snapshots: bool,
    /// Earlier versions too.
    #[arg(long)]
    pub(crate) versions: bool,
    /// Deleted blobs too.
    #[arg(long)]
    pub(crate) deleted: bool,
    /// Stop after so many.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    #[command(flatten)]
    pub(crate) side: OneSide,
}

/// Shows the copies of the blobs under a URL: pending, done, failed, aborted.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  blobferry status 'https://b.blob.core.windows.net/dst?<sas>'
      How many copies are pending, done and failed, and how far the pending ones are.
  blobferry status 'https://b.blob.core.windows.net/dst/2026/?<sas>' --watch
      The same, again and again until nothing is pending.
  blobferry status 'https://b.blob.core.windows.net/dst?<sas>' --only failed --output json
      Failed copies with the service's reasons, one JSON value a line.

{HELP}"))]
pub(crate) struct StatusArgs {
    /// URL of a blob, a prefix (ends in `/`) or a container that is copied to.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Look again until nothing is pending.
    #[arg(long, short)]
    pub(crate) watch: bool,
    /// Time between two looks.
    #[arg(long, default_value = "2s", value_name = "TIME", value_parser = value::duration)]
    pub(crate) interval: Duration,
    /// Only copies that stand so; may be given several times.
    #[arg(long, value_enum, value_name = "STATE")]
    pub(crate) only: Vec<CopyState>,
    /// Name every copy, not only those that are pending or went wrong.
    #[arg(long, short)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) side: OneSide,
}

/// How a copy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CopyState {
    Pending,
    Success,
    Failed,
    Aborted,
}

/// Waits until no copy is pending under a URL.
///
/// Ends with 0 where every copy succeeded, with 1 where one failed or was aborted.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  blobferry wait 'https://b.blob.core.windows.net/dst/disk.vhd?<sas>' && echo ready
  blobferry wait 'https://b.blob.core.windows.net/dst?<sas>' --for 2h

{HELP}"))]
pub(crate) struct WaitArgs {
    /// URL of a blob, a prefix (ends in `/`) or a container that is copied to.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// How long to wait at most; then it ends with 1 and names what is still pending.
    #[arg(long = "for", value_name = "TIME", value_parser = value::duration)]
    pub(crate) patience: Option<Duration>,
    /// Time between two looks.
    #[arg(long, default_value = "2s", value_name = "TIME", value_parser = value::duration)]
    pub(crate) interval: Duration,
    #[command(flatten)]
    pub(crate) side: OneSide,
}

/// Aborts the pending copy of a blob, or everything pending under a prefix or in a container.
///
/// An aborted destination is left with no content, as the service does it.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  blobferry abort 'https://b.blob.core.windows.net/dst/disk.vhd?<sas>'
      Whatever copy is pending there.
  blobferry abort 'https://b.blob.core.windows.net/dst/disk.vhd?<sas>' --copy-id 1f812371-a41d-49e6-b123-f4b542e851c5
      That copy and no other.
  blobferry abort 'https://b.blob.core.windows.net/dst/2026/?<sas>' --dry-run
      What would be aborted under 2026/.

{HELP}"))]
pub(crate) struct AbortArgs {
    /// URL of a blob, a prefix (ends in `/`) or a container that is copied to.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Only the copy with this id.
    #[arg(long, value_name = "ID")]
    pub(crate) copy_id: Option<String>,
    /// The lease on the destination, where it has one.
    #[arg(long, value_name = "ID")]
    pub(crate) lease_id: Option<String>,
    /// Say what would be aborted, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) side: OneSide,
}

impl CopyState {
    /// As the service spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
        }
    }
}
