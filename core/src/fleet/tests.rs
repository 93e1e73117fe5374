#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects"
)]

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::copy::CopyOutcome;
use crate::lease_id::LeaseTerm;
use crate::verify::Verify;
use crate::world::{Cancel, DESTINATION, NOON, SOURCE, Weather, World, run};

fn plan() -> FleetPlan {
    let source: crate::Account = SOURCE.parse().unwrap();
    let destination: crate::Account = DESTINATION.parse().unwrap();
    FleetPlan::container(
        source.container("old".parse().unwrap()),
        destination.container("new".parse().unwrap()),
    )
}

fn world(seed: u64, count: u64) -> World {
    let mut world = World::new(seed);
    for at in 0..count {
        world.put(&format!("{SOURCE}/old/{at:04}"), 10 + at);
    }
    world
}

fn fleet(options: FleetOptions, seed: u64) -> Fleet {
    Fleet::new(plan(), options, Seed::new(seed))
}

fn from() -> String {
    format!("{SOURCE}/old/")
}

fn to() -> String {
    format!("{DESTINATION}/new/")
}

#[test]
fn a_container_is_copied_leased_verified_and_left_clean() {
    let mut world = world(1, 100);
    let mut now = NOON;
    let options = FleetOptions {
        lease_source: Some(LeaseTerm::seconds(15).unwrap()),
        verify: Verify::Content,
        window: WindowOptions { first: 8, most: 20 },
        ..FleetOptions::default()
    };
    let (report, events) = run(fleet(options, 1), &mut world, &mut now, Cancel::Never);
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.totals.listed, report.totals.copied), (100, 100));
    assert_eq!(world.differences(&from(), &to()), Vec::<String>::new());
    assert_eq!((world.leased(now), world.pending()), (0, 0));
    assert!(world.most_pending <= 20, "{}", world.most_pending);
    let settled = events
        .iter()
        .filter(|event| matches!(event, FleetEvent::Settled { .. }));
    assert_eq!(settled.count(), 100);
    assert!(world.asked["lease"] >= 200);
    assert_eq!(
        report.requests.values().sum::<u64>(),
        world.asked.values().sum::<u64>()
    );
}

#[test]
fn watching_many_by_listing_costs_fewer_requests_than_looking_at_each() {
    let mut world = world(2, 2_000);
    world.page_size = 500;
    let mut now = NOON;
    let options = FleetOptions {
        window: WindowOptions {
            first: 500,
            most: 500,
        },
        ..FleetOptions::default()
    };
    let (report, _) = run(fleet(options, 1), &mut world, &mut now, Cancel::Never);
    assert!(report.is_clean(), "{report:?}");
    assert!(
        world.asked.get("look").copied().unwrap_or(0) < 100,
        "{:?}",
        world.asked
    );
    assert!(world.asked["list"] < 200, "{:?}", world.asked);
}

fn settled(events: &[FleetEvent], name: &str) -> Settled {
    let found = events.iter().find_map(|event| match event {
        FleetEvent::Settled {
            name: other,
            settled,
        } if other.as_str() == name => Some((**settled).clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{name} has not settled"))
}

#[test]
fn what_the_destination_has_decides() {
    let set_up = || {
        let mut world = world(3, 6);
        for (name, length) in [("0000", 10), ("0001", 5), ("0002", 0), ("0009", 1)] {
            world.put(&format!("{}{name}", to()), length);
        }
        let aborted = world.blobs.get_mut(&format!("{}0002", to())).unwrap();
        aborted.copy = Some(crate::world::Copy {
            id: "11111111-1111-4111-8111-111111111111".to_owned(),
            source: format!("{}0002", from()),
            status: "aborted",
            begun: NOON,
            ends: NOON,
            total: 12,
            stuff: 3,
            copied: 0,
        });
        world.put_pending(
            &format!("{}0003", to()),
            &format!("{}0003", from()),
            NOON + Duration::from_secs(50),
        );
        world.put_pending(
            &format!("{}0004", to()),
            &format!("{}other", from()),
            NOON + Duration::from_secs(50),
        );
        let (length, stuff) = (
            world.blobs[&format!("{}0003", from())].length,
            world.blobs[&format!("{}0003", from())].stuff,
        );
        let pending = world
            .blobs
            .get_mut(&format!("{}0003", to()))
            .unwrap()
            .copy
            .as_mut()
            .unwrap();
        (pending.total, pending.stuff) = (length, stuff);
        world
    };
    for (overwrite, first, second) in [
        (Overwrite::Always, "copied", "copied"),
        (Overwrite::IfChanged, "current", "copied"),
        (Overwrite::Never, "exists", "exists"),
    ] {
        let mut world = set_up();
        let options = FleetOptions {
            overwrite,
            ..FleetOptions::default()
        };
        let (report, events) = run(fleet(options, 1), &mut world, &mut { NOON }, Cancel::Never);
        let shown = |name: &str| match settled(&events, name) {
            Settled::Copied { adopted: true, .. } => "adopted",
            Settled::Copied { .. } => "copied",
            Settled::Skipped(SkipReason::Current) => "current",
            Settled::Skipped(SkipReason::Exists) => "exists",
            Settled::Refused(RefuseReason::Occupied(_)) => "occupied",
            other => panic!("{other:?}"),
        };
        let names = ["0000", "0001", "0002", "0003", "0004", "0005"];
        let shown: Vec<&str> = names.into_iter().map(shown).collect();
        assert_eq!(
            shown,
            [first, second, "copied", "adopted", "occupied", "copied"],
            "{overwrite:?}"
        );
        assert_eq!((report.totals.adopted, report.totals.failed), (1, 1));
        assert_eq!(&*report.failures[0].name, "0004");
    }
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let mut world = world(4, 20);
    world.put(&format!("{}0000", to()), 10);
    let before: Vec<String> = world.blobs.keys().cloned().collect();
    let options = FleetOptions {
        dry_run: true,
        ..FleetOptions::default()
    };
    let (report, events) = run(fleet(options, 1), &mut world, &mut { NOON }, Cancel::Never);
    let planned = |name| match settled(&events, name) {
        Settled::Planned(verdict) => verdict,
        other => panic!("{other:?}"),
    };
    assert_eq!(planned("0000"), Verdict::Skip(SkipReason::Current));
    assert_eq!(planned("0001"), Verdict::Copy(CopyReason::New));
    assert_eq!(
        report.requests.keys().copied().collect::<Vec<_>>(),
        ["List Blobs"]
    );
    assert_eq!(world.blobs.keys().cloned().collect::<Vec<_>>(), before);
}

#[test]
fn a_prefix_is_renamed_and_the_filter_leaves_out() {
    let mut world = World::new(5);
    for name in ["logs/a.txt", "logs/b.tmp", "logs/c/d.txt", "other.txt"] {
        world.put(&format!("{}{name}", from()), 7);
    }
    let all = plan();
    let plan = FleetPlan::prefix(all.source, "logs/", all.destination, "archive/2026/");
    let filter = Filter {
        include: vec!["*.txt".parse().unwrap()],
        exclude: vec![],
    };
    let options = FleetOptions {
        filter,
        ..FleetOptions::default()
    };
    let (report, _) = run(
        Fleet::new(plan, options, Seed::new(1)),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!(
        (
            report.totals.listed,
            report.totals.selected,
            report.totals.copied
        ),
        (3, 2, 2)
    );
    let made: Vec<&str> = world
        .blobs
        .keys()
        .filter_map(|url| url.strip_prefix(&to()))
        .collect();
    assert_eq!(made, ["archive/2026/a.txt", "archive/2026/c/d.txt"]);
}

#[test]
fn names_that_are_given_are_looked_at_one_by_one() {
    let mut world = world(6, 5);
    let all = plan();
    let names = ["0001", "0003", "nowhere"]
        .map(|name| name.parse().unwrap())
        .to_vec();
    let plan = FleetPlan::names(all.source, names, all.destination, "x/");
    let (report, events) = run(
        Fleet::new(plan, FleetOptions::default(), Seed::new(1)),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.totals.copied, report.totals.failed), (2, 1));
    assert!(matches!(
        settled(&events, "nowhere"),
        Settled::Unreadable(_)
    ));
    assert!(world.blobs.contains_key(&format!("{}x/0003", to())));
}

#[test]
fn one_blob_gets_the_name_it_is_given_and_no_namesake_comes_along() {
    let mut world = world(6, 5);
    world.put(&format!("{SOURCE}/old/0001 too"), 7);
    let all = plan();
    let source = all.source.blob("0001".parse().unwrap());
    let destination = all.destination.blob("deep/er".parse().unwrap());
    let (report, _) = run(
        Fleet::new(
            FleetPlan::blob(&source, &destination),
            FleetOptions::default(),
            Seed::new(1),
        ),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert_eq!((report.totals.listed, report.totals.copied), (1, 1));
    let copied: Vec<_> = world
        .blobs
        .keys()
        .filter(|name| name.starts_with(&to()))
        .collect();
    assert_eq!(copied, [&format!("{}deep/er", to())]);
}

#[test]
fn failed_copies_are_begun_again_within_a_bound() {
    let mut world = world(7, 10);
    world.weather.failing = 1000;
    let options = FleetOptions {
        restarts: 2,
        ..FleetOptions::default()
    };
    let (report, _) = run(fleet(options, 1), &mut world, &mut { NOON }, Cancel::Never);
    assert_eq!((report.totals.failed, report.totals.restarted), (10, 20));
    let failure = &report.failures[0].settled;
    let Settled::NotCopied(CopyOutcome::Failed {
        reason: Some(reason),
        ..
    }) = failure
    else {
        panic!("{failure:?}")
    };
    assert_eq!(reason.status, Some(500));
    world.weather.failing = 0;
    let (report, _) = run(
        fleet(FleetOptions::default(), 2),
        &mut world,
        &mut { NOON + Duration::from_secs(900) },
        Cancel::Never,
    );
    assert!(report.is_clean(), "running it again copies what had failed");
}

#[test]
fn failures_are_counted_but_only_so_many_kept() {
    let mut world = world(8, 30);
    world.weather.failing = 1000;
    let options = FleetOptions {
        restarts: 0,
        failures_kept: 4,
        ..FleetOptions::default()
    };
    let (report, _) = run(fleet(options, 1), &mut world, &mut { NOON }, Cancel::Never);
    assert_eq!((report.totals.failed, report.failures.len()), (30, 4));
}

#[test]
fn a_cancel_aborts_what_is_pending_or_leaves_it_and_names_it() {
    for leave in [false, true] {
        let mut world = world(9, 200);
        world.copy_takes = Duration::from_secs(3600);
        let mut now = NOON;
        let options = FleetOptions {
            leave_on_cancel: leave,
            lease_source: Some(LeaseTerm::seconds(60).unwrap()),
            window: WindowOptions {
                first: 30,
                most: 30,
            },
            ..FleetOptions::default()
        };
        let (report, _) = run(
            fleet(options, 1),
            &mut world,
            &mut now,
            Cancel::At(NOON + Duration::from_secs(30)),
        );
        assert!(report.cancelled);
        assert_eq!(world.leased(now), 0);
        assert_eq!(world.pending(), if leave { 30 } else { 0 });
        assert_eq!(report.left_pending.len(), world.pending());
        assert_eq!(report.totals.cancelled, 30);
        assert_eq!(report.totals.failed, 0, "{:?}", report.failures);
    }
}

#[test]
fn without_leave_to_list_the_destination_each_blob_is_looked_at() {
    let mut world = world(10, 25);
    world.no_list = Some(to().trim_end_matches('/').to_owned());
    let (report, _) = run(
        fleet(FleetOptions::default(), 1),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(world.differences(&from(), &to()), Vec::<String>::new());
}

#[test]
fn a_source_that_cannot_be_listed_is_told() {
    let mut world = world(11, 5);
    world.no_list = Some(from().trim_end_matches('/').to_owned());
    let (report, _) = run(
        fleet(FleetOptions::default(), 1),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert!(report.error.is_some() && !report.is_clean());
}

/// A fleet that is asked after every poll how much it holds.
struct Weighed(Fleet, Rc<Cell<usize>>);

impl Machine for Weighed {
    type Event = FleetEvent;
    type Outcome = Box<FleetReport>;

    fn poll(&mut self, now: Timestamp) -> Step<FleetEvent, Box<FleetReport>> {
        let step = self.0.poll(now);
        let fleet = &self.0;
        let held = fleet.nest.iter().count()
            + fleet.active.len()
            + fleet.arrived.len()
            + fleet.news.len()
            + fleet.queue.len()
            + fleet.merge.held()
            + fleet.watch.held();
        self.1.set(self.1.get().max(held));
        step
    }

    fn handle(&mut self, input: Input) {
        self.0.handle(input);
    }
}

#[test]
fn what_it_holds_follows_the_window_and_not_the_container() {
    let count = 2_400;
    let mut world = world(12, count);
    world.page_size = 50;
    world.copy_takes = Duration::from_secs(3);
    let options = FleetOptions {
        window: WindowOptions {
            first: 40,
            most: 40,
        },
        ..FleetOptions::default()
    };
    let most = Rc::new(Cell::new(0));
    let fleet = Weighed(fleet(options, 1), Rc::clone(&most));
    let (report, _) = run(fleet, &mut world, &mut { NOON }, Cancel::Never);
    assert_eq!(report.totals.copied, count);
    let bound = merge::AHEAD + 50 + 6 * 40;
    assert!(most.get() <= bound, "{} of at most {bound}", most.get());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn killed_or_cancelled_at_any_moment_and_run_again_every_blob_is_right(
        seed: u64, count in 0_u64..60, lost in 0_u64..60, doubled in 0_u64..200, busy in 0_u64..100,
        failing in 0_u64..100, takes in 0_u64..40, stop in 0_u64..150, kill: bool, leave: bool, lease: bool,
    ) {
        let mut world = world(seed, count);
        world.copy_takes = Duration::from_secs(takes);
        world.weather = Weather { lost_before: lost, lost_after: lost, doubled, busy, errors: lost / 2, failing, ..Weather::default() };
        let options = FleetOptions {
            leave_on_cancel: leave,
            lease_source: lease.then(|| LeaseTerm::seconds(15).unwrap()),
            window: WindowOptions { first: 4, most: 12 },
            ..FleetOptions::default()
        };
        let mut now = NOON;
        if kill {
            crate::world::kill(fleet(options.clone(), seed), &mut world, &mut now, stop);
        } else {
            let (report, _) = run(fleet(options.clone(), seed), &mut world, &mut now, Cancel::After(stop));
            let totals = report.totals;
            prop_assert_eq!(totals.selected >= totals.copied + totals.skipped + totals.failed + totals.cancelled, true);
            prop_assert!(world.leased(now) == 0 || report.leases_kept_count > 0 || lost + busy > 0);
            prop_assert!(world.pending() == 0 || report.left_pending_count > 0, "{:?}", report);
        }
        world.weather = Weather { doubled, ..Weather::default() };
        let (report, _) = run(fleet(options, seed + 1), &mut world, &mut now, Cancel::Never);
        prop_assert!(report.is_clean(), "{:?}", report);
        prop_assert_eq!(world.differences(&from(), &to()), Vec::<String>::new());
        prop_assert_eq!((world.leased(now), world.pending()), (0, 0));
        let totals = report.totals;
        prop_assert_eq!(totals.listed, count);
        prop_assert_eq!(totals.copied + totals.skipped, count);
        prop_assert!(world.most_pending <= 24, "{}", world.most_pending);
    }

    #[test]
    fn the_same_seed_is_the_same_run(seed: u64) {
        let once = || {
            let mut world = world(seed, 30);
            world.weather = Weather { lost_after: 50, busy: 50, ..Weather::default() };
            run(fleet(FleetOptions::default(), seed), &mut world, &mut { NOON }, Cancel::Never)
        };
        prop_assert_eq!(once(), once());
    }
}
