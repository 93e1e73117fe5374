//! An Azure Blob Storage service in one process, with true asynchronous copies.
//!
//! A library first: [requests go in, answers come out], time passed in, state in memory. A server
//! second. It reads requests and writes answers by its own code; of `blobferry-core` it takes only
//! the vocabulary.
//!
//! [requests go in, answers come out]: https://learn.microsoft.com/rest/api/storageservices/

mod answer;
mod auth;
mod failure;
mod kind;
mod request;
