//! The load generator: one thread, keep-alive connections, one request on each at a time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::Failure;
use crate::requests::Raw;

/// How many connections the goals speak of.
pub(crate) const CONNECTIONS: usize = 32;

/// One connection.
pub(crate) struct Line {
    addr: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    pub(crate) async fn open(addr: SocketAddr) -> Result<Self, Failure> {
        Ok(Self {
            addr,
            stream: connected(addr).await?,
            buffer: vec![0; 256 << 10],
        })
    }

    /// Sends a request and reads its answer to the end; the head and the length of the body. Where
    /// the server closed the connection between two requests, as Node does, it is opened again.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<(&[u8], usize), Failure> {
        let mut sent = self.stream.write_all(request).await;
        let mut filled = 0;
        let mut again = true;
        let head = loop {
            let rest = self.buffer.get_mut(filled..).unwrap_or_default();
            let read = match sent {
                Ok(()) => self.stream.read(rest).await.unwrap_or(0),
                Err(_) => 0,
            };
            if read == 0 && filled == 0 && std::mem::take(&mut again) {
                self.stream = connected(self.addr).await?;
                sent = self.stream.write_all(request).await;
                continue;
            }
            if read == 0 {
                return Err("the server closed a connection".into());
            }
            filled += read;
            let seen = self.buffer.get(..filled).unwrap_or_default();
            if let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let bytes = self.buffer.get(..head).unwrap_or_default();
        if bytes.get(..10) != Some(b"HTTP/1.1 2") {
            let text = String::from_utf8_lossy(self.buffer.get(..filled).unwrap_or_default());
            return Err(format!("refused: {text}").into());
        }
        let length = if request.starts_with(b"HEAD") {
            0
        } else {
            content_length(bytes)
        };
        let mut left = length.saturating_sub(filled - head);
        if length == 0 && !request.starts_with(b"HEAD") && is_chunked(bytes) {
            let came = self.buffer.get(head..filled).unwrap_or_default().to_vec();
            let length = chunks(&mut self.stream, came).await?;
            return Ok((self.buffer.get(..head).unwrap_or_default(), length));
        }
        // What follows the head is read over itself: nobody looks at it.
        let (kept, scratch) = self.buffer.split_at_mut(head);
        while left > 0 {
            let read = self.stream.read(scratch).await?;
            if read == 0 {
                return Err("the server closed a connection".into());
            }
            left = left.saturating_sub(read);
        }
        Ok((kept, length))
    }

    /// As [`ask`](Self::ask), with the whole body.
    pub(crate) async fn fetch(&mut self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        self.stream.write_all(request).await?;
        let mut whole = Vec::new();
        loop {
            if self.stream.read_buf(&mut whole).await? == 0 {
                return Err("the server closed a connection".into());
            }
            if let Some(end) = whole.windows(4).position(|four| four == b"\r\n\r\n") {
                let wanted = end + 4 + content_length(&whole);
                whole.reserve(wanted.saturating_sub(whole.len()));
                while whole.len() < wanted {
                    if self.stream.read_buf(&mut whole).await? == 0 {
                        return Err("the server closed a connection".into());
                    }
                }
                return Ok(whole.split_off(end + 4));
            }
        }
    }
}

async fn connected(addr: SocketAddr) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect(addr).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn is_chunked(head: &[u8]) -> bool {
    let head = head.to_ascii_lowercase();
    let name = b"\r\ntransfer-encoding: chunked\r\n";
    head.windows(name.len()).any(|here| here == name)
}

/// Reads chunks up to the last, which is empty; the bytes that came, the lines between them included.
async fn chunks(stream: &mut TcpStream, mut came: Vec<u8>) -> Result<usize, Failure> {
    const LAST: &[u8] = b"\r\n0\r\n\r\n";
    while !came.ends_with(LAST) {
        if stream.read_buf(&mut came).await? == 0 {
            return Err("the server closed a connection".into());
        }
    }
    Ok(came.len())
}

/// What the head says of the length; nothing said is nothing sent.
fn content_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length:";
    head.split(|byte| *byte == b'\n')
        .take_while(|line| *line != b"\r")
        .find_map(|line| {
            let (name, value) = line.split_at_checked(NAME.len())?;
            let value = name.eq_ignore_ascii_case(NAME).then_some(value)?;
            std::str::from_utf8(value).ok()?.trim().parse().ok()
        })
        .unwrap_or(0)
}

/// Sends each request once; how long it took.
pub(crate) fn once(
    runtime: &Runtime,
    addr: SocketAddr,
    requests: Vec<Raw>,
) -> Result<Duration, Failure> {
    let begun = Instant::now();
    send(runtime, addr, &Arc::new(requests), None)?;
    Ok(begun.elapsed())
}

/// Sends the requests over and over; how many were answered a second.
pub(crate) fn rate(
    runtime: &Runtime,
    addr: SocketAddr,
    requests: &Arc<Vec<Raw>>,
    lasting: Duration,
) -> Result<f64, Failure> {
    let begun = Instant::now();
    let sent = send(runtime, addr, requests, Some(begun + lasting))?;
    #[expect(clippy::cast_precision_loss, reason = "a count of requests is small")]
    let sent = sent as f64;
    Ok(sent / begun.elapsed().as_secs_f64())
}

fn send(
    runtime: &Runtime,
    addr: SocketAddr,
    requests: &Arc<Vec<Raw>>,
    until: Option<Instant>,
) -> Result<usize, Failure> {
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for first in 0..CONNECTIONS.min(requests.len()) {
            tasks.spawn(lane(addr, Arc::clone(requests), first, until));
        }
        let mut sent = 0;
        while let Some(lane) = tasks.join_next().await {
            sent += lane??;
        }
        Ok(sent)
    })
}

/// Every thirty-second request, over one connection, so that no two ask for the same blob at once.
async fn lane(
    addr: SocketAddr,
    requests: Arc<Vec<Raw>>,
    first: usize,
    until: Option<Instant>,
) -> Result<usize, Failure> {
    let mut line = Line::open(addr).await?;
    let mut sent = 0;
    loop {
        for request in requests.iter().skip(first).step_by(CONNECTIONS) {
            if until.is_some_and(|until| Instant::now() >= until) {
                return Ok(sent);
            }
            line.ask(request).await?;
            sent += 1;
        }
        if until.is_none() {
            return Ok(sent);
        }
    }
}
