//! Where and how the emulator listens, what it writes down, and what it puts up with.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::args::value;

/// Where and how it listens.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Address")]
pub(crate) struct AddressArgs {
    /// Address to listen on: `0.0.0.0` and `::` are all of this machine.
    #[arg(long, alias = "blobHost", default_value = "127.0.0.1", value_name = "IP", value_parser = address)]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 takes any that is free.
    #[arg(
        long,
        short,
        alias = "blobPort",
        default_value_t = 10000,
        value_name = "PORT"
    )]
    pub(crate) port: u16,
    /// Answer GET /health over HTTP on this port of the same address: 200, and 503 while stopping.
    #[arg(long, value_name = "PORT")]
    pub(crate) health_port: Option<u16>,
}

/// HTTPS.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "HTTPS")]
pub(crate) struct HttpsArgs {
    /// Speak HTTPS, with a certificate made at each start unless --cert gives one.
    #[arg(long)]
    pub(crate) https: bool,
    /// The certificate and its chain, in PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: Option<PathBuf>,
    /// The certificate's key, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Another name or address that the certificate holds for, beside localhost, 127.0.0.1, ::1 and
    /// *.blob.localhost; may be given several times.
    #[arg(
        long = "https-name",
        value_name = "NAME",
        conflicts_with = "cert",
        requires = "https"
    )]
    pub(crate) names: Vec<String>,
    /// Where the certificate that clients have to trust is written. Default: a file in the
    /// directory for temporary files.
    #[arg(
        long = "https-trust",
        value_name = "FILE",
        conflicts_with = "cert",
        requires = "https"
    )]
    pub(crate) trust: Option<PathBuf>,
}

/// The request log.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Log")]
pub(crate) struct LogArgs {
    /// Write a line for each request: `off`, `stdout`, or a file to append to. Signatures are
    /// not written.
    #[arg(long, default_value = "off", value_name = "WHERE")]
    pub(crate) log: String,
    /// How lines are written.
    #[arg(long, value_enum, default_value_t = LogForm::Common, value_name = "FORMAT")]
    pub(crate) log_format: LogForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// As web servers write it, with operation, code, request id and milliseconds behind it.
    Common,
    /// One JSON object a line.
    Json,
}

/// What is put up with.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// The longest body; longer ones are answered with 413. Default: as long as the service takes.
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub(crate) max_body: Option<u64>,
    /// Refuse content that comes in chunks, without a length, as the service does.
    #[arg(long)]
    pub(crate) needs_content_length: bool,
    /// The longest head of a request, line and headers. Default: 64 KiB.
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub(crate) max_headers: Option<u64>,
    /// Bytes of bodies on their way in, all together; more wait, and are then answered with 503.
    /// Default: 1 GiB.
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub(crate) max_buffered: Option<u64>,
    /// Connections served at once; more wait. Default: 4096.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_connections: Option<u32>,
    /// How long the head of a request may take. Default: 30 s.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) header_timeout: Option<Duration>,
    /// How long a body may pause, or an answer stay unread. Default: 60 s.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) body_timeout: Option<Duration>,
    /// The fewest bytes a second of a body, after the first --body-timeout. Default: 1 KiB.
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub(crate) min_rate: Option<u64>,
    /// How long a connection may be idle. Default: 120 s.
    #[arg(long, alias = "blobKeepAliveTimeout", value_name = "TIME", value_parser = value::duration)]
    pub(crate) idle_timeout: Option<Duration>,
    /// How long the end waits for answers under way. Default: 10 s.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) stop_timeout: Option<Duration>,
}

fn address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(IpAddr::from([127, 0, 0, 1])),
        text => text
            .trim_matches(['[', ']'])
            .parse()
            .map_err(|_| "must be an IP address, such as 127.0.0.1, 0.0.0.0 or ::1".to_owned()),
    }
}
