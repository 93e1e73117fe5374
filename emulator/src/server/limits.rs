//! How much a server takes, and how long it waits.

use std::time::Duration;

/// How much a server takes, and how long it waits.
///
/// Together they bound what clients can make it hold before it has judged what they ask: each
/// connection `header_bytes` and the first 64 KiB of a body, all bodies together `buffered` and
/// one body more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes; longer ones are answered with 413. 5,000 MiB unless set, the
    /// most that Put Blob takes.
    pub body: u64,
    /// The longest head of a request, in bytes: line and headers. Longer ones are answered with 400, as
    /// by the web server in front of the service.
    /// 64 KiB unless set; at least 8 KiB.
    pub header_bytes: usize,
    /// How long the head of a request may take, from its first byte. A TLS handshake has as long.
    /// 30 s unless set.
    pub headers: Duration,
    /// How long a connection may be idle before its first request or between two. 120 s unless set.
    pub idle: Duration,
    /// How long a body may pause on its way in, or an answer be left unread on its way out. 60 s
    /// unless set.
    pub pause: Duration,
    /// The fewest bytes a second of a body on its way in, counted after the first `pause`. 1,024
    /// unless set; 0 lets a body take for ever.
    pub slowest: u64,
    /// The bytes of long bodies on their way in, all together. A body that finds no room waits up to
    /// `patience` and is then answered with 503; one body at a time may go beyond, so that no body
    /// is too long to be taken alone. 1 GiB unless set.
    pub buffered: u64,
    /// How long a body waits for room. 5 s unless set.
    pub patience: Duration,
    /// How many connections are served at once; more wait to be accepted. 4,096 unless set.
    pub connections: usize,
    /// How long stopping waits for answers under way. 10 s unless set.
    pub stopping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 5_000 << 20,
            header_bytes: 64 << 10,
            headers: Duration::from_secs(30),
            idle: Duration::from_secs(120),
            pause: Duration::from_secs(60),
            slowest: 1_024,
            buffered: 1 << 30,
            patience: Duration::from_secs(5),
            connections: 4_096,
            stopping: Duration::from_secs(10),
        }
    }
}
