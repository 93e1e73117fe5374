//! A thread that writes lines, and that nobody waits for.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// How many lines wait to be written.
const WAITING: usize = 8_192;

/// How long the end waits for a writer that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Writer {
    lines: Option<SyncSender<String>>,
    left_out: Arc<AtomicU64>,
    /// Disconnected when everything is written.
    written: std::sync::Mutex<Receiver<()>>,
}

impl Writer {
    pub(super) fn spawn(out: impl Write + Send + 'static) -> io::Result<Self> {
        let (lines, waiting) = sync_channel::<String>(WAITING);
        let (alive, written) = sync_channel::<()>(0);
        let left_out = Arc::new(AtomicU64::new(0));
        let unsaid = Arc::clone(&left_out);
        std::thread::Builder::new()
            .name("blobferry-log".to_owned())
            .spawn(move || {
                let _alive = alive;
                let mut out = BufWriter::with_capacity(64 << 10, out);
                while let Ok(line) = waiting.recv() {
                    // A log that cannot be written stops nobody from being served.
                    drop(write(&mut out, line, &waiting, &unsaid));
                }
                drop(out.flush());
            })?;
        Ok(Self {
            lines: Some(lines),
            left_out,
            written: std::sync::Mutex::new(written),
        })
    }

    pub(super) fn send(&self, line: String) {
        let sent = self.lines.as_ref().map(|lines| lines.try_send(line));
        if !matches!(sent, Some(Ok(()))) {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Writes a line and all that wait behind it, and flushes when nothing does.
fn write(
    out: &mut impl Write,
    first: String,
    waiting: &Receiver<String>,
    unsaid: &AtomicU64,
) -> io::Result<()> {
    let mut next = Some(first);
    while let Some(line) = next {
        out.write_all(line.as_bytes())?;
        next = waiting.try_recv().ok();
    }
    let left_out = unsaid.swap(0, Ordering::Relaxed);
    if left_out > 0 {
        writeln!(
            out,
            "{{\"type\":\"requests_left_out\",\"count\":{left_out}}}"
        )?;
    }
    out.flush()
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.lines = None;
        if let Ok(written) = self.written.get_mut() {
            let _ended = written.recv_timeout(PATIENCE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Takes nothing until it is told to.
    struct Stuck(Receiver<()>, mpsc::Sender<Vec<u8>>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _told = self.0.recv();
            drop(self.1.send(bytes.to_vec()));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_is_stuck_costs_lines_and_no_time() {
        let (go, wait) = mpsc::channel();
        let (shown, seen) = mpsc::channel();
        let writer = Writer::spawn(Stuck(wait, shown)).unwrap();
        let line = "x".repeat(99) + "\n";
        let most = WAITING + (64 << 10) / 100 + 2;
        for _ in 0..most + 50 {
            writer.send(line.clone());
        }
        assert!(writer.left_out.load(Ordering::Relaxed) >= 50);
        drop(go);
        drop(writer);
        let text = String::from_utf8(seen.iter().flatten().collect()).unwrap();
        let last = text.lines().last().unwrap();
        assert!(last.contains("requests_left_out"), "{last}");
    }

    #[test]
    fn what_was_sent_is_written_when_the_writer_goes() {
        let (shown, seen) = mpsc::channel();
        let (go, wait) = mpsc::channel();
        drop(go);
        let writer = Writer::spawn(Stuck(wait, shown)).unwrap();
        for number in 0..100 {
            writer.send(format!("{number}\n"));
        }
        drop(writer);
        let text = String::from_utf8(seen.iter().flatten().collect()).unwrap();
        assert_eq!(text.lines().count(), 100);
    }
}
