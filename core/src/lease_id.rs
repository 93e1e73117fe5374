//! Lease ids and lease terms.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::error::InvalidInput;
use crate::heard::Heard;
use crate::message::Request;
use crate::part::Part;
use crate::wire::header;

/// The id of a lease, a UUID in any form the service reads, kept as it was given.
///
/// Forms: 32 hexadecimal digits; the same with dashes, alone or in braces or parentheses. Two ids
/// are equal if their digits are, case aside. Source: "Lease Blob".
///
/// ```
/// use blobferry_core::LeaseId;
/// let id: LeaseId = "{1F812371-A41D-49E6-B123-F4B542E85144}".parse()?;
/// assert_eq!(id, "1f812371-a41d-49e6-b123-f4b542e85144".parse()?);
/// assert!("1f812371".parse::<LeaseId>().is_err());
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone)]
pub struct LeaseId {
    text: Box<str>,
    bytes: [u8; 16],
}

impl LeaseId {
    /// The id with these bytes, written with dashes in lower case.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let mut text = String::with_capacity(36);
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        Self {
            text: text.into(),
            bytes,
        }
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for LeaseId {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        match read(text) {
            Some(bytes) => Ok(Self {
                text: text.into(),
                bytes,
            }),
            None => Err(InvalidInput::new(
                "lease id",
                text,
                "must be a UUID, such as 1f812371-a41d-49e6-b123-f4b542e85144",
            )),
        }
    }
}

fn read(text: &str) -> Option<[u8; 16]> {
    let inner = match text.as_bytes() {
        [b'{', inner @ .., b'}'] | [b'(', inner @ .., b')'] if inner.len() == 36 => inner,
        inner => inner,
    };
    let dashed = inner.len() == 36;
    if !dashed && inner.len() != 32 {
        return None;
    }
    let mut bytes = [0_u8; 16];
    let mut digits = 0_usize;
    for (at, byte) in inner.iter().enumerate() {
        if dashed && matches!(at, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = u8::try_from(char::from(*byte).to_digit(16)?).ok()?;
        let slot = bytes.get_mut(digits / 2)?;
        *slot = *slot << 4 | digit;
        digits += 1;
    }
    Some(bytes)
}

impl Heard for LeaseId {
    fn heard(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// `x-ms-lease-id`.
impl Part for LeaseId {
    fn add_to(&self, request: Request) -> Request {
        request.text(header::X_MS_LEASE_ID, &self.text)
    }
}

impl AsRef<str> for LeaseId {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for LeaseId {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for LeaseId {}

impl std::hash::Hash for LeaseId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl PartialOrd for LeaseId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LeaseId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How long a lease holds unless renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeaseTerm {
    /// Until released or broken.
    Infinite,
    /// 15 to 60 seconds; see [`LeaseTerm::seconds`].
    Finite(LeaseSeconds),
}

/// 15 to 60 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaseSeconds(u8);

impl LeaseTerm {
    /// A lease that ends by itself.
    ///
    /// # Errors
    /// A finite lease lasts 15 to 60 seconds.
    pub fn seconds(seconds: u8) -> Result<Self, InvalidInput> {
        if (15..=60).contains(&seconds) {
            Ok(Self::Finite(LeaseSeconds(seconds)))
        } else {
            Err(InvalidInput::new(
                "lease duration",
                seconds.to_string(),
                "must be 15 to 60 seconds, or infinite",
            ))
        }
    }

    /// How long it lasts; nothing where it has no end.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Infinite => None,
            Self::Finite(LeaseSeconds(seconds)) => Some(Duration::from_secs(seconds.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_uuid_are_read_and_others_refused() {
        for (text, good) in [
            ("1f812371a41d49e6b123f4b542e85144", true),
            ("1f812371-a41d-49e6-b123-f4b542e85144", true),
            ("(1f812371-a41d-49e6-b123-f4b542e85144)", true),
            ("{1f812371-a41d-49e6-b123-f4b542e85144)", false),
            ("{1f812371a41d49e6b123f4b542e85144}", false),
            ("1f812371-a41d-49e6-b123-f4b542e8514g", false),
            ("1f812371-a41d-49e6-b123+f4b542e85144", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<LeaseId>().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn bytes_are_written_as_they_are_read() {
        let text = "1f812371-a41d-49e6-b123-f4b542e85144";
        let id: LeaseId = text.parse().unwrap();
        assert_eq!(LeaseId::from_bytes(id.bytes).as_str(), text);
    }

    #[test]
    fn terms_outside_15_to_60_seconds_are_refused() {
        assert!(LeaseTerm::seconds(14).is_err());
        assert!(LeaseTerm::seconds(61).is_err());
        let shortest = LeaseTerm::seconds(15).unwrap();
        assert_eq!(shortest.duration(), Some(Duration::from_secs(15)));
        assert_eq!(LeaseTerm::Infinite.duration(), None);
    }
}
