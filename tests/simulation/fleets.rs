//! Fleets: whatever the wire does and whenever they die, every blob ends right.

use std::time::Duration;

use blobferry_core::operation::{CopyBlob, GetBlobProperties};
use blobferry_core::{
    Fleet, FleetOptions, FleetPlan, LeaseTerm, RefuseReason, Seed, Settled, WindowOptions,
};

use crate::run::{Blow, run};
use crate::wire::Weather;
use crate::world::{World, destination, name, source};

fn fleet(seed: u64, lease: bool) -> Fleet {
    let options = FleetOptions {
        window: WindowOptions { first: 3, most: 6 },
        lease_source: lease.then(|| LeaseTerm::seconds(15).unwrap()),
        restart_pause: Duration::from_secs(1),
        ..FleetOptions::default()
    };
    let plan = FleetPlan::container(source(), destination());
    Fleet::new(plan, options, Seed::new(seed))
}

fn world(seed: u64, weather: Weather, blobs: u64) -> World {
    let mut world = World::new(seed, weather);
    world.fill(blobs);
    world
}

/// One run in bad weather.
fn weathers(seed: u64, weather: Weather, lease: bool) {
    let mut world = world(seed, weather, 14);
    let report = run(&mut world, fleet(seed, lease), Blow::None).outcome;
    let report = report.unwrap();
    assert!(report.is_clean(), "seed {seed}: {report:?}");
    assert_eq!(report.totals.copied, 14, "seed {seed}");
    world.settle();
    world.assert_copied();
    assert_eq!(world.leased(), 0, "seed {seed}");
    let accepted = world.accepted();
    assert_eq!(accepted.len(), 14, "seed {seed}");
    // A lost answer leads neither to two copies nor to none.
    assert!(
        accepted.values().all(|copies| *copies == 1),
        "seed {seed}: {accepted:?}"
    );
}

#[test]
fn on_a_rough_wire_every_blob_is_copied_once_and_no_lease_stays() {
    for seed in 0..40 {
        weathers(seed, Weather::ROUGH, seed % 3 == 0);
    }
}

#[test]
fn requests_that_arrive_after_their_time_make_no_second_copy() {
    let weather = Weather {
        late: 60,
        ..Weather::ROUGH
    };
    for seed in 100..130 {
        weathers(seed, weather, false);
    }
}

/// Dies or winds down after so many answers; another engine then finishes.
fn struck(seed: u64, blow: Blow, lease: bool) {
    let mut world = world(seed, Weather::ROUGH, 9);
    let first = run(&mut world, fleet(seed, lease), blow);
    if let (Blow::Cancel(_), Some(report)) = (blow, &first.outcome) {
        assert!(
            world.pending() == 0 || report.left_pending_count > 0,
            "seed {seed} {blow:?}"
        );
    }
    let report = run(&mut world, fleet(seed + 1_000, lease), Blow::None).outcome;
    let report = report.unwrap();
    assert!(report.is_clean(), "seed {seed} {blow:?}: {report:?}");
    world.settle();
    world.assert_copied();
    assert_eq!(world.leased(), 0, "seed {seed} {blow:?}");
}

#[test]
fn killed_after_any_answer_and_run_again_every_blob_is_right() {
    for seed in 200..203 {
        let whole = run(
            &mut world(seed, Weather::ROUGH, 9),
            fleet(seed, seed % 2 == 0),
            Blow::None,
        );
        for answers in 0..=whole.answers {
            struck(seed, Blow::Kill(answers), seed % 2 == 0);
        }
    }
}

#[test]
fn cancelled_after_any_answer_and_run_again_every_blob_is_right() {
    for seed in 300..303 {
        let whole = run(
            &mut world(seed, Weather::ROUGH, 9),
            fleet(seed, seed % 2 == 0),
            Blow::None,
        );
        for answers in 0..=whole.answers {
            struck(seed, Blow::Cancel(answers), seed % 2 == 0);
        }
    }
}

#[test]
fn somebody_elses_pending_copy_is_left_alone_and_said() {
    for seed in 400..420 {
        let mut world = world(seed, Weather::ROUGH, 6);
        let elsewhere = destination().blob("elsewhere/huge".parse().unwrap());
        world.write(elsewhere.clone(), vec![7; 40_000], 99);
        world.slow_down();
        let taken = destination().blob(name(2).parse().unwrap());
        let theirs = world.ask(&CopyBlob::new(taken.clone(), elsewhere)).unwrap();
        let report = run(&mut world, fleet(seed, false), Blow::None)
            .outcome
            .unwrap();
        let look = world.ask(&GetBlobProperties::new(taken)).unwrap();
        assert_eq!(look.copy.map(|copy| copy.id), theirs.copy_id, "seed {seed}");
        assert_eq!(
            (report.totals.copied, report.totals.failed),
            (5, 1),
            "seed {seed}"
        );
        assert!(matches!(
            &report.failures[0].settled,
            Settled::Refused(RefuseReason::Occupied(copy)) if Some(&copy.copy_id) == theirs.copy_id.as_ref()
        ));
    }
}

#[test]
fn two_runs_from_one_seed_are_the_same_event_for_event() {
    for seed in 500..510 {
        let once = || {
            let mut world = world(seed, Weather::ROUGH, 12);
            run(&mut world, fleet(seed, true), Blow::Kill(40));
            run(&mut world, fleet(seed, true), Blow::None);
            world.wire.log
        };
        assert_eq!(once(), once(), "seed {seed}");
    }
}
