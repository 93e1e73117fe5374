//! How far a copy is: bars on a terminal, a line now and then elsewhere, JSON where asked for.

mod meter;
mod rate;

use std::time::Duration;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Record;
use super::human;

pub(crate) use meter::{Meter, above_bars};
pub(crate) use rate::Rate;

/// How far a copy of many blobs is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(tag = "type", rename = "progress")]
pub(crate) struct Progress {
    /// Blobs known so far.
    pub(crate) blobs: u64,
    /// Whether more blobs may turn up.
    pub(crate) listing: bool,
    /// Blobs that are settled: copied, skipped or failed.
    pub(crate) settled: u64,
    /// Of those, the ones that needed no copy.
    pub(crate) skipped: u64,
    /// Of those, the ones that failed.
    pub(crate) failed: u64,
    /// Copies started again.
    pub(crate) restarted: u64,
    /// Copies that are pending now.
    pub(crate) pending: u64,
    /// Blobs whose copy is being verified now.
    pub(crate) verifying: u64,
    /// Bytes known so far.
    pub(crate) bytes: u64,
    /// Bytes that are where they should be, those of pending copies included.
    pub(crate) bytes_done: u64,
    /// Bytes a second, over the last few seconds.
    pub(crate) bytes_per_second: u64,
    /// Seconds left at this rate, where it can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds_left: Option<u64>,
    /// Seconds since the beginning.
    pub(crate) seconds: u64,
}

/// How a remark is coloured.
type Styled = fn(String) -> String;

impl Progress {
    /// Seconds left at a rate; unknown while blobs may turn up, and until a twentieth of the bytes has
    /// arrived: small blobs come first, and their rate says nothing about large ones.
    fn seconds_left_at(&self, bytes_per_second: u64) -> Option<u64> {
        let left = self.bytes.saturating_sub(self.bytes_done);
        let told = !self.listing && left > 0 && self.bytes_done >= self.bytes / 20;
        told.then(|| left.checked_div(bytes_per_second)).flatten()
    }

    /// The display on a terminal: two bars and a line, each within `width` columns.
    pub(crate) fn bars(&self, width: usize) -> [String; 3] {
        let more = if self.listing { "+" } else { "" };
        let blobs = format!(
            "{} / {}{more}",
            human::count(self.settled),
            human::count(self.blobs)
        );
        let bytes = format!(
            "{} / {}{more}",
            human::bytes(self.bytes_done),
            human::bytes(self.bytes)
        );
        // Both columns of figures are as wide as the wider one, so that the bars are equally long.
        let figures = blobs.width().max(bytes.width()).max(19);
        let room = width.saturating_sub(2 + 5 + 2 + 2 + figures + 6);
        let line = |name: &str, part: f64, text: &str| {
            format!(
                "  {name:<5}  {}  {text:>figures$}  {:>3}%",
                bar(part, room),
                (part * 100.0).floor()
            )
        };
        [
            line("blobs", share(self.settled, self.blobs), &blobs),
            line("bytes", share(self.bytes_done, self.bytes), &bytes),
            self.remarks(width),
        ]
    }

    /// Pending, failed, rate and time left, as many as fit.
    fn remarks(&self, width: usize) -> String {
        let mut said: Vec<(String, Styled)> =
            vec![(format!("{} pending", human::count(self.pending)), |text| {
                human::moving(text)
            })];
        if self.failed > 0 {
            said.push((format!("{} failed", human::count(self.failed)), |text| {
                human::bad(text)
            }));
        }
        said.push((
            format!("{}/s", human::bytes(self.bytes_per_second)),
            |text| text,
        ));
        if let Some(left) = self.seconds_left {
            let left = human::clock(Duration::from_secs(left));
            said.push((format!("{left} left"), |text| text));
        }
        for (number, what) in [
            (self.verifying, "verifying"),
            (self.restarted, "started again"),
            (self.skipped, "there already"),
        ] {
            if number > 0 {
                said.push((format!("{} {what}", human::count(number)), |text| {
                    human::dim(text)
                }));
            }
        }
        let mut line = String::from("        ");
        let mut used = line.len();
        for (text, style) in said {
            let parting = if used > 9 { " · " } else { " " };
            if used + parting.width() + text.width() > width {
                break;
            }
            used += parting.width() + text.width();
            line.push_str(parting);
            line.push_str(&style(text));
        }
        line
    }

    /// The line for a log.
    pub(crate) fn line(&self) -> String {
        let more = if self.listing { " or more" } else { "" };
        let mut line = format!(
            "{} of {} blobs{more}, {} of {}, {} pending, {} failed, {}/s",
            human::count(self.settled),
            human::count(self.blobs),
            human::bytes(self.bytes_done),
            human::bytes(self.bytes),
            human::count(self.pending),
            human::count(self.failed),
            human::bytes(self.bytes_per_second),
        );
        if let Some(left) = self.seconds_left {
            line.push_str(&format!(
                ", {} left",
                human::duration(Duration::from_secs(left))
            ));
        }
        line
    }
}

impl Record for Progress {
    fn human(&self, _width: usize) -> String {
        format!("{}\n", self.line())
    }
}

/// How much of `all` is done; nothing to do is everything done.
fn share(done: u64, all: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
    if all == 0 {
        0.0
    } else {
        (done as f64 / all as f64).clamp(0.0, 1.0)
    }
}

/// A bar of `columns`, half columns included.
fn bar(part: f64, columns: usize) -> String {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "columns of a terminal"
    )]
    let halves = (part * columns as f64 * 2.0).floor() as usize;
    let mut done = "━".repeat(halves / 2);
    if halves % 2 == 1 {
        done.push('╸');
    }
    let rest = "─".repeat(columns.saturating_sub(halves.div_ceil(2)));
    let done = if part >= 1.0 {
        human::good(done)
    } else {
        human::moving(done)
    };
    format!("{done}{}", human::dim(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halfway() -> Progress {
        Progress {
            blobs: 1_234,
            settled: 512,
            failed: 2,
            skipped: 3,
            restarted: 1,
            pending: 64,
            verifying: 2,
            bytes: 5 << 30,
            bytes_done: 1 << 30,
            bytes_per_second: 312 << 20,
            seconds_left: Some(13),
            seconds: 3,
            listing: false,
        }
    }

    #[test]
    fn the_bars_keep_within_the_width() {
        for width in [40, 60, 80, 120, 200] {
            for progress in [halfway(), Progress::default()] {
                for line in progress.bars(width) {
                    let plain = anstream::adapter::strip_str(&line).to_string();
                    assert!(plain.width() <= width, "{width}: {plain}");
                }
            }
        }
    }

    #[test]
    fn the_bars_say_how_far_it_is() {
        let plain = halfway()
            .bars(80)
            .map(|line| anstream::adapter::strip_str(&line).to_string());
        assert!(plain[0].ends_with("512 / 1,234   41%"), "{plain:#?}");
        assert!(plain[1].ends_with("1 GiB / 5 GiB   20%"), "{plain:#?}");
        assert_eq!(
            plain[2],
            "         64 pending · 2 failed · 312 MiB/s · 0:13 left · 2 verifying"
        );
    }

    #[test]
    fn the_log_line_is_plain() {
        assert_eq!(
            halfway().line(),
            "512 of 1,234 blobs, 1 GiB of 5 GiB, 64 pending, 2 failed, 312 MiB/s, 13 s left"
        );
    }

    #[test]
    fn the_time_left_is_told_once_there_is_something_to_tell_it_by() {
        let at = |bytes_done| Progress {
            bytes: 1000,
            bytes_done,
            ..Progress::default()
        };
        assert_eq!(at(49).seconds_left_at(1), None);
        assert_eq!(at(50).seconds_left_at(10), Some(95));
        assert_eq!(at(50).seconds_left_at(0), None);
        assert_eq!(at(1000).seconds_left_at(10), None);
    }
}
