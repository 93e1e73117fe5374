//! The request log: one line for each request, when its answer has gone.

mod entry;
mod redact;
mod writer;

use std::io;
use std::sync::Arc;

pub(super) use entry::Entry;

use writer::Writer;

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// The Common Log Format of web servers, and behind it operation, error code, request id and the
    /// time taken in milliseconds:
    /// `127.0.0.1 - - [31/Jan/2026:12:00:00 +0000] "PUT /a/c/b HTTP/1.1" 201 0 PutBlob - <id> 0.2`.
    #[default]
    Common,
    /// One JSON object a line, with `"type":"request"`.
    Json,
}

/// Where requests are written down. Signatures are not: `sig` stands as `REDACTED`, and no header
/// that holds one is written.
///
/// Lines are written by a thread of their own, which nobody waits for: where the writer cannot keep
/// up, lines are left out, and a line says how many. Dropping the last handle writes what is left.
///
/// ```
/// use blobferry_emulator::{Log, LogFormat, ServerOptions};
/// let log = Log::to(std::io::stderr(), LogFormat::Json)?;
/// let options = ServerOptions::default().log(log);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Log {
    format: LogFormat,
    writer: Arc<Writer>,
}

impl Log {
    /// Writes to a file, a terminal or anything else.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn to(out: impl io::Write + Send + 'static, format: LogFormat) -> io::Result<Self> {
        Ok(Self {
            format,
            writer: Arc::new(Writer::spawn(out)?),
        })
    }

    fn write(&self, entry: &Entry) {
        self.writer.send(match self.format {
            LogFormat::Common => entry.common(),
            LogFormat::Json => entry.json(),
        });
    }
}

/// A request that is written down when it ends, however it ends.
#[derive(Debug)]
pub(super) struct Record {
    log: Log,
    pub(super) entry: Box<Entry>,
}

impl Record {
    /// A request that has just come.
    pub(super) fn begun(log: &Log, entry: Entry) -> Self {
        Self {
            log: log.clone(),
            entry: Box::new(entry),
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.entry.end();
        self.log.write(&self.entry);
    }
}

#[cfg(test)]
mod tests;
