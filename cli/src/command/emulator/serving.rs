//! What the server is told: HTTPS, log, probe, limits.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use blobferry_emulator::{Limits, Log, LogFormat, ServerOptions, Tls};

use crate::args::{EmulatorArgs, HttpsArgs, LimitArgs, LogArgs, LogForm};
use crate::exit_code::Exit;
use crate::failure::Failure;

/// What the server is told.
pub(super) fn options(args: &EmulatorArgs) -> Result<ServerOptions, Failure> {
    let mut options = ServerOptions::from(limits(&args.limits));
    if let Some(tls) = tls(&args.https)? {
        options = options.tls(tls);
    }
    if let Some(log) = log(&args.log, args.azurite.debug.as_deref())? {
        options = options.log(log);
    }
    if let Some(port) = args.address.health_port {
        options = options.probe(SocketAddr::new(args.address.host, port));
    }
    Ok(options)
}

fn limits(args: &LimitArgs) -> Limits {
    let usual = Limits::default();
    let size = |typed: Option<u64>, usual: usize| {
        typed.map_or(usual, |typed| usize::try_from(typed).unwrap_or(usize::MAX))
    };
    Limits {
        body: args.max_body.unwrap_or(usual.body),
        header_bytes: size(args.max_headers, usual.header_bytes),
        headers: args.header_timeout.unwrap_or(usual.headers),
        idle: args.idle_timeout.unwrap_or(usual.idle),
        pause: args.body_timeout.unwrap_or(usual.pause),
        slowest: args.min_rate.unwrap_or(usual.slowest),
        buffered: args.max_buffered.unwrap_or(usual.buffered),
        connections: size(args.max_connections.map(u64::from), usual.connections),
        stopping: args.stop_timeout.unwrap_or(usual.stopping),
        ..usual
    }
}

fn tls(args: &HttpsArgs) -> Result<Option<Tls>, Failure> {
    let tls = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => Tls::given(&read(cert)?, &read(key)?)
            .map_err(|error| Failure::usage("cannot serve --cert and --key", error.to_string()))?,
        (Some(cert), None) => {
            let doing = format!("cannot serve {}", cert.display());
            let advice = "Name the file with the key as well, in PEM: --key FILE.";
            return Err(Failure::usage(doing, "--cert needs its key").advise(advice));
        }
        _ if args.https => Tls::self_made(args.names.iter().cloned())
            .map_err(|error| Failure::usage("cannot make a certificate", error.to_string()))?,
        _ => return Ok(None),
    };
    Ok(Some(tls))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| {
        Failure::usage(format!("cannot read {}", file.display()), error.to_string())
    })
}

fn log(args: &LogArgs, debug: Option<&Path>) -> Result<Option<Log>, Failure> {
    let format = match args.log_format {
        LogForm::Common => LogFormat::Common,
        LogForm::Json => LogFormat::Json,
    };
    let opened = match (debug, args.log.as_str()) {
        (Some(file), _) => append(file).and_then(|file| Log::to(file, LogFormat::Json)),
        (None, "off") => return Ok(None),
        (None, "stdout") => Log::to(io::stdout(), format),
        (None, file) => append(Path::new(file)).and_then(|file| Log::to(file, format)),
    };
    opened
        .map(Some)
        .map_err(|error| Failure::usage("cannot write the log", error.to_string()))
}

fn append(file: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().create(true).append(true).open(file)
}

/// Writes the certificate that clients have to trust, where one was made; says where.
pub(super) fn write_trust(
    args: &HttpsArgs,
    options: &ServerOptions,
    port: u16,
) -> Result<Option<PathBuf>, Failure> {
    let Some(certificate) = options.tls.as_ref().and_then(Tls::to_trust) else {
        return Ok(None);
    };
    let file = args
        .trust
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("blobferry-emulator-{port}.pem")));
    replace(&file, certificate).map_err(|error| {
        Failure::local(
            format!("cannot write {}", file.display()),
            error.to_string(),
            Exit::Usage,
        )
        .advise("Name another file with --https-trust.")
    })?;
    Ok(Some(file))
}

/// Writes a file anew: what others left at its place, such as a link, is not written through.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)?;
    file.write_all(text.as_bytes())
}
