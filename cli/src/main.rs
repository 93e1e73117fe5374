//! The `blobferry` command: copies, watches, aborts and leases Azure blobs.

mod args;
mod command;
mod copies;
mod credentials;
mod environment;
mod exit_code;
mod failure;
mod ferry;
mod hosting;
mod interrupt;
mod output;
mod place;
mod run;
mod session;

fn main() -> std::process::ExitCode {
    run::run()
}
