//! The service behind a socket: HTTP/1.1 on one address.

mod body;
mod connection;
mod delivery;
mod early;
mod limits;
mod room;
mod sending;
mod stream;
mod wire;
#[cfg(test)]
pub(crate) mod world;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use blobferry_core::ErrorCode;

use crate::answer::Body;
use crate::service::Service;
use connection::Shared;
use room::Room;

pub use limits::Limits;

/// Why a server did not start.
pub type ServerError = io::Error;

/// How long nothing is accepted when there are no descriptors left.
const SHORT_OF_MEANS: Duration = Duration::from_millis(50);

/// What a connection hands its requests to.
pub(crate) trait Respond: Send + Sync + 'static {
    /// Whether PUT and POST must say how long their body is, or send it in chunks.
    const NEEDS_LENGTH: bool = true;

    /// Answers a request that came just now.
    fn respond_now(&self, request: Request<Bytes>) -> Response<Body>;

    /// Refuses a request whose head alone says that it cannot be granted.
    fn admit_now(&self, parts: &Parts) -> Result<(), Box<Response<Body>>>;

    /// Refuses a request whose body could not be taken.
    fn refuse_now(&self, parts: &Parts, code: ErrorCode) -> Response<Body>;
}

impl Respond for Service {
    fn respond_now(&self, request: Request<Bytes>) -> Response<Body> {
        self.answer(self.clock().now(), request)
    }

    fn admit_now(&self, parts: &Parts) -> Result<(), Box<Response<Body>>> {
        self.admit(self.clock().now(), parts)
    }

    fn refuse_now(&self, parts: &Parts, code: ErrorCode) -> Response<Body> {
        self.refuse(self.clock().now(), parts, code)
    }
}

/// The control endpoint of a service.
struct Control(Arc<Service>);

impl Respond for Control {
    const NEEDS_LENGTH: bool = false;

    fn respond_now(&self, request: Request<Bytes>) -> Response<Body> {
        crate::control::respond(&self.0, &request)
    }

    fn admit_now(&self, _: &Parts) -> Result<(), Box<Response<Body>>> {
        Ok(())
    }

    fn refuse_now(&self, _: &Parts, code: ErrorCode) -> Response<Body> {
        crate::control::refuse(code.as_str())
    }
}

/// A running server. Dropping it stops it without waiting for answers under way.
///
/// ```
/// use std::sync::Arc;
/// use blobferry_emulator::{Config, DEV_ACCOUNT, Limits, Server, Service};
/// let service = Arc::new(Service::new(Config::new()));
/// let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
/// let server = Server::spawn(service.clone(), anywhere, Limits::default())?;
/// let text = service.connection_string(DEV_ACCOUNT, server.addr()).unwrap_or_default();
/// assert!(text.contains("BlobEndpoint=http://127.0.0.1:"));
/// server.stop_blocking();
/// # Ok::<(), blobferry_emulator::ServerError>(())
/// ```
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    stop: watch::Sender<bool>,
    running: Running,
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
        Self::bind_with(service, addr, Limits::default()).await
    }

    /// As [`bind`](Self::bind), with other limits.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn bind_with(
        service: Arc<Service>,
        addr: SocketAddr,
        limits: Limits,
    ) -> Result<Self, ServerError> {
        Self::serve(service, addr, limits).await
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
        Self::serve(Arc::new(Control(service)), addr, Limits::default()).await
    }

    /// Serves from a thread of its own, for programs without a runtime. Returns when the address
    /// is bound.
    ///
    /// # Errors
    /// As [`bind`](Self::bind), or no thread or runtime can be started.
    pub fn spawn(
        service: Arc<Service>,
        addr: SocketAddr,
        limits: Limits,
    ) -> Result<Self, ServerError> {
        let (started, bound) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("blobferry-emulator".to_owned())
            .spawn(move || host(service, addr, limits, &started))?;
        let (addr, stop) = bound
            .recv()
            .map_err(|_| io::Error::other("the server's thread ended before it was bound"))??;
        Ok(Self {
            addr,
            stop,
            running: Running::Thread(thread),
        })
    }

    async fn serve(
        service: Arc<impl Respond>,
        addr: SocketAddr,
        limits: Limits,
    ) -> Result<Self, ServerError> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(accept(listener, service, limits, stopping));
        Ok(Self {
            addr,
            stop,
            running: Running::Task(task),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
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

type Started = io::Result<(SocketAddr, watch::Sender<bool>)>;

/// The life of a server's own thread.
fn host(service: Arc<Service>, addr: SocketAddr, limits: Limits, started: &mpsc::Sender<Started>) {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return drop(started.send(Err(error))),
    };
    runtime.block_on(async {
        match Server::serve(service, addr, limits).await {
            Err(error) => drop(started.send(Err(error))),
            Ok(server) => {
                drop(started.send(Ok((server.addr, server.stop))));
                if let Running::Task(task) = server.running {
                    drop(task.await);
                }
            }
        }
    });
}

/// Takes connections until told to stop, or until nobody is left to tell.
async fn accept(
    listener: TcpListener,
    service: Arc<impl Respond>,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let shared = Arc::new(Shared {
        service,
        limits,
        room: Room::new(limits.buffered, limits.patience),
    });
    let told = stopping.clone();
    let mut connections = JoinSet::new();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = told_to_stop(&mut stopping) => break,
        };
        tokio::select! {
            // A connection that was gone before it was taken is no reason to stop; neither is a
            // lack of descriptors, which ends when other connections do.
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Answers are small and complete: waiting to fill a packet only delays them.
                    drop(stream.set_nodelay(true));
                    let life = connection::serve(
                        stream,
                        peer.ip(),
                        Arc::clone(&shared),
                        told.clone(),
                    );
                    connections.spawn(async move {
                        life.await;
                        drop(place);
                    });
                }
                Err(_) => tokio::time::sleep(SHORT_OF_MEANS).await,
            },
            () = told_to_stop(&mut stopping) => break,
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    drop(tokio::time::timeout(limits.stopping, ended).await);
}

/// Resolves when the server is told to stop, or when nobody is left to tell it.
pub(crate) async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stop| *stop).await);
}

#[cfg(test)]
mod tests;
