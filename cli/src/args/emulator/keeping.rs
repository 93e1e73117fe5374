//! What accounts keep of what is overwritten or deleted.

/// What is kept of what is overwritten or deleted.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Versions and soft delete")]
pub(crate) struct KeepingArgs {
    /// Keep versions of blobs that are overwritten or deleted: in every account, or in those named
    /// (`--versions=northquay`); may be given several times.
    #[arg(
        long,
        value_name = "ACCOUNT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
    )]
    pub(crate) versions: Vec<String>,
    /// For how many days deleted containers can be restored, 1 to 365: in every account, or in the one
    /// named (`--container-retention northquay:7`); may be given several times.
    #[arg(long, value_name = "[ACCOUNT:]DAYS", value_parser = retention)]
    pub(crate) container_retention: Vec<(Option<String>, u32)>,
}

fn retention(text: &str) -> Result<(Option<String>, u32), String> {
    let (account, days) = match text.split_once(':') {
        Some((account, days)) => (Some(account.to_owned()), days),
        None => (None, text),
    };
    match days.parse() {
        Ok(days @ 1..=365) => Ok((account, days)),
        _ => Err("must be 1 to 365 days".to_owned()),
    }
}
