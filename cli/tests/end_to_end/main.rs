//! The built command against an emulator: what people type, what they see, what it leaves behind.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod copying;
#[cfg(unix)]
mod interrupted;
mod killed;
mod looking;
mod minting;
mod quay;
mod resumed;
mod serving;
mod up;
mod wrong_input;
