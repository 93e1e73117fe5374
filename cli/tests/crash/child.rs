//! The emulator as a process that can be killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(crate) struct Child {
    process: Mutex<std::process::Child>,
    pub(crate) port: u16,
    /// From the start of the process until it said where it listens.
    pub(crate) startup: Duration,
}

impl Child {
    pub(crate) fn start(directory: &Path) -> Self {
        let begun = Instant::now();
        let mut process = Command::new(env!("CARGO_BIN_EXE_blobferry"))
            .args(["emulator", "--port", "0", "--output", "json"])
            .args(["--copy-bandwidth", "4MiB", "--data"])
            .arg(directory)
            .env_remove("AZURITE_ACCOUNTS")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let up: serde_json::Value = serde_json::from_str(&first)
            .unwrap_or_else(|_| panic!("the emulator did not start: {:?}", process.wait()));
        Self {
            process: Mutex::new(process),
            port: u16::try_from(up["port"].as_u64().unwrap()).unwrap(),
            startup: begun.elapsed(),
        }
    }

    /// Kills it as `kill -9` does, and sees that it is gone.
    pub(crate) fn kill(&self) {
        let mut process = self.process.lock().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Ok(process) = self.process.get_mut() {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
