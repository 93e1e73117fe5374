//! What accounts have.

use std::time::Duration;

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
    /// How long a blob takes to leave the archive tier with standard priority.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) rehydration: Option<Duration>,
    /// How long it takes with high priority.
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) rehydration_high: Option<Duration>,
}
