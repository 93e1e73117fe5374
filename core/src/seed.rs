//! Chance that is told, never asked: a small generator seeded by the driver.

/// A deterministic source of jitter, lease ids and request ids.
///
/// SplitMix64: enough to spread retries and to name things, not to keep secrets. The driver brings
/// the seed, so that a run with the same seed is the same run.
///
/// ```
/// use blobferry_core::Seed;
/// assert_eq!(Seed::new(7).next_u64(), Seed::new(7).next_u64());
/// ```
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// A generator that starts from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..bound`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A generator of its own, for a part that must not disturb the rest.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.next_u64())
    }

    /// A random (version 4) UUID in its usual spelling, as lease ids and request ids are written.
    pub fn uuid(&mut self) -> String {
        let bits = (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64());
        let bits = (bits & !(0xF << 76) | (0x4 << 76)) & !(0x3 << 62) | (0x2 << 62);
        let mut text = String::with_capacity(36);
        for (at, byte) in bits.to_be_bytes().into_iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push(hex_digit(byte >> 4));
            text.push(hex_digit(byte & 0xF));
        }
        text
    }
}

/// A number below 16 as a digit.
fn hex_digit(number: u8) -> char {
    char::from(number + if number < 10 { b'0' } else { b'a' - 10 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let mut seed = Seed::new(1);
        for _ in 0..100 {
            let id = seed.uuid();
            assert_eq!(id.len(), 36);
            assert_eq!(&id[14..15], "4");
            assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        }
    }

    #[test]
    fn a_uuid_is_written_as_it_always_was() {
        assert_eq!(Seed::new(0).uuid(), "e220a839-7b1d-4daf-ae78-9e6aa1b965f4");
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        let mut seed = Seed::new(2);
        assert_eq!(seed.below(0), 0);
        assert!((0..1000).all(|_| seed.below(10) < 10));
    }
}
