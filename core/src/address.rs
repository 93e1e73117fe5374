//! Where things are: accounts, containers and blobs as URLs, encoded in one place.

mod account;
mod blob;
mod container;
mod location;
mod origin;
#[cfg(test)]
mod tests;
mod url;

pub use account::Account;
pub use blob::{BlobAddress, Revision};
pub use container::ContainerAddress;
pub use location::{Location, Place};
pub(crate) use url::QUERY;
