//! The service behind a socket: HTTP/1.1 on one address, plain or under TLS.

mod accept;
mod alarm;
mod body;
mod connection;
mod delivery;
mod early;
mod feeding;
mod hashing;
mod heads;
mod intake;
mod limits;
mod log;
mod memory;
mod options;
mod outside;
mod page;
mod probe;
mod respond;
mod room;
mod sending;
mod stream;
#[cfg(feature = "tls")]
mod tls;
mod wire;
#[cfg(test)]
pub(crate) mod world;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::KeyName;
use crate::service::Service;
use accept::{accept, listen};
use probe::Probe;
use respond::{Control, Respond};

pub(crate) use accept::told_to_stop;
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use options::ServerOptions;
#[cfg(feature = "tls")]
pub use tls::{InvalidTls, Tls};

/// Why a server did not start.
pub type ServerError = io::Error;

/// A running server. Dropping it stops it without waiting for answers under way.
///
/// ```
/// use std::sync::Arc;
/// use blobferry_emulator::{Config, DEV_ACCOUNT, Limits, Server, Service};
/// let service = Arc::new(Service::new(Config::new()));
/// let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
/// let server = Server::spawn(service.clone(), anywhere, Limits::default())?;
/// let text = server.connection_string(DEV_ACCOUNT).unwrap_or_default();
/// assert!(text.contains("BlobEndpoint=http://127.0.0.1:"));
/// server.stop_blocking();
/// # Ok::<(), blobferry_emulator::ServerError>(())
/// ```
#[derive(Debug)]
pub struct Server {
    at: Bound,
    service: Option<Arc<Service>>,
    stop: watch::Sender<bool>,
    running: Running,
}

/// Where a server is met.
#[derive(Debug, Clone, Copy)]
struct Bound {
    addr: SocketAddr,
    probe: Option<SocketAddr>,
    secure: bool,
}

#[derive(Debug)]
enum Running {
    Task(tokio::task::JoinHandle<()>),
    Thread(JoinHandle<()>),
}

impl Server {
    /// Serves on an address, in the tokio runtime that this is called in. Port 0 takes any free
    /// one; [`addr`](Self::addr) says which.
    ///
    /// # Errors
    /// The address is taken or is not of this machine.
    pub async fn bind(service: Arc<Service>, addr: SocketAddr) -> Result<Self, ServerError> {
        Self::bind_with(service, addr, ServerOptions::default()).await
    }

    /// As [`bind`](Self::bind), with [`Limits`] or other [`ServerOptions`].
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn bind_with(
        service: Arc<Service>,
        addr: SocketAddr,
        options: impl Into<ServerOptions>,
    ) -> Result<Self, ServerError> {
        let mut server = Self::serve(Arc::clone(&service), addr, options.into()).await?;
        server.service = Some(service);
        Ok(server)
    }

    /// Offers the control endpoint of a service, by which clock, copy pace, faults and state are
    /// changed. Whoever reaches it needs no key. Port 0 takes any free one.
    ///
    /// # Errors
    /// As [`bind`](Self::bind), or the address is not a loopback address.
    pub async fn bind_control(
        service: Arc<Service>,
        addr: SocketAddr,
    ) -> Result<Self, ServerError> {
        if !addr.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the control endpoint is only offered on loopback",
            ));
        }
        Self::serve(Arc::new(Control(service)), addr, ServerOptions::default()).await
    }

    /// Serves from a thread of its own, for programs without a runtime. Returns when the address
    /// is bound.
    ///
    /// # Errors
    /// As [`bind`](Self::bind), or no thread or runtime can be started.
    pub fn spawn(
        service: Arc<Service>,
        addr: SocketAddr,
        options: impl Into<ServerOptions>,
    ) -> Result<Self, ServerError> {
        let (started, bound) = mpsc::channel();
        let options = options.into();
        let served = Arc::clone(&service);
        let thread = std::thread::Builder::new()
            .name("blobferry-emulator".to_owned())
            .spawn(move || host(served, addr, options, &started))?;
        let (at, stop) = bound
            .recv()
            .map_err(|_| io::Error::other("the server's thread ended before it was bound"))??;
        Ok(Self {
            at,
            service: Some(service),
            stop,
            running: Running::Thread(thread),
        })
    }

    async fn serve(
        service: Arc<impl Respond>,
        addr: SocketAddr,
        options: ServerOptions,
    ) -> Result<Self, ServerError> {
        let listener = listen(addr)?;
        let asked = match options.probe {
            Some(addr) => Some(listen(addr)?),
            None => None,
        };
        let at = Bound {
            addr: listener.local_addr()?,
            probe: asked.as_ref().map(TcpListener::local_addr).transpose()?,
            secure: options.is_secure(),
        };
        service.listening(at.addr);
        service.follow();
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(async move {
            let (ended, ending) = watch::channel(false);
            let probing = asked.map(|listener| {
                let probe = Arc::new(Probe {
                    service: Arc::clone(&service),
                    stopping: stopping.clone(),
                });
                tokio::spawn(accept(listener, probe, probe::LIMITS.into(), ending))
            });
            accept(listener, service, options, stopping).await;
            ended.send_replace(true);
            if let Some(probing) = probing {
                drop(probing.await);
            }
        });
        Ok(Self {
            at,
            service: None,
            stop,
            running: Running::Task(task),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.at.addr
    }

    /// Where its health probe listens.
    #[must_use]
    pub fn probe_addr(&self) -> Option<SocketAddr> {
        self.at.probe
    }

    /// Where its health probe is asked: `http://127.0.0.1:10080/health`.
    #[must_use]
    pub fn probe_url(&self) -> Option<String> {
        self.at
            .probe
            .map(|addr| format!("http://{}/health", met_at(addr)))
    }

    /// Where it is met: `http://127.0.0.1:10000`. A server that listens everywhere is met on this
    /// machine.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.at.secure { "https" } else { "http" };
        format!("{scheme}://{}", met_at(self.at.addr))
    }

    /// The connection string of an account, as SDKs take it; absent where there is no such account.
    /// It holds the account's key.
    #[must_use]
    pub fn connection_string(&self, account: &str) -> Option<String> {
        self.service
            .as_ref()?
            .connection_string_at(account, KeyName::Key1, &self.origin())
    }

    /// The same with the account's second key; absent where it has none.
    #[must_use]
    pub fn second_connection_string(&self, account: &str) -> Option<String> {
        self.service
            .as_ref()?
            .connection_string_at(account, KeyName::Key2, &self.origin())
    }

    /// Takes no more connections, lets answers under way finish, and closes the rest.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        match self.running {
            Running::Task(task) => drop(task.await),
            Running::Thread(thread) => {
                drop(tokio::task::spawn_blocking(move || drop(thread.join())).await);
            }
        }
    }

    /// As [`stop`](Self::stop), for programs without a runtime. A server that was bound in a
    /// runtime is told to stop, and ends there by itself.
    pub fn stop_blocking(self) {
        self.stop.send_replace(true);
        if let Running::Thread(thread) = self.running {
            drop(thread.join());
        }
    }
}

/// Where an address is met from this machine.
fn met_at(mut addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}

type Started = io::Result<(Bound, watch::Sender<bool>)>;

/// The life of a server's own thread.
fn host(
    service: Arc<Service>,
    addr: SocketAddr,
    options: ServerOptions,
    started: &mpsc::Sender<Started>,
) {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return drop(started.send(Err(error))),
    };
    runtime.block_on(async {
        match Server::serve(service, addr, options).await {
            Err(error) => drop(started.send(Err(error))),
            Ok(server) => {
                drop(started.send(Ok((server.at, server.stop))));
                if let Running::Task(task) = server.running {
                    drop(task.await);
                }
            }
        }
    });
}

#[cfg(test)]
mod tests;
