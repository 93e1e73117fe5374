//! Content files against a model: bytes kept, written, read, moved and given up in any order.

use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;

use super::Scratch;
use crate::store::extent::Stored;
use crate::store::packs::Packs;

#[derive(Debug, Clone)]
enum Step {
    Keep(usize),
    File(usize),
    /// Bytes, and where they are cut.
    Land(usize, usize),
    Commit,
    GiveUp(usize),
    Tidy,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..200_000_usize).prop_map(Step::Keep),
        1 => (1..400_000_usize).prop_map(Step::File),
        1 => (1..400_000_usize, 1..400_000_usize).prop_map(|(length, at)| Step::Land(length, at)),
        2 => Just(Step::Commit),
        3 => any::<usize>().prop_map(Step::GiveUp),
        1 => Just(Step::Tidy),
    ]
}

/// As the committer does, without records.
fn commit(packs: &Packs) {
    let (fresh, dead) = (packs.take_fresh(), packs.take_dead());
    let content = fresh.iter().filter_map(|(_, spot)| spot.unwritten());
    packs
        .sync(&packs.write(content.collect()).unwrap())
        .unwrap();
    for (_, spot) in &fresh {
        spot.written_to(spot.place());
    }
    packs.bury(&dead);
}

fn tidy(packs: &Packs) {
    let extents = packs.untidy(1 << 20);
    let places = packs.copy(&extents).unwrap();
    packs.moved(&extents, &places);
}

fn read(stored: &Stored) -> Bytes {
    stored.read(usize::MAX).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_held_reads_as_it_was_kept_and_the_rest_goes(steps in prop::collection::vec(step(), 1..80)) {
        let scratch = Scratch::new();
        let packs = Arc::new(Packs::open(scratch.path()).unwrap());
        let mut held: Vec<(Stored, Bytes)> = Vec::new();
        for (turn, step) in steps.into_iter().enumerate() {
            let bytes = |length| Bytes::from(vec![u8::try_from(turn % 251).unwrap(); length]);
            match step {
                Step::Keep(length) => held.push((packs.keep(bytes(length)), bytes(length))),
                Step::File(length) => {
                    held.push((packs.file(&bytes(length)).unwrap(), bytes(length)));
                }
                Step::Land(length, at) => {
                    let (first, second) = (at.min(length), length - at.min(length));
                    let whole = packs.land(length as u64).unwrap();
                    packs.fill(&whole, first as u64, &bytes(second)).unwrap();
                    packs.fill(&whole, 0, &bytes(first)).unwrap();
                    let mut lengths = vec![first, second];
                    lengths.retain(|length| *length > 0);
                    let told: Vec<u64> = lengths.iter().map(|length| *length as u64).collect();
                    let parts = packs.cut(&whole, &told);
                    held.extend(parts.into_iter().zip(lengths.into_iter().map(bytes)));
                }
                Step::Commit => commit(&packs),
                Step::GiveUp(which) if !held.is_empty() => {
                    held.swap_remove(which % held.len());
                }
                Step::GiveUp(_) => {}
                Step::Tidy => tidy(&packs),
            }
            for (stored, bytes) in &held {
                prop_assert_eq!(&read(stored), bytes);
                let part = stored.slice(bytes.len() as u64 / 2, bytes.len() as u64);
                prop_assert_eq!(read(&part), &bytes[bytes.len() / 2..]);
            }
        }
        held.clear();
        commit(&packs);
        commit(&packs);
        let left = std::fs::read_dir(scratch.path()).unwrap().count();
        prop_assert!(left <= 1, "{left} files are left, though nothing is held");
    }
}
