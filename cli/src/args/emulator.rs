//! `blobferry emulator`.

mod azurite;
mod features;
mod keeping;
mod serving;

use std::path::PathBuf;
use std::time::Duration;

use blobferry_emulator::Fault;

pub(crate) use azurite::AzuriteArgs;
pub(crate) use features::FeatureArgs;
pub(crate) use keeping::KeepingArgs;
pub(crate) use serving::{AddressArgs, HttpsArgs, LimitArgs, LogArgs, LogForm};

use super::value;

/// Serves a Blob service on this machine, with asynchronous copies that are truly pending.
///
/// Everything is kept in memory and gone when it ends, unless --data names a directory. Ctrl-C ends
/// it in order.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  blobferry emulator
      The development account on port 10000.
  blobferry emulator --account northquay:bm9ydGg= --account southquay:c291dGg= --copy-bandwidth 1MiB
      Two accounts of your own; copies between them take their time.
  blobferry emulator --data ./blobs
      What it acknowledges is there the next time, even if it was killed.
  blobferry emulator --port 0 --output json
      Any free port; the first line says which.
  blobferry emulator --https --https-trust emulator.pem
      HTTPS, with a certificate made on the spot; SSL_CERT_FILE=emulator.pem has clients trust it.
  blobferry emulator --host 0.0.0.0 --health-port 10080 --log stdout --log-format json
      In a container: for everybody, with a probe and a log.

Accounts may also be named in AZURITE_ACCOUNTS: `name:key;name:key1:key2`. Options of Azurite are understood;
emulator/AZURITE.md says what changes for its users.")]
pub(crate) struct EmulatorArgs {
    #[command(flatten)]
    pub(crate) address: AddressArgs,
    #[command(flatten)]
    pub(crate) contents: ContentArgs,
    #[command(flatten)]
    pub(crate) keeping: KeepingArgs,
    #[command(flatten)]
    pub(crate) features: FeatureArgs,
    #[command(flatten)]
    pub(crate) copies: CopyArgs,
    #[command(flatten)]
    pub(crate) trouble: TroubleArgs,
    #[command(flatten)]
    pub(crate) https: HttpsArgs,
    #[command(flatten)]
    pub(crate) log: LogArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) azurite: AzuriteArgs,
}

/// Who and what is there.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Accounts and containers")]
pub(crate) struct ContentArgs {
    /// Keep everything in this directory, which is made where it is missing. One emulator at a time.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// An account with its Base64 key, or two of them; may be given several times. Replaces the
    /// development account.
    #[arg(
        long = "account",
        value_name = "NAME:KEY[:KEY2]",
        env = "AZURITE_ACCOUNTS",
        value_delimiter = ';',
        hide_env_values = true
    )]
    pub(crate) accounts: Vec<String>,
    /// Accept only bearer tokens that are signed by a key in this file, a JSON Web Key Set.
    #[arg(long, value_name = "FILE")]
    pub(crate) jwks: Option<PathBuf>,
    /// Accept only bearer tokens of this tenant.
    #[arg(long, value_name = "ID", requires = "jwks")]
    pub(crate) tenant: Option<String>,
    /// Create this container in every account; may be given several times.
    #[arg(long = "container", value_name = "NAME")]
    pub(crate) containers: Vec<String>,
}

/// How fast copies are.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Copies")]
pub(crate) struct CopyArgs {
    /// Bytes a second of each asynchronous copy.
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub(crate) copy_bandwidth: Option<u64>,
    /// How long a copy from another account is pending before its first byte.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) copy_latency: Option<Duration>,
    /// Finish every copy within its request, unless --copy-bandwidth or --copy-latency say otherwise.
    #[arg(long)]
    pub(crate) copy_at_once: bool,
    /// Where copy sources outside the emulator may be: none, loopback, private, any, or hosts
    /// (HOST or HOST:PORT, separated by commas).
    #[arg(long, value_name = "WHERE", default_value = "loopback")]
    pub(crate) outside: String,
    /// Trust the certificates in this file, in PEM, of copy sources over HTTPS, beside those that the
    /// machine trusts; may be given several times. What --https-trust of another emulator wrote is one.
    #[arg(long, value_name = "FILE")]
    pub(crate) outside_trust: Vec<PathBuf>,
}

/// What goes wrong on purpose.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Time and trouble")]
pub(crate) struct TroubleArgs {
    /// Offer the control endpoint on this port of 127.0.0.1, by which tests move the clock and make
    /// things go wrong; 0 takes any that is free. It needs no key.
    #[arg(long, value_name = "PORT")]
    pub(crate) control_port: Option<u16>,
    /// Make something go wrong, such as `server-busy,operation=PutBlob,probability=0.1`; may be given
    /// several times. emulator/CONTROL.md lists what there is.
    #[arg(long = "fault", value_name = "SPEC")]
    pub(crate) faults: Vec<Fault>,
}
