#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects"
)]

use proptest::prelude::*;

use super::*;
use crate::world::{Cancel, DESTINATION, NOON, SOURCE, Weather, World, run};

/// Ten blobs, every second one with a copy that is pending for so many seconds.
fn world(seed: u64, seconds: u64) -> World {
    let mut world = World::new(seed);
    for at in 0..20_u64 {
        let url = format!(
            "{DESTINATION}/new/{}{at:02}",
            if at < 10 { "a" } else { "b" }
        );
        if at % 2 == 0 {
            world.put_pending(
                &url,
                &format!("{SOURCE}/old/x"),
                NOON + Duration::from_secs(seconds * (1 + at)),
            );
        } else {
            world.put(&url, 5);
        }
    }
    world
}

fn sweep(prefix: &str, task: SweepTask) -> Sweep {
    let account: crate::Account = DESTINATION.parse().unwrap();
    let container = account.container("new".parse().unwrap());
    Sweep::new(container, prefix, task, Patience::default(), Seed::new(2))
}

#[test]
fn looking_tells_every_copy_under_the_prefix() {
    let mut world = world(1, 100);
    let (report, events) = run(
        sweep("a", SweepTask::Look),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.listed, report.pending, report.rounds), (10, 5, 1));
    assert_eq!(events.len(), 5);
    let (report, _) = run(
        sweep("", SweepTask::Look),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.listed, report.pending), (20, 10));
}

#[test]
fn waiting_ends_when_nothing_is_pending() {
    let mut world = world(1, 20);
    let mut now = NOON;
    let (report, events) = run(
        sweep("", SweepTask::Wait(Pace::default())),
        &mut world,
        &mut now,
        Cancel::Never,
    );
    assert_eq!((report.pending, report.succeeded), (0, 10));
    assert!(report.rounds > 3 && now >= NOON + Duration::from_secs(380));
    assert!(
        events
            .iter()
            .any(|event| matches!(event, SweepEvent::Waiting { .. }))
    );
}

#[test]
fn aborting_ends_what_is_meant_and_nothing_else() {
    let mut world = world(1, 1000);
    let (report, _) = run(
        sweep("b", SweepTask::Abort(AbortOnly::default())),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.aborted, world.pending()), (5, 5));

    let id: CopyId = world.blobs[&format!("{DESTINATION}/new/a00")]
        .copy
        .as_ref()
        .unwrap()
        .id
        .parse()
        .unwrap();
    let only = AbortOnly {
        copy_id: Some(id),
        ..AbortOnly::default()
    };
    let (report, _) = run(
        sweep("", SweepTask::Abort(only)),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.aborted, world.pending()), (1, 4));

    let only = AbortOnly {
        older_than: Some(Duration::from_secs(60)),
        ..AbortOnly::default()
    };
    let (report, _) = run(
        sweep("", SweepTask::Abort(only.clone())),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.aborted, world.pending()), (0, 4));
    let (report, _) = run(
        sweep("", SweepTask::Abort(only)),
        &mut world,
        &mut { NOON + Duration::from_secs(61) },
        Cancel::Never,
    );
    assert_eq!((report.aborted, world.pending()), (4, 0));
}

#[test]
fn a_container_that_is_not_there_is_told() {
    let mut world = World::new(1);
    world.weather.lost_before = 1000;
    let (report, _) = run(
        sweep("", SweepTask::Wait(Pace::default())),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert!(report.error.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn it_ends_in_any_weather_whenever_it_is_cancelled(seed: u64, bad in 0_u64..150, which in 0_u8..3, cancel in prop::option::of(0_u64..30)) {
        let mut world = world(seed, 5);
        world.weather = Weather { lost_before: bad, lost_after: bad, doubled: bad, busy: bad, errors: bad, ..Weather::default() };
        let task = match which {
            0 => SweepTask::Look,
            1 => SweepTask::Wait(Pace::default()),
            _ => SweepTask::Abort(AbortOnly::default()),
        };
        let cancel = cancel.map_or(Cancel::Never, Cancel::After);
        let (report, _) = run(sweep("", task), &mut world, &mut { NOON }, cancel);
        if which == 2 && cancel == Cancel::Never && report.error.is_none() && report.not_aborted == 0 {
            prop_assert_eq!(world.pending(), 0);
        }
    }
}
