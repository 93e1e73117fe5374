//! An Azure Blob Storage service in one process, with true asynchronous copies.
//!
//! A library first: requests go in, answers come out, time passed in, state in memory. A server
//! second. It reads requests and writes answers by its own code; of `blobferry-core` it takes only
//! the vocabulary.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod answer;
mod arrow;
mod auth;
mod batch;
mod blob;
mod clock;
mod conditions;
mod config;
mod container;
mod content;
#[cfg(feature = "server")]
mod control;
mod copy;
mod cors;
mod encryption;
mod failure;
mod fault;
mod hash;
mod http_date;
mod immutability;
mod kind;
mod later;
mod lease;
mod metadata;
mod operation;
#[cfg_attr(
    not(feature = "server"),
    allow(dead_code, reason = "only servers read sources outside")
)]
mod outside;
mod range;
mod read;
mod record;
mod request;
mod rules;
#[cfg(feature = "server")]
mod server;
mod service;
mod spare;
mod spelling;
mod state;
#[cfg(feature = "durable")]
mod store;
mod structured;
mod tags;
mod tick;
mod xml;

#[cfg(feature = "jwks")]
pub use auth::{InvalidJwks, Jwks};
pub use clock::Clock;
pub use config::{
    AccountKind, AccountSettings, Bearer, Config, CopyPace, DEV_ACCOUNT, DEV_KEY, DataProtection,
    ImmutableStorage, InvalidConfig, KeyName, Pace, Rehydration,
};
pub use fault::{Armed, Delivery, Effect, Fault, Faults, InvalidFault};
pub use outside::Outside;
pub use request::Peer;
#[cfg(feature = "tls")]
pub use server::{InvalidTls, Tls};
#[cfg(feature = "server")]
pub use server::{Limits, Log, LogFormat, Server, ServerError, ServerOptions};
pub use service::{PendingCopy, Reason, Service, Stats};
pub use spelling::Spelling;
#[cfg(feature = "durable")]
pub use store::OpenError;
