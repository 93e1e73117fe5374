//! What a server is told beside its address.

use std::net::SocketAddr;

#[cfg(feature = "tls")]
use super::Tls;
use super::{Limits, Log};

/// What a server is told beside its address: limits, TLS, a request log, a health probe.
///
/// ```
/// use blobferry_emulator::{Limits, ServerOptions};
/// let limits = Limits { connections: 16, ..Limits::default() };
/// let options = ServerOptions::from(limits).probe(([127, 0, 0, 1], 0).into());
/// assert_eq!(options.limits, limits);
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ServerOptions {
    /// How much it takes, and how long it waits.
    pub limits: Limits,
    /// Speaks HTTPS with this certificate; HTTP where absent.
    #[cfg(feature = "tls")]
    pub tls: Option<Tls>,
    /// Where each request is written down.
    pub log: Option<Log>,
    /// Where a health probe listens, over HTTP: `GET /health` is answered with 200, and with 503 while
    /// the server stops.
    pub probe: Option<SocketAddr>,
}

impl ServerOptions {
    /// Speaks HTTPS.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Writes requests down.
    #[must_use]
    pub fn log(mut self, log: Log) -> Self {
        self.log = Some(log);
        self
    }

    /// Answers a health probe.
    #[must_use]
    pub const fn probe(mut self, addr: SocketAddr) -> Self {
        self.probe = Some(addr);
        self
    }

    pub(super) const fn is_secure(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        return false;
    }
}

impl From<Limits> for ServerOptions {
    fn from(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }
}
