#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects"
)]

use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::error::{Error, ServiceError, TransportError};
use crate::message::{ExchangeId, Response};
use crate::world::{Cancel, DESTINATION, NOON, SOURCE, Weather, World, blob, run};

const OURS: &str = "11111111-1111-4111-8111-111111111111";
const THEIRS: &str = "22222222-2222-4222-8222-222222222222";

fn source() -> String {
    format!("{SOURCE}/old/x")
}

fn destination() -> String {
    format!("{DESTINATION}/new/x")
}

fn job(options: CopyOptions) -> CopyJob {
    let copy = CopyBlob::new(blob(&destination()), blob(&source()));
    CopyJob::new(copy, options, Seed::new(5))
}

type Answer = Result<Response, TransportError>;

fn answer(status: u16, headers: &[(&str, &str)]) -> Answer {
    let builder = http::Response::builder()
        .status(status)
        .header("x-ms-request-id", "r")
        .header("date", NOON.to_http())
        .header("etag", "\"0x1\"")
        .header("last-modified", NOON.to_http());
    let builder = headers.iter().fold(builder, |builder, (name, value)| {
        builder.header(*name, *value)
    });
    Ok(Response::new(builder.body(Bytes::new()).unwrap()))
}

fn refused(status: u16, code: &str) -> Answer {
    answer(status, &[("x-ms-error-code", code)])
}

fn started(status: &str) -> Answer {
    answer(202, &[("x-ms-copy-id", OURS), ("x-ms-copy-status", status)])
}

/// The destination with a copy of that id, status and source on it.
fn shows(id: &str, status: &str, source: &str) -> Answer {
    answer(
        200,
        &[
            ("x-ms-copy-id", id),
            ("x-ms-copy-status", status),
            ("x-ms-copy-source", source),
            ("x-ms-copy-progress", "3/10"),
            ("x-ms-copy-completion-time", &NOON.to_http()),
            (
                "x-ms-copy-status-description",
                "404 ResourceNotFound \"Copy failed when reading the source.\"",
            ),
            ("content-length", "10"),
            ("x-ms-blob-type", "BlockBlob"),
        ],
    )
}

fn lost() -> Answer {
    Err(TransportError::Timeout)
}

/// The state a job is in, as the table calls it.
fn state(job: &CopyJob) -> String {
    match &job.state {
        State::Starting(_) => "starting".into(),
        State::Resting { .. } => "resting".into(),
        State::Checking(_, why) => match why {
            Why::Progress => "checking".into(),
            Why::Lost(_) => "checking lost".into(),
            Why::Occupied(_) => "checking whose".into(),
            Why::Aborted => "checking end".into(),
        },
        State::Aborting(_) => "aborting".into(),
        State::Pausing {
            then: Again::Start, ..
        } => "pausing to start".into(),
        State::Pausing {
            then: Again::Abort, ..
        } => "pausing to abort".into(),
        State::Settled(outcome) => match outcome {
            CopyOutcome::Succeeded(copied) if copied.adopted => "succeeded, adopted".into(),
            CopyOutcome::Succeeded(_) => "succeeded".into(),
            CopyOutcome::Failed { reason, .. } => format!(
                "failed {}",
                reason
                    .as_ref()
                    .and_then(|reason| reason.status)
                    .unwrap_or(0)
            ),
            CopyOutcome::Aborted { copy_id: Some(_) } => "aborted".into(),
            CopyOutcome::Aborted { copy_id: None } => "never started".into(),
            CopyOutcome::Superseded { by: Some(_), .. } => "superseded".into(),
            CopyOutcome::Superseded { by: None, .. } => "overwritten".into(),
            CopyOutcome::DestinationGone { .. } => "gone".into(),
            CopyOutcome::Occupied(_) => "occupied".into(),
            CopyOutcome::Refused(_) => "refused".into(),
            CopyOutcome::Left { .. } => "left".into(),
            CopyOutcome::Lost { .. } => "out of sight".into(),
        },
    }
}

/// Polls until it rests; the id of what it sent.
fn settle(job: &mut CopyJob, now: Timestamp) -> Option<ExchangeId> {
    let mut sent = None;
    for _ in 0..100 {
        match job.poll(now) {
            Step::Send(id, _) => sent = Some(id),
            Step::Emit(_) => {}
            Step::Wait(_) | Step::Done(_) => return sent,
        }
    }
    panic!("it does not rest");
}

/// Feeds answers one after the other, each to the question that is open; time passes in rests.
fn after(options: CopyOptions, inputs: &[What]) -> (CopyJob, Timestamp) {
    let mut job = job(options);
    let mut now = NOON;
    let mut open = settle(&mut job, now);
    for input in inputs {
        match input {
            Comes(reply) => {
                let id = open.take().expect("nothing was asked");
                // Stale and unknown ids do nothing, before and after.
                job.handle(Input::Reply(
                    ExchangeId(id.0 + 77),
                    refused(404, "BlobNotFound"),
                ));
                job.handle(Input::Reply(id, reply.clone()));
                job.handle(Input::Reply(id, refused(404, "BlobNotFound")));
            }
            Time => now = now + Duration::from_secs(40),
            Cancelled => job.handle(Input::Cancel),
        }
        open = settle(&mut job, now).or(open);
    }
    (job, now)
}

#[derive(Clone)]
enum What {
    Comes(Answer),
    Time,
    Cancel,
}

use What::{Cancel as Cancelled, Comes, Time};

/// What comes, and the state that follows.
type Rows<'a> = Vec<(What, &'a str)>;

#[test]
fn every_state_answers_every_input_as_the_table_says() {
    let with_sas = format!("{}?sv=2021-12-02&sp=r&sig=x", source());
    let other_source = format!("{SOURCE}/old/y");
    // How to get into each state, and what follows there from each input.
    let starting: Vec<What> = vec![];
    let resting = vec![Comes(started("pending"))];
    let checking = vec![Comes(started("pending")), Time];
    let checking_lost = vec![Comes(lost())];
    let checking_whose = vec![Comes(refused(409, "PendingCopyOperation"))];
    let aborting = vec![Comes(started("pending")), Cancelled];
    let checking_end = vec![
        Comes(started("pending")),
        Cancelled,
        Comes(refused(409, "NoPendingCopyOperation")),
    ];
    let pausing = vec![Comes(lost()), Comes(refused(404, "BlobNotFound"))];
    let settled = vec![Comes(started("success"))];
    let table: Vec<(&str, &Vec<What>, Rows<'_>)> = vec![
        (
            "starting",
            &starting,
            vec![
                (Comes(started("pending")), "resting"),
                (Comes(started("success")), "succeeded"),
                (Comes(started("failed")), "checking"),
                (Comes(lost()), "checking lost"),
                (Comes(answer(500, &[])), "checking lost"),
                (
                    Comes(refused(409, "PendingCopyOperation")),
                    "checking whose",
                ),
                (Comes(refused(404, "BlobNotFound")), "refused"),
                (Comes(refused(412, "TargetConditionNotMet")), "refused"),
                (Comes(refused(503, "ServerBusy")), "starting"),
                (Comes(Err(TransportError::NotSent)), "refused"),
                (Cancelled, "starting"),
                (Time, "starting"),
            ],
        ),
        (
            "resting",
            &resting,
            vec![(Time, "checking"), (Cancelled, "aborting")],
        ),
        (
            "checking",
            &checking,
            vec![
                (Comes(shows(OURS, "pending", &source())), "resting"),
                (Comes(shows(OURS, "success", &source())), "succeeded"),
                (Comes(shows(OURS, "failed", &source())), "failed 404"),
                (Comes(shows(OURS, "aborted", &source())), "aborted"),
                (Comes(shows(OURS, "dreaming", &source())), "out of sight"),
                (Comes(shows(THEIRS, "pending", &source())), "superseded"),
                (Comes(shows(THEIRS, "success", &source())), "superseded"),
                (
                    Comes(answer(200, &[("content-length", "1")])),
                    "overwritten",
                ),
                (Comes(refused(404, "BlobNotFound")), "gone"),
                (Comes(refused(403, "AuthorizationFailure")), "out of sight"),
                (Comes(lost()), "checking"),
                (Comes(answer(500, &[])), "checking"),
                (Cancelled, "aborting"),
                (Time, "checking"),
            ],
        ),
        (
            "checking lost",
            &checking_lost,
            vec![
                (Comes(shows(OURS, "pending", &with_sas)), "resting"),
                (Comes(shows(OURS, "success", &with_sas)), "succeeded"),
                (Comes(shows(OURS, "failed", &with_sas)), "failed 404"),
                (Comes(shows(THEIRS, "pending", &other_source)), "occupied"),
                (
                    Comes(shows(THEIRS, "success", &other_source)),
                    "pausing to start",
                ),
                (
                    Comes(answer(200, &[("content-length", "1")])),
                    "pausing to start",
                ),
                (Comes(refused(404, "BlobNotFound")), "pausing to start"),
                (Comes(refused(403, "AuthorizationFailure")), "out of sight"),
                (Comes(lost()), "checking lost"),
                (Cancelled, "checking lost"),
            ],
        ),
        (
            "checking whose",
            &checking_whose,
            vec![
                (Comes(shows(THEIRS, "pending", &with_sas)), "resting"),
                (Comes(shows(THEIRS, "pending", &other_source)), "occupied"),
                (
                    Comes(shows(THEIRS, "success", &other_source)),
                    "pausing to start",
                ),
                (Comes(refused(404, "BlobNotFound")), "pausing to start"),
                (Cancelled, "checking whose"),
            ],
        ),
        (
            "aborting",
            &aborting,
            vec![
                (Comes(answer(204, &[])), "aborted"),
                (
                    Comes(refused(409, "NoPendingCopyOperation")),
                    "checking end",
                ),
                (Comes(refused(409, "CopyIdMismatch")), "checking end"),
                (Comes(refused(404, "BlobNotFound")), "checking end"),
                (Comes(refused(412, "LeaseIdMissing")), "out of sight"),
                (Comes(Err(TransportError::NotSent)), "pausing to abort"),
                (Comes(lost()), "aborting"),
                (Time, "aborting"),
                (Cancelled, "aborting"),
            ],
        ),
        (
            "checking end",
            &checking_end,
            vec![
                (Comes(shows(OURS, "success", &source())), "succeeded"),
                (Comes(shows(OURS, "failed", &source())), "failed 404"),
                (Comes(shows(OURS, "aborted", &source())), "aborted"),
                (Comes(shows(OURS, "pending", &source())), "pausing to abort"),
                (Comes(shows(THEIRS, "pending", &source())), "superseded"),
                (Comes(refused(404, "BlobNotFound")), "gone"),
                (Comes(Err(TransportError::NotSent)), "checking end"),
            ],
        ),
        (
            "pausing to start",
            &pausing,
            vec![(Time, "starting"), (Cancelled, "never started")],
        ),
        (
            "succeeded",
            &settled,
            vec![(Time, "succeeded"), (Cancelled, "succeeded")],
        ),
    ];
    for (from, path, rows) in table {
        let (job, _) = after(CopyOptions::default(), path);
        assert_eq!(state(&job), from);
        for (at, (input, to)) in rows.into_iter().enumerate() {
            let inputs: Vec<What> = path.iter().cloned().chain([input]).collect();
            let (job, _) = after(CopyOptions::default(), &inputs);
            assert_eq!(state(&job), to, "{from}, row {at}");
        }
    }
}

#[test]
fn a_cancel_before_the_start_has_left_touches_nothing() {
    let (job, _) = after(
        CopyOptions::default(),
        &[Cancelled, Comes(Err(TransportError::NotSent))],
    );
    assert_eq!(state(&job), "never started");
}

#[test]
fn a_cancel_during_a_start_aborts_what_it_started() {
    let (job, _) = after(
        CopyOptions::default(),
        &[Cancelled, Comes(started("pending"))],
    );
    assert_eq!(state(&job), "aborting");
    let path = [
        Cancelled,
        Comes(lost()),
        Comes(shows(OURS, "pending", &source())),
    ];
    let (job, _) = after(CopyOptions::default(), &path);
    assert_eq!(state(&job), "aborting", "also where its answer was lost");
}

#[test]
fn a_cancel_leaves_the_copy_where_that_is_asked() {
    let options = CopyOptions {
        leave_on_cancel: true,
        ..CopyOptions::default()
    };
    let (job, _) = after(options, &[Comes(started("pending")), Cancelled]);
    assert_eq!(state(&job), "left");
}

#[test]
fn a_pending_copy_of_the_same_source_is_not_adopted_where_that_is_not_wanted() {
    let options = CopyOptions {
        adopt: false,
        ..CopyOptions::default()
    };
    let path = [
        Comes(refused(409, "PendingCopyOperation")),
        Comes(shows(THEIRS, "pending", &source())),
    ];
    let (job, _) = after(options, &path);
    assert_eq!(state(&job), "occupied");
}

#[test]
fn a_copy_that_stood_there_before_is_never_taken_for_ours() {
    let copy = CopyBlob::new(blob(&destination()), blob(&source()));
    let mut job = CopyJob::new(copy, CopyOptions::default(), Seed::new(1))
        .after(Some(THEIRS.parse().unwrap()));
    let id = settle(&mut job, NOON).unwrap();
    job.handle(Input::Reply(id, lost()));
    let id = settle(&mut job, NOON).unwrap();
    job.handle(Input::Reply(id, shows(THEIRS, "success", &source())));
    settle(&mut job, NOON);
    assert_eq!(state(&job), "pausing to start");
}

#[test]
fn an_old_success_is_not_taken_for_a_start_whose_answer_was_lost() {
    let copy = CopyBlob::new(blob(&destination()), blob(&source()));
    let mut job = CopyJob::new(copy, CopyOptions::default(), Seed::new(1));
    // The service's clock, in every answer here, says noon; the start was asked an hour after the
    // answers' completion time by that clock.
    let late = NOON + Duration::from_secs(3600);
    let id = settle(&mut job, late).unwrap();
    job.handle(Input::Reply(id, lost()));
    let id = settle(&mut job, late).unwrap();
    let Ok(old) = shows(THEIRS, "success", &source()) else {
        panic!()
    };
    let mut http = http::Response::builder().status(200);
    for (name, value) in old.headers() {
        http = if name == "date" {
            http.header("date", late.to_http())
        } else {
            http.header(name, value)
        };
    }
    job.handle(Input::Reply(
        id,
        Ok(Response::new(http.body(Bytes::new()).unwrap())),
    ));
    settle(&mut job, late);
    assert_eq!(state(&job), "pausing to start");
}

#[test]
fn an_observation_of_our_copy_counts_as_a_look_and_any_other_makes_it_look() {
    let told = CopyOptions {
        pace: None,
        ..CopyOptions::default()
    };
    for (id, status, expected) in [
        (OURS, "pending", "resting"),
        (OURS, "success", "succeeded"),
        (OURS, "aborted", "aborted"),
        (THEIRS, "success", "checking"),
    ] {
        let (mut job, now) = after(told.clone(), &[Comes(started("pending"))]);
        let look = GetBlobProperties::new(blob(&destination()));
        let Ok(response) = shows(id, status, &source()) else {
            panic!()
        };
        job.observe(&crate::Operation::parse(&look, &response).unwrap(), now);
        settle(&mut job, now);
        assert_eq!(state(&job), expected, "{id} {status}");
    }
}

fn world(seed: u64, weather: Weather) -> World {
    let mut world = World::new(seed);
    world.put(&source(), 1000);
    world.weather = weather;
    world
}

#[test]
fn on_a_good_day_it_starts_once_looks_seldom_and_succeeds() {
    let mut world = world(1, Weather::default());
    world.copy_takes = Duration::from_secs(600);
    let mut now = NOON;
    let (outcome, events) = run(
        job(CopyOptions::default()),
        &mut world,
        &mut now,
        Cancel::Never,
    );
    assert!(outcome.is_success(), "{outcome:?}");
    assert_eq!(world.asked["copy"], 1);
    assert!(world.asked["look"] < 35, "{:?}", world.asked);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, CopyEvent::Progress(_)))
    );
}

#[test]
fn a_foreign_abort_is_an_ending() {
    let mut world = world(
        1,
        Weather {
            aborted: 1000,
            ..Weather::default()
        },
    );
    let (outcome, _) = run(
        job(CopyOptions::default()),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    assert!(
        matches!(outcome, CopyOutcome::Aborted { copy_id: Some(_) }),
        "{outcome:?}"
    );
}

#[test]
fn a_stalled_copy_is_told_once() {
    let mut world = world(1, Weather::default());
    world.copy_takes = Duration::from_secs(86_400);
    let floor = Floor {
        bytes_per_second: 10,
        over: Duration::from_secs(300),
    };
    let options = CopyOptions {
        floor: Some(floor),
        ..CopyOptions::default()
    };
    let (_, events) = run(job(options), &mut world, &mut { NOON }, Cancel::Never);
    let stalls = events
        .iter()
        .filter(|event| matches!(event, CopyEvent::Stalled(_)));
    assert_eq!(stalls.count(), 1);
}

#[test]
fn a_refusal_keeps_the_services_words() {
    let mut world = World::new(1);
    let (outcome, _) = run(
        job(CopyOptions::default()),
        &mut world,
        &mut { NOON },
        Cancel::Never,
    );
    let CopyOutcome::Refused(Error::Service(error)) = outcome else {
        panic!("{outcome:?}")
    };
    let ServiceError { status, .. } = *error;
    assert_eq!(status, 404);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn in_any_weather_it_ends_in_truth_and_starts_no_copy_twice(
        seed: u64, lost_before in 0_u64..150, lost_after in 0_u64..150, doubled in 0_u64..300,
        busy in 0_u64..200, errors in 0_u64..100, failing in 0_u64..300, aborted in 0_u64..30,
        takes in 0_u64..300, cancel in prop::option::of(0_u64..20),
    ) {
        let mut world = world(seed, Weather { lost_before, lost_after, doubled, busy, errors, failing, aborted });
        world.copy_takes = Duration::from_secs(takes);
        let mut now = NOON;
        let cancel = cancel.map_or(Cancel::Never, Cancel::After);
        let (outcome, _) = run(job(CopyOptions::default()), &mut world, &mut now, cancel);
        let there = world.blobs.get(&destination());
        let status = there.and_then(|blob| blob.copy.as_ref()).map(|copy| copy.status);
        match &outcome {
            CopyOutcome::Succeeded(_) => prop_assert_eq!(status, Some("success")),
            CopyOutcome::Failed { .. } => prop_assert_eq!(status, Some("failed")),
            CopyOutcome::Aborted { copy_id: Some(_) } => prop_assert_eq!(status, Some("aborted")),
            CopyOutcome::Aborted { copy_id: None } => prop_assert_ne!(status, Some("pending")),
            other => prop_assert!(matches!(other, CopyOutcome::Lost { .. } | CopyOutcome::Refused(_)), "{:?}", other),
        }
        prop_assert!(world.pending() == 0 || outcome.may_be_pending(), "{:?} {:?}", outcome, there);
        prop_assert!(world.most_pending <= 1);
    }
}
