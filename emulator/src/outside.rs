//! Copy sources outside the service: who may be asked, what is asked, and what was answered.

#[cfg(feature = "server")]
mod feeder;
mod fetched;
#[cfg(feature = "server")]
mod layout;
#[cfg(feature = "server")]
mod place;
mod policy;
#[cfg(feature = "tls")]
mod trust;
#[cfg(feature = "server")]
mod verdict;
#[cfg(feature = "server")]
mod want;

#[cfg(feature = "server")]
pub(crate) use feeder::{Feeder, Step, Taken};
#[cfg(feature = "tls")]
pub(crate) use fetched::Distrust;
#[cfg(feature = "server")]
pub(crate) use fetched::SourceTags;
pub(crate) use fetched::{Fetched, Found};
#[cfg(feature = "server")]
pub(crate) use fetched::{Unreadable, keyword, text};
#[cfg(feature = "server")]
pub(crate) use place::{Place, is_ours};
pub use policy::Outside;
#[cfg(feature = "tls")]
pub(crate) use trust::Trust;
#[cfg(feature = "server")]
pub(crate) use want::Want;

/// Without TLS nobody's certificate is asked for.
#[cfg(not(feature = "tls"))]
#[derive(Debug, Clone, Default)]
pub(crate) struct Trust;
