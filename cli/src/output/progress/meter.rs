//! The display that moves: drawn by a thread of its own, so that nothing waits for it.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Progress, Rate};
use crate::output::{Output, Record, width};

/// Time between two drawings on a terminal.
const FRAME: Duration = Duration::from_millis(100);
/// Time between two lines in a log.
const LINE: Duration = Duration::from_secs(5);

/// The display that is shown now, for those who have something to say and do not hold it.
static SHOWN: Mutex<Weak<Shared>> = Mutex::new(Weak::new());

/// Takes the bars away, lets something be said, and draws them again below it.
pub(crate) fn above_bars(say: impl FnOnce()) {
    let shown = SHOWN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .upgrade();
    match shown {
        Some(shared) => {
            let mut board = shared.board();
            shared.wipe(&mut board);
            say();
            if !board.over {
                shared.draw(&mut board);
            }
        }
        None => say(),
    }
}

/// Shows progress until it is finished or dropped.
#[derive(Debug)]
pub(crate) struct Meter {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    output: Output,
    board: Mutex<Board>,
    changed: Condvar,
}

#[derive(Debug)]
struct Board {
    progress: Progress,
    rate: Rate,
    begun: Instant,
    /// How many lines of bars stand on the terminal.
    drawn: usize,
    over: bool,
}

impl Meter {
    /// Begins to show, in the way that suits who watches.
    pub(crate) fn start(output: Output) -> Self {
        let shared = Arc::new(Shared {
            output,
            board: Mutex::new(Board {
                progress: Progress::default(),
                rate: Rate::default(),
                begun: Instant::now(),
                drawn: 0,
                over: false,
            }),
            changed: Condvar::new(),
        });
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&shared);
        let drawing = Arc::clone(&shared);
        let thread = (!output.is_quiet()).then(|| std::thread::spawn(move || drawing.run()));
        Self { shared, thread }
    }

    /// Takes note of how far it is. Rate and time are filled in here.
    pub(crate) fn set(&self, progress: Progress) {
        let mut board = self.shared.board();
        let (now, done) = (Instant::now(), progress.bytes_done);
        board.progress = Progress {
            bytes_per_second: board.rate.at(now, done),
            ..progress
        };
    }

    /// Writes a result above the bars.
    pub(crate) fn result(&self, record: &impl Record) {
        let mut board = self.shared.board();
        self.shared.wipe(&mut board);
        self.shared.output.result(record);
        self.shared.draw(&mut board);
    }

    /// Ends the display and takes the bars away.
    pub(crate) fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.board().over = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let watched = self.output.is_watched();
        let pause = if watched { FRAME } else { LINE };
        let mut board = self.board();
        loop {
            let waited = self
                .changed
                .wait_timeout_while(board, pause, |board| !board.over);
            board = waited.unwrap_or_else(PoisonError::into_inner).0;
            if board.over {
                break;
            }
            if watched {
                self.draw(&mut board);
            } else {
                let now = board.now();
                if self.output.is_json() {
                    self.output.result(&now);
                } else {
                    self.output.remark(&now.line());
                }
            }
        }
        self.wipe(&mut board);
    }

    fn draw(&self, board: &mut Board) {
        if !self.output.is_watched() {
            return;
        }
        let lines = board.now().bars(width().saturating_sub(1));
        let mut text = above(board.drawn);
        for line in &lines {
            text.push_str(line);
            text.push_str("\x1b[K\n");
        }
        board.drawn = lines.len();
        write(&text);
    }

    fn wipe(&self, board: &mut Board) {
        if board.drawn > 0 {
            write(&format!("{}\x1b[J", above(board.drawn)));
            board.drawn = 0;
        }
    }
}

impl Board {
    /// The progress with what only time tells.
    fn now(&mut self) -> Progress {
        let progress = self.progress;
        let rate = self.rate.at(Instant::now(), progress.bytes_done);
        Progress {
            bytes_per_second: rate,
            seconds_left: progress.seconds_left_at(rate),
            seconds: self.begun.elapsed().as_secs(),
            ..progress
        }
    }
}

/// Moves the cursor to the first of the lines drawn.
fn above(lines: usize) -> String {
    match lines {
        0 => String::new(),
        lines => format!("\x1b[{lines}A\r"),
    }
}

fn write(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
