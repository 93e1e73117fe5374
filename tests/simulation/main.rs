//! A whole deployment in one thread: core's engines and the emulated service, joined by a wire that
//! delays, reorders, loses, doubles and cuts, on virtual time, from one seed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

mod copies;
mod fleets;
mod leases;
mod run;
mod wire;
mod world;
