//! Copy sources outside the service: who may be asked, what is asked, and what was answered.

#[cfg(feature = "server")]
mod feeder;
mod fetched;
#[cfg(feature = "server")]
mod place;
mod policy;
#[cfg(feature = "server")]
mod want;

#[cfg(feature = "server")]
pub(crate) use feeder::{Feeder, Step};
pub(crate) use fetched::{Fetched, Found};
#[cfg(feature = "server")]
pub(crate) use fetched::{Unreadable, keyword, text};
#[cfg(feature = "server")]
pub(crate) use place::{Place, is_ours};
pub use policy::Outside;
#[cfg(feature = "server")]
pub(crate) use want::Want;
