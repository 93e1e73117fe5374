//! What slow and malicious clients make a server hold, in figures. Linux tells them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use blobferry_core::sas::{AccountSas, Permissions, Terms};
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_emulator::{Config, DEV_ACCOUNT, DEV_KEY, Limits, Server, Service};

const MIB: u64 = 1 << 20;

/// Connections of each kind of trouble; two descriptors each, because both ends are here.
const MANY: usize = 400;

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes << 10
}

/// A server, and how much memory more than before is held while clients do something to it.
struct Scene {
    server: Server,
    before: u64,
}

impl Scene {
    fn new() -> Self {
        let limits = Limits {
            buffered: 16 * MIB,
            patience: Duration::from_millis(200),
            stopping: Duration::ZERO,
            ..Limits::default()
        };
        let service = Arc::new(Service::new(Config::new()));
        let server = Server::spawn(service, ([127, 0, 0, 1], 0).into(), limits).unwrap();
        let scene = Self { server, before: 0 };
        scene.answers();
        Self {
            before: resident(),
            ..scene
        }
    }

    fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// A client that goes on for ever, but not without an answer.
    fn client(&self) -> TcpStream {
        let stream = TcpStream::connect(self.addr()).unwrap();
        stream
            .set_write_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// An honest client is served, and soon.
    fn answers(&self) {
        let begun = Instant::now();
        let mut stream = self.client();
        let ask = b"GET /devstoreaccount1/c/b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(ask).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    /// Ends; no more than this may be held.
    fn held(self, what: &str, most: u64) {
        std::thread::sleep(Duration::from_millis(300));
        self.answers();
        let held = resident().saturating_sub(self.before);
        println!("{what}: {:.1} MiB", held as f64 / MIB as f64);
        assert!(held <= most, "{what}: {held} bytes, at most {most}");
        self.server.stop_blocking();
    }
}

/// A head that may write what it likes.
fn owners_put(length: &str) -> String {
    let all: Permissions = "racwdl".parse().unwrap();
    let end = blobferry_core::Timestamp::parse_iso("2099-01-01T00:00:00Z").unwrap();
    let key = SharedKey::new(DEV_KEY).unwrap();
    let sas = AccountSas::new(DEV_ACCOUNT, Terms::until(end, all))
        .sign(&key)
        .unwrap();
    format!(
        "PUT /{DEV_ACCOUNT}/c/b?{} HTTP/1.1\r\nhost: x\r\nx-ms-blob-type: BlockBlob\r\n{length}\r\n\r\n",
        sas.expose()
    )
}

/// One after the other, because all of them look at the memory of one process.
#[test]
fn memory_stays_bounded_under_slow_and_malicious_clients() {
    let scene = Scene::new();
    let idle: Vec<_> = (0..MANY).map(|_| scene.client()).collect();
    scene.held(&format!("{MANY} idle connections"), 12 * MIB);
    drop(idle);

    let scene = Scene::new();
    let half = format!(
        "GET /{DEV_ACCOUNT}/c/b HTTP/1.1\r\nx-filler: {}",
        "f".repeat(60 << 10)
    );
    let heads: Vec<_> = (0..MANY)
        .map(|_| {
            let mut stream = scene.client();
            stream.write_all(half.as_bytes()).unwrap();
            stream
        })
        .collect();
    // What is read, and as much again where a buffer grew.
    scene.held(&format!("{MANY} heads of 60 KiB that do not end"), 80 * MIB);
    drop(heads);

    let scene = Scene::new();
    let flood = "x-a: 1\r\n".repeat(1 << 20);
    let mut refused = 0;
    for _ in 0..20 {
        let mut stream = scene.client();
        stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
        refused += usize::from(stream.write_all(flood.as_bytes()).is_err());
    }
    assert_eq!(refused, 20, "8 MiB of headers are not taken");
    scene.held("20 floods of headers", 12 * MIB);

    let scene = Scene::new();
    let huge = owners_put("content-length: 5242880000");
    let promised: Vec<_> = (0..MANY)
        .map(|_| {
            let mut stream = scene.client();
            stream.write_all(huge.as_bytes()).unwrap();
            stream.write_all(b"begun").unwrap();
            stream
        })
        .collect();
    scene.held(
        &format!("{MANY} bodies of 5,000 MiB that do not come"),
        24 * MIB,
    );
    drop(promised);

    let scene = Scene::new();
    let endless = owners_put("transfer-encoding: chunked");
    let chunk = [b"100000\r\n".as_slice(), &vec![b'x'; 1 << 20], b"\r\n"].concat();
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = scene.client();
        stream.write_all(endless.as_bytes()).unwrap();
        for _ in 0..4 {
            if stream.write_all(&chunk).is_err() {
                break;
            }
        }
        streams.push(stream);
    }
    // 16 MiB for all, one body beyond of 4 MiB, twice where a buffer grew; and this test's own chunk.
    scene.held(
        "20 chunked bodies that do not end, 16 MiB for all",
        64 * MIB,
    );
    drop(streams);

    let scene = Scene::new();
    let mut stream = scene.client();
    let ask = format!("GET /{DEV_ACCOUNT}/c/b HTTP/1.1\r\nhost: x\r\n\r\n").repeat(1_000);
    let mut asked = 0;
    while asked < 64 * MIB && stream.write_all(ask.as_bytes()).is_ok() {
        asked += ask.len() as u64;
    }
    assert!(asked < 64 * MIB, "who does not read is not read either");
    scene.held("a pipelined flood whose answers nobody reads", 12 * MIB);

    let limits = Limits {
        connections: 50,
        stopping: Duration::ZERO,
        idle: Duration::from_secs(1),
        ..Limits::default()
    };
    let service = Arc::new(Service::new(Config::new()));
    let server = Server::spawn(service, ([127, 0, 0, 1], 0).into(), limits).unwrap();
    let scene = Scene {
        before: resident(),
        server,
    };
    let crowd: Vec<_> = (0..MANY / 2).map(|_| scene.client()).collect();
    // Served when those before it were sent away for being idle.
    scene.answers();
    drop(crowd);
    scene.held("200 idle connections where 50 are served at once", 12 * MIB);
}
