//! Azurite, where it is installed.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use crate::Failure;
use crate::arguments::Arguments;
use crate::process::{Process, free_addr};
use crate::report::Report;

/// Where npm puts Azurite's Blob service.
const PROGRAM: &str = "node_modules/azurite/dist/src/blob/main.js";

/// How Azurite is started, in memory.
pub(crate) fn command(folder: &Path, addr: SocketAddr) -> Command {
    let mut command = Command::new("node");
    command
        .arg(folder.join(PROGRAM))
        .args(["--inMemoryPersistence", "--silent", "--disableTelemetry"])
        .args(["--skipApiVersionCheck", "--blobHost", "127.0.0.1"])
        .args(["--blobPort", &addr.port().to_string()]);
    command
}

/// Azurite under way; absent, with a word about it, where it is not installed.
pub(crate) fn azurite(
    arguments: &Arguments,
    report: &mut Report,
) -> Result<Option<Process>, Failure> {
    let Some(folder) = arguments
        .azurite
        .as_deref()
        .filter(|folder| folder.join(PROGRAM).exists())
    else {
        report.say("!!! AZURITE IS NOT INSTALLED: its figures are missing from this run");
        return Ok(None);
    };
    let addr = free_addr()?;
    Process::other(&mut command(folder, addr), addr).map(Some)
}
