//! Values people type: sizes, times.

use std::time::Duration;

/// Reads `64MiB`, `64M`, `1.5GB`, `4096`: with or without `i`, units are powers of 1,024 as the
/// service counts.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let cut = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(cut);
    let number: f64 = number
        .parse()
        .map_err(|_| "must be a number with a unit, such as 64MiB".to_owned())?;
    let power = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        _ => return Err("the unit must be one of B, KiB, MiB, GiB, TiB".to_owned()),
    };
    let bytes = number * 1024_f64.powi(power);
    if bytes.is_finite() && (1.0..9.0e18).contains(&bytes) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to lie well within u64"
        )]
        Ok(bytes.round() as u64)
    } else {
        Err("must be at least one byte".to_owned())
    }
}

/// Reads `90`, `90s`, `5m`, `1h30m`, `7d`: a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "must be a time such as 30s, 5m, 1h30m or 7d".to_owned();
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(wrong)?;
        let (number, after) = rest.split_at(digits);
        let letters = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return Err(wrong()),
        };
        let number: f64 = number.parse().map_err(|_| wrong())?;
        total += Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong())?;
        rest = after;
    }
    if total.is_zero() {
        Err(wrong())
    } else {
        Ok(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (text, bytes) in [
            ("4096", 4096),
            ("64MiB", 64 << 20),
            ("64M", 64 << 20),
            ("1.5 GB", 3 << 29),
            ("2k", 2048),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MiB", "0", "-1", "12 parsecs", "1e400G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_read_as_people_write_them() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("1h30m", 5400), ("7d", 604_800)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        for text in ["", "s", "1 fortnight", "1h30", "-5s", "0s", "1..2s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
