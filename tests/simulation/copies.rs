//! Single copies.

use blobferry_core::operation::{CopyBlob, GetBlobProperties};
use blobferry_core::{Conditions, CopyJob, CopyOptions, CopyOutcome, Seed};

use crate::run::{Blow, run};
use crate::wire::Weather;
use crate::world::{World, destination, name, source};

fn world(seed: u64) -> World {
    let mut world = World::new(seed, Weather::ROUGH);
    world.fill(2);
    world
}

fn copy(conditions: Conditions) -> CopyBlob {
    let name = name(1);
    let from = source().blob(name.parse().unwrap());
    CopyBlob {
        conditions,
        ..CopyBlob::new(destination().blob(name.parse().unwrap()), from)
    }
}

fn job(copy: CopyBlob, seed: u64) -> CopyJob {
    CopyJob::new(copy, CopyOptions::default(), Seed::new(seed))
}

#[test]
fn a_copy_without_conditions_is_started_once_whatever_is_lost() {
    for seed in 0..150 {
        let mut world = world(seed);
        let outcome = run(
            &mut world,
            job(copy(Conditions::default()), seed),
            Blow::None,
        )
        .outcome;
        let outcome = outcome.unwrap();
        assert!(outcome.is_success(), "seed {seed}: {outcome:?}");
        world.settle();
        world.assert_same(&name(1));
        let accepted: Vec<u64> = world.accepted().into_values().collect();
        assert_eq!(accepted, [1], "seed {seed}");
    }
}

#[test]
fn a_cancelled_copy_leaves_nothing_pending_or_says_so() {
    for seed in 1_000..1_040 {
        for answers in 0..6 {
            let mut world = world(seed);
            let machine = job(copy(Conditions::absent()), seed);
            let outcome = run(&mut world, machine, Blow::Cancel(answers))
                .outcome
                .unwrap();
            if !outcome.may_be_pending() {
                assert_eq!(world.pending(), 0, "seed {seed} {answers}: {outcome:?}");
            }
            if outcome.is_success() {
                world.assert_same(&name(1));
            }
        }
    }
}

#[test]
fn a_foreign_copy_is_neither_adopted_nor_aborted() {
    for seed in 2_000..2_060 {
        let mut world = world(seed);
        let elsewhere = destination().blob("elsewhere".parse().unwrap());
        world.write(elsewhere.clone(), vec![3; 40_000], 9);
        world.slow_down();
        let ours = copy(Conditions::default());
        let theirs = CopyBlob::new(ours.destination.clone(), elsewhere);
        let theirs = world.ask(&theirs).unwrap().copy_id;
        let look = GetBlobProperties::new(ours.destination.clone());
        let blow = if seed % 3 == 0 {
            Blow::Cancel(1)
        } else {
            Blow::None
        };
        let outcome = run(&mut world, job(ours, seed), blow).outcome.unwrap();
        match outcome {
            CopyOutcome::Occupied(copy) => assert_eq!(Some(copy.copy_id), theirs),
            CopyOutcome::Aborted { copy_id: None } if blow != Blow::None => {}
            other => panic!("seed {seed}: {other:?}"),
        }
        let seen = world.ask(&look).unwrap();
        assert_eq!(seen.copy.map(|copy| copy.id), theirs, "seed {seed}");
        world.settle();
        assert_eq!(world.ask(&look).unwrap().content_length, Some(40_000));
    }
}

#[test]
fn two_engines_that_want_the_same_copy_share_one() {
    for seed in 3_000..3_060 {
        let mut world = world(seed);
        run(
            &mut world,
            job(copy(Conditions::default()), seed),
            Blow::Kill(seed % 5),
        );
        let second = job(copy(Conditions::default()), seed + 7);
        let outcome = run(&mut world, second, Blow::None).outcome.unwrap();
        assert!(outcome.is_success(), "seed {seed}: {outcome:?}");
        world.settle();
        world.assert_same(&name(1));
    }
}
