//! `blobferry demo`.

use std::path::PathBuf;

use super::value;

/// Copies a tree of files between two accounts of an emulator in this process, and shows what was
/// done.
///
/// Every file under DIR, and generated block, page and append blobs up to 256 MiB, are put into a
/// container of one account. The container is then copied to the other account with asynchronous
/// Copy Blob, each source under a lease, at a bandwidth that makes copies truly pending; every blob
/// is verified, byte by byte. It is what `blobferry copy` does, no more and no less.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  blobferry demo
      The tree you stand in.
  blobferry demo ~/photos --bandwidth 8MiB
      Slower copies of other files.
  blobferry demo --keep-running
      Leaves the emulator up, and says how to look around.")]
pub(crate) struct DemoArgs {
    /// The tree to copy; left out, the one you stand in. `.git` and `target` are passed over.
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Leave the emulator up at the end, until Ctrl-C, and say how to look around.
    #[arg(long)]
    pub(crate) keep_running: bool,
    /// Bytes a second of each asynchronous copy.
    #[arg(long, value_name = "SIZE", default_value = "32MiB", value_parser = value::size)]
    pub(crate) bandwidth: u64,
    /// Size of the largest generated blob; the others follow from it.
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = value::size)]
    pub(crate) largest: u64,
    /// Port of the emulator; 0 takes any that is free.
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    pub(crate) port: u16,
}
