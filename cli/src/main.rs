//! The `blobferry` command: copies, watches, aborts and leases Azure blobs.
#![allow(dead_code, unused_imports, reason = "commands come in one by one")]

mod args;
mod command;
mod copies;
mod credentials;
mod environment;
mod exit_code;
mod failure;
mod ferry;
mod interrupt;
mod output;
mod place;
mod run;
mod session;

fn main() -> std::process::ExitCode {
    run::run()
}
