//! Moves Azure Blob Storage data between accounts inside the service, and watches it.

mod cancel;
mod client;
pub mod clock;
mod drive;
pub mod environment;
mod job;
mod lease;
pub mod token;
mod trace;
mod transfer;
pub mod transport;

pub use blobferry_core::*;

pub use cancel::{Cancel, Stopped};
pub use client::{Client, ClientBuilder, Upload};
pub use job::{Events, Job};
pub use lease::HeldLease;
pub use token::TokenSource;
pub use transfer::TransferError;
pub use transport::Transport;
