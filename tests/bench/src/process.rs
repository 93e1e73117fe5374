//! Servers in processes of their own, and what the system says of them.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;

/// A server; ends when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) addr: SocketAddr,
}

impl Process {
    /// This program under another name; its first line says where it listens. It is told `input`.
    pub(crate) fn own(word: &str, input: &str) -> Result<Self, Failure> {
        Self::begun(&[word.as_ref()], input)
    }

    /// An emulator that keeps everything in a directory.
    pub(crate) fn keeping(directory: &Path) -> Result<Self, Failure> {
        Self::begun(&["serve".as_ref(), "0".as_ref(), directory.as_ref()], "")
    }

    fn begun(words: &[&OsStr], input: &str) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let addr = line.trim().parse();
        let mut started = Self {
            child,
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        started.addr = addr?;
        Ok(started)
    }

    /// A server that listens on a given address; returns when it takes connections.
    pub(crate) fn other(command: &mut Command, addr: SocketAddr) -> Result<Self, Failure> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let started = Self { child, addr };
        let begun = Instant::now();
        while std::net::TcpStream::connect(addr).is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                return Err(format!("nobody listens on {addr}").into());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(started)
    }

    /// Time on a processor so far, all threads together.
    pub(crate) fn cpu(&self) -> Result<Duration, Failure> {
        let mut whole = Duration::ZERO;
        for task in std::fs::read_dir(self.proc("task"))? {
            whole += cpu_of(&task?.path())?;
        }
        Ok(whole)
    }

    /// Bytes in memory.
    pub(crate) fn memory(&self) -> Result<u64, Failure> {
        let text = std::fs::read_to_string(self.proc("status"))?;
        let kib = text
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .ok_or("no VmRSS")?;
        Ok(kib.parse::<u64>()? << 10)
    }

    fn proc(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.child.id()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Time on a processor so far of the thread that asks.
pub(crate) fn own_cpu() -> Result<Duration, Failure> {
    cpu_of(Path::new("/proc/thread-self"))
}

fn cpu_of(thread: &Path) -> Result<Duration, Failure> {
    let text = std::fs::read_to_string(thread.join("schedstat"))?;
    let first = text.split_whitespace().next().unwrap_or_default();
    Ok(Duration::from_nanos(first.parse()?))
}

/// A port that was free just now.
pub(crate) fn free_addr() -> Result<SocketAddr, Failure> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
