//! Taking connections, as many at once as there are places.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::connection::{self, Client, Shared};
use super::room::Room;
use super::{Respond, ServerOptions};

/// How long nothing is accepted when there are no descriptors left.
const SHORT_OF_MEANS: Duration = Duration::from_millis(50);

/// How many connections wait to be taken before the system turns more away: a crowd that comes at
/// once is taken one after the other.
const WAITING: u32 = 4_096;

/// Listens on an address.
pub(super) fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // Elsewhere it would let two programs have one address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(WAITING)
}

/// Takes connections until told to stop, or until nobody is left to tell.
pub(super) async fn accept(
    listener: TcpListener,
    service: Arc<impl Respond>,
    options: ServerOptions,
    mut stopping: watch::Receiver<bool>,
) {
    let limits = options.limits;
    let places = Arc::new(Semaphore::new(limits.connections));
    let shared = Arc::new(Shared {
        service,
        limits,
        room: Room::new(limits.buffered, limits.patience),
        log: options.log.clone(),
    });
    let options = Arc::new(options);
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
                    let life = serve(
                        stream,
                        peer,
                        Arc::clone(&options),
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

/// Serves one connection, after its TLS handshake where there is one.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    options: Arc<ServerOptions>,
    shared: Arc<Shared<impl Respond>>,
    #[cfg_attr(
        not(feature = "tls"),
        expect(unused_mut, reason = "only handshakes wait")
    )]
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and complete: waiting to fill a packet only delays them.
    drop(stream.set_nodelay(true));
    let client = Client {
        peer: peer.ip(),
        secure: options.is_secure(),
    };
    #[cfg(feature = "tls")]
    if let Some(tls) = &options.tls {
        let handshake = tls.acceptor().accept(stream);
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(shared.limits.headers, handshake) => shaken,
            () = told_to_stop(&mut stopping) => return,
        };
        if let Ok(Ok(stream)) = shaken {
            connection::serve(stream, client, shared, stopping).await;
        }
        return;
    }
    connection::serve(stream, client, shared, stopping).await;
}

/// Resolves when the server is told to stop, or when nobody is left to tell it.
pub(crate) async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stop| *stop).await);
}
