//! Moves Azure Blob Storage data between accounts inside the service, and watches it.
//!
//! A [`Client`] sends single operations and drives whole conversations: a copy to its end, a lease
//! for as long as it is needed, a container to another account. What is decided is decided in
//! `blobferry-core`, all of which is here too; this crate carries, sleeps and tells the time, on
//! tokio.
//!
//! ```no_run
//! use blobferry::operation::CopyBlob;
//! use blobferry::{Client, CopyOptions, LeaseTerm};
//!
//! # async fn copy() -> Result<(), Box<dyn std::error::Error>> {
//! let mut builder = Client::from_environment()?;
//! let source = builder.blob("https://north.blob.core.windows.net/from/log?sv=…&sig=…")?;
//! let destination = builder.blob("https://south.blob.core.windows.net/onto/log")?;
//! let client = builder.build()?;
//!
//! let lease = client.hold_lease(source.clone(), LeaseTerm::Infinite).await?;
//! let outcome = client
//!     .copy_blob(CopyBlob::new(destination, source), CopyOptions::default())
//!     .on_event(|event| println!("{event:?}"))
//!     .await?;
//! lease.release().await;
//! assert!(outcome.is_success());
//! # Ok(())
//! # }
//! ```

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
