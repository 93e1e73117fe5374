//! The `blobferry` command: copies, watches, aborts and leases Azure blobs.
#![allow(dead_code, unused_imports, reason = "commands come in one by one")]

mod args;
mod command;
mod credentials;
mod environment;
mod exit_code;
mod failure;
mod interrupt;
mod output;
mod place;
mod run;
mod session;

fn main() -> std::process::ExitCode {
    run::run()
}
