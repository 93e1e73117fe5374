//! What a long copy from outside makes a server hold, in figures. Linux tells them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use blobferry_core::sas::{AccountSas, Permissions, Terms};
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_emulator::{Config, CopyPace, DEV_ACCOUNT, DEV_KEY, Limits, Pace, Server, Service};

const MIB: u64 = 1 << 20;
/// Bytes of the source.
const TOTAL: u64 = 192 * MIB;

/// The most that was in memory of this process since this was last asked.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibibytes: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    kibibytes << 10
}

/// A place on the web with one long file, of which `/ranges` may be read in part.
fn place() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || drop(serve(&stream)));
        }
    });
    addr
}

fn serve(stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap()?;
    let mut range = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some((from, to)) = line
            .strip_prefix("range: bytes=")
            .and_then(|range| range.split_once('-'))
        {
            range = Some((from.parse::<u64>().unwrap(), to.parse::<u64>().unwrap() + 1));
        }
    }
    let range = range.filter(|_| first.contains("/ranges"));
    let (start, end) = range.unwrap_or((0, TOTAL));
    let status = if range.is_some() {
        "206 Partial Content"
    } else {
        "200 OK"
    };
    let mut out = stream;
    write!(
        out,
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\netag: \"1\"\r\n\
         content-range: bytes {start}-{}/{TOTAL}\r\nconnection: close\r\n\r\n",
        end - start,
        end - 1
    )?;
    let mut left = end - start;
    while left > 0 {
        let length = left.min(64 << 10);
        out.write_all(&vec![7; usize::try_from(length).unwrap()])?;
        left -= length;
    }
    Ok(())
}

fn ask(addr: SocketAddr, method: &str, path: &str, headers: &str) -> String {
    let all: Permissions = "racwdl".parse().unwrap();
    let end = blobferry_core::Timestamp::parse_iso("2099-01-01T00:00:00Z").unwrap();
    let key = SharedKey::new(DEV_KEY).unwrap();
    let sas = AccountSas::new(DEV_ACCOUNT, Terms::until(end, all))
        .sign(&key)
        .unwrap();
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut stream = TcpStream::connect(addr).unwrap();
    write!(
        stream,
        "{method} /{DEV_ACCOUNT}/{path}{joint}{} HTTP/1.1\r\nhost: {addr}\r\n\
         x-ms-version: 2024-08-04\r\nconnection: close\r\ncontent-length: 0\r\n{headers}\r\n",
        sas.expose()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Copies the file, and says how much more was held meanwhile than before.
fn held(service: Service, source: &str) -> u64 {
    let server = Server::spawn(
        Arc::new(service),
        ([127, 0, 0, 1], 0).into(),
        Limits::default(),
    )
    .unwrap();
    let addr = server.addr();
    let made = ask(addr, "PUT", "box?restype=container", "");
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    peak();
    let before = peak();
    let started = ask(
        addr,
        "PUT",
        "box/b",
        &format!("x-ms-copy-source: {source}\r\n"),
    );
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    let begun = Instant::now();
    loop {
        let head = ask(addr, "HEAD", "box/b", "");
        if !head.contains("x-ms-copy-status: pending") {
            let ended = head.contains("x-ms-copy-status: success");
            assert!(
                ended && head.contains(&format!("content-length: {TOTAL}")),
                "{head}"
            );
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{head}");
        std::thread::sleep(Duration::from_millis(20));
    }
    let held = peak().saturating_sub(before);
    server.stop_blocking();
    held
}

fn in_directory(path: &Path) -> Service {
    Service::open(config(), path).unwrap()
}

fn config() -> Config {
    Config::new().copy_pace(CopyPace {
        same_account: Pace::AT_ONCE,
        other_account: Pace::AT_ONCE,
    })
}

/// One after the other, because all of them look at the memory of one process.
#[test]
fn a_copy_from_outside_takes_little_memory_in_a_directory_and_its_length_once_without() {
    let place = place();
    let scratch = std::env::temp_dir().join(format!("blobferry-outside-{}", std::process::id()));
    for (what, most) in [("ranges", 48 * MIB), ("whole", 48 * MIB)] {
        let held = held(
            in_directory(&scratch.join(what)),
            &format!("http://{place}/{what}"),
        );
        println!("{what} in a directory: {:.1} MiB", held as f64 / MIB as f64);
        assert!(held <= most, "{what}: {held} bytes, at most {most}");
    }
    std::fs::remove_dir_all(&scratch).unwrap();
    for (what, most) in [("ranges", TOTAL + 48 * MIB), ("whole", TOTAL + 48 * MIB)] {
        let held = held(Service::new(config()), &format!("http://{place}/{what}"));
        println!("{what} in memory: {:.1} MiB", held as f64 / MIB as f64);
        assert!(held <= most, "{what}: {held} bytes, at most {most}");
    }
}
