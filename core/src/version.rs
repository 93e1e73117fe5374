//! Service versions, compared as the dates they are.

use std::fmt;
use std::str::FromStr;

use crate::error::InvalidInput;

/// A version of the Blob service: the value of `x-ms-version`, or of `sv` in a SAS.
///
/// Ordered by date, so that "2019-12-12 and later" is a comparison. Source: "Versioning for Azure
/// Storage".
///
/// ```
/// use blobferry_core::ServiceVersion;
/// let version: ServiceVersion = "2019-12-12".parse()?;
/// assert!(version >= ServiceVersion::V2012_02_12);
/// assert!("yesterday".parse::<ServiceVersion>().is_err());
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceVersion([u8; 10]);

/// As the text compares; as one number, because a service compares versions all the time.
impl Ord for ServiceVersion {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number().cmp(&other.number())
    }
}

impl PartialOrd for ServiceVersion {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

macro_rules! versions {
    ($($name:ident = $text:literal;)*) => {
        impl ServiceVersion {
            $(#[doc = concat!("Version ", stringify!($name), ".")] pub const $name: Self = Self(*$text);)*
        }
    };
}

versions! {
    V2009_09_19 = b"2009-09-19";
    V2011_08_18 = b"2011-08-18";
    V2012_02_12 = b"2012-02-12";
    V2013_08_15 = b"2013-08-15";
    V2014_02_14 = b"2014-02-14";
    V2015_02_21 = b"2015-02-21";
    V2015_04_05 = b"2015-04-05";
    V2015_07_08 = b"2015-07-08";
    V2015_12_11 = b"2015-12-11";
    V2016_05_31 = b"2016-05-31";
    V2017_04_17 = b"2017-04-17";
    V2017_07_29 = b"2017-07-29";
    V2017_11_09 = b"2017-11-09";
    V2018_03_28 = b"2018-03-28";
    V2018_11_09 = b"2018-11-09";
    V2019_02_02 = b"2019-02-02";
    V2019_07_07 = b"2019-07-07";
    V2019_10_10 = b"2019-10-10";
    V2019_12_12 = b"2019-12-12";
    V2020_02_10 = b"2020-02-10";
    V2020_04_08 = b"2020-04-08";
    V2020_06_12 = b"2020-06-12";
    V2020_10_02 = b"2020-10-02";
    V2020_12_06 = b"2020-12-06";
    V2021_02_12 = b"2021-02-12";
    V2021_04_10 = b"2021-04-10";
    V2021_06_08 = b"2021-06-08";
    V2021_12_02 = b"2021-12-02";
    V2022_11_02 = b"2022-11-02";
    V2023_11_03 = b"2023-11-03";
    V2024_08_04 = b"2024-08-04";
    V2025_07_05 = b"2025-07-05";
    V2025_11_05 = b"2025-11-05";
    V2026_02_06 = b"2026-02-06";
    V2026_04_06 = b"2026-04-06";
    V2026_06_06 = b"2026-06-06";
    V2026_10_06 = b"2026-10-06";
}

impl ServiceVersion {
    /// The version that requests name when nothing else is asked for.
    ///
    /// New enough for everything that copying and leasing need, old enough for every region,
    /// sovereign cloud and emulator in use.
    pub const DEFAULT: Self = Self::V2021_12_02;
    /// The same, as it is written.
    pub(crate) const DEFAULT_TEXT: &'static str = "2021-12-02";

    /// The bytes of the text as one number, the first weighing most.
    const fn number(self) -> u128 {
        let [a, b, c, d, e, f, g, h, i, j] = self.0;
        u128::from_be_bytes([0, 0, 0, 0, 0, 0, a, b, c, d, e, f, g, h, i, j])
    }

    /// The version as it is written in a header: `YYYY-MM-DD`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Default for ServiceVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl FromStr for ServiceVersion {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let bytes: [u8; 10] = text
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidInput::new("service version", text, "must be YYYY-MM-DD"))?;
        let shaped = bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if shaped {
            Ok(Self(bytes))
        } else {
            Err(InvalidInput::new(
                "service version",
                text,
                "must be YYYY-MM-DD",
            ))
        }
    }
}

impl fmt::Display for ServiceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ServiceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_dates() {
        assert!(ServiceVersion::V2009_09_19 < ServiceVersion::V2012_02_12);
        assert_eq!("2012-02-12".parse(), Ok(ServiceVersion::V2012_02_12));
        assert_eq!(
            ServiceVersion::DEFAULT.as_str(),
            ServiceVersion::DEFAULT_TEXT
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "2012-2-12", "2012/02/12", "2012-02-123", "２012-02-12"] {
            assert!(text.parse::<ServiceVersion>().is_err(), "{text}");
        }
    }
}
