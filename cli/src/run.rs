//! From the command line to an exit code.

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::args::{Cli, Command};
use crate::command;
use crate::environment::Environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::Session;

/// Runs the command that was typed.
pub(crate) fn run() -> ExitCode {
    let typed = Cli::definition()
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match typed {
        Ok(cli) => execute(cli).into(),
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Ok
            }
            .into()
        }
    }
}

fn execute(cli: Cli) -> Exit {
    let session = Session {
        output: Output::new(&cli.global),
        options: cli.global,
        environment: Environment::read(),
    };
    perform(cli.command, &session).unwrap_or_else(|failure| {
        session.output.failure(&failure);
        failure.exit_code
    })
}

fn perform(command: Command, session: &Session) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::local("cannot begin", error.to_string(), Exit::Service))?;
    runtime.block_on(async {
        match command {
            Command::Copy(args) => command::copy::run(args, session).await,
            Command::Status(args) => command::status::status(args, session).await,
            Command::Wait(args) => command::status::wait(args, session).await,
            Command::Abort(args) => command::abort::run(args, session).await,
            Command::Lease(args) => command::lease::run(args, session).await,
            Command::Ls(args) => command::ls::run(args, session).await,
            Command::Sas(args) => command::sas::run(args, session).await,
            Command::Emulator(args) => command::emulator::run(*args, session).await,
            Command::Demo(args) => command::demo::run(args, session).await,
            Command::Completions { shell } => Ok(command::completions::run(shell)),
        }
    })
}
