//! What can be typed: the command line as types, with its help.

mod copy;
mod credentials;
mod demo;
mod emulator;
mod lease;
mod listing;
mod sas;
pub(crate) mod value;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use copy::{CopyArgs, OnCancel, Overwrite, Verify};
pub(crate) use credentials::{Given, OneSide};
pub(crate) use demo::DemoArgs;
pub(crate) use emulator::{
    EmulatorArgs, FeatureArgs, HttpsArgs, KeepingArgs, LimitArgs, LogArgs, LogForm,
};
pub(crate) use lease::{LeaseAction, LeaseArgs, Term};
pub(crate) use listing::{AbortArgs, CopyState, LsArgs, StatusArgs, WaitArgs};
pub(crate) use sas::SasArgs;

use crate::exit_code;

/// Copies Azure blobs between accounts inside the service: starts asynchronous copies, watches them
/// to their end, verifies them, aborts them and guards them with leases.
#[derive(Debug, Parser)]
#[command(
    name = "blobferry",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "\
Examples:
  blobferry demo
      Copies a tree of files between two accounts of an emulator, on this machine.
  blobferry copy 'https://a.blob.core.windows.net/src?<sas>' 'https://b.blob.core.windows.net/dst?<sas>'
      Copies a container.
  blobferry status 'https://b.blob.core.windows.net/dst?<sas>' --watch
      Shows what is pending, done and failed there.
  blobferry emulator
      Serves a Blob service on this machine.

`blobferry <command> --help` has examples of each; `blobferry --help` lists the exit codes."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// The whole command line as clap sees it, exit codes included.
    pub(crate) fn definition() -> clap::Command {
        let command = Self::command();
        let examples = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        command.after_long_help(format!("{examples}\n\n{}", exit_code::help()))
    }
}

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// How results are written to standard output.
    #[arg(long, short, global = true, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(crate) output: Format,
    /// When to colour; `auto` also respects NO_COLOR and CLICOLOR_FORCE.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// No progress and no remarks: results and failures only.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Requests on the wire at once.
    #[arg(long, global = true, default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) requests: u32,
    /// How long one attempt at a request may take.
    #[arg(long, global = true, default_value = "60s", value_name = "TIME", value_parser = value::duration)]
    pub(crate) timeout: std::time::Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One JSON value a line, with stable fields (cli/OUTPUT.md).
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Copy(CopyArgs),
    Status(StatusArgs),
    Wait(WaitArgs),
    Abort(AbortArgs),
    Lease(LeaseArgs),
    Ls(LsArgs),
    Sas(SasArgs),
    Emulator(Box<EmulatorArgs>),
    Demo(DemoArgs),
    /// Writes a completion script for a shell to standard output.
    #[command(after_help = "\
Examples:
  blobferry completions bash > ~/.local/share/bash-completion/completions/blobferry
  blobferry completions zsh > ~/.zfunc/_blobferry
  blobferry completions fish > ~/.config/fish/completions/blobferry.fish")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::definition().debug_assert();
    }

    #[test]
    fn every_command_shows_examples() {
        for command in Cli::definition().get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Examples:"), "{}", command.get_name());
        }
    }

    #[test]
    fn the_help_lists_every_exit_code() {
        let help = Cli::definition().render_long_help().to_string();
        for (exit, _) in exit_code::TABLE {
            assert!(help.contains(&format!("{:>3}  ", exit.code())), "{exit:?}");
        }
    }
}
