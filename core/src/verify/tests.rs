#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects"
)]

use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::world::{Cancel, DESTINATION, NOON, SOURCE, Weather, World, blob, run};

fn world(lengths: [u64; 2], stuff: [u8; 2]) -> (World, [String; 2]) {
    let mut world = World::new(1);
    let urls = [format!("{SOURCE}/old/x"), format!("{DESTINATION}/new/x")];
    for ((url, length), stuff) in urls.iter().zip(lengths).zip(stuff) {
        world.put(url, length);
        world.blobs.get_mut(url).unwrap().stuff = stuff;
    }
    (world, urls)
}

fn verified(world: &mut World, urls: &[String; 2], verify: Verify) -> Verified {
    let [source, destination] = urls;
    let patience = Patience::default();
    let machine = Verifier::new(
        blob(source),
        blob(destination),
        verify,
        &patience,
        Seed::new(1),
    );
    run(machine, world, &mut { NOON }, Cancel::Never).0
}

#[test]
fn each_way_of_looking_finds_what_it_can() {
    let big = 2 * VERIFY_RANGE + 5;
    for (lengths, stuff, verify, expected) in [
        (
            [7, 7],
            [1, 2],
            Verify::Length,
            Verified::Same { by: Verify::Length },
        ),
        (
            [7, 8],
            [1, 1],
            Verify::Length,
            Verified::Different(Difference::Length {
                source: 7,
                destination: 8,
            }),
        ),
        (
            [7, 8],
            [1, 1],
            Verify::None,
            Verified::Same { by: Verify::None },
        ),
        (
            [7, 7],
            [1, 1],
            Verify::Md5,
            Verified::Same { by: Verify::Length },
        ),
        (
            [big, big],
            [1, 1],
            Verify::Content,
            Verified::Same {
                by: Verify::Content,
            },
        ),
        (
            [7, 7],
            [1, 2],
            Verify::Content,
            Verified::Different(Difference::Content { at: 0 }),
        ),
        (
            [0, 0],
            [1, 2],
            Verify::Content,
            Verified::Same {
                by: Verify::Content,
            },
        ),
        (
            [1, 2],
            [1, 1],
            Verify::Content,
            Verified::Different(Difference::Length {
                source: 1,
                destination: 2,
            }),
        ),
    ] {
        let (mut world, urls) = world(lengths, stuff);
        assert_eq!(
            verified(&mut world, &urls, verify),
            expected,
            "{lengths:?} {stuff:?} {verify:?}"
        );
    }
}

#[test]
fn a_blob_that_is_not_there_is_no_verdict() {
    let (mut world, urls) = world([1, 1], [1, 1]);
    world.blobs.remove(&urls[1]);
    let outcome = verified(&mut world, &urls, Verify::Length);
    assert!(
        matches!(outcome, Verified::Unknown(Error::Service(_))),
        "{outcome:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_weather_makes_two_blobs_differ_or_alike(seed: u64, alike: bool, bad in 0_u64..150, cancel in prop::option::of(0_u64..12)) {
        let (mut world, urls) = world([VERIFY_RANGE + 1, VERIFY_RANGE + 1], [1, if alike { 1 } else { 2 }]);
        world.seed = Seed::new(seed);
        world.weather = Weather { lost_before: bad, lost_after: bad, doubled: bad, busy: bad, errors: bad, ..Weather::default() };
        let machine = Verifier::new(blob(&urls[0]), blob(&urls[1]), Verify::Content, &Patience::default(), Seed::new(seed));
        let cancel = cancel.map_or(Cancel::Never, Cancel::After);
        match run(machine, &mut world, &mut { NOON }, cancel).0 {
            Verified::Same { .. } => prop_assert!(alike),
            Verified::Different(_) => prop_assert!(!alike),
            other => prop_assert!(matches!(other, Verified::Unknown(_)), "{:?}", other),
        }
    }
}
