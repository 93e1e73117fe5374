//! `blobferry emulator`.

use std::net::IpAddr;
use std::time::Duration;

use blobferry_emulator::Fault;

use super::value;

/// Serves a Blob service on this machine, with asynchronous copies that are truly pending.
///
/// Everything is kept in memory and gone when it ends. Ctrl-C ends it in order.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  blobferry emulator
      The development account on port 10000.
  blobferry emulator --account northquay:bm9ydGg= --account southquay:c291dGg= --copy-bandwidth 1MiB
      Two accounts of your own; copies between them take their time.
  blobferry emulator --port 0 --output json
      Any free port; the first line says which.

Accounts may also be named in AZURITE_ACCOUNTS: `name:key;name:key`.")]
pub(crate) struct EmulatorArgs {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 takes any that is free.
    #[arg(long, short, default_value_t = 10000, value_name = "PORT")]
    pub(crate) port: u16,
    /// An account with its Base64 key; may be given several times. Replaces the development account.
    #[arg(
        long = "account",
        value_name = "NAME:KEY",
        env = "AZURITE_ACCOUNTS",
        value_delimiter = ';',
        hide_env_values = true
    )]
    pub(crate) accounts: Vec<String>,
    /// Create this container in every account; may be given several times.
    #[arg(long = "container", value_name = "NAME")]
    pub(crate) containers: Vec<String>,
    /// Bytes a second of each asynchronous copy.
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub(crate) copy_bandwidth: Option<u64>,
    /// How long a copy from another account is pending before its first byte.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) copy_latency: Option<Duration>,
    /// Offer the control endpoint on this port of 127.0.0.1, by which tests move the clock and make
    /// things go wrong; 0 takes any that is free. It needs no key.
    #[arg(long, value_name = "PORT")]
    pub(crate) control_port: Option<u16>,
    /// Make something go wrong, such as `server-busy,operation=PutBlob,probability=0.1`; may be given
    /// several times. emulator/CONTROL.md lists what there is.
    #[arg(long = "fault", value_name = "SPEC")]
    pub(crate) faults: Vec<Fault>,
}
