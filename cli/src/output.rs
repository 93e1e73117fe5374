//! What is said, and where: results on standard output, everything else on standard error.

pub(crate) mod human;
pub(crate) mod progress;

use std::io::{IsTerminal, Write};

use serde::Serialize;

use crate::args::{Color, Format, Global};
use crate::failure::Failure;

/// A result: one JSON value with a stable `type`, or a few lines for people.
pub(crate) trait Record: Serialize {
    /// Lines for people, styled; each ends with a line break. Nothing where there is nothing to say.
    fn human(&self, width: usize) -> String;
}

/// Where results and remarks go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    format: Format,
    quiet: bool,
}

impl Output {
    /// Output as the options ask for it; decides about colour for the whole process.
    pub(crate) fn new(options: &Global) -> Self {
        match options.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self {
            format: options.output,
            quiet: options.quiet,
        }
    }

    /// Whether results are JSON.
    pub(crate) fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Whether only failures and results are to be said.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Whether a person watches standard error.
    pub(crate) fn is_watched(self) -> bool {
        !self.quiet && !self.is_json() && std::io::stderr().is_terminal()
    }

    /// Writes a result. A reader that has gone away (`| head`) is no reason to stop working.
    pub(crate) fn result(self, record: &impl Record) {
        let text = match self.format {
            Format::Json => json_line(record),
            Format::Human => record.human(result_width()),
        };
        let mut out = anstream::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Says something on the way, to people only.
    pub(crate) fn remark(self, text: &str) {
        if !self.quiet && !self.is_json() {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Says something to people, whatever the options, above the bars where there are any.
    pub(crate) fn note(self, text: &str) {
        progress::above_bars(|| {
            let _ = writeln!(anstream::stderr(), "{text}");
        });
    }

    /// Says why something ended badly: to people on standard error, and as a JSON value where results
    /// are JSON.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.is_json() {
            self.result(failure);
        }
        let _ = write!(anstream::stderr(), "{}", failure.human(width()));
    }
}

/// One line of JSON.
pub(crate) fn json_line(record: &impl Serialize) -> String {
    let mut line = serde_json::to_string(record).unwrap_or_default();
    line.push('\n');
    line
}

/// Columns of the terminal that progress is drawn on, or 80.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size_of(std::io::stderr())
        .map_or(80, |(width, _)| usize::from(width.0).max(40))
}

/// Columns for results: the terminal's; where there is none, nothing needs to be cut.
fn result_width() -> usize {
    terminal_size::terminal_size_of(std::io::stdout())
        .map_or(4_096, |(width, _)| usize::from(width.0).max(40))
}
