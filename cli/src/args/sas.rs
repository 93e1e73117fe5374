//! `blobferry sas`.

use super::credentials::{HELP, OneSide};

/// Makes a shared access signature and prints the URL with it.
///
/// The URL decides what kind: an account, a container, or one blob (or snapshot, or version).
/// With an account key no request is made; with a bearer token a user delegation key is asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  blobferry sas https://a.blob.core.windows.net/src --permissions rl --expiry 1h --account-key @key.txt
      Read and list a container for an hour.
  blobferry sas https://a.blob.core.windows.net/dst --policy ferry --account-key @key.txt
      Whatever the container's stored access policy `ferry` says.
  blobferry sas https://a.blob.core.windows.net/ --permissions rwdlac --expiry 2026-12-31 --account-key @key.txt
      An account SAS for the Blob service.
  blobferry sas https://a.blob.core.windows.net/src/disk.vhd --permissions r --token @token.txt
      A user delegation SAS for one blob.

{HELP}"))]
pub(crate) struct SasArgs {
    /// URL of an account, a container or a blob.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Letters of what is allowed: (r)ead, (a)dd, (c)reate, (w)rite, (d)elete, (x) delete version,
    /// (l)ist, (t)ags, (f)ilter, (m)ove, (e)xecute, (i)mmutability. Sorted as the service wants.
    #[arg(
        long,
        short,
        value_name = "LETTERS",
        required_unless_present = "policy"
    )]
    pub(crate) permissions: Option<String>,
    /// When it ends: a time from now (`1h`, `7d`) or a moment (`2026-12-31T12:00:00Z`). Left out, in
    /// an hour, or when the stored policy says.
    #[arg(long, value_name = "WHEN")]
    pub(crate) expiry: Option<String>,
    /// When it begins, likewise; left out, at once.
    #[arg(long, value_name = "WHEN")]
    pub(crate) start: Option<String>,
    /// A stored access policy of the container.
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,
    /// Only from this address, or range `1.1.1.1-1.1.1.9`.
    #[arg(long, value_name = "IP")]
    pub(crate) ip: Option<String>,
    /// Only over HTTPS.
    #[arg(long)]
    pub(crate) https_only: bool,
    /// Print only the signature's parameters, not the URL.
    #[arg(long)]
    pub(crate) token_only: bool,
    #[command(flatten)]
    pub(crate) side: OneSide,
}
