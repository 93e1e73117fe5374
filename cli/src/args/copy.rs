//! `blobferry copy`.

use clap::ValueEnum;

use super::credentials::{HELP, Sides};

/// Copies a blob, everything under a prefix, or a container, inside the service.
///
/// A URL that ends in `/` names everything under that prefix, a URL of a container all of it, any
/// other URL one blob. What lies under the source's prefix is put under the destination's.
///
/// Blobs are copied by asynchronous Copy Blob, watched until the service says how each ended, and
/// verified. Running the same command again finishes what an earlier run left: what is there and
/// right is skipped, what is pending is watched, what failed is started again.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct CopyArgs {
    /// Where from: URL of a blob, a prefix (ends in `/`) or a container.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// Where to: URL of a blob, a prefix (ends in `/`) or a container.
    #[arg(value_name = "DESTINATION")]
    pub(crate) destination: String,

    /// Only blobs whose name matches: `*` within a path segment, `**` across them, `?` one character.
    /// A pattern without `/` is held against what follows the last `/`.
    #[arg(long, value_name = "GLOB", help_heading = "What to copy")]
    pub(crate) include: Vec<String>,
    /// Not blobs whose name matches; outweighs --include.
    #[arg(help_heading = "What to copy", long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// What happens to a blob that is there already.
    #[arg(help_heading = "What to copy", long, value_enum, default_value_t = Overwrite::IfChanged, value_name = "WHEN")]
    pub(crate) overwrite: Overwrite,
    /// Create the destination's container if it is not there.
    #[arg(help_heading = "What to copy", long)]
    pub(crate) create_container: bool,
    /// Say what would be done, and do nothing.
    #[arg(help_heading = "What to copy", long)]
    pub(crate) dry_run: bool,

    /// Hold a lease on every source blob while it is copied, so that nobody can change it.
    #[arg(long, help_heading = "How to copy")]
    pub(crate) lease_source: bool,
    /// What is compared once a copy has succeeded.
    #[arg(help_heading = "How to copy", long, value_enum, default_value_t = Verify::Length, value_name = "HOW")]
    pub(crate) verify: Verify,
    /// Copies pending at once.
    #[arg(help_heading = "How to copy", long, default_value_t = 256, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) concurrency: u32,
    /// How often a copy that failed is started again.
    #[arg(
        help_heading = "How to copy",
        long,
        default_value_t = 3,
        value_name = "N"
    )]
    pub(crate) restarts: u32,
    /// What Ctrl-C does to copies that are pending: abort them, or leave them to the service.
    #[arg(help_heading = "How to copy", long, value_enum, default_value_t = OnCancel::Abort, value_name = "WHAT")]
    pub(crate) on_cancel: OnCancel,

    #[command(flatten)]
    pub(crate) sides: Sides,
}

fn examples() -> String {
    format!(
        "\
Examples:
  blobferry copy 'https://a.blob.core.windows.net/src?<sas>' 'https://b.blob.core.windows.net/dst?<sas>'
      A container.
  blobferry copy 'https://a.blob.core.windows.net/src/logs/?<sas>' 'https://b.blob.core.windows.net/dst/2026/?<sas>' \\
      --include '**.gz' --lease-source --verify content
      Compressed files under logs/, to 2026/, each guarded by a lease and compared byte by byte.
  blobferry copy src/disk.vhd dst/disk.vhd --source-connection-string @a.txt --destination-connection-string @b.txt
      One blob, with Shared Key from connection strings kept in files.
  blobferry copy src dst --connection-string UseDevelopmentStorage=true --dry-run --output json
      What would be done in an emulator, one JSON value a line.

{HELP}"
    )
}

/// What happens to a destination blob that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Overwrite {
    /// Overwritten.
    Always,
    /// Left as it is.
    Never,
    /// Overwritten unless it was copied from this source as it is now.
    IfChanged,
}

/// How a finished copy is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Verify {
    /// Not at all.
    None,
    /// Same type and length.
    Length,
    /// Same stored MD5, where the source has one; otherwise length.
    Md5,
    /// Every byte, read from both sides.
    Content,
}

/// What an interruption does to pending copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnCancel {
    /// They are aborted.
    Abort,
    /// They go on; run the command again to watch them.
    Leave,
}
