//! MD5, one step after the other: what bounds how fast a whole Put Blob can be.
//!
//! Every step waits for the one before, so all that counts is how many instructions of a step are in
//! that chain. Where the compiler knows the constants of the steps it adds them last, within the
//! chain; where they are read from memory they are added before it. That makes a quarter, measured
//! against the `md-5` crate, by which the tests go. Source: RFC 1321.

use std::hint::black_box;

/// Bytes in a block.
const BLOCK: usize = 64;

/// The MD5 of bytes that come one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Md5 {
    state: [u32; 4],
    /// Bytes so far.
    length: u64,
    /// The block that is not full yet.
    partial: [u8; BLOCK],
}

impl Default for Md5 {
    fn default() -> Self {
        Self {
            state: [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476],
            length: 0,
            partial: [0; BLOCK],
        }
    }
}

impl Md5 {
    pub(crate) fn add(&mut self, mut data: &[u8]) {
        let held = self.held();
        self.length = self.length.wrapping_add(data.len() as u64);
        if held > 0 {
            let free = self.partial.get_mut(held..).unwrap_or_default();
            let (first, rest) = data.split_at(data.len().min(free.len()));
            let (taken, left) = free.split_at_mut(first.len());
            taken.copy_from_slice(first);
            if !left.is_empty() {
                return;
            }
            compress(&mut self.state, &[self.partial]);
            data = rest;
        }
        let (blocks, rest) = data.as_chunks();
        compress(&mut self.state, blocks);
        if let Some(taken) = self.partial.get_mut(..rest.len()) {
            taken.copy_from_slice(rest);
        }
    }

    pub(crate) fn found(mut self) -> [u8; 16] {
        let bits = self.length.wrapping_mul(8);
        // A one, and zeros up to the last eight bytes of a block.
        let held = self.held();
        let zeros = if held < 56 { 56 - held } else { 120 - held };
        let mut padding = [0; 72];
        padding[0] = 0x80;
        if let Some(length) = padding.get_mut(zeros..zeros + 8) {
            length.copy_from_slice(&bits.to_le_bytes());
        }
        self.add(padding.get(..zeros + 8).unwrap_or_default());
        let mut sum = [0; 16];
        let (words, _) = sum.as_chunks_mut();
        for (word, state) in words.iter_mut().zip(self.state) {
            *word = state.to_le_bytes();
        }
        sum
    }

    /// Bytes of the block that is not full yet.
    const fn held(&self) -> usize {
        (self.length % BLOCK as u64) as usize
    }
}

/// Takes in whole blocks. Without optimisation this code would be ten times as slow as the crate's,
/// which is optimised in every build.
fn compress(state: &mut [u32; 4], blocks: &[[u8; BLOCK]]) {
    if cfg!(debug_assertions) {
        md5::block_api::compress(state, blocks);
    } else {
        compress_here(state, blocks);
    }
}

/// The integer part of `2^32 × |sin(i)|`, by step.
#[rustfmt::skip]
static SINES: [u32; 64] = [
    0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE,
    0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501,
    0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE,
    0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821,
    0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA,
    0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8,
    0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED,
    0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A,
    0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C,
    0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70,
    0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05,
    0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665,
    0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039,
    0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1,
    0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1,
    0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391,
];

/// By how much the steps of each round turn.
const TURNS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// One step. What depends on the last step, `b`, is added last.
#[inline(always)]
const fn step<const ROUND: usize>([a, b, c, d]: [u32; 4], word: u32, sine: u32, turn: u32) -> u32 {
    let early = word.wrapping_add(sine).wrapping_add(a);
    let sum = match ROUND {
        0 => early.wrapping_add(d ^ (b & (c ^ d))),
        // No bit is in both, so that the sum is what the standard's "or" is.
        1 => early.wrapping_add(c & !d).wrapping_add(b & d),
        2 => early.wrapping_add(b ^ (c ^ d)),
        _ => early.wrapping_add(c ^ (b | !d)),
    };
    sum.rotate_left(turn).wrapping_add(b)
}

fn compress_here(state: &mut [u32; 4], blocks: &[[u8; BLOCK]]) {
    // Hidden from the compiler, which would know what is in it.
    let sines = black_box(&SINES);
    for block in blocks {
        let (words, _) = block.as_chunks();
        let mut block = [0; 16];
        for (word, bytes) in block.iter_mut().zip(words) {
            *word = u32::from_le_bytes(*bytes);
        }
        let mixed = mixed(*state, &block, sines);
        for (state, mixed) in state.iter_mut().zip(mixed) {
            *state = state.wrapping_add(mixed);
        }
    }
}

/// All 64 steps. Written out by the macro, because a loop would look up every place at run time.
#[inline(always)]
const fn mixed([mut a, mut b, mut c, mut d]: [u32; 4], x: &[u32; 16], k: &[u32; 64]) -> [u32; 4] {
    macro_rules! steps {
        ($round:literal, $by:literal, $from:literal: $($at:literal)*) => {
            $(
                a = step::<$round>([a, b, c, d], x[($at * $by + $from) % 16], k[$round * 16 + $at], TURNS[$round][0]);
                d = step::<$round>([d, a, b, c], x[(($at + 1) * $by + $from) % 16], k[$round * 16 + $at + 1], TURNS[$round][1]);
                c = step::<$round>([c, d, a, b], x[(($at + 2) * $by + $from) % 16], k[$round * 16 + $at + 2], TURNS[$round][2]);
                b = step::<$round>([b, c, d, a], x[(($at + 3) * $by + $from) % 16], k[$round * 16 + $at + 3], TURNS[$round][3]);
            )*
        };
    }
    steps!(0, 1, 0: 0 4 8 12);
    steps!(1, 5, 1: 0 4 8 12);
    steps!(2, 3, 5: 0 4 8 12);
    steps!(3, 7, 0: 0 4 8 12);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;
    use blobferry_core::Seed;
    use md5::Digest as _;

    #[test]
    fn both_ways_to_take_in_a_block_are_one() {
        let mut seed = Seed::new(7);
        let (mut here, mut there) = (Md5::default().state, Md5::default().state);
        for _ in 0..200 {
            let block = std::array::from_fn(|_| seed.next_u64().to_le_bytes()[0]);
            compress_here(&mut here, &[block, [0xFF; BLOCK]]);
            md5::block_api::compress(&mut there, &[block, [0xFF; BLOCK]]);
            assert_eq!(here, there);
        }
    }

    #[test]
    fn any_bytes_in_any_parts_have_the_sum_of_the_standard() {
        let mut seed = Seed::new(8);
        let all: Vec<u8> = (0..400_u32).map(|at| (at * 7).to_le_bytes()[0]).collect();
        for length in 0..all.len() {
            let data = &all[..length];
            let mut sum = Md5::default();
            let mut left = data;
            while !left.is_empty() {
                let most = usize::try_from(1 + seed.below(150)).unwrap();
                let (part, rest) = left.split_at(left.len().min(most));
                sum.add(part);
                left = rest;
            }
            assert_eq!(
                sum.found(),
                <[u8; 16]>::from(md5::Md5::digest(data)),
                "{length} bytes"
            );
        }
    }
}
