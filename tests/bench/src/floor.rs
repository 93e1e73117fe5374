//! What the processes beside this one do: the emulator, a server that does nothing, a copy through
//! loopback.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener as Listener};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use blobferry_emulator::{Config, Server, Service};

use crate::Failure;

/// Serves an emulator until it is ended, in memory or in a directory.
pub(crate) fn emulator(port: Option<&str>, directory: Option<&str>) -> Result<(), Failure> {
    let port = port.map_or(Ok(0), str::parse)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let service = Arc::new(match directory {
                Some(directory) => Service::open(Config::new(), directory)?,
                None => Service::new(Config::new()),
            });
            let addr = SocketAddr::from(([127, 0, 0, 1], port));
            let server = Server::bind(service, addr).await?;
            println!("{}", server.addr());
            std::future::pending::<()>().await;
            Ok(())
        })
}

/// What the server that does nothing says.
struct Words {
    put: HeaderMap,
    head: HeaderMap,
    copy: HeaderMap,
    get: (HeaderMap, Bytes),
}

impl Words {
    /// Three heads, each ended by an empty line, and the length of a body.
    fn read(text: &str) -> Result<Self, Failure> {
        let mut parts = text.split("\n\n");
        let mut next = || parts.next().ok_or("too few heads");
        let (put, head, copy) = (head(next()?)?, head(next()?)?, head(next()?)?);
        let length: usize = next()?.trim().parse()?;
        Ok(Self {
            put,
            head,
            copy,
            get: (HeaderMap::new(), vec![b'x'; length].into()),
        })
    }

    fn answer(&self, method: &Method, asked: &HeaderMap) -> Response<Full<Bytes>> {
        let (headers, body) = match *method {
            Method::PUT if asked.contains_key("x-ms-copy-source") => (&self.copy, Bytes::new()),
            Method::PUT => (&self.put, Bytes::new()),
            Method::HEAD => (&self.head, Bytes::new()),
            _ => (&self.get.0, self.get.1.clone()),
        };
        let mut answer = Response::new(Full::new(body));
        *answer.headers_mut() = headers.clone();
        answer
    }
}

fn head(text: &str) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once(": ").ok_or("no header")?;
        headers.append(
            HeaderName::from_bytes(name.as_bytes())?,
            HeaderValue::from_str(value)?,
        );
    }
    Ok(headers)
}

/// Answers 200 to everything with heads that it is told, and does nothing.
pub(crate) fn answers() -> Result<(), Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let words = Arc::new(Words::read(&text)?);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            println!("{}", listener.local_addr()?);
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let words = Arc::clone(&words);
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(Arc::clone(&words), request));
                    let _ended = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        })
}

async fn answer(
    words: Arc<Words>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, mut body) = request.into_parts();
    while body.frame().await.is_some() {}
    Ok(words.answer(&parts.method, &parts.headers))
}

/// Takes so many bytes into memory, or sends as many from it: `t` or `s` and the length in eight
/// bytes; answers with one byte when all have come.
pub(crate) fn loopback() -> Result<(), Failure> {
    let listener = Listener::bind(("127.0.0.1", 0))?;
    println!("{}", listener.local_addr()?);
    loop {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let mut order = [0; 9];
        stream.read_exact(&mut order)?;
        let [way, length @ ..] = order;
        let length = usize::try_from(u64::from_le_bytes(length))?;
        let mut memory = vec![b'm'; if way == b's' { length } else { 0 }];
        if way == b's' {
            stream.write_all(b"!")?;
            stream.read_exact(&mut [0])?;
            stream.write_all(&memory)?;
        } else {
            memory.reserve_exact(length);
            stream.write_all(b"!")?;
            (&stream)
                .take(u64::try_from(length)?)
                .read_to_end(&mut memory)?;
            stream.write_all(b"!")?;
        }
    }
}
