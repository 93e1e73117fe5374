//! Options that people type who come from Azurite: understood where they mean something here, and
//! answered where they do not. `emulator/AZURITE.md` has the whole table.

use std::path::PathBuf;

use clap::ValueEnum;

/// Azurite's options, hidden from the help; `--blobHost`, `--blobPort` and `--blobKeepAliveTimeout` are
/// other names of our own.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct AzuriteArgs {
    #[arg(long, short = 's', hide = true)]
    silent: bool,
    /// A directory that may hold other files, such as a workspace.
    #[arg(
        long,
        short = 'l',
        hide = true,
        value_name = "DIR",
        conflicts_with = "data"
    )]
    location: Option<PathBuf>,
    #[arg(long = "inMemoryPersistence", hide = true, conflicts_with_all = ["data", "location"])]
    in_memory_persistence: bool,
    #[arg(long = "extentMemoryLimit", hide = true, value_name = "MB")]
    extent_memory_limit: Option<f64>,
    #[arg(long, short = 'L', hide = true)]
    loose: bool,
    /// Also takes versions that nobody knows yet.
    #[arg(long = "skipApiVersionCheck", hide = true)]
    pub(crate) skip_api_version_check: bool,
    #[arg(long = "disableProductStyleUrl", hide = true)]
    disable_product_style_url: bool,
    #[arg(long = "disableTelemetry", hide = true)]
    disable_telemetry: bool,
    #[arg(
        long,
        hide = true,
        value_enum,
        value_name = "LEVEL",
        requires_if("strict", "jwks")
    )]
    oauth: Option<OAuth>,
    #[arg(long, hide = true, value_name = "PASSWORD")]
    pwd: Option<String>,
    /// A file for the request log, in JSON.
    #[arg(
        long,
        short = 'd',
        hide = true,
        value_name = "FILE",
        conflicts_with = "log"
    )]
    pub(crate) debug: Option<PathBuf>,
    #[arg(long = "queueHost", hide = true, value_name = "IP")]
    queue_host: Option<String>,
    #[arg(long = "queuePort", hide = true, value_name = "PORT")]
    queue_port: Option<u16>,
    #[arg(long = "queueKeepAliveTimeout", hide = true, value_name = "SECONDS")]
    queue_keep_alive: Option<u64>,
    #[arg(long = "tableHost", hide = true, value_name = "IP")]
    table_host: Option<String>,
    #[arg(long = "tablePort", hide = true, value_name = "PORT")]
    table_port: Option<u16>,
    #[arg(long = "tableKeepAliveTimeout", hide = true, value_name = "SECONDS")]
    table_keep_alive: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OAuth {
    /// Well-formed tokens that have not expired are the owner's.
    Basic,
    /// Tokens must be signed by a key of `--jwks`.
    Strict,
}

impl AzuriteArgs {
    /// The directory that is ours in the one that was named: as there, it is shared with others.
    pub(crate) fn data(&self) -> Option<PathBuf> {
        self.location.as_ref().map(|place| place.join("blobferry"))
    }

    /// What was typed and cannot be meant here: an option and what to do instead.
    pub(crate) fn refusal(&self) -> Option<(&'static str, &'static str)> {
        self.pwd.as_ref().map(|_| {
            (
                "--pwd",
                "Give PEM files to --cert and --key: openssl pkcs12 -in FILE -nodes takes a PFX apart.",
            )
        })
    }

    /// What was typed and means nothing here, and why that does no harm.
    pub(crate) fn remarks(&self) -> Vec<&'static str> {
        let others = self.queue_host.is_some()
            || self.queue_port.is_some()
            || self.queue_keep_alive.is_some()
            || self.table_host.is_some()
            || self.table_port.is_some()
            || self.table_keep_alive.is_some();
        [
            (
                self.loose,
                "--loose changes nothing: there are no checks that the service does not make.",
            ),
            (
                self.extent_memory_limit.is_some(),
                "--extentMemoryLimit changes nothing: memory is not limited.",
            ),
            (
                self.disable_product_style_url,
                "--disableProductStyleUrl changes nothing: the account may stand in the path or \
                 in a host like account.blob.localhost.",
            ),
            (others, "There is no queue and no table service here."),
        ]
        .into_iter()
        .filter_map(|(typed, remark)| typed.then_some(remark))
        .collect()
    }
}
