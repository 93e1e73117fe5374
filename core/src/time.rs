//! Moments as the service writes them. Nothing here asks what time it is.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use time::{Date, Month, OffsetDateTime};

use crate::error::InvalidInput;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Leases, SAS expiry and request dates are wall-clock facts of the service; one integer crosses
/// every boundary. Source: "Representation of Date-Time Values in Headers".
///
/// ```
/// use blobferry_core::Timestamp;
/// let moment = Timestamp::parse_http("Wed, 12 Sep 2012 20:00:00 GMT")?;
/// assert_eq!(moment.to_iso(), "2012-09-12T20:00:00Z");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Timestamp {
    /// The moment that many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment without its fraction of a second, as headers carry it.
    #[must_use]
    pub const fn floor_to_second(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Reads an RFC 1123 date, the form of HTTP headers: `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// # Errors
    /// Any other form is invalid input.
    pub fn parse_http(text: &str) -> Result<Self, InvalidInput> {
        read_http(text.as_bytes())
            .ok_or_else(|| InvalidInput::new("date", text, "must be an RFC 1123 date in GMT"))
    }

    /// Reads an ISO 8601 date in UTC with or without a time, up to nine digits of fraction.
    ///
    /// Digits finer than a millisecond are dropped; keep the text where they matter (snapshots).
    ///
    /// # Errors
    /// Any other form is invalid input.
    pub fn parse_iso(text: &str) -> Result<Self, InvalidInput> {
        read_iso(text.as_bytes()).ok_or_else(|| {
            InvalidInput::new(
                "date",
                text,
                "must be an ISO 8601 date in UTC, such as 2026-01-31T12:00:00Z",
            )
        })
    }

    /// The RFC 1123 form, for headers.
    #[must_use]
    pub fn to_http(self) -> String {
        let civil = self.civil();
        let mut text = String::with_capacity(29);
        let weekday = usize::from(civil.weekday().number_days_from_monday());
        let month = usize::from(u8::from(civil.month())) - 1;
        text.push_str(WEEKDAYS.get(weekday).copied().unwrap_or_default());
        text.push_str(", ");
        push_digits(&mut text, u32::from(civil.day()), 2);
        text.push(' ');
        text.push_str(MONTHS.get(month).copied().unwrap_or_default());
        text.push(' ');
        push_digits(&mut text, civil.year().unsigned_abs(), 4);
        text.push(' ');
        push_clock(&mut text, civil);
        text.push_str(" GMT");
        text
    }

    /// The ISO 8601 form to the second, for SAS tokens and access policies.
    #[must_use]
    pub fn to_iso(self) -> String {
        let mut text = String::with_capacity(28);
        self.push_iso(&mut text);
        text.push('Z');
        text
    }

    /// The ISO 8601 form with seven digits of fraction, as the service writes snapshots and versions.
    ///
    /// `ticks` are the 100 ns units below the millisecond, 0 to 9,999.
    #[must_use]
    pub fn to_iso_ticks(self, ticks: u16) -> String {
        let mut text = String::with_capacity(28);
        self.push_iso(&mut text);
        text.push('.');
        push_digits(
            &mut text,
            u32::try_from(self.0.rem_euclid(1000)).unwrap_or(0),
            3,
        );
        push_digits(&mut text, u32::from(ticks % 10_000), 4);
        text.push('Z');
        text
    }

    fn push_iso(self, text: &mut String) {
        let civil = self.civil();
        push_digits(text, civil.year().unsigned_abs(), 4);
        text.push('-');
        push_digits(text, u32::from(u8::from(civil.month())), 2);
        text.push('-');
        push_digits(text, u32::from(civil.day()), 2);
        text.push('T');
        push_clock(text, civil);
    }

    fn civil(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

fn push_clock(text: &mut String, civil: OffsetDateTime) {
    push_digits(text, u32::from(civil.hour()), 2);
    text.push(':');
    push_digits(text, u32::from(civil.minute()), 2);
    text.push(':');
    push_digits(text, u32::from(civil.second()), 2);
}

fn push_digits(text: &mut String, number: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

fn read_http(text: &[u8]) -> Option<Timestamp> {
    let [_, _, _, b',', b' ', day @ .., b' ', b'G', b'M', b'T'] = text else {
        return None;
    };
    let [
        d1,
        d2,
        b' ',
        m1,
        m2,
        m3,
        b' ',
        y1,
        y2,
        y3,
        y4,
        b' ',
        clock @ ..,
    ] = day
    else {
        return None;
    };
    let name = [*m1, *m2, *m3];
    let month = MONTHS.iter().position(|month| month.as_bytes() == name)? + 1;
    moment(
        digits(&[*y1, *y2, *y3, *y4])?,
        u32::try_from(month).ok()?,
        digits(&[*d1, *d2])?,
        read_clock(clock)?,
        0,
    )
}

fn read_iso(text: &[u8]) -> Option<Timestamp> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = text else {
        return None;
    };
    let (year, month, day) = (
        digits(&[*y1, *y2, *y3, *y4])?,
        digits(&[*m1, *m2])?,
        digits(&[*d1, *d2])?,
    );
    let (clock, fraction) = match rest {
        [] => ((0, 0, 0), 0),
        [b'T', h1, h2, b':', n1, n2, b'Z'] => ((digits(&[*h1, *h2])?, digits(&[*n1, *n2])?, 0), 0),
        [b'T', clock @ .., b'Z'] => {
            let (clock, fraction) = clock.split_at_checked(8)?;
            (read_clock(clock)?, read_fraction(fraction)?)
        }
        _ => return None,
    };
    moment(year, month, day, clock, fraction)
}

fn read_clock(text: &[u8]) -> Option<(u32, u32, u32)> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = text else {
        return None;
    };
    Some((
        digits(&[*h1, *h2])?,
        digits(&[*m1, *m2])?,
        digits(&[*s1, *s2])?,
    ))
}

/// Milliseconds of `.1234567`.
fn read_fraction(text: &[u8]) -> Option<u32> {
    match text {
        [] => Some(0),
        [b'.', digits_after @ ..] if (1..=9).contains(&digits_after.len()) => {
            let all = digits(digits_after)?;
            let places = i32::try_from(digits_after.len()).ok()?;
            Some(if places >= 3 {
                all / 10_u32.pow(u32::try_from(places - 3).ok()?)
            } else {
                all * 10_u32.pow(u32::try_from(3 - places).ok()?)
            })
        }
        _ => None,
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0_u32, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

fn moment(
    year: u32,
    month: u32,
    day: u32,
    (hour, minute, second): (u32, u32, u32),
    millis: u32,
) -> Option<Timestamp> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date =
        Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    let clock = date
        .with_hms(
            u8::try_from(hour).ok()?,
            u8::try_from(minute).ok()?,
            u8::try_from(second).ok()?,
        )
        .ok()?;
    Some(Timestamp(
        clock.assume_utc().unix_timestamp() * 1000 + i64::from(millis),
    ))
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso_ticks(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_name_the_same_moment() {
        let moment = Timestamp::parse_http("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(moment, Timestamp::from_millis(784_111_777_000));
        assert_eq!(moment.to_http(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(Timestamp::parse_iso("1994-11-06T08:49:37Z"), Ok(moment));
        assert_eq!(
            Timestamp::parse_iso("1994-11-06T08:49:37.0000000Z"),
            Ok(moment)
        );
    }

    #[test]
    fn fractions_keep_their_milliseconds() {
        let moment = Timestamp::parse_iso("2022-03-15T13:20:28.6425746Z").unwrap();
        assert_eq!(moment.as_millis() % 1000, 642);
        assert_eq!(moment.to_iso_ticks(5746), "2022-03-15T13:20:28.6425746Z");
        assert_eq!(
            Timestamp::parse_iso("2022-03-15T13:20:28.5Z")
                .unwrap()
                .as_millis()
                % 1000,
            500
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "today",
            "2022-13-01",
            "2022-02-30T00:00:00Z",
            "2022-03-15T13:20:28",
            "2022-03-15T13:20:28.Z",
            "2022-03-15 13:20:28Z",
        ] {
            assert!(Timestamp::parse_iso(text).is_err(), "{text}");
        }
        for text in [
            "",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Now 1994 08:49:37 GMT",
        ] {
            assert!(Timestamp::parse_http(text).is_err(), "{text}");
        }
    }
}
