#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects"
)]

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::world::{Cancel, NOON, SOURCE, Weather, World, blob, run};

const ID: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";

fn url() -> String {
    format!("{SOURCE}/old/x")
}

fn world(seed: u64, weather: Weather) -> World {
    let mut world = World::new(seed);
    world.put(&url(), 10);
    world.weather = weather;
    world
}

fn keeper(options: LeaseOptions) -> LeaseKeeper {
    let term = LeaseTerm::seconds(15).unwrap();
    LeaseKeeper::new(
        blob(&url()).into(),
        ID.parse().unwrap(),
        term,
        options,
        Seed::new(4),
    )
}

#[test]
fn it_renews_until_it_is_cancelled_and_then_gives_back() {
    let mut world = world(1, Weather::default());
    let mut now = NOON;
    let cancel = Cancel::At(NOON + Duration::from_secs(60));
    let (outcome, events) = run(
        keeper(LeaseOptions::default()),
        &mut world,
        &mut now,
        cancel,
    );
    assert_eq!(outcome, LeaseOutcome::Released);
    let renewals = events
        .iter()
        .filter(|event| matches!(event, LeaseEvent::Renewed { .. }));
    assert_eq!(renewals.count(), 7, "every half term");
    assert_eq!(world.leased(now), 0);
}

#[test]
fn it_is_never_believed_held_longer_than_it_is() {
    let mut world = world(1, Weather::default());
    let (_, events) = run(
        keeper(LeaseOptions::default()),
        &mut world,
        &mut { NOON },
        Cancel::After(3),
    );
    let LeaseEvent::Held { until: Some(until) } = events[0] else {
        panic!("{events:?}")
    };
    assert!(until <= NOON + Duration::from_secs(15), "{until}");
}

#[test]
fn a_lease_held_by_another_is_refused() {
    let mut world = world(1, Weather::default());
    world.blobs.get_mut(&url()).unwrap().lease = Some((OTHER.to_owned(), None));
    let (outcome, _) = run(
        keeper(LeaseOptions::default()),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    let LeaseOutcome::Refused(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(error.has_code(&ErrorCode::LEASE_ALREADY_PRESENT));
}

#[test]
fn its_own_lease_of_a_former_run_is_taken_again() {
    let mut world = world(1, Weather::default());
    world.blobs.get_mut(&url()).unwrap().lease = Some((ID.to_owned(), None));
    let (outcome, _) = run(
        keeper(LeaseOptions::default()),
        &mut world,
        &mut { NOON },
        Cancel::After(2),
    );
    assert_eq!(outcome, LeaseOutcome::Released);
}

#[test]
fn a_lease_that_cannot_be_renewed_is_lost_when_it_runs_out_and_says_until_when_it_was_held() {
    let mut world = world(1, Weather::default());
    let mut keeper = keeper(LeaseOptions::default());
    let Step::Send(id, request) = keeper.poll(NOON) else {
        panic!()
    };
    drop(request);
    let response = http::Response::builder()
        .status(201)
        .header("x-ms-lease-id", ID)
        .body(bytes::Bytes::new())
        .unwrap();
    keeper.handle(Input::Reply(id, Ok(crate::Response::new(response))));
    world.weather.lost_before = 1000;
    let mut now = NOON;
    let (outcome, _) = run(keeper, &mut world, &mut now, Cancel::Never);
    let LeaseOutcome::Lost { held_until, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(held_until, Some(NOON + Duration::from_secs(15)));
}

#[test]
fn a_break_ends_it_where_that_is_asked() {
    let mut world = world(1, Weather::default());
    let options = LeaseOptions {
        end: LeaseEnd::Break,
        ..LeaseOptions::default()
    };
    let mut now = NOON;
    let (outcome, _) = run(keeper(options), &mut world, &mut now, Cancel::After(4));
    assert_eq!((outcome, world.leased(now)), (LeaseOutcome::Released, 0));
}

#[test]
fn a_lease_that_does_not_run_out_is_not_renewed() {
    let mut world = world(1, Weather::default());
    let keeper = LeaseKeeper::new(
        blob(&url()).into(),
        ID.parse().unwrap(),
        LeaseTerm::Infinite,
        LeaseOptions::default(),
        Seed::new(4),
    );
    let cancel = Cancel::At(NOON + Duration::from_secs(86_400));
    let (outcome, events) = run(keeper, &mut world, &mut { NOON }, cancel);
    assert_eq!(outcome, LeaseOutcome::Released);
    assert_eq!(events, [LeaseEvent::Held { until: None }]);
    assert_eq!(world.asked["lease"], 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn in_any_weather_it_is_given_back_or_named(
        seed: u64, lost_before in 0_u64..200, lost_after in 0_u64..200, doubled in 0_u64..300,
        busy in 0_u64..300, errors in 0_u64..200, cancel in 0_u64..30,
    ) {
        let mut world = world(seed, Weather { lost_before, lost_after, doubled, busy, errors, ..Weather::default() });
        let mut now = NOON;
        let (outcome, _) = run(keeper(LeaseOptions::default()), &mut world, &mut now, Cancel::After(cancel));
        if outcome == LeaseOutcome::Released {
            prop_assert_eq!(world.leased(now), 0);
        }
        if world.leased(now) > 0 {
            let named = matches!(outcome, LeaseOutcome::Kept { .. } | LeaseOutcome::Lost { .. });
            prop_assert!(named, "{:?}", outcome);
        }
    }
}
