//! The client against the emulator in this process, on virtual time.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod copies;
mod examples;
mod leases;
mod sockets;
mod transfer;
mod world;
