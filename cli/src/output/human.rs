//! Numbers and styles as people read them.

use std::fmt::Display;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/// `0 B`, `1.5 MiB`, `256 MiB`: three digits that matter.
pub(crate) fn bytes(count: u64) -> String {
    if count < 1024 {
        return format!("{count} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
    let mut value = count as f64 / 1024.0;
    let mut unit = 0;
    // What would be shown as 1,000 or more of a unit is shown in the next one.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let places = if value >= 99.95 {
        0
    } else if value >= 9.995 {
        1
    } else {
        2
    };
    let number = format!("{value:.places$}");
    let number = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        &number
    };
    format!("{number} {}", UNITS.get(unit).copied().unwrap_or("B"))
}

/// `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 blob`, `1,234 blobs`.
pub(crate) fn counted(number: u64, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {what}{s}", count(number))
}

/// `0.8 s`, `12 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if time < Duration::from_millis(9_950) {
        return format!("{:.1} s", time.as_secs_f64());
    }
    match seconds {
        0..60 => format!("{} s", time.as_secs_f64().round()),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

/// The clock form for a moving display: `0:07`, `12:34`, `1:02:03`.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// Cuts text in its middle so that it takes at most `columns`.
pub(crate) fn fitted(text: &str, columns: usize) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let take = |text: &mut dyn Iterator<Item = char>, room: usize| -> Vec<char> {
        let mut used = 0;
        text.take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect()
    };
    let head: String = take(&mut text.chars(), room - room / 2)
        .into_iter()
        .collect();
    let tail: String = take(&mut text.chars().rev(), room / 2)
        .into_iter()
        .rev()
        .collect();
    format!("{head}…{tail}")
}

/// Text without what would move the cursor: names come from outside.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

fn coloured(color: AnsiColor, text: impl Display) -> String {
    styled(Style::new().fg_color(Some(color.into())), text)
}

pub(crate) fn bold(text: impl Display) -> String {
    styled(Style::new().bold(), text)
}

pub(crate) fn dim(text: impl Display) -> String {
    styled(Style::new().dimmed(), text)
}

pub(crate) fn good(text: impl Display) -> String {
    coloured(AnsiColor::Green, text)
}

pub(crate) fn moving(text: impl Display) -> String {
    coloured(AnsiColor::Cyan, text)
}

pub(crate) fn warning(text: impl Display) -> String {
    coloured(AnsiColor::Yellow, text)
}

pub(crate) fn bad(text: impl Display) -> String {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    styled(style, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits_that_matter() {
        for (count, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (268_435_456, "256 MiB"),
            (1_048_575, "1 MiB"),
            (1_073_741_824 * 1000, "0.98 TiB"),
            (u64::MAX, "16384 PiB"),
        ] {
            assert_eq!(bytes(count), text, "{count}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "blob"), "1 blob");
        assert_eq!(counted(0, "blob"), "0 blobs");
    }

    #[test]
    fn times_have_two_units_at_most() {
        for (millis, text) in [
            (0, "0.0 s"),
            (840, "0.8 s"),
            (9_949, "9.9 s"),
            (12_400, "12 s"),
            (125_000, "2 min 5 s"),
            (11_400_000, "3 h 10 min"),
            (187_200_000, "2 d 4 h"),
        ] {
            assert_eq!(duration(Duration::from_millis(millis)), text);
        }
        assert_eq!(clock(Duration::from_secs(3723)), "1:02:03");
        assert_eq!(clock(Duration::from_secs(67)), "1:07");
    }

    #[test]
    fn long_text_is_cut_in_its_middle() {
        assert_eq!(fitted("short", 10), "short");
        assert_eq!(fitted("0123456789abc", 9), "0123…9abc");
        assert_eq!(fitted("漢字漢字漢字", 7), "漢…字");
    }

    #[test]
    fn names_cannot_move_the_cursor() {
        assert_eq!(plain("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\u{fffd}c");
    }
}
