//! `blobferry lease`.

use clap::Subcommand;

use super::credentials::{HELP, OneSide};

/// Takes, keeps, changes and gives back the lease of a blob or a container.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  blobferry lease acquire 'https://a.blob.core.windows.net/src/disk.vhd?<sas>' --duration 60
      Prints the lease's id.
  blobferry lease renew 'https://a.blob.core.windows.net/src/disk.vhd?<sas>' --lease-id <id>
  blobferry lease break 'https://a.blob.core.windows.net/src/disk.vhd?<sas>' --period 0
      Ends whoever's lease it is, now.

{HELP}"))]
pub(crate) struct LeaseArgs {
    #[command(subcommand)]
    pub(crate) action: LeaseAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LeaseAction {
    /// Takes a lease; nobody writes or deletes without its id.
    Acquire {
        #[command(flatten)]
        place: LeasePlace,
        /// 15 to 60 seconds, or `infinite`.
        #[arg(long, default_value = "60", value_name = "SECONDS", value_parser = term)]
        duration: Term,
        /// The id it shall have (a UUID); acquiring again with the same id is no conflict.
        #[arg(long, value_name = "ID")]
        proposed_id: Option<String>,
    },
    /// Keeps a lease for another term.
    Renew {
        #[command(flatten)]
        place: LeasePlace,
        #[command(flatten)]
        held: Held,
    },
    /// Gives a lease another id.
    Change {
        #[command(flatten)]
        place: LeasePlace,
        #[command(flatten)]
        held: Held,
        /// The id it shall have.
        #[arg(long, value_name = "ID")]
        proposed_id: String,
    },
    /// Gives a lease back.
    Release {
        #[command(flatten)]
        place: LeasePlace,
        #[command(flatten)]
        held: Held,
    },
    /// Ends a lease without its id.
    Break {
        #[command(flatten)]
        place: LeasePlace,
        /// How long it may go on, 0 to 60 seconds; without it, an infinite lease ends at once and
        /// another goes on to its end.
        #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u8).range(0..=60))]
        period: Option<u8>,
    },
}

impl LeaseAction {
    /// What it is done to.
    pub(crate) fn place(&self) -> &LeasePlace {
        match self {
            Self::Acquire { place, .. }
            | Self::Renew { place, .. }
            | Self::Change { place, .. }
            | Self::Release { place, .. }
            | Self::Break { place, .. } => place,
        }
    }
}

/// The blob or container.
#[derive(Debug, clap::Args)]
pub(crate) struct LeasePlace {
    /// URL of a blob or a container.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) side: OneSide,
}

/// The lease that is meant.
#[derive(Debug, clap::Args)]
pub(crate) struct Held {
    /// The lease's id.
    #[arg(long, value_name = "ID")]
    pub(crate) lease_id: String,
}

/// How long a lease lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    Seconds(u8),
    Infinite,
}

fn term(text: &str) -> Result<Term, String> {
    if matches!(text, "infinite" | "-1") {
        return Ok(Term::Infinite);
    }
    text.trim_end_matches('s')
        .parse()
        .ok()
        .filter(|seconds| (15..=60).contains(seconds))
        .map(Term::Seconds)
        .ok_or_else(|| "must be 15 to 60 seconds, or `infinite`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_what_the_service_takes() {
        assert_eq!(term("15"), Ok(Term::Seconds(15)));
        assert_eq!(term("60s"), Ok(Term::Seconds(60)));
        assert_eq!(term("infinite"), Ok(Term::Infinite));
        for text in ["14", "61", "0", "", "forever"] {
            assert!(term(text).is_err(), "{text}");
        }
    }
}
