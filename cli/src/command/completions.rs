//! `blobferry completions`.

use clap_complete::Shell;

use crate::args::Cli;
use crate::exit_code::Exit;

/// Writes the completion script of a shell.
pub(crate) fn run(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::definition(), "blobferry", &mut script);
    let _ = std::io::Write::write_all(&mut std::io::stdout(), &script);
    Exit::Ok
}
